// What the kernel allows this user: each by doing it in a child that ends right after.

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"
#include "launcher/resolve/host_linux.hpp"
#include "launcher/verbs/doctor.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace verbs {
namespace {

Diagnosis fine(std::string says) { return {Health::fine, std::move(says), "", ""}; }
Diagnosis costs(std::string says, std::string cost, std::string mend) { return {Health::costs, std::move(says), std::move(cost), std::move(mend)}; }
Diagnosis forbids(std::string says, std::string cost, std::string mend) { return {Health::forbids, std::move(says), std::move(cost), std::move(mend)}; }

std::string error_text(int code) { return strerror(code); }

// A small file of /proc or /sys, without its line feed; empty: not there.
std::string small_file(const char* path) {
    const base::UniqueFd file = base::sys::open(path, O_RDONLY);
    if (!file.valid()) return {};
    const auto bytes = base::read_all(file, 65536);
    std::string text = bytes.ok() ? bytes.value() : "";
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

// Runs `attempt` in a child; 0, or the errno that it came to. A child that ends otherwise gives ECHILD.
int in_child(int (*attempt)()) {
    const pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) _exit(attempt() & 0xff);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
}

bool write_once(const char* path, std::string_view text) {
    const base::UniqueFd file = base::sys::open(path, O_WRONLY);
    return file.valid() && write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// A user namespace of one's own, with this user as root in it.
int become_root(int more) {
    const std::string users = "0 " + std::to_string(geteuid()) + " 1\n", groups = "0 " + std::to_string(getegid()) + " 1\n";
    if (unshare(CLONE_NEWUSER | more) != 0) return errno;
    if (!write_once("/proc/self/setgroups", "deny") && errno != ENOENT) return errno;
    if (!write_once("/proc/self/uid_map", users)) return errno;
    if (!write_once("/proc/self/gid_map", groups)) return errno; // without it a folder cannot be made: EOVERFLOW
    return 0;
}

int try_namespaces() {
    if (const int code = become_root(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWCGROUP)) return code;
    // AppArmor lets the namespace be made and takes its capabilities: only the mount shows it.
    return mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 ? 0 : errno;
}

int try_proc() {
    if (const int code = become_root(CLONE_NEWNS | CLONE_NEWPID)) return code;
    const pid_t inner = fork(); // the first process of the new pid namespace
    if (inner < 0) return errno;
    if (inner == 0) {
        if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) _exit(errno);
        _exit(mount("proc", "/proc", "proc", 0, nullptr) == 0 ? 0 : errno);
    }
    int status = 0;
    if (waitpid(inner, &status, 0) < 0) return errno;
    return WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
}

int try_overlay() {
    if (const int code = become_root(CLONE_NEWNS)) return code;
    if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 || mount("tmpfs", "/tmp", "tmpfs", 0, nullptr) != 0) return errno;
    for (const char* folder : {"/tmp/upper", "/tmp/work", "/tmp/lower"})
        if (mkdir(folder, 0700) != 0) return errno;
    return mount("overlay", "/tmp/lower", "overlay", 0, "lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work,userxattr") == 0 ? 0 : errno;
}

