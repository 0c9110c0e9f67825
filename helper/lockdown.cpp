#include "helper/lockdown.hpp"

#include "helper/defence.hpp"
#include "launcher/base/sys.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <grp.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/landlock.h>
#include <linux/magic.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;
namespace sys = base::sys;

// Below a procfs that is proven to be one (CVE-2019-16884), no link followed, no other mount entered.
Result<void> write_proc(const UniqueFd& folder, const std::string& path, std::string_view value) {
    struct statfs kind{};
    if (on(Defence::procfs) && (fstatfs(folder.get(), &kind) != 0 || kind.f_type != PROC_SUPER_MAGIC)) return Error{.what = "/proc is no procfs", .advice = "as root: mount -t proc proc /proc"};
    const UniqueFd file = sys::openat2(folder.get(), path.c_str(), O_WRONLY,
                                       RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
    if (!file.valid()) return system_error("openat2", "cannot open '" + path + "' of /proc");
    if (write(file.get(), value.data(), value.size()) != static_cast<ssize_t>(value.size()))
        return system_error("write", "cannot write '" + path + "' of /proc");
    return {};
}

// By the mode that it was opened with. Pipes and sockets are in no file system that Landlock knows (EBADFD).
Result<void> allow_as_given(const UniqueFd& rules, int fd, std::uint64_t handled) {
    constexpr std::uint64_t truncate = 1U << 14, ioctl_dev = 1U << 15; // younger than the oldest headers that we build with
    struct stat status{};
    const int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fstat(fd, &status) != 0 || S_ISDIR(status.st_mode)) return {};
    std::uint64_t access = S_ISCHR(status.st_mode) ? ioctl_dev : 0;
    if ((flags & O_ACCMODE) != O_WRONLY) access |= LANDLOCK_ACCESS_FS_READ_FILE;
    if ((flags & O_ACCMODE) != O_RDONLY) access |= LANDLOCK_ACCESS_FS_WRITE_FILE | truncate;
    const landlock_path_beneath_attr beneath{access & handled, fd};
    if (beneath.allowed_access == 0 || syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0 || errno == EBADFD) return {};
    return system_error("landlock_add_rule", "cannot make a Landlock rule for descriptor " + std::to_string(fd));
}

} // namespace

Result<void> forbid_user_namespaces(const UniqueFd& proc_sys) {
    const char* key = "user/max_user_namespaces"; // this user namespace's own, whichever procfs it is reached by
    if (proc_sys.valid()) return write_proc(proc_sys, key, "0");
    const UniqueFd host = sys::openat2(AT_FDCWD, "/proc/sys", O_PATH | O_DIRECTORY, RESOLVE_NO_SYMLINKS);
    if (!host.valid()) return system_error("openat2", "cannot open /proc/sys");
    return write_proc(host, key, "0");
}

Result<void> write_sysctl(const UniqueFd& proc_sys, const plan::Sysctl& sysctl) {
    if (!proc_sys.valid()) return Error{.what = "cannot set " + sysctl.key, .advice = "the sandbox has no /proc"};
    // The two names belong to the host's root, whichever namespace they are of; the calls ask for that namespace's rights.
    const std::string& value = sysctl.value;
    if (sysctl.key == "kernel.hostname" && sethostname(value.data(), value.size()) == 0) return {};
    if (sysctl.key == "kernel.domainname" && setdomainname(value.data(), value.size()) == 0) return {};
    std::string path = sysctl.key;
    std::replace(path.begin(), path.end(), '.', '/');
    Result<void> written = write_proc(proc_sys, path, value);
    if (!written) {
        written.error().what = "cannot set '" + sysctl.key + "'";
        if (written.error().code == EACCES) written.error().advice = "it belongs to user 0 of the sandbox: set ids.uid = 0 and ids.gid = 0";
    }
    return written;
}

Result<void> set_rlimit(const plan::Rlimit& rlimit) {
    const struct rlimit limits{rlimit.soft, rlimit.hard};
    if (setrlimit(static_cast<__rlimit_resource>(rlimit.resource), &limits) != 0) {
        const auto name = rlimit.resource < plan::rlimit_names.size() ? plan::rlimit_names[rlimit.resource] : "?";
        Error error = system_error("setrlimit", "cannot set the limit '" + std::string(name) + "'");
        if (error.code == EPERM) error.advice = "a hard limit can only be lowered without privileges";
        return error;
    }
    return {};
}

