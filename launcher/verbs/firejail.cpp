#include "launcher/verbs/firejail.hpp"

#include "launcher/base/path.hpp"
#include "launcher/base/text.hpp"
#include "launcher/profile/check.hpp"
#include "launcher/profile/exposure.hpp"
#include "launcher/profile/file.hpp"
#include "launcher/profile/print.hpp"
#include "launcher/resolve/seccomp.hpp"

#include <algorithm>
#include <array>

namespace verbs {
namespace {

using base::Error;
using base::Result;

/// One line of a profile, "word rest".
struct Line {
    std::string word, rest;
    base::Origin origin;
};

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::vector<std::string> items(const std::string& list) {
    std::vector<std::string> found;
    for (const std::string_view item : base::split(list, ','))
        if (std::string one = trimmed(item); !one.empty()) found.push_back(std::move(one));
    return found;
}

// --- Reading: includes in place, `ignore` taken out.

class Reader {
public:
    std::vector<Line> lines;
    std::vector<std::string> ignored; ///< beginnings of lines that are to be passed over

    Result<void> read(const std::string& path, unsigned depth = 0) {
        constexpr unsigned deepest = 16, most = 1000; // of both: one that includes itself twice is read 2^16 times
        if (++read_ > most) return Error{.what = "'" + path + "': more than 1000 includes are read for one profile", .advice = "take the include out that leads back"};
        if (depth > deepest) return Error{.what = "'" + path + "': profiles include each other more than 16 deep", .advice = "take the include out that leads back"};
        profile::Files files;
        const auto bytes = TRY(files.read(path));
        if (!bytes) {
            // What a user may add, and most have not.
            if (depth > 0) return {};
            return Error{.what = "there is no profile '" + path + "'", .advice = "those of firejail lie in /etc/firejail", .failure = base::Failure::not_found};
        }
        if (bytes->find('\0') != std::string::npos)
            return Error{.what = "'" + path + "' is no profile: it holds a NUL byte", .advice = "name a file as /etc/firejail/vlc.profile"};
        std::uint32_t number = 0;
        for (const std::string_view text : base::split(*bytes, '\n')) {
            ++number;
            std::string line = trimmed(text.substr(0, text.find('#')));
            if (line.empty()) continue;
            const auto space = line.find_first_of(" \t");
            Line one{line.substr(0, space), space == std::string::npos ? "" : trimmed(line.substr(space)), {path, number, 1}};
            if (one.word == "ignore") ignored.push_back(one.rest);
            else if (one.word != "include") lines.push_back(std::move(one));
            else TRY(include(path, one, depth));
        }
        return {};
    }

    bool is_ignored(const Line& line) const {
        const std::string whole = line.rest.empty() ? line.word : line.word + " " + line.rest;
        return std::any_of(ignored.begin(), ignored.end(), [&](const std::string& start) { return whole == start || whole.starts_with(start + " "); });
    }

private:
    unsigned read_ = 0; ///< files, however often each