struct Sysctl {
    const char* file;
    const char* bad;
    const char* mend;
};
// What distributions switch user namespaces off by.
constexpr std::array switches{
    Sysctl{"/proc/sys/kernel/unprivileged_userns_clone", "0", "as root: sysctl -w kernel.unprivileged_userns_clone=1, and the same line in /etc/sysctl.d/sandbox.conf"},
    Sysctl{"/proc/sys/user/max_user_namespaces", "0", "as root: sysctl -w user.max_user_namespaces=10000, and the same line in /etc/sysctl.d/sandbox.conf"},
    Sysctl{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", "as root: an AppArmor profile for sandbox and sandbox-helper with the rule 'userns,', in /etc/apparmor.d"},
};

Diagnosis user_namespaces(const World& world) {
    const int code = in_child(try_namespaces);
    if (code == 0) return fine("this user may make namespaces of every kind");
    std::string mend = code == ENOSPC ? "end other sandboxes, or raise user.max_user_namespaces and its like" : "ask what the kernel or container that this runs in forbids";
    std::string found = error_text(code);
    for (const Sysctl& one : switches)
        if (small_file(one.file) == one.bad) {
            mend = one.mend;
            found += std::string("; ") + one.file + " is " + one.bad;
        }
    if (small_file("/sys/fs/selinux/enforce") == "1") found += "; SELinux is enforcing, and its log may tell more (ausearch -m avc)";
    (void)world;
    return forbids("no user namespace can be used: " + found, "no app can be started", mend);
}

Diagnosis own_proc(const World&) {
    const int code = in_child(try_proc);
    if (code == 0) return fine("a new /proc can be mounted");
    return forbids("a new /proc cannot be mounted: " + error_text(code), "no app can be started: the /proc of the host shows every process",
                   "in a container, run it with an unmasked /proc (podman: --security-opt unmask=ALL)");
}

Diagnosis overlays(const World&) {
    const int code = in_child(try_overlay);
    if (code == 0) return fine("can be mounted by this user");
    return costs("cannot be mounted by this user: " + error_text(code), "home.mode = \"overlay\" is refused", "load the module overlay, or use a kernel from 5.11 on");
}

bool lacks(long number) {
    // With arguments that no call takes: one that is there says EINVAL, EBADF or EFAULT.
    return syscall(number, -1, nullptr, ~0UL, ~0UL, ~0UL, ~0UL) < 0 && errno == ENOSYS;
}

struct CallRow {
    const char* name;
    long number;
};
constexpr std::array needed_calls{CallRow{"openat2", SYS_openat2},         CallRow{"open_tree", SYS_open_tree},     CallRow{"move_mount", SYS_move_mount},
                                  CallRow{"mount_setattr", SYS_mount_setattr}, CallRow{"fsopen", SYS_fsopen},       CallRow{"pidfd_open", SYS_pidfd_open},
                                  CallRow{"pidfd_send_signal", SYS_pidfd_send_signal}};

Diagnosis calls(const World&) {
    std::string missing;
    for (const CallRow& row : needed_calls)
        if (lacks(row.number)) missing += std::string(missing.empty() ? "" : ", ") + row.name;
    if (missing.empty()) return fine("all that a start needs are there");
    return forbids("missing: " + missing, "no app can be started", "use a kernel from 5.14 on");
}

Diagnosis seccomp(const World&) {
    const std::uint32_t action = SECCOMP_RET_ERRNO;
    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0) return fine("filters can refuse calls with an error");
    return forbids("no filter can be set: " + error_text(errno), "no app can be started with its list of system calls", "use a kernel with CONFIG_SECCOMP_FILTER");
}

Diagnosis landlock(const World&) {
    constexpr long with_scopes = 6;
    const long abi = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi >= with_scopes) return fine("ABI " + std::to_string(abi));
    if (abi > 0)
        return costs("ABI " + std::to_string(abi), "abstract sockets and signals are not scoped: with network.mode = \"host\" an app reaches the display's abstract socket",
                     "use a kernel from 6.12 on");
    return costs(errno == EOPNOTSUPP ? "switched off at boot" : "not in this kernel", "the second wall around files is missing", "boot with lsm=landlock,… (see /sys/kernel/security/lsm)");
}

// As /etc/passwd has it: USER may be unset, or another's.
std::string login_name(const World& world) { return resolve::HostLinux(world.environment, resolve::MayCreate::no).user().name; }

// One line of subuid(5) for this user, by name or number.
bool has_range(const World& world, const char* path) {
    const std::string text = small_file(path);
    const std::string user = login_name(world), number = std::to_string(geteuid());
    for (const std::string_view line : base::split(text, '\n')) {
        const auto parts = base::split(line, ':');
        if (parts.size() == 3 && (parts[0] == number || (!user.empty() && parts[0] == user)) && base::whole_number(parts[2]).value_or(0) > 0) return true;
    }
    return false;
}

Diagnosis ranges(const World& world) {
    if (has_range(world, "/etc/subuid") && has_range(world, "/etc/subgid")) return fine("this user has ranges in /etc/subuid and /etc/subgid");
    return costs("this user has no range in /etc/subuid or /etc/subgid", "ids.uid-map and ids.groups = \"drop\" are refused; all else works",
                 "as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 " + login_name(world));
}

Diagnosis newuidmap(const World&) {
    for (const char* path : {"/usr/bin/newuidmap", "/usr/bin/newgidmap"}) {
        struct stat status{};
        if (stat(path, &status) != 0) return costs(std::string(path) + " is not there", "ids.uid-map is refused; all else works", "install the package uidmap");
        if ((status.st_mode & S_ISUID) == 0 && getxattr(path, "security.capability", nullptr, 0) <= 0)
            return costs(std::string(path) + " has no privilege", "ids.uid-map is refused; all else works", std::string("as root: chmod u+s ") + path);
    }
    return fine("newuidmap and newgidmap are there, with their privilege");
}

constexpr std::array rows{
    DoctorRow{"user namespaces", user_namespaces}, DoctorRow{"system calls", calls}, DoctorRow{"procfs", own_proc}, DoctorRow{"seccomp", seccomp},
    DoctorRow{"Landlock", landlock}, DoctorRow{"overlay file systems", overlays}, DoctorRow{"subordinate ids", ranges}, DoctorRow{"newuidmap", newuidmap},
};

} // namespace

std::span<const DoctorRow> kernel_rows() { return rows; }

} // namespace verbs
