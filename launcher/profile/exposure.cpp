#include "launcher/profile/exposure.hpp"

#include "launcher/base/path.hpp"
#include "launcher/profile/print.hpp"

#include <algorithm>
#include <array>

namespace profile {
namespace {

constexpr std::array places{
    Sensitive{"${HOME}/.ssh", "keys to other machines"},
    Sensitive{"${HOME}/.gnupg", "keys that sign and decrypt"},
    Sensitive{"${HOME}/.aws", "keys to a cloud"},
    Sensitive{"${HOME}/.azure", "keys to a cloud"},
    Sensitive{"${CONFIG}/gcloud", "keys to a cloud"},
    Sensitive{"${HOME}/.kube", "keys to clusters"},
    Sensitive{"${HOME}/.docker", "keys to registries"},
    Sensitive{"${HOME}/.netrc", "passwords"},
    Sensitive{"${HOME}/.pgpass", "passwords"},
    Sensitive{"${HOME}/.git-credentials", "passwords"},
    Sensitive{"${HOME}/.password-store", "passwords"},
    Sensitive{"${HOME}/.pki", "certificates and their keys"},
    Sensitive{"${HOME}/.mozilla", "a browser's passwords and cookies"},
    Sensitive{"${CONFIG}/mozilla", "a browser's passwords and cookies"},
    Sensitive{"${HOME}/.thunderbird", "mail and its passwords"},
    Sensitive{"${CONFIG}/chromium", "a browser's passwords and cookies"},
    Sensitive{"${CONFIG}/google-chrome", "a browser's passwords and cookies"},
    Sensitive{"${CONFIG}/BraveSoftware", "a browser's passwords and cookies"},
    Sensitive{"${DATA}/keyrings", "the passwords of the session"},
    Sensitive{"${DATA}/kwalletd", "the passwords of the session"},
    Sensitive{"${HOME}/.bash_history", "what was typed"},
    Sensitive{"${HOME}/.zsh_history", "what was typed"},
    Sensitive{"${HOME}/.Xauthority", "the key of the display"},
    Sensitive{"/etc/shadow", "the passwords of the machine"},
    Sensitive{"/etc/gshadow", "the passwords of the machine"},
    Sensitive{"/etc/ssh", "the keys of the machine"},
    Sensitive{"/etc/ssl/private", "the keys of the machine"},
    Sensitive{"/root", "the administrator's files"},
};

constexpr std::array sensitive_names{
    SensitiveName{"org.freedesktop.secrets", "the passwords of the session"},
    SensitiveName{"org.gnome.keyring*", "the passwords of the session"},
    SensitiveName{"org.kde.kwalletd*", "the passwords of the session"},
    SensitiveName{"org.keepassxc.KeePassXC*", "passwords"},
    SensitiveName{"org.gnome.Mutter*", "what is on the screen, and the input of all windows"},
    SensitiveName{"org.freedesktop.FileManager1", "a program outside that opens what it is told"},
    SensitiveName{"org.gnome.evolution*", "mail, addresses and appointments"},
    SensitiveName{"org.freedesktop.Tracker3*", "what lies in the user's files"},
    SensitiveName{"org.bluez*", "devices nearby, and their keys"},
};

struct Spelling {
    std::string_view place, path;
};
constexpr std::array spellings{Spelling{"${CONFIG}", "${HOME}/.config"}, Spelling{"${DATA}", "${HOME}/.local/share"},
                               Spelling{"${CACHE}", "${HOME}/.cache"}, Spelling{"${STATE}", "${HOME}/.local/state"}};

// One way to write a path of the home: by ${HOME}.
std::string by_home(std::string_view path) {
    for (const Spelling& one : spellings)
        if (path.starts_with(one.place)) return std::string(one.path) + std::string(path.substr(one.place.size()));
    if (path.starts_with("/home/")) {
        const auto slash = path.find('/', 6);
        return "${HOME}" + std::string(slash == std::string_view::npos ? "" : path.substr(slash));
    }
    return std::string(path);
}

bool is_own_folder(const std::string& path) {
    constexpr std::array<std::string_view, 7> folders{"${DOWNLOADS}", "${DOCUMENTS}", "${PICTURES}", "${MUSIC}", "${VIDEOS}", "${DESKTOP}", "${TEMPLATES}"};
    return std::any_of(folders.begin(), folders.end(), [&](std::string_view one) { return path.starts_with(one); });
}

struct Judged {
    double part = 0;
    std::string reason;
    base::Origin origin = {};
};

template <class T>
const Item<T>* entry(const Map<T>& map, std::string_view name) {
    const auto found = map.find(std::string(name));
    return found == map.end() ? nullptr : &found->second;
}

Judged network(const Profile& profile) {
    const auto& mode = profile.network.mode;
    const auto& space = profile.namespaces.net;
    if (space.set() && space.value != "new") return {1, "the network of the host, or another's: everything that listens there", space.origin()};
    switch (mode.value) {
    case NetworkWish::none: return {0, "no network", mode.origin()};
    case NetworkWish::loopback: return {0.05, "a loopback of its own", mode.origin()};
    case NetworkWish::user:
        if (profile.network.host_loopback.value) return {0.9, "the internet, and what listens on the host's loopback", profile.network.host_loopback.origin()};
        return {0.6, "the internet, apart from the host's own sockets", mode.origin()};
    case NetworkWish::host: return {1, "the network of the host, its loopback included", mode.origin()};
    }
    __builtin_unreachable();
}

Judged home(const Profile& profile) {
    const auto& mode = profile.home.mode;
    switch (mode.set() ? mode.value : HomeMode::disposable) {
    case HomeMode::disposable: return {0, "an empty home, thrown away", mode.origin()};
    case HomeMode::app: return {0.1, "a home of its own, kept", mode.origin()};
    case HomeMode::overlay: return {0.9, "reads the user's home, changes are kept apart", mode.origin()};
    case HomeMode::shared: return {1, "reads the user's home", mode.origin()};
    }
    __builtin_unreachable();
}

Judged secrets(const Profile& profile) {
    for (const auto& [path, grant] : profile.files) {
        if (grant.value.access == FileAccess::deny) continue;
        if (const Sensitive* row = sensitive(path)) return {1, "'" + path + "': " + std::string(row->what), grant.origin()};
    }
    return {0, "no grant of keys and passwords"};
}

Judged many(std::size_t count, double each, double most, const std::string& what, const base::Origin& first) {
    return {std::min(most, each * static_cast<double>(count)), count == 0 ? "no " + what : what + ": " + std::to_string(count), first};
}

Judged grants(const Profile& profile, FileAccess access, double each, const std::string& what) {
    std::size_t count = 0;
    base::Origin first;
    for (const auto& [path, grant] : profile.files) {
        if (grant.value.access != access || path.starts_with("${RUNTIME}")) continue;
        if (by_home(path) == "${HOME}" || path == "/" || path == "/home") return {1, "'" + path + "', everything of the user's", grant.origin()};
        if (count++ == 0) first = grant.origin();
    }
    for (const auto& wish : profile.mount)
        if (wish.value.type == "bind" && (std::find(wish.value.options.begin(), wish.value.options.end(), "rw") != wish.value.options.end()) == (access == FileAccess::rw) && count++ == 0)
            first = wish.origin();
    return many(count, each, 0.9, what, first);
}
Judged written(const Profile& profile) { return grants(profile, FileAccess::rw, 0.2, "paths that may be written"); }
Judged read(const Profile& profile) { return grants(profile, FileAccess::ro, 0.1, "further paths that may be read"); }

Judged x11(const Profile& profile) {
    const auto* wish = entry(profile.services, "x11");
    if (!wish || !wish->value.enabled) return {0, "no X display"};
    if (wish->value.mode == "untrusted") return {0.3, "an X display, as an untrusted client", wish->origin()};
    if (wish->value.mode == "isolated") return {0.1, "an X display of its own, nested in the user's", wish->origin()};
    return {1, "an X display: it sees and types into all windows there", wish->origin()};
}

Judged service(const Profile& profile, std::string_view name, double part, const std::string& with, const std::string& without) {
    const auto* wish = entry(profile.services, name);
    if (!wish || !wish->value.enabled) return {0, without};
    return {part, with, wish->origin()};
}
Judged wayland(const Profile& profile) { return service(profile, "wayland", 0.4, "a Wayland display", "no Wayland display"); }

bool option(const ServiceWish& wish, std::string_view name) {
    return std::any_of(wish.options.begin(), wish.options.end(), [&](const auto& one) { return one.first == name && one.second == "true"; });
}

Judged audio(const Profile& profile) {
    const auto* wish = entry(profile.services, "audio");
    if (!wish || !wish->value.enabled) return {0, "no sound"};
    if (option(wish->value, "pipewire")) return {1, "PipeWire's own socket: plays and records sound, cameras and screens where they are handed out, and the server loads any library for it", wish->origin()};
    if (option(wish->value, "microphone")) return {1, "plays and records sound", wish->origin()};
    return {0.3, "plays sound, and does not record", wish->origin()};
}

Judged devices(const Profile& profile) {
    const auto& nodes = profile.devices.nodes;
    return many(nodes.size(), 0.2, 1, "kinds of devices", nodes.empty() ? base::Origin{} : nodes[0].origin());
}

Judged bus(const Map<BusRule>& rules, const std::string& what) {
    std::size_t count = 0;
    base::Origin first;
    for (const auto& [name, access] : rules) {
        if (access.value.access < BusAccess::talk) continue;
        if (name == "*" || name == "org.*" || name == "org.freedesktop.*") return {1, "'" + name + "': nearly every name", access.origin()};
        if (count++ == 0) first = access.origin();
    }
    return many(count, 0.15, 0.9, what, first);
}
Judged session_bus(const Profile& profile) { return bus(profile.dbus.session, "names of the session bus"); }
Judged system_bus(const Profile& profile) { return bus(profile.dbus.system, "names of the system bus"); }

Judged calls(const Profile& profile) {
    const auto& seccomp = profile.process.seccomp;
    if (seccomp.base.value == "none") return {1, "every system call", seccomp.base.origin()};
    const double base = seccomp.base.value == "strict" ? 0 : 0.2;
    const double more = 0.1 * static_cast<double>(seccomp.allow.size());
    const base::Origin origin = seccomp.allow.empty() ? seccomp.base.origin() : seccomp.allow[0].origin();
    return {std::min(0.9, base + more), "the list '" + (seccomp.base.set() ? seccomp.base.value : "desktop") + "' and " + std::to_string(seccomp.allow.size()) + " additions", origin};
}

Judged flag(const Item<bool>& item, bool unset, bool bad, const std::string& when_bad, const std::string& when_good) {
    const bool value = item.set() ? item.value : unset;
    return {value == bad ? 1.0 : 0.0, value == bad ? when_bad : when_good, item.origin()};
}
Judged userns(const Profile& profile) { return flag(profile.process.userns, false, true, "makes user namespaces: more of the kernel to attack", "no user namespaces of its own"); }
Judged privileges(const Profile& profile) { return flag(profile.process.no_new_privileges, true, false, "programs may give it more rights", "no program gives it more rights"); }
Judged landlock(const Profile& profile) { return flag(profile.process.landlock, true, false, "no Landlock", "Landlock as a second wall"); }
Judged root(const Profile& profile) { return flag(profile.root.readonly, true, false, "the root can be written", "a read-only root"); }

Judged capabilities(const Profile& profile) {
    const auto& caps = profile.process.caps;
    return many(caps.size(), 0.34, 1, "capabilities in its user namespace", caps.empty() ? base::Origin{} : caps[0].origin());
}

Judged spaces(const Profile& profile) {
    const auto& all = profile.namespaces;
    for (const auto* space : {&all.ipc, &all.uts, &all.cgroup})
        if (space->set() && space->value != "new") return {1, "shares a namespace with the host or another", space->origin()};
    return {0, "namespaces of its own"};
}

Judged environment(const Profile& profile) {
    for (const auto& pattern : profile.env.keep)
        if (pattern.value == "*") return {1, "every variable of the caller", pattern.origin()};
    return {0, "variables by name"};
}

Judged limits(const Profile& profile) {
    if (!entry(profile.limits, "memory.max")) return {1, "no limit of memory"};
    if (!entry(profile.limits, "pids.max")) return {0.5, "no limit of processes"};
    return {0, "limits of memory and processes"};
}

Judged terminal(const Profile& profile) {
    const auto& wish = profile.process.terminal;
    if (wish.value == TerminalWish::never) return {1, "the caller's own terminal", wish.origin()};
    return {0, "a terminal of its own", wish.origin()};
}

struct Row {
    std::string_view name;
    double weight;
    Judged (*judge)(const Profile&);
};

// The weights are a judgement, not a measure: what an attacker has of it first, then how hard it is to come by otherwise.
constexpr std::array rows{
    Row{"network", 14, network}, Row{"home", 14, home}, Row{"secrets", 12, secrets}, Row{"files written", 8, written}, Row{"files read", 4, read},
    Row{"X11", 10, x11}, Row{"Wayland", 2, wayland}, Row{"sound", 2, audio}, Row{"devices", 4, devices}, Row{"session bus", 6, session_bus},
    Row{"system bus", 3, system_bus}, Row{"system calls", 7, calls}, Row{"user namespaces", 3, userns}, Row{"privileges", 2, privileges},
    Row{"capabilities", 2, capabilities}, Row{"namespaces", 2, spaces}, Row{"Landlock", 1, landlock}, Row{"root", 1, root},
    Row{"environment", 1, environment}, Row{"limits", 1, limits}, Row{"terminal", 1, terminal},
};

base::Error wide(std::string what, std::string advice, const base::Origin& origin) {
    return {.what = std::move(what), .advice = std::move(advice), .origin = origin};
}

} // namespace

std::span<const Sensitive> sensitive_places() { return places; }

const SensitiveName* sensitive_name(std::string_view name) {
    for (const SensitiveName& row : sensitive_names)
        if (row.name.ends_with('*') ? name.starts_with(row.name.substr(0, row.name.size() - 1)) : name == row.name) return &row;
    return nullptr;
}

const Sensitive* sensitive(std::string_view path) {
    const std::string own = by_home(path);
    const auto found = std::find_if(places.begin(), places.end(), [&](const Sensitive& row) { return base::is_below(own, by_home(row.path)); });
    return found == places.end() ? nullptr : &*found;
}

const Sensitive* holds_sensitive(std::string_view path) {
    const std::string own = by_home(path);
    const auto found = std::find_if(places.begin(), places.end(), [&](const Sensitive& row) {
        const std::string place = by_home(row.path);
        return base::is_below(place, own) || own == "/" || own == "/home";
    });
    return found == places.end() ? nullptr : &*found;
}

std::vector<Exposure> exposures(const Profile& profile) {
    std::vector<Exposure> all;
    for (const Row& row : rows) {
        Judged judged = row.judge(profile);
        all.push_back({row.name, row.weight, judged.part, std::move(judged.reason), std::move(judged.origin)});
    }
    return all;
}

double score(std::span<const Exposure> exposures) {
    double sum = 0, most = 0;
    for (const Exposure& one : exposures) {
        sum += one.weight * one.part;
        most += one.weight;
    }
    return most > 0 ? 10 * sum / most : 0;
}

std::vector<base::Error> too_wide(const Profile& profile) {
    std::vector<base::Error> found;
    for (const auto& [path, grant] : profile.files) {
        if (grant.value.access == FileAccess::deny) continue;
        const std::string key = key_text("files", path);
        if (const Sensitive* row = sensitive(path))
            found.push_back(wide(key + " grants " + std::string(row->what), "remove it, or name the one file that the app needs", grant.origin()));
        else if (const Sensitive* held = holds_sensitive(path); held && !is_own_folder(path))
            found.push_back(wide(key + " is wide: it holds '" + std::string(held->path) + "'", "name the folders that the app needs", grant.origin()));
        else if (by_home(path) == "${HOME}/.config" || by_home(path) == "${HOME}/.local/share" || path == "/etc" || path == "/var" || path == "/usr" || path == "${RUNTIME}")
            found.push_back(wide(key + " is wide: all programs keep theirs there", "name the folders that the app needs", grant.origin()));
    }
    for (const auto& pattern : profile.env.keep)
        if (pattern.value == "*") found.push_back(wide("env.keep holds '*': every variable of the caller", "name the variables that the app needs", pattern.origin()));
    for (const auto* rules : {&profile.dbus.session, &profile.dbus.system})
        for (const auto& [name, access] : *rules)
            if (access.value.access >= BusAccess::talk && (name == "*" || name == "org.*" || name == "org.freedesktop.*"))
                found.push_back(wide("the bus name '" + name + "' is wide", "name the services that the app needs", access.origin()));
            else if (const SensitiveName* row = sensitive_name(name); row && access.value.access >= BusAccess::talk)
                found.push_back(wide("the bus name '" + name + "' grants " + std::string(row->what), "name the methods that the app needs: { call = [\"…\"] }", access.origin()));
    if (profile.process.seccomp.base.value == "none")
        found.push_back(wide("process.seccomp.base = \"none\" lets every system call through", "allow the calls that the app needs", profile.process.seccomp.base.origin()));
    return found;
}

} // namespace profile
