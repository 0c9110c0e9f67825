#include "launcher/resolve/mount/grant.hpp"

#include <algorithm>

namespace resolve {

using base::Error;
using base::HostPath;
using base::Result;

namespace {

enum class Links {
    own,     // those that no app could have made
    of_home, // of these, outside of the home only those above it or directly in /
    all,
};

// Where this app writes, or any other may: the folders of the user's that profiles grant by name.
bool lies_open(const Builder& builder, const std::string& folder) {
    const auto holds = [&](const std::string& one) { return base::is_below(folder, one); };
    for (const HostPath& writable : builder.writable)
        if (holds(writable.text)) return true;
    for (const char* place : {"DESKTOP", "DOCUMENTS", "DOWNLOADS", "MUSIC", "PICTURES", "PUBLIC", "TEMPLATES", "VIDEOS"})
        if (const auto found = builder.places.find(place); found != builder.places.end() && holds(found->second)) return true;
    return false;
}

// Outside of the home others may write: a stick, a share, /tmp.
bool lies_outside(const Builder& builder, const std::string& folder, const std::string& link) {
    const std::string& home = builder.user.home.text;
    return folder != "/" && !base::is_below(folder, home) && !base::is_below(home, link);
}

Result<HostPath> walk(const Builder& builder, const std::string& path, Links links_followed, const base::Origin& origin) {
    constexpr int most_links = 40; // as the kernel
    std::string done = "/", rest = path.substr(1);
    for (int links = 0; !rest.empty();) {
        const auto slash = rest.find('/');
        const std::string part = rest.substr(0, slash);
        rest = slash == std::string::npos ? "" : rest.substr(slash + 1);
        if (part.empty() || part == ".") continue;
        if (part == "..") {
            done = std::string(base::parent_of(done));
            continue;
        }
        const HostPath next{base::joined(done, part)};
        const auto text = builder.no_links.contains(next.text) ? std::nullopt : builder.host.link_text(next);
        if (!text) {
            done = *builder.no_links.insert(next.text).first;
            continue;
        }
        if (links_followed != Links::all && builder.host.is_planted(next))
            return Error{.what = "'" + path + "' leads through the link '" + next.text + "', which another user made in a folder where everybody may",
                         .advice = "name the place that it points to, if that is meant", .origin = origin};
        const bool foreign = links_followed == Links::of_home && lies_outside(builder, done, next.text);
        if (foreign || (links_followed != Links::all && lies_open(builder, done)))
            return Error{.what = "'" + path + "' leads through the link '" + next.text + "', which " +
                                 (foreign ? "lies outside of the home" : "an app could have made"),
                         .advice = "remove the link, or name the place that it points to", .origin = origin};
        if (++links > most_links)
            return Error{.what = "'" + path + "' leads through too many links", .advice = "name the place that they lead to", .origin = origin};
        if (text->starts_with('/')) done = "/";
        rest = *text + "/" + rest;
    }
    return HostPath{done};
}

// Sockets that start programs or hand out keys, and the folders of such.
std::vector<std::string> control_sockets(const std::string& runtime) {
    std::vector<std::string> paths;
    for (const char* name : {"bus", "systemd", "dbus-1", "gnupg", "keyring", "ssh-agent.socket", "sandbox", "sandbox-plans", "podman", "docker.sock",
                             "pipewire-0-manager", "at-spi"})
        paths.push_back(base::joined(runtime, name));
    for (const char* folder : {"/run", "/var/run"})
        for (const char* name : {"dbus", "systemd", "docker.sock", "containerd", "podman", "crio", "libvirt", "snapd.socket", "snapd-snap.socket",
                                 "lxd", "incus"})
            paths.push_back(base::joined(folder, name));
    paths.emplace_back("/tmp/.X11-unix");
    return paths;
}

} // namespace

Result<HostPath> led(const Builder& builder, const std::string& path, const base::Origin& origin) {
    return walk(builder, path, Links::own, origin);
}

Result<HostPath> led_from_home(const Builder& builder, const std::string& path, const base::Origin& origin) {
    return walk(builder, path, Links::of_home, origin);
}

HostPath end_of(const Builder& builder, const std::string& path) {
    const auto end = walk(builder, path, Links::all, {});
    return end.ok() ? end.value() : HostPath{path};
}

Result<std::optional<plan::Source>> source_at(const Builder& builder, const std::string& path,
                                              const base::Origin& origin) {
    const HostPath end = TRY(led(builder, path, origin));
    auto found = builder.host.look(end, FollowLinks::no);
    if (!found.ok()) found.error().origin = origin;
    return found;
}

std::string inside_of(const Builder& builder, const std::string& path) {
    // The home last: the others mostly lie in it.
    for (const char* name : {"RUNTIME", "CONFIG", "DATA", "CACHE", "STATE", "HOME"}) {
        const std::string& outside = builder.places.find(name)->second;
        const std::string& inside = builder.inside_places.find(name)->second;
        if (outside != inside && base::is_below(path, outside)) return inside + path.substr(outside.size());
    }
    return path;
}

Result<void> refuse_source(const Builder& builder, const std::string& path, const base::Origin& origin) {
    const auto refuse = [&](std::string why, std::string advice) {
        return Error{.what = "'" + path + "' cannot be granted: " + std::move(why), .advice = std::move(advice),
                     .origin = origin};
    };
    if (path == "/") return refuse("it is everything", "name the folders that the app needs");
    if (base::is_below(path, "/proc"))
        return refuse("the /proc of the host shows every process", "the sandbox has a /proc of its own");
    if (path == "/sys") return refuse("it shows all hardware", "name the folder below it that the app needs");
    if (path == "/dev") return refuse("it holds every device", "name the devices in [devices] nodes");
    const std::string& written = builder.places.find("RUNTIME")->second;
    // XDG_RUNTIME_DIR may be written through links.
    for (const std::string& runtime : {written, written.empty() ? written : end_of(builder, written).text}) {
        if (!runtime.empty() && base::is_below(runtime, path)) return refuse("it holds the sockets of everything that runs for the user", "name the one socket that the app needs");
        // A read-only mount does not stop connect(2), and whoever speaks to these runs programs outside.
        for (const std::string& socket : control_sockets(runtime))
            if (base::is_below(path, socket) || base::is_below(socket, path))
                return refuse("'" + socket + "' is the way to programs outside of the sandbox, to read it or to write", "name what else the app needs");
    }
    return {};
}

Result<void> refuse_source(const Builder& builder, const plan::Source& found, const base::Origin& origin) {
    TRY(refuse_source(builder, found.path.text, origin));
    const std::string& runtime = builder.places.find("RUNTIME")->second;
    if (builder.own_runtime.empty() && !runtime.empty())
        for (const std::string& path : {runtime, base::joined(runtime, "sandbox"), base::joined(runtime, "sandbox-plans")})
            if (auto own = builder.host.look({path}, FollowLinks::yes); own.ok() && own.value()) builder.own_runtime.push_back(*own.value());
    for (const plan::Source& own : builder.own_runtime)
        if (own.device == found.device && own.inode == found.inode)
            return Error{.what = "'" + found.path.text + "' cannot be granted: it is '" + own.path.text + "' under another name, the way to programs outside of the sandbox",
                         .advice = "name what else the app needs", .origin = origin};
    return {};
}

Result<void> refuse_above_ceiling(const Builder& builder, const std::string& end, profile::FileAccess access, const base::Origin& origin) {
    if (builder.files_ceiling.empty()) return {};
    const auto refuse = [&](const std::string& path, const profile::Item<profile::FileGrant>& most) {
        return Error{.what = "'" + path + "' is limited to \"" + std::string(base::name_of(most.value.access)) + "\" by " + to_text(most.origin()),
                     .advice = "ask the administrator of this machine, or remove the line", .origin = origin};
    };
    const auto* most = profile::nearest(builder.files_ceiling, end);
    if (most && most->value.access < access) return refuse(end, *most);
    for (const auto& [path, item] : builder.files_ceiling)
        if (access == profile::FileAccess::rw && item.value.access == profile::FileAccess::ro && base::is_below(path, end) && path != end) {
            const auto own = builder.files.find(path);
            if (own == builder.files.end() || own->second.value.access > item.value.access) return refuse(path, item);
        }
    return {};
}

Result<void> refuse_target(const std::string& target, const std::string& source, const base::Origin& origin) {
    const auto refuse = [&](std::string why) {
        return Error{.what = "nothing can be mounted on '" + target + "' inside: " + std::move(why),
                     .advice = "choose another target", .origin = origin};
    };
    if (target == "/") return refuse("it is the root");
    if (base::is_below(target, "/proc")) return refuse("/proc is the sandbox's own, with nothing of another's in it");
    for (const char* folder : {"/dev", "/sys", "/run", "/etc", "/run/user"})
        if (target == folder) return refuse("the sandbox makes it");
    for (const char* folder : {"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"})
        if (target == folder && source != target) return refuse("the system's programs are there; set root.source instead");
    return {};
}

} // namespace resolve
