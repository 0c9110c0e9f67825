// bench-calls [FILTER]: what a system call costs under filters, in nanoseconds: none, ours (the bytes of FILTER), a list of forty
// denied calls, and a list of allowed ones that is searched from its start, both as libseccomp makes them. And what it costs
// to load each. A filter stays for good, so each is tried in a child.

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

struct Costs {
    double getppid, ioctl, load;
};

double now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

// The best of some rounds: what else runs on the machine only adds.
template <class Call>
double cost(Call call) {
    constexpr int rounds = 30, calls = 20'000;
    double best = 1e12;
    for (int round = 0; round < rounds; ++round) {
        const double began = now();
        for (int at = 0; at < calls; ++at) call();
        best = std::min(best, (now() - began) / calls);
    }
    return best;
}

Costs measured(const std::vector<sock_filter>& program) {
    int ends[2];
    if (pipe(ends) != 0) std::exit(1);
    if (fork() == 0) {
        Costs costs{};
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        const sock_fprog wanted{static_cast<unsigned short>(program.size()), const_cast<sock_filter*>(program.data())};
        const double began = now();
        if (!program.empty() && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &wanted) != 0) std::perror("seccomp"), _exit(1);
        costs.load = now() - began;
        const int null = open("/dev/null", O_RDONLY);
        costs.getppid = cost([] { syscall(SYS_getppid); });
        costs.ioctl = cost([&] { syscall(SYS_ioctl, null, FIONREAD, nullptr); });
        (void)!write(ends[1], &costs, sizeof costs);
        _exit(0);
    }
    Costs costs{};
    close(ends[1]);
    if (read(ends[0], &costs, sizeof costs) != sizeof costs) std::exit(1);
    close(ends[0]);
    wait(nullptr);
    return costs;
}

std::vector<sock_filter> bytes_of(int file) {
    struct stat status{};
    if (file < 0 || fstat(file, &status) != 0) std::perror("filter"), std::exit(1);
    std::vector<sock_filter> program(static_cast<std::size_t>(status.st_size) / sizeof(sock_filter));
    if (pread(file, program.data(), static_cast<std::size_t>(status.st_size), 0) != status.st_size) std::perror("filter"), std::exit(1);
    return program;
}

std::vector<sock_filter> exported(scmp_filter_ctx context) {
    const int file = static_cast<int>(syscall(SYS_memfd_create, "filter", 0));
    if (seccomp_export_bpf(context, file) != 0) std::exit(1);
    seccomp_release(context);
    return bytes_of(file);
}

std::vector<sock_filter> deny_list() {
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
    int count = 0;
    for (const char* name : {"acct", "add_key", "bpf", "chroot", "clock_settime", "delete_module", "fanotify_init", "finit_module", "fsconfig", "fsmount",
                             "fsopen", "fspick", "init_module", "io_uring_enter", "io_uring_register", "io_uring_setup", "ioperm", "iopl", "kcmp",
                             "kexec_file_load", "kexec_load", "keyctl", "lookup_dcookie", "mbind", "migrate_pages", "mount", "mount_setattr",
                             "move_mount", "move_pages", "name_to_handle_at", "open_by_handle_at", "open_tree", "perf_event_open", "pivot_root",
                             "ptrace", "quotactl", "reboot", "request_key", "setns"})
        if (seccomp_rule_add(context, SCMP_ACT_ERRNO(1), seccomp_syscall_resolve_name(name), 0) == 0) ++count;
    if (seccomp_rule_add(context, SCMP_ACT_ERRNO(1), SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffU, TIOCSTI)) == 0) ++count;
    if (count != 40) std::fprintf(stderr, "bench-calls: %d rules of 40\n", count);
    return exported(context);
}

// Every call that this library knows, but for the first hundred: some 340 rules, the way of runc and podman.
std::vector<sock_filter> allow_list() {
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO(38));
    for (int number = 0; number < 335; ++number)
        if (number != SCMP_SYS(ioctl)) (void)seccomp_rule_add(context, SCMP_ACT_ALLOW, number, 0);
    (void)seccomp_rule_add(context, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_NE, TIOCSTI));
    return exported(context);
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<sock_filter> ours = argc > 1 ? bytes_of(open(argv[1], O_RDONLY)) : std::vector<sock_filter>();
    const std::array<std::pair<const char*, std::vector<sock_filter>>, 4> rows{{{"none", {}}, {"ours", ours}, {"deny-40", deny_list()}, {"allow-linear", allow_list()}}};
    for (const auto& [name, program] : rows) {
        double load = 1e12;
        Costs costs{};
        for (int round = 0; round < 5; ++round) {
            costs = measured(program);
            load = std::min(load, costs.load);
        }
        std::printf("%s %.1f %.1f %.1f\n", name, costs.getppid, costs.ioctl, load / 1000);
    }
}
