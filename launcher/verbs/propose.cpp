#include "launcher/verbs/propose.hpp"

#include "launcher/base/path.hpp"
#include "launcher/base/text.hpp"
#include "launcher/profile/exposure.hpp"
#include "launcher/profile/print.hpp"
#include "launcher/resolve/busses.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <set>
#include <sys/stat.h>

namespace verbs {
namespace {

enum class There { nothing, folder, file, other };

There there(const std::string& path) {
    struct stat status{};
    if (stat(path.c_str(), &status) != 0) return There::nothing;
    return S_ISDIR(status.st_mode) ? There::folder : S_ISREG(status.st_mode) ? There::file : There::other;
}

// The part of the home that is one program's: ".config/foo", ".local/share/foo", ".foo".
std::string owner_of(const std::string& own) {
    const auto parts = base::split(own, '/');
    std::size_t count = 1;
    if (parts[0] == ".config" || parts[0] == ".cache") count = 2;
    if (parts[0] == ".local") count = 3;
    if (parts.size() < count) return {};
    std::string owner;
    for (std::size_t at = 0; at < count; ++at) owner += (owner.empty() ? "" : "/") + std::string(parts[at]);
    return owner;
}

// Sockets of the session that a service stands for.
struct Socket {
    std::string_view name, service;
};
constexpr std::array sockets{Socket{"pulse/native", "audio"}, Socket{"pipewire-0", "audio"}, Socket{"wayland-0", "wayland"}, Socket{"wayland-1", "wayland"}};

// Where a path of the host leads; of what is not there, where its folder does.
std::string true_path(const std::string& path) {
    std::array<char, PATH_MAX> found{};
    if (realpath(path.c_str(), found.data()) != nullptr) return found.data();
    return realpath(std::string(base::parent_of(path)).c_str(), found.data()) != nullptr ? base::joined(found.data(), base::name_in(path)) : path;
}

bool is_loopback(const std::string& peer) { return peer.starts_with("127.") || peer.starts_with("[::1]"); }

class Proposer {
public:
    Proposer(const Ground& ground, const Recording& recording) : ground_(ground), recording_(recording) {}

    Proposal make() {
        if (!ground_.shown.empty()) {
            files_[ground_.shown] = "ro";
            tell("run what lies in '" + ground_.shown + "'", profile::key_text("files", ground_.shown) + " = \"ro\"", "");
        }
        for (const auto& [path, use] : recording_.paths) path_used(path, use);
        for (const auto& [peer, use] : recording_.peers) peer_used(peer, use);
        for (const auto& [name, use] : recording_.names) name_used(name, use);
        for (const auto& [name, use] : recording_.calls) proposal_.rows.push_back({"system call " + name, "", "the filter denies it, and the app went on", "", ""});
        proposal_.text = text();
        return std::move(proposal_);
    }

private:
    void tell(const std::string& what, const std::string& granted, const std::string& why, const std::string& path = "") { proposal_.rows.push_back({what, granted, why, path, ""}); }

    void path_used(const std::string& path, const Use& use) {
        if (!base::is_utf8(path) || path.find("${") != std::string::npos) return tell("use '" + path + "'", "", "a profile has no spelling for that name");
        if (base::is_below(path, ground_.home) && path != ground_.home) return home_used(path, use);
        if (base::is_below(path, ground_.runtime)) return socket_used(path, use);
        if (!use.refused || use.read) return;
        const There what = there(path);
        if (path.starts_with("/dev/dri")) return service("gpu", "use '" + path + "'");
        for (const char* shown : {"/opt/", "/srv/", "/mnt/", "/media/"})
            if (path.starts_with(shown) && what == There::file) return file(path, path, use);
        if (what == There::file && !path.starts_with("/proc") && !path.starts_with("/sys")) tell("read '" + path + "'", "", "a file of the system that the sandbox does not show, and the app went on");
    }

    void home_used(const std::string& path, const Use& use) {
        const There what = there(path);
        const bool made = use.written && what == There::nothing;
        if (what != There::file && !made) return; // folders are passed through on the way
        const std::string own = path.substr(ground_.home.size() + 1), written = "${HOME}/" + own;
        const std::string did = (use.written ? "write " : "read ") + written;
        if (const profile::Sensitive* row = profile::sensitive(written)) return tell(did, "", "never granted as a whole: it holds " + std::string(row->what));
        if (!own.starts_with('.')) return file(path, written, use);
        const std::string owner = owner_of(own);
        if (owner.empty()) return tell(did, "", "it lies where all programs keep theirs");
        if (use.written) {
            persist_.insert(owner);
            return tell(did, "home.persist = [" + profile::value_text(owner) + "]", "", path);
        }
        file(path, written, use);
    }

    // A link in a folder that some app may write leads wherever that app wants.
    const profile::Sensitive* sensitive_end(const std::string& path) const {
        const std::string end = true_path(path), home = true_path(ground_.home);
        return profile::sensitive(base::is_below(end, home) && end != home ? "${HOME}" + end.substr(home.size()) : end);
    }