    Result<void> include(const std::string& path, const Line& line, unsigned depth) {
        const std::string name(base::name_in(line.rest));
        // What these hide is not shown here in the first place; what they show has a service, or /usr.
        if (name.ends_with(".inc") && (name.starts_with("disable-") || name.starts_with("allow-") || name.starts_with("whitelist-"))) {
            lines.push_back({"include", name, line.origin});
            return {};
        }
        return read(line.rest.starts_with('/') ? line.rest : base::joined(base::parent_of(path), line.rest), depth + 1);
    }
};

// --- Carrying over, a row a word.

struct Groups {
    std::string_view name, group;
};
constexpr std::array etc_groups{
    Groups{"fonts", "fonts"},       Groups{"ssl", "tls"},           Groups{"ca-certificates", "tls"}, Groups{"crypto-policies", "tls"}, Groups{"pki", "tls"},
    Groups{"gnutls", "tls"},        Groups{"resolv.conf", "resolver"}, Groups{"hosts", "resolver"},   Groups{"host.conf", "resolver"},  Groups{"hostname", ""},
    Groups{"nsswitch.conf", "resolver"}, Groups{"alternatives", "alternatives"}, Groups{"localtime", "localtime"}, Groups{"timezone", "localtime"},
    Groups{"machine-id", ""},       Groups{"passwd", ""},           Groups{"group", ""},              Groups{"ld.so.cache", "ld"},      Groups{"ld.so.conf", "ld"},
    Groups{"ld.so.conf.d", "ld"},   Groups{"ld.so.preload", ""},    Groups{"gtk-2.0", "gtk"},         Groups{"gtk-3.0", "gtk"},         Groups{"gtk-4.0", "gtk"},
    Groups{"dconf", "dconf"},       Groups{"mime.types", "mime"},   Groups{"xdg", "xdg"},             Groups{"locale", "locale"},       Groups{"locale.alias", "locale"},
    Groups{"locale.conf", "locale"}, Groups{"java", "java"},        Groups{"java-8-openjdk", "java"}, Groups{"java-11-openjdk", "java"}, Groups{"java-7-openjdk", "java"},
    Groups{"pulse", "audio"},       Groups{"asound.conf", "audio"}, Groups{"alsa", "audio"},          Groups{"pipewire", "audio"},      Groups{"terminfo", "terminfo"},
    Groups{"vulkan", "gpu"},        Groups{"drirc", "gpu"},         Groups{"glvnd", "gpu"},           Groups{"OpenCL", "gpu"},          Groups{"chromium", "chromium"},
    Groups{"chromium.d", "chromium"}, Groups{"firefox", "firefox"}, Groups{"vim", "vim"},             Groups{"magic", ""},              Groups{"login.defs", ""},
};

struct Places {
    std::string_view firejail, ours;
};
constexpr std::array user_folders{Places{"${DOWNLOADS}", "${DOWNLOADS}"}, Places{"${DOCUMENTS}", "${DOCUMENTS}"}, Places{"${PICTURES}", "${PICTURES}"}, Places{"${MUSIC}", "${MUSIC}"},
                                  Places{"${VIDEOS}", "${VIDEOS}"}, Places{"${DESKTOP}", "${DESKTOP}"}};

// Nothing is lost by these: they hold for every app here.
constexpr std::array<std::string_view, 42> held{
    "nonewprivs", "noroot", "nogroups", "private-dev", "private-tmp", "notv", "nodvd", "nou2f", "noinput", "ipc-namespace", "disable-mnt", "restrict-namespaces", "apparmor",
    "tracelog", "machine-id", "private-cache", "quiet", "deterministic-shutdown", "nosound", "no3d", "novideo", "netfilter", "mkdir", "mkfile", "caps.drop", "caps", "seccomp.block-secondary",
    "private-bin", "private-lib", "dbus-user", "dbus-system", "noprinters", "protocol", "read-write", "noblacklist", "nowhitelist", "whitelist-ro", "tab", "keep-dev-shm", "seccomp.32", "net", "x11"};

class Carrier {
public:
    Carrier(const Reader& reader, const std::string& id) : reader_(reader) {
        profile::Profile& profile = imported.profile;
        const base::Origin origin = reader.lines.empty() ? base::Origin{} : reader.lines[0].origin;
        const bool windowless = says("x11", "none");
        set(profile.app.id, id, {origin});
        add(profile.app.exec, "/usr/bin/" + id, origin);
        add(profile.app.extends, windowless ? "class/headless" : "class/desktop", origin);
        const bool disposable = std::any_of(reader.lines.begin(), reader.lines.end(), [&](const Line& line) { return line.word == "private" && line.rest.empty() && !reader.is_ignored(line); });
        set(profile.home.mode, disposable ? profile::HomeMode::disposable : profile::HomeMode::app, origin);
        if (!says("net", "none")) service("network", origin);
        if (!has("nosound") && !windowless) service("audio", origin);
        if (!has("no3d") && !windowless) service("gpu", origin);
        for (const Line& line : reader.lines)
            if (!reader.is_ignored(line)) carry(line);
        if (!shows_part_of_home_) tell({"", "", origin}, "no whitelist", "it would see the whole home but what is hidden; here it sees a home of its own");
    }

