// What the process tries to reach. Each attempt returns 0 when it got through, else the errno of the refusal.

#include "profiles/demo/row.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace demo {
namespace {

/// Runs the attempt in a process of its own, so that what succeeds ends with it.
template <class Attempt>
int apart(Attempt attempt) {
    const pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) _exit(attempt());
    int status = 0;
    if (waitpid(child, &status, 0) < 0) return errno;
    return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR; // killed: it did not get through
}

int opened(const char* path, int flags) {
    const int file = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) return errno;
    close(file);
    return 0;
}

int read_in_home(const char* name) {
    const char* home = std::getenv("HOME");
    return opened((std::string(home == nullptr ? "/root" : home) + "/" + name).c_str(), O_RDONLY);
}

/// Folders below /home that are not on the way to the own one.
int read_other_homes() {
    const char* own = std::getenv("HOME");
    DIR* folder = opendir("/home");
    if (folder == nullptr) return errno;
    int result = ENOENT;
    while (const dirent* entry = readdir(folder)) {
        const std::string path = std::string("/home/") + entry->d_name;
        const bool on_the_way = own != nullptr && (std::string(own) + "/").rfind(path + "/", 0) == 0;
        if (entry->d_name[0] == '.' || on_the_way) continue;
        result = opened(path.c_str(), O_RDONLY | O_DIRECTORY);
        if (result == 0) break;
    }
    closedir(folder);
    return result;
}

int read_home_of_root() {
    const char* own = std::getenv("HOME");
    if (own != nullptr && std::strcmp(own, "/root") == 0) return read_in_home(".bashrc");
    return opened("/root", O_RDONLY | O_DIRECTORY);
}

/// A process of the host: any that is neither PID 1 nor of our own making.
int see_foreign_process() {
    DIR* folder = opendir("/proc");
    if (folder == nullptr) return errno;
    int foreign = 0;
    while (const dirent* entry = readdir(folder)) {
        const long number = std::strtol(entry->d_name, nullptr, 10);
        if (number > 1 && number != getpid() && number != getppid()) ++foreign;
    }
    closedir(folder);
    return foreign > 2 ? 0 : ESRCH;
}

int trace_init() {
    if (ptrace(PTRACE_SEIZE, 1, nullptr, nullptr) != 0) return errno;
    ptrace(PTRACE_DETACH, 1, nullptr, nullptr);
    return 0;
}

int mount_tmpfs() {
    return apart([] {
        // In a namespace of its own where that is to be had, so that a success leaves no trace.
        (void)unshare(CLONE_NEWNS);
        if (mount("none", "/tmp", "tmpfs", 0, nullptr) != 0) return errno;
        (void)umount2("/tmp", MNT_DETACH);
        return 0;
    });
}

int new_namespace(int flag) {
    return apart([flag] { return unshare(flag) == 0 ? 0 : errno; });
}

/// Types a byte into a terminal as if the user had.
int inject_into_terminal() {
    return apart([] {
        const int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (master < 0) return errno;
        if (grantpt(master) != 0 || unlockpt(master) != 0) return errno;
        if (setsid() < 0) return errno;
        const int terminal = ioctl(master, TIOCGPTPEER, O_RDWR | O_CLOEXEC); // becomes the controlling terminal
        if (terminal < 0) return errno;
        const char byte = 'x';
        return ioctl(terminal, TIOCSTI, &byte) == 0 ? 0 : errno;
    });
}

int read_keyring() {
    const long key_spec_user_keyring = -4, keyctl_get_keyring_id = 0;
    return syscall(SYS_keyctl, keyctl_get_keyring_id, key_spec_user_keyring, 0) >= 0 ? 0 : errno;
}

int connect_to(const sockaddr* address, socklen_t size) {
    const int endpoint = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (endpoint < 0) return errno;
    const int result = connect(endpoint, address, size) == 0 ? 0 : errno;
    close(endpoint);
    return result;
}

/// The abstract socket of an X server; a file system view cannot hide such a name, a network namespace does.
int connect_abstract() {
    int result = ECONNREFUSED;
    for (int display = 0; display < 100 && result != 0; ++display) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const int length = std::snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "/tmp/.X11-unix/X%d", display);
        result = connect_to(reinterpret_cast<const sockaddr*>(&address),
                            static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + static_cast<std::size_t>(length)));
    }
    return result;
}

