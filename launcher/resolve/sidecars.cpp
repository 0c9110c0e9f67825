#include "launcher/resolve/sidecars.hpp"

#include "launcher/resolve/seccomp.hpp"

namespace resolve {
namespace {

using base::Error;
using base::Result;

constexpr const char* socket_folder = "/app"; ///< of a sidecar: what it shows to the app

std::string app_side(const char* exchange) { return base::joined("/run/sandbox", exchange); }

Result<void> exchange(Builder& builder, Tree& root, const char* name, const std::string& in_root, const base::Origin& origin) {
    TRY(root.place(plan::Exchange{.name = name, .target = {in_root}, .access = plan::Access::read_write, .origin = origin}));
    return builder.tree.place(plan::Exchange{.name = name, .target = {app_side(name)}, .access = plan::Access::read_only, .origin = origin});
}

Result<void> show(Tree& root, const plan::Source& source, const std::string& target, const base::Origin& origin) {
    const bool program = source.type == plan::FileType::regular;
    return root.place(plan::Bind{.source = source, .target = {target}, .execution = program ? plan::Execution::allowed : plan::Execution::denied,
                                 .subtree = plan::Subtree::alone, .origin = origin});
}

Result<void> need(const Builder& builder, const char* program, const char* package, const base::Origin& origin) {
    const auto found = builder.host.look({program}, FollowLinks::yes);
    if (found.ok() && found.value()) return {};
    return Error{.what = "'" + std::string(program) + "' is needed and not installed", .advice = "install the package " + std::string(package), .origin = origin};
}

// Fixed words: the display is its only argument. A cookie is filed under the name of this host, which inside has another: it
// is filed anew for any.
constexpr const char* cookie_script =
    "set -e; umask 077; cd /app\n"
    "xauth -q -f made generate \"$1\" . untrusted timeout 0\n"
    "xauth -q -f made nlist | sed 's/^..../ffff/' >list\n"
    "xauth -q -f authority nmerge list\n"
    "rm made list; echo ready; exec sleep infinity";

// The display that it is a client of and the one that it serves are looked for in one folder.
constexpr const char* nested_script =
    "ln -s /host/X \"/tmp/.X11-unix/X$1\" && exec /usr/bin/Xephyr \":$2\" -displayfd \"$3\" -screen 1280x800 -resizeable "
    "-nolisten tcp -noreset -title \"$4\"";

} // namespace

Result<plan::Sidecar> sidecar(const char* name, std::vector<std::string> argv, const Tree& root, const char* base, const base::Origin& origin) {
    profile::Seccomp wish;
    wish.base = {base, {{}}};
    plan::Seccomp filter = TRY(seccomp(wish, {}));
    plan::Sidecar made{.name = name, .argv = std::move(argv), .environment = {}, .mounts = root.mounts(), .seccomp = std::move(filter), .origin = origin};
    return made;
}

Result<plan::Source> own_program(const Builder& builder, const char* name) {
    // Beside the other programs of ours; the second is a build folder's.
    const std::string folder = builder.host.libexec().text;
    for (const std::string& path : {base::joined(folder, name), base::joined(folder, "../../launcher/session/") + name}) {
        const auto found = builder.host.look({path}, FollowLinks::yes);
        if (found.ok() && found.value() && found.value()->type == plan::FileType::regular) return *found.value();
    }
    return Error{.what = std::string(name) + " is not there; the installation is not complete", .advice = "install the whole of it again"};
}

Result<void> add_sound(Builder& builder, const plan::Source& server, Sound sound, const base::Origin& origin) {
    Tree root(builder.host);
    TRY(show(root, TRY(own_program(builder, "sandbox-playback")), "/sandbox-playback", origin));
    TRY(show(root, server, "/host/native", origin));
    TRY(exchange(builder, root, "sound", socket_folder, origin));
    std::vector<std::string> argv{"/sandbox-playback", "/app/native", "/host/native"};
    if (sound == Sound::play_and_record) argv.emplace_back("record");
    builder.plan.sidecars.push_back(TRY(sidecar("sound filter", std::move(argv), root, "strict", origin)));
    return builder.tree.place(plan::Symlink{.target = {base::joined(builder.runtime, "pulse/native")}, .text = app_side("sound") + "/native", .origin = origin});
}

Result<void> add_untrusted_cookie(Builder& builder, const HostDisplay& display, const base::Origin& origin) {
    TRY(need(builder, "/usr/bin/xauth", "xauth", origin));
    Tree root(builder.host);
    TRY(place_system(root, builder.host, origin));
    TRY(show(root, display.socket, "/tmp/.X11-unix/X" + display.number, origin));
    if (!display.cookies.empty()) TRY(root.place(plan::Data{.target = {"/cookies"}, .contents = display.cookies, .mode = 0400, .origin = origin}));
    TRY(exchange(builder, root, "x11", socket_folder, origin));
    plan::Sidecar made = TRY(sidecar("maker of X cookies", {"/bin/sh", "-c", cookie_script, "sandbox", ":" + display.number}, root, "desktop", origin));
    made.environment = {"PATH=/usr/bin:/bin", "XAUTHORITY=/cookies"};
    builder.plan.sidecars.push_back(std::move(made));
    builder.environment["XAUTHORITY"] = app_side("x11") + "/authority";
    return {};
}

Result<void> add_nested_server(Builder& builder, const HostDisplay& display, const std::string& number, const base::Origin& origin) {
    TRY(need(builder, "/usr/bin/Xephyr", "xserver-xephyr", origin));
    Tree root(builder.host);
    TRY(place_system(root, builder.host, origin));
    TRY(show(root, display.socket, "/host/X", origin));
    if (!display.cookies.empty()) TRY(root.place(plan::Data{.target = {"/cookies"}, .contents = display.cookies, .mode = 0400, .origin = origin}));
    TRY(root.place(plan::Tmpfs{.target = {"/tmp"}, .size = 16U << 20, .inodes = 256, .mode = 01777, .origin = origin}));
    TRY(exchange(builder, root, "x11", "/tmp/.X11-unix", origin));
    plan::Sidecar made = TRY(sidecar("nested X server", {"/bin/sh", "-c", nested_script, "sandbox", display.number, number, "{ready-fd}", builder.plan.app},
                                     root, "desktop", origin));
    made.environment = {"PATH=/usr/bin:/bin", "HOME=/tmp", "DISPLAY=:" + display.number, "XAUTHORITY=/cookies"};
    builder.plan.sidecars.push_back(std::move(made));
    return builder.tree.place(plan::Symlink{.target = {"/tmp/.X11-unix/X" + number}, .text = app_side("x11") + "/X" + number, .origin = origin});
}

} // namespace resolve