Result<void> become(const plan::Ids& ids) {
    if (ids.groups == plan::Groups::drop && setgroups(0, nullptr) != 0)
        return system_error("setgroups", "cannot drop the supplementary groups");
    if ((getgid() != ids.gid || getegid() != ids.gid) && setresgid(ids.gid, ids.gid, ids.gid) != 0)
        return system_error("setresgid", "cannot become group " + std::to_string(ids.gid));
    if (getuid() == ids.uid && geteuid() == ids.uid) return {};
    // With the id of user 0 the kernel would take the right to lock the securebits as well (capabilities(7)): what is to go is dropped
    // by the next step, and looked for.
    if (prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) != 0) return system_error("prctl(PR_SET_SECUREBITS)", "cannot change the user");
    if (setresuid(ids.uid, ids.uid, ids.uid) != 0) return system_error("setresuid", "cannot become user " + std::to_string(ids.uid));
    return {};
}

Result<void> new_session_keyring(bool filtered) {
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr) >= 0 || errno == ENOSYS) return {};
    if (filtered && errno == EDQUOT) return {};
    return system_error("keyctl", "cannot make a session keyring");
}

Result<void> forbid_new_privileges() {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return system_error("prctl(PR_SET_NO_NEW_PRIVS)", "cannot forbid new privileges");
    return {};
}

Result<void> restrict_by_landlock(const plan::Landlock& landlock, int descriptors) {
    // Longer than the oldest headers that we build with; the kernel takes any length that it knows.
    struct {
        std::uint64_t handled_access_fs, handled_access_net, scoped;
    } attributes{landlock.handled, 0, landlock.scoped};
    if (landlock.handled == 0 && landlock.scoped == 0) return {};
    const std::size_t size = landlock.scoped != 0 ? sizeof attributes : sizeof(std::uint64_t);
    const UniqueFd rules(static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, size, 0)));
    if (!rules.valid()) return system_error("landlock_create_ruleset", "cannot make the Landlock rules");
    fcntl(rules.get(), F_SETFD, FD_CLOEXEC);
    for (const plan::LandlockRule& rule : landlock.rules) {
        const UniqueFd place = sys::openat2(AT_FDCWD, rule.path.text.c_str(), O_PATH, RESOLVE_NO_SYMLINKS);
        // Where the app cannot go, and where nothing is or a link stands (an app may have put it there before a guest comes), there
        // is nothing to allow: a rule that is left out only allows less.
        if (!place.valid() && (errno == EACCES || errno == ENOENT || errno == ENOTDIR || errno == ELOOP)) continue;
        if (!place.valid()) return system_error("openat2", "cannot make a Landlock rule for '" + rule.path.text + "'");
        const landlock_path_beneath_attr beneath{rule.access, place.get()};
        if (syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) != 0)
            return system_error("landlock_add_rule", "cannot make a Landlock rule for '" + rule.path.text + "'");
    }
    for (int fd = 0; fd < descriptors; ++fd) TRY(allow_as_given(rules, fd, landlock.handled));
    if (syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0)
        return system_error("landlock_restrict_self", "cannot put the Landlock rules in force");
    return {};
}

Result<void> label_next_exec(const plan::Lsm& lsm) {
    if (lsm.apparmor.empty() && lsm.selinux_process.empty()) return {};
    const UniqueFd proc = sys::openat2(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY, RESOLVE_NO_SYMLINKS);
    if (!proc.valid()) return system_error("openat2", "cannot open /proc inside");
    const std::string attributes = std::to_string(getpid()) + "/attr/";
    const auto explained = [](Result<void> result, const char* advice) -> Result<void> {
        if (!result) result.error().advice = advice;
        return result;
    };
    if (!lsm.apparmor.empty())
        TRY(explained(write_proc(proc, attributes + "apparmor/exec", "exec " + lsm.apparmor),
                      "AppArmor must be running and that profile loaded by the administrator"));
    if (!lsm.selinux_process.empty())
        TRY(explained(write_proc(proc, attributes + "exec", lsm.selinux_process),
                      "SELinux must be running and its policy must allow this transition"));
    return {};
}

Result<void> load_filter(const plan::Seccomp& seccomp) {
    if (seccomp.program.empty()) return {};
    // The bytes came aligned by the allocator: std::string's buffer is as aligned as any.
    sock_fprog program{};
    program.len = static_cast<unsigned short>(seccomp.program.size() / sizeof(sock_filter));
    program.filter = static_cast<sock_filter*>(static_cast<void*>(const_cast<char*>(seccomp.program.data())));
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
        return system_error("seccomp", "cannot load the system call filter");
    return {};
}

void reset_dispositions() {
    struct sigaction standard{};
    standard.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number) (void)sigaction(number, &standard, nullptr); // KILL and STOP refuse
}

void unblock_signals() {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
}

} // namespace helper