int connect_path(const char* path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    return connect_to(reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

/// An address that no network routes (192.0.2.0/24 is for documents): refused without a network, under way with one.
int reach_network() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(9);
    address.sin_addr.s_addr = htonl(0xc0000201);
    const int result = connect_to(reinterpret_cast<const sockaddr*>(&address), sizeof address);
    return result == EINPROGRESS ? 0 : result;
}

int raw_socket() {
    const int endpoint = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
    if (endpoint < 0) return errno;
    close(endpoint);
    return 0;
}

int create_file(const char* path) {
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    close(file);
    unlink(path);
    return 0;
}

int make_device() {
    const char* path = "/tmp/.sandbox-demo-device";
    if (mknod(path, S_IFBLK | 0600, makedev(8, 0)) != 0) return errno;
    unlink(path);
    return 0;
}

int become_root() {
    if (getuid() == 0) return apart([] { return setuid(1) == 0 ? 0 : errno; }); // root inside: any other id
    return apart([] { return setuid(0) == 0 ? 0 : errno; });
}

/// A call with arguments that make no sense: the kernel's complaint about them means that the call itself was let in.
int refused_call(long number, long first) {
    if (syscall(number, first, 0, 0, 0, 0) >= 0 || errno == EFAULT || errno == EINVAL) return 0;
    return errno;
}

int watch_performance() {
    perf_event_attr attributes{};
    attributes.size = sizeof attributes;
    attributes.type = PERF_TYPE_SOFTWARE;
    attributes.config = PERF_COUNT_SW_CPU_CLOCK;
    attributes.exclude_kernel = 1;
    const long file = syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
    if (file < 0) return errno;
    close(static_cast<int>(file));
    return 0;
}

struct Attempt {
    const char* subject;
    int (*run)();
};

const Attempt table[] = {
    {"read ~/.ssh", [] { return read_in_home(".ssh"); }},
    {"read ~/.gnupg", [] { return read_in_home(".gnupg"); }},
    {"read ~/.bash_history", [] { return read_in_home(".bash_history"); }},
    {"look into the other homes", read_other_homes},
    {"read /etc/shadow", [] { return opened("/etc/shadow", O_RDONLY); }},
    {"read the home of root", read_home_of_root},
    {"read /var/log", [] { return opened("/var/log", O_RDONLY | O_DIRECTORY); }},
    {"see processes of the host", see_foreign_process},
    {"trace PID 1", trace_init},
    {"open the memory of PID 1", [] { return opened("/proc/1/mem", O_RDWR); }},
    {"create a file in /usr", [] { return create_file("/usr/.sandbox-demo"); }},
    {"create a file in /etc", [] { return create_file("/etc/.sandbox-demo"); }},
    {"write a setting of the kernel", [] { return opened("/proc/sys/kernel/core_pattern", O_WRONLY); }},
    {"write to /sys", [] { return opened("/sys/power/state", O_WRONLY); }},
    {"read the kernel's messages", [] { return opened("/dev/kmsg", O_RDONLY); }},
    {"read the kernel's memory", [] { return opened("/proc/kcore", O_RDONLY); }},
    {"mount a file system", mount_tmpfs},
    {"make a user namespace", [] { return new_namespace(CLONE_NEWUSER); }},
    {"make a mount namespace", [] { return new_namespace(CLONE_NEWNS); }},
    {"change the root folder", [] { return apart([] { return chroot("/tmp") == 0 ? 0 : errno; }); }},
    {"make a device node", make_device},
    {"become another user", become_root},
    {"type into the terminal (TIOCSTI)", inject_into_terminal},
    {"read the kernel's keyring", read_keyring},
    {"reach a display by its abstract name", connect_abstract},
    {"reach the system bus", [] { return connect_path("/run/dbus/system_bus_socket"); }},
    {"reach the network", reach_network},
    {"open a raw socket", raw_socket},
    {"watch performance counters", watch_performance},
    {"load a BPF program", [] { return refused_call(SYS_bpf, 5); }},
    {"use io_uring", [] { return refused_call(SYS_io_uring_setup, 1); }},
};

} // namespace

std::vector<Row> attempts() {
    std::vector<Row> rows;
    for (const Attempt& attempt : table) {
        const int code = attempt.run();
        const bool reached = code == 0;
        std::string outcome = reached ? "it got through" : "refused: ";
        if (!reached) outcome += std::string(strerrorname_np(code)) + " (" + std::strerror(code) + ")";
        rows.push_back({attempt.subject, std::move(outcome), reached ? Verdict::bad : Verdict::good});
    }
    return rows;
}

} // namespace demo
