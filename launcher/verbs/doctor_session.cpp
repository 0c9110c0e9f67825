// What the user's session has: control groups, busses, displays, sound, the network stack, and what was left behind.

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"
#include "launcher/instance/cgroup.hpp"
#include "launcher/profile/ceiling.hpp"
#include "launcher/verbs/doctor.hpp"
#include "launcher/verbs/lookup.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace verbs {
namespace {

using base::UniqueFd;

Diagnosis fine(std::string says) { return {Health::fine, std::move(says), "", ""}; }
Diagnosis costs(std::string says, std::string cost, std::string mend) { return {Health::costs, std::move(says), std::move(cost), std::move(mend)}; }

std::string in_path(const std::string& name) {
    for (const char* folder : {"/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/usr/libexec", "/usr/lib/xdg-desktop-portal"}) {
        std::string path = base::joined(folder, name);
        if (access(path.c_str(), X_OK) == 0) return path;
    }
    return {};
}

// The first line that a program prints, within a second.
std::string first_line_of(const std::string& program, const char* argument) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return {};
    UniqueFd reading(ends[0]), writing(ends[1]);
    const pid_t child = fork();
    if (child == 0) {
        dup2(writing.get(), 1);
        execl(program.c_str(), program.c_str(), argument, nullptr);
        _exit(127);
    }
    writing = UniqueFd();
    std::string text;
    pollfd waiting{reading.get(), POLLIN, 0};
    char bytes[256];
    while (text.find('\n') == std::string::npos && text.size() < 1024 && poll(&waiting, 1, 1000) == 1) {
        const ssize_t count = read(reading.get(), bytes, sizeof bytes);
        if (count <= 0) break;
        text.append(bytes, static_cast<std::size_t>(count));
    }
    if (child > 0) {
        kill(child, SIGKILL); // ours, and not waited for yet: the number cannot be another's
        while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
    }
    return text.substr(0, text.find('\n'));
}

Diagnosis runtime(const World& world) {
    const std::string folder = runtime_folder(world).text;
    struct stat status{};
    if (folder.empty() || stat(folder.c_str(), &status) != 0)
        return costs("there is none: XDG_RUNTIME_DIR is not set, or not there", "'sandbox ps' and the like know no app, and no socket of the session is found", "log in through a session with pam_systemd, or set XDG_RUNTIME_DIR to a folder of mode 0700");
    if (status.st_uid != geteuid() || (status.st_mode & 077) != 0)
        return costs("'" + folder + "' is not this user's alone", "no record is kept there", "chmod 0700 '" + folder + "'");
    return fine(folder);
}

Diagnosis manager(const World& world) {
    const std::string socket = base::joined(runtime_folder(world).text, "systemd/private");
    if (base::is_listened_to(socket)) return fine("systemd's manager of this user answers");
    return costs("no systemd manager of this user answers", "apps get no scope of their own: limits and 'pause' need a control group that is delegated otherwise", "log in through a systemd session (loginctl enable-linger keeps one)");
}

Diagnosis controllers(const World&) {
    const std::string user = std::to_string(geteuid());
    const std::string service = "/sys/fs/cgroup/user.slice/user-" + user + ".slice/user@" + user + ".service";
    const std::string own = instance::own_group();
    const std::string group = access(service.c_str(), R_OK) == 0 ? service : instance::is_delegated(own) ? own : "";
    if (group.empty())
        return costs("no control group is delegated to this user", "[limits] are not in force, and 'pause' is not possible", "start apps below a systemd manager of this user");
    const UniqueFd folder = base::sys::open(group.c_str(), O_RDONLY | O_DIRECTORY);
    const auto listed = folder.valid() ? instance::read_file(folder, "cgroup.controllers") : base::Result<std::string>(std::string());
    const std::string names = " " + (listed.ok() ? listed.value() : std::string()) + " ";
    std::string missing;
    for (const char* name : {"cpu", "cpuset", "io", "memory", "pids"})
        if (names.find(std::string(" ") + name + " ") == std::string::npos) missing += std::string(missing.empty() ? "" : " ") + name;
    if (missing.empty()) return fine("cpu, cpuset, io, memory and pids are delegated");
    return costs("not delegated: " + missing, "the limits of these are not in force",
                 "as root, in /etc/systemd/system/user@.service.d/delegate.conf: [Service] Delegate=cpu cpuset io memory pids; then log in again");
}

Diagnosis session_bus(const World& world) {
    const std::string address = variable(world, "DBUS_SESSION_BUS_ADDRESS");
    std::string path = base::joined(runtime_folder(world).text, "bus");
    if (address.starts_with("unix:path=")) path = address.substr(10, address.find(',') - 10);
    if (base::is_listened_to(path)) return fine("'" + path + "' answers");
    return costs("no session bus answers at '" + path + "'", "no portal, no notification, no name of [dbus.session]", "start the session through a display manager, or below dbus-run-session");
}

Diagnosis proxy(const World&) {
    const std::string program = in_path("xdg-dbus-proxy");
    if (program.empty()) return costs("xdg-dbus-proxy is not installed", "apps have no bus", "install the package xdg-dbus-proxy");
    const std::string line = first_line_of(program, "--version");
    const auto parts = base::split(std::string_view(line).substr(line.rfind(' ') + 1), '.');
    // A version tells of holes as no probe does. 0.1.8 is the first without CVE-2026-34080 and CVE-2026-94422.
    const auto part = [&](std::size_t at) { return at < parts.size() ? base::whole_number(parts[at]).value_or(0) : 0; };
    const bool mended = std::array{part(0), part(1), part(2)} >= std::array<std::uint64_t, 3>{0, 1, 8};
    if (mended) return fine(line);
    return costs(line + ", older than 0.1.8", "unless the distribution mended its own (its changelog tells), an app on the bus hears others (CVE-2026-34080) or forges replies (CVE-2026-94422)",
                 "install the newest xdg-dbus-proxy of the distribution");
}

