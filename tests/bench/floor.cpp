// bench-floor SCRIPT COMMAND [ARG…]: the kernel's work for a sandbox, and nothing else: the same namespaces, mounts, masks,
// capabilities and filter, in one pass over a list that was made beforehand. It checks nothing, so it is no sandbox: it is what
// a start cannot be faster than in this form. One process more than bwrap's two: the network namespace beside the mounts.

#include "tests/bench/script.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using bench::Kind;
using bench::Step;

const char* base;

[[noreturn]] void die(const char* what) {
    std::perror(what);
    _exit(125);
}
template <class T>
T need(T value, const char* what) {
    if (value < 0) die(what);
    return value;
}

// The C library of the oldest system has no names for these.
int open_tree(int folder, const char* path, unsigned flags) { return static_cast<int>(syscall(SYS_open_tree, folder, path, flags)); }
int move_mount(int from, int folder, const char* path, unsigned flags) { return static_cast<int>(syscall(SYS_move_mount, from, "", folder, path, flags)); }
int set(int mount, std::uint64_t attributes, unsigned flags) {
    mount_attr wanted{};
    wanted.attr_set = attributes;
    wanted.propagation = MS_PRIVATE;
    return static_cast<int>(syscall(SYS_mount_setattr, mount, "", AT_EMPTY_PATH | flags, &wanted, sizeof wanted));
}
constexpr unsigned empty_source = 4, empty_target = 64; // MOVE_MOUNT_F_EMPTY_PATH, MOVE_MOUNT_T_EMPTY_PATH
constexpr unsigned recursive = 0x8000;                  // AT_RECURSIVE
constexpr unsigned clone_tree = 1;                      // OPEN_TREE_CLONE

int fresh(const char* type, std::uint64_t attributes, std::uint64_t size = 0, const char* inodes = nullptr, unsigned mode = 0) {
    const int context = need(static_cast<int>(syscall(SYS_fsopen, type, 1)), "fsopen");
    char text[32];
    const auto option = [&](const char* key, const char* value) { need(syscall(SYS_fsconfig, context, 1, key, value, 0), key); };
    if (size != 0) {
        std::snprintf(text, sizeof text, "%llu", static_cast<unsigned long long>(size));
        option("size", text);
        std::snprintf(text, sizeof text, "%o", mode);
        option("mode", text);
        option("nr_inodes", inodes);
    }
    if (std::strcmp(type, "devpts") == 0) {
        option("ptmxmode", "0666");
        option("mode", "0620");
    }
    need(syscall(SYS_fsconfig, context, 6, nullptr, nullptr, 0), "fsconfig");
    const int mount = need(static_cast<int>(syscall(SYS_fsmount, context, 1, attributes)), "fsmount");
    close(context);
    return mount;
}

struct World {
    int root = -1, null = -1, empty = -1, nested = -1;
};

void cover(int clone, int place) { need(move_mount(clone, place, "", empty_source | empty_target), "cover"); }