    Imported imported;

private:
    bool has(std::string_view word) const {
        return std::any_of(reader_.lines.begin(), reader_.lines.end(), [&](const Line& line) { return line.word == word && !reader_.is_ignored(line); });
    }
    bool says(std::string_view word, std::string_view rest) const {
        return std::any_of(reader_.lines.begin(), reader_.lines.end(), [&](const Line& line) { return line.word == word && line.rest == rest && !reader_.is_ignored(line); });
    }

    template <class T>
    static void set(profile::Item<T>& item, T value, const base::Origin& origin) {
        item.history = {{profile::Layer::user, origin, profile::value_text(value)}};
        item.value = std::move(value);
    }
    static void add(profile::Set& items, const std::string& value, const base::Origin& origin) {
        if (std::any_of(items.begin(), items.end(), [&](const auto& item) { return item.value == value; })) return;
        items.emplace_back();
        set(items.back(), value, origin);
    }
    void service(const std::string& name, const base::Origin& origin) { set(imported.profile.services[name], profile::ServiceWish{.enabled = true, .mode = {}, .options = {}}, origin); }
    void grant(const std::string& path, profile::FileAccess access, const base::Origin& origin) {
        const profile::FileGrant wish{.access = access, .optional = true, .create = false, .exec = true, .target = {}};
        const auto found = imported.profile.files.find(path);
        if (found == imported.profile.files.end()) set(imported.profile.files[path], wish, origin);
    }
    void tell(const Line& line, const std::string& what, const std::string& why) { imported.not_carried.push_back({line.origin, what, why}); }
    void tell(const Line& line, const std::string& why) { tell(line, line.rest.empty() ? line.word : line.word + " " + line.rest, why); }

    // A path of the home becomes a part of the app's own home, one of the user's folders a grant, one of the system a reading.
    void show(const Line& line) {
        std::string path = line.rest;
        if (path.find_first_of("*?[") != std::string::npos) return tell(line, "a path with a glob");
        for (const Places& folder : user_folders)
            if (path == folder.firejail || path.starts_with(std::string(folder.firejail) + "/")) return grant(path, profile::FileAccess::rw, line.origin);
        if (path.starts_with("~/")) path = "${HOME}" + path.substr(1);
        if (path.starts_with("${HOME}/")) {
            shows_part_of_home_ = true;
            const std::string own = path.substr(8);
            if (const profile::Sensitive* row = profile::sensitive(path); row && !is_own_browser(path)) return tell(line, "it holds " + std::string(row->what));
            if (own.empty() || !base::normalised("/" + own).ok()) return tell(line, "a path that leads out of the home");
            return add(imported.profile.home.persist, own, line.origin);
        }
        if (path.starts_with("/usr") || path.starts_with("/tmp") || path.starts_with("/bin") || path.starts_with("/lib") || path.starts_with("/sbin")) return;
        if (!path.starts_with("/var") && !path.starts_with("/opt") && !path.starts_with("/srv")) return tell(line, "a place that the sandbox makes by itself");
        if (!base::normalised(path).ok()) return tell(line, "no path");
        grant(MUST(base::normalised(path)), profile::FileAccess::ro, line.origin);
    }

    // The app's own browser profile, in a home of its own, is nobody else's secret.
    static bool is_own_browser(const std::string& path) {
        const profile::Sensitive* row = profile::sensitive(path);
        return row && row->what.starts_with("a browser's");
    }

    void hide(const Line& line) {
        const std::string& path = line.rest;
        if (path.find_first_of("*?[") != std::string::npos) return tell(line, "a path with a glob");
        if (path.starts_with("${HOME}") || path.starts_with("~") || path.starts_with("${RUNUSER}") || path.starts_with("/run") || path.starts_with("/tmp") || path.starts_with("/proc") || path.starts_with("/sys") || path.starts_with("/dev"))
            return; // not shown anyway
        if (path.starts_with("${PATH}")) return tell(line, "programs are not hidden one by one");
        if (!base::normalised(path).ok()) return tell(line, "no path");
        grant(MUST(base::normalised(path)), profile::FileAccess::deny, line.origin);
    }