Diagnosis display(const World& world) {
    const std::string wayland = variable(world, "WAYLAND_DISPLAY");
    const std::string path = wayland.starts_with('/') ? wayland : base::joined(runtime_folder(world).text, wayland);
    if (!wayland.empty() && base::is_listened_to(path)) return fine("Wayland answers at '" + path + "'");
    const std::string x11 = variable(world, "DISPLAY");
    if (!x11.empty())
        return costs("no Wayland display answers; DISPLAY is '" + x11 + "'", "on X11 an app sees and types into all windows", "log in to a Wayland session");
    return costs("no display: WAYLAND_DISPLAY and DISPLAY are not set", "apps show no window", "start it in a graphical session");
}

Diagnosis sound(const World& world) {
    const std::string runtime = runtime_folder(world).text;
    const bool pulse = base::is_listened_to(base::joined(runtime, "pulse/native")), pipewire = base::is_listened_to(base::joined(runtime, "pipewire-0"));
    if (pulse) return fine(pipewire ? "PipeWire answers, with its PulseAudio socket" : "PulseAudio answers");
    return costs(pipewire ? "PipeWire answers, but not its PulseAudio socket" : "neither PipeWire nor PulseAudio answers", "apps are silent",
                 pipewire ? "install pipewire-pulse and start it" : "start pipewire, wireplumber and pipewire-pulse in the session");
}

Diagnosis portal(const World&) {
    const std::string program = in_path("xdg-desktop-portal");
    if (!program.empty()) return fine(program);
    return costs("xdg-desktop-portal is not installed", "apps have no dialog that opens one file outside", "install xdg-desktop-portal and the back end of the desktop (xdg-desktop-portal-gtk)");
}

Diagnosis network(const World&) {
    const std::string stack = in_path("pasta").empty() ? in_path("slirp4netns") : in_path("pasta");
    if (stack.empty()) return costs("neither pasta nor slirp4netns is installed", "network.mode = \"user\" is refused", "install the package passt");
    if (access("/dev/net/tun", R_OK | W_OK) != 0)
        return costs("/dev/net/tun cannot be opened: " + std::string(strerror(errno)), "network.mode = \"user\" is refused", "as root: modprobe tun; chmod 0666 /dev/net/tun");
    return fine(stack);
}

Diagnosis policy(const World& world) {
    profile::Files files;
    const auto ceiling = profile::read_ceiling(files, search_folders(world));
    if (!ceiling.ok()) return {Health::forbids, to_text(ceiling.error()), "no app can be started", "mend that line"};
    return fine(ceiling.value() ? "/etc/sandbox/policy.toml holds a ceiling of " + std::to_string(ceiling.value()->said.size()) + " keys" : "no ceiling of the administrator");
}

Diagnosis helper(const World& world) {
    struct stat status{};
    if (stat(world.helper.text.c_str(), &status) != 0) return {Health::forbids, "'" + world.helper.text + "' is not there", "no app can be started", "install the whole package"};
    if ((status.st_mode & (S_ISUID | S_ISGID)) != 0) return {Health::forbids, "'" + world.helper.text + "' is setuid", "it needs no privileges, and refuses to start with them", "chmod u-s,g-s '" + world.helper.text + "'"};
    return fine(world.helper.text);
}

std::size_t entries(const std::string& folder) {
    std::size_t count = 0;
    if (DIR* all = opendir(folder.c_str())) {
        while (const dirent* one = readdir(all))
            if (one->d_name[0] != '.') ++count;
        closedir(all);
    }
    return count;
}

Diagnosis leftovers(const World& world) {
    const base::HostPath runtime = runtime_folder(world);
    const std::string folder = base::joined(runtime.text, "sandbox");
    const std::size_t before = runtime.text.empty() ? 0 : entries(folder);
    if (before == 0) return fine("no record of a sandbox");
    const auto living = running_instances(world);
    if (!living.ok()) return costs(base::to_text(living.error()), "'sandbox ps' and the like know no app", "remove '" + folder + "' when no sandbox runs");
    // Listing takes those away whose supervisor is gone, with their control groups.
    const std::size_t after = entries(folder), alive = living.value().size();
    std::string says = std::to_string(alive) + " running";
    if (after < before) says += "; " + std::to_string(before - after) + " that were killed are cleaned up now";
    if (after > alive) return costs(says + "; " + std::to_string(after - alive) + " records that cannot be read", "none but their room", "remove them from '" + folder + "'");
    return fine(says);
}

constexpr std::array rows{
    DoctorRow{"helper", helper},           DoctorRow{"policy", policy},   DoctorRow{"runtime folder", runtime}, DoctorRow{"user manager", manager},
    DoctorRow{"controllers", controllers}, DoctorRow{"session bus", session_bus}, DoctorRow{"bus proxy", proxy}, DoctorRow{"portal", portal},
    DoctorRow{"display", display},         DoctorRow{"sound", sound},     DoctorRow{"network stack", network},  DoctorRow{"leftovers", leftovers},
};

} // namespace

std::span<const DoctorRow> session_rows() { return rows; }

} // namespace verbs