void mask(World& world, const char* path) {
    const int place = openat(world.root, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    struct stat status{};
    if (place < 0 || fstat(place, &status) != 0) return;
    if (S_ISDIR(status.st_mode)) {
        if (world.empty < 0) {
            world.empty = fresh("tmpfs", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, 4096, "1", 0555);
            set(world.empty, MOUNT_ATTR_RDONLY, 0);
            const int kept = dup(world.empty);
            cover(world.empty, place);
            world.empty = kept;
        } else {
            const int clone = need(open_tree(world.empty, "", clone_tree | AT_EMPTY_PATH | O_CLOEXEC), "open_tree");
            cover(clone, place);
            close(clone);
        }
    } else {
        const int clone = need(open_tree(world.null, "", clone_tree | AT_EMPTY_PATH | O_CLOEXEC), "open_tree");
        set(clone, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, 0);
        cover(clone, place);
        close(clone);
    }
    close(place);
}

void build(World& world, const Step& step) {
    const char* source = base + step.source;
    const char* target = base + step.target;
    for (const char* above = base + step.parents; *above != '\0'; above += std::strlen(above) + 1) mkdirat(world.root, above, 0755);
    const auto attach = [&](int mount) {
        if ((step.flags & 8) != 0) mkdirat(world.root, target, 0755);
        else mknodat(world.root, target, S_IFREG | 0444, 0);
        need(move_mount(mount, world.root, target, empty_source), target);
        close(mount);
    };
    const unsigned all = (step.flags & 4) != 0 ? recursive : 0;
    const std::uint64_t own = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
    const auto cloned = [&](std::uint64_t attributes) {
        const int clone = need(open_tree(AT_FDCWD, source, clone_tree | O_CLOEXEC | all), source);
        need(set(clone, attributes, all), source);
        return clone;
    };
    switch (step.kind) {
    case Kind::bind:
        attach(cloned(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | ((step.flags & 1) != 0 ? MOUNT_ATTR_RDONLY : 0) | ((step.flags & 2) != 0 ? MOUNT_ATTR_NOEXEC : 0)));
        break;
    case Kind::device: attach(cloned(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC)); break;
    case Kind::tmpfs:
        attach(fresh("tmpfs", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | ((step.flags & 2) != 0 ? MOUNT_ATTR_NOEXEC : 0), step.size, source, step.mode));
        break;
    case Kind::proc: {
        const int proc = fresh("proc", own);
        // Before anything below it is covered.
        world.nested = need(openat(proc, "sys/user/max_user_namespaces", O_WRONLY | O_CLOEXEC), "max_user_namespaces");
        attach(proc);
        break;
    }
    case Kind::devpts: attach(fresh("devpts", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC)); break;
    case Kind::mqueue: attach(fresh("mqueue", own)); break;
    case Kind::folder: mkdirat(world.root, target, step.mode); break;
    case Kind::link: need(symlinkat(source, world.root, target), target); break;
    case Kind::data: {
        const int file = need(openat(world.root, target, O_WRONLY | O_CREAT | O_CLOEXEC, step.mode), target);
        if (write(file, source, step.size) != static_cast<ssize_t>(step.size)) die(target);
        close(file);
        break;
    }
    case Kind::mask: mask(world, target); break;
    case Kind::read_only: {
        const int clone = open_tree(world.root, target, clone_tree | O_CLOEXEC | recursive);
        if (clone < 0) break;
        need(set(clone, MOUNT_ATTR_RDONLY, recursive), target);
        need(move_mount(clone, world.root, target, empty_source), target);
        close(clone);
        break;
    }
    case Kind::hostname: need(sethostname(source, step.size), "sethostname"); break;
    case Kind::filter: break; // the app's
    }
}

void drop_everything() {
    for (int number = 0; prctl(PR_CAPBSET_DROP, number, 0, 0, 0) == 0; ++number) {}
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[2]{};
    need(syscall(SYS_capset, &header, none), "capset");
    need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
}

[[noreturn]] void app(const Step& filter, bool own_network, int gate, char** argv) {
    setsid();
    if (own_network) {
        need(unshare(CLONE_NEWNET), "unshare");
        ifreq request{};
        std::strcpy(request.ifr_name, "lo");
        request.ifr_flags = IFF_UP;
        const int socket_fd = need(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
        need(ioctl(socket_fd, SIOCSIFFLAGS, &request), "loopback");
        close(socket_fd);
    }
    drop_everything();
    char byte = 0;
    if (write(gate, "e", 1) != 1 || read(gate, &byte, 1) != 1) _exit(125);
    need(chdir("/"), "chdir");
    syscall(SYS_close_range, 3, ~0U, 4);
    sock_fprog program{static_cast<unsigned short>(filter.size / sizeof(sock_filter)), reinterpret_cast<sock_filter*>(const_cast<char*>(base + filter.source))};
    if (filter.size != 0) need(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program), "seccomp");
    char* const environment[] = {const_cast<char*>("PATH=/usr/bin:/bin"), nullptr};
    execve(argv[0], argv, environment);
    die(argv[0]);
}

[[noreturn]] void init(const bench::Head& head, const Step* steps, int maps, int status, char** argv) {
    int gate[2];
    need(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, gate), "socketpair");
    const pid_t child = need(fork(), "fork");
    if (child == 0) app(steps[head.steps - 1], head.own_network != 0, gate[1], argv);
    char byte = 0;
    if (read(maps, &byte, 1) != 1) _exit(125);
    umask(0);
    need(mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr), "slave");
    World world;
    world.null = need(open("/dev/null", O_PATH | O_CLOEXEC), "/dev/null");
    world.root = fresh("tmpfs", MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, 16 << 20, "8192", 0755);
    need(move_mount(world.root, AT_FDCWD, "/", empty_source), "root");
    for (std::uint32_t at = 0; at < head.steps; ++at) build(world, steps[at]);
    if (write(world.nested, "0", 1) != 1) die("max_user_namespaces");
    set(world.root, MOUNT_ATTR_RDONLY, 0);
    need(fchdir(world.root), "fchdir");
    need(syscall(SYS_pivot_root, ".", "."), "pivot_root");
    need(umount2(".", MNT_DETACH), "umount2");
    need(chdir("/"), "chdir");
    if (read(gate[0], &byte, 1) != 1) _exit(125);
    drop_everything();
    if (write(gate[0], "g", 1) != 1) _exit(125);
    int ended = 0;
    while (waitpid(child, &ended, 0) != child) {}
    (void)!write(status, &ended, sizeof ended);
    _exit(0);
}

void write_map(int folder, const char* name, const char* text) {
    const int file = need(openat(folder, name, O_WRONLY | O_CLOEXEC), name);
    if (write(file, text, std::strlen(text)) < 0) die(name);
    close(file);
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    const int file = need(open(argv[1], O_RDONLY | O_CLOEXEC), argv[1]);
    struct stat status{};
    need(fstat(file, &status), argv[1]);
    base = static_cast<const char*>(mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0));
    close(file);
    bench::Head head;
    std::memcpy(&head, base, sizeof head);
    const Step* steps = reinterpret_cast<const Step*>(base + sizeof head);
    int maps[2];
    int ended[2];
    need(pipe2(maps, O_CLOEXEC), "pipe2");
    need(pipe2(ended, O_CLOEXEC), "pipe2");
    clone_args arguments{};
    arguments.flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;
    arguments.exit_signal = SIGCHLD;
    const long child = need(syscall(SYS_clone3, &arguments, sizeof arguments), "clone3");
    if (child == 0) init(head, steps, maps[0], ended[1], argv + 2);
    char text[64];
    std::snprintf(text, sizeof text, "/proc/%ld", child);
    const int folder = need(open(text, O_PATH | O_CLOEXEC), text);
    write_map(folder, "setgroups", "deny");
    std::snprintf(text, sizeof text, "%u %u 1", getgid(), getgid());
    write_map(folder, "gid_map", text);
    std::snprintf(text, sizeof text, "%u %u 1", getuid(), getuid());
    write_map(folder, "uid_map", text);
    if (write(maps[1], "m", 1) != 1) return 125;
    close(ended[1]);
    int result = 0;
    if (read(ended[0], &result, sizeof result) != sizeof result) return 125; // leaves on the status, not on the teardown
    return WIFEXITED(result) ? WEXITSTATUS(result) : 128 + WTERMSIG(result);
}