    void etc(const Line& line) {
        for (const std::string& name : items(line.rest)) {
            const auto row = std::find_if(etc_groups.begin(), etc_groups.end(), [&](const Groups& one) { return one.name == name; });
            if (row == etc_groups.end()) tell(line, "private-etc " + name, "no group of root.etc has it");
            else if (!row->group.empty()) add(imported.profile.root.etc, std::string(row->group), line.origin);
        }
    }

    // "!chroot" and the like are exceptions from firejail's list of denied calls; ours denies others.
    void calls(const Line& line) {
        for (std::string name : items(line.rest)) {
            if (!name.starts_with('!')) {
                tell(line, "seccomp " + name, "write it to process.seccomp.deny");
                continue;
            }
            name = name.substr(1);
            if (name == "chroot" || name == "clone" || name == "unshare") set(imported.profile.process.userns, true, line.origin);
            else if (resolve::native_call(name)) add(imported.profile.process.seccomp.allow, name, line.origin);
            else tell(line, "seccomp !" + name, "there is no such call here");
        }
    }

    template <class Rule>
    void bus(profile::Map<Rule>& rules, const Line& line, profile::BusAccess access) {
        if (line.rest.find_first_of(" =@") != std::string::npos) return tell(line, "a rule with a member or a path");
        Rule rule{};
        if constexpr (std::is_enum_v<Rule>) rule = access;
        else rule.access = access;
        set(rules[line.rest], rule, line.origin);
    }

    void carry(const Line& line) {
        profile::Profile& profile = imported.profile;
        const std::string& word = line.word;
        if (word == "whitelist") return show(line);
        if (word == "noblacklist" && line.rest.starts_with("${HOME}/.")) return show(line);
        if (word == "blacklist" || word == "blacklist-nolog") return hide(line);
        if (word == "private-etc") return etc(line);
        if (word == "seccomp") return calls(line);
        if (word == "dbus-user.talk") return bus(profile.dbus.session, line, profile::BusAccess::talk);
        if (word == "dbus-user.own") return bus(profile.dbus.session, line, profile::BusAccess::own);
        if (word == "dbus-user.see") return bus(profile.dbus.session, line, profile::BusAccess::see);
        if (word == "dbus-system.talk") return bus(profile.dbus.system, line, profile::BusAccess::talk);
        if (word == "hostname") return set(profile.hostname.name, line.rest, line.origin);
        if (word == "seccomp.drop") {
            for (const std::string& name : items(line.rest))
                if (resolve::native_call(name)) add(profile.process.seccomp.deny, name, line.origin);
            return;
        }
        if (word == "env" && line.rest.find('=') != std::string::npos)
            return set(profile.env.set[line.rest.substr(0, line.rest.find('='))], line.rest.substr(line.rest.find('=') + 1), line.origin);
        if (word == "rmenv") return add(profile.env.unset, line.rest, line.origin);
        if (word == "include") {
            if (line.rest == "whitelist-player-common.inc")
                for (const char* folder : {"${DESKTOP}", "${DOWNLOADS}", "${MUSIC}", "${PICTURES}", "${VIDEOS}"}) grant(folder, profile::FileAccess::ro, line.origin);
            return;
        }
        if (word == "private" && line.rest.empty()) return;
        if (word == "dbus-user" && line.rest == "filter") return;
        if (word == "protocol" && line.rest.find("bluetooth") != std::string::npos) return tell(line, "Bluetooth sockets are not let in");
        if (std::find(held.begin(), held.end(), word) != held.end()) return;
        if (word == "memory-deny-write-execute") return tell(line, "the filter does not look at the memory of the app");
        if (word == "read-only") return; // of its own home, or of what is read-only here
        if (word.starts_with('?')) return tell(line, "a condition of firejail's own configuration");
        tell(line, "there is no such word here");
    }

    const Reader& reader_;
    bool shows_part_of_home_ = false;
};

} // namespace

Result<Imported> import_firejail(const std::string& path) {
    std::string id(base::name_in(path));
    if (id.ends_with(".profile")) id.erase(id.size() - 8);
    if (!profile::is_name(id)) return Error{.what = "'" + id + "' cannot be an app's id", .advice = "a profile of firejail is named PROGRAM.profile"};
    Reader reader;
    TRY(reader.read(path));
    return Carrier(reader, id).imported;
}

} // namespace verbs