    // The file; the folder where files are made, or many are read.
    void file(const std::string& path, const std::string& written, const Use& use) {
        if (const profile::Sensitive* row = sensitive_end(path)) return tell((use.written ? "write " : "read ") + written, "", "it is a link, and never granted as a whole: where it leads holds " + std::string(row->what));
        const bool made = use.written && there(path) == There::nothing;
        const std::string folder(base::parent_of(written));
        if (!made && !(use.written ? false : many_read(std::string(base::parent_of(path))))) return grant(written, use.written ? "rw" : "ro", (use.written ? "write " : "read ") + written, path);
        if (folder == "${HOME}" || profile::holds_sensitive(folder))
            return tell((use.written ? "write " : "read ") + written, "", "its folder holds more than an app may have; move it to one of its own");
        grant(folder, use.written ? "rw" : "ro", (use.written ? "make " : "read ") + written, path);
    }

    bool many_read(const std::string& folder) const {
        constexpr int many = 4;
        return std::count_if(recording_.paths.begin(), recording_.paths.end(), [&](const auto& entry) { return entry.second.read && base::parent_of(entry.first) == folder; }) >= many &&
               folder != ground_.home && !folder.ends_with("/.config");
    }

    void grant(const std::string& path, const std::string& access, const std::string& did, const std::string& absolute) {
        if (access == "ro" && !ground_.shown.empty() && base::is_below(path, ground_.shown)) return;
        std::string& now = files_[path];
        if (now != "rw") now = access;
        tell(did, profile::key_text("files", path) + " = \"" + now + "\"", "", absolute);
    }

    void service(const std::string& name, const std::string& did) {
        services_.insert(name);
        tell(did, "services." + name + " = true", "");
    }

    void socket_used(const std::string& path, const Use& use) {
        if (!use.refused || use.read) return;
        const std::string name = path.substr(std::min(path.size(), ground_.runtime.size() + 1));
        for (const Socket& socket : sockets)
            if (name == socket.name) return service(std::string(socket.service), "connect to '" + path + "'");
        if (there(path) == There::other) tell("connect to '" + path + "'", "", "a way to programs outside; [dbus.session] names what an app may ask of the bus");
    }

    void peer_used(const std::string& peer, const Use& use) {
        if (is_loopback(peer)) {
            if (use.refused) tell("connect to " + peer, "", "what listens on this machine is not shown; network.host-loopback would");
            return;
        }
        network_ = true;
        tell("connect to " + peer, "network.mode = \"" + ground_.network + "\"", "");
    }

    std::string service_of(const std::string& name) const {
        for (const auto& [rule, service] : ground_.services)
            if (rule == name || (rule.ends_with(".*") && name.starts_with(rule.substr(0, rule.size() - 1)))) return service;
        return {};
    }

    void name_used(const std::string& name, const Use& use) {
        if (!use.refused) return; // the class grants it
        const std::string did = (use.refused_write ? "own '" : "talk to '") + name + "' on the session bus";
        if (const std::string found = service_of(name); !found.empty()) return service(found, did);
        if (const char* why = resolve::way_out(name)) return tell(did, "", std::string("a way out of the sandbox: ") + why);
        if (const profile::SensitiveName* row = profile::sensitive_name(name)) return tell(did, "", "never granted as a whole: it holds " + std::string(row->what));
        const std::string access = use.refused_write ? "own-private" : "talk";
        names_[name] = access;
        proposal_.rows.push_back({did, profile::key_text("dbus.session", name) + " = \"" + access + "\"", "", "", name});
    }

    std::string text() const {
        const auto list = [](const std::set<std::string>& words) {
            std::string out;
            for (const std::string& word : words) out += (out.empty() ? "" : ", ") + profile::value_text(word);
            return "[" + out + "]";
        };
        std::string out = "schema = 1\n" + ground_.app;
        if (!persist_.empty()) out += "[home]\nmode = \"app\"\npersist = " + list(persist_) + "\n";
        if (network_ || !services_.empty()) out += "[services]\n";
        if (network_) out += "network = true\n";
        for (const std::string& name : services_) out += name + " = true\n";
        if (network_) out += "[network]\nmode = \"" + ground_.network + "\"\n";
        if (!names_.empty()) out += "[dbus.session]\n";
        for (const auto& [name, access] : names_) out += profile::value_text(name) + " = \"" + access + "\"\n";
        if (!files_.empty()) out += "[files]\n";
        for (const auto& [path, access] : files_) out += profile::value_text(path) + " = { access = \"" + access + "\", optional = true }\n";
        return out;
    }

    const Ground& ground_;
    const Recording& recording_;
    Proposal proposal_;
    std::set<std::string> persist_, services_;
    std::map<std::string, std::string> files_, names_;
    bool network_ = false;
};

} // namespace

Proposal propose(const Ground& ground, const Recording& recording) { return Proposer(ground, recording).make(); }

std::vector<std::string> broken(const Proposal& proposal, const Recording& first, const Recording& second) {
    std::vector<std::string> found;
    if (first.status != second.status)
        found.push_back("it ended with status " + std::to_string(second.status) + " under the proposal, and with " + std::to_string(first.status) + " before");
    for (const Observed& row : proposal.rows) {
        if (const auto name = second.names.find(row.name); !row.name.empty() && name != second.names.end() && name->second.refused)
            found.push_back(row.what + " is refused under the proposal, although " + row.granted);
        // What is kept in a home of its own is not there at the first start: only a refusal to write counts.
        const auto use = second.paths.find(row.path);
        if (row.path.empty() || row.granted.empty() || use == second.paths.end() || !use->second.refused) continue;
        if (row.granted.starts_with("home.persist") && !use->second.refused_write) continue;
        if (use->second.read && !use->second.refused_write) continue;
        found.push_back(row.what + " is refused under the proposal, although " + row.granted);
    }
    return found;
}

} // namespace verbs
