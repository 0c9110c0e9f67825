#include "launcher/resolve/syscall_sets.hpp"
#include "tests/support/seccomp_wish.hpp"

#include <algorithm>
#include <cerrno>
#include <seccomp.h>
#include <set>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace support;

namespace {

/// One call with its arguments, and what each base says.
struct Row {
    std::uint32_t number;
    Arguments arguments;
    std::string desktop, strict;
};

const std::vector<Row> rows{
    // What every program does.
    {SYS_read, {}, allowed, allowed},
    {SYS_openat, {}, allowed, allowed},
    {SYS_mmap, {}, allowed, allowed},
    {SYS_execve, {}, allowed, allowed},
    {SYS_execveat, {}, allowed, allowed},
    {SYS_close_range, {}, allowed, allowed},
    {SYS_futex, {}, allowed, allowed},
    {SYS_rseq, {}, allowed, allowed},
    {SYS_prctl, {}, allowed, allowed},
    {SYS_arch_prctl, {}, allowed, allowed},
    {SYS_seccomp, {}, allowed, allowed},
    {SYS_landlock_restrict_self, {}, allowed, allowed},
    {SYS_uname, {}, allowed, allowed},
    {SYS_pidfd_open, {}, allowed, allowed},
    {SYS_chmod, {0, 04755}, allowed, allowed},
    {462 /* mseal */, {}, allowed, allowed},
    // What programs with windows do as well.
    {SYS_shmget, {}, allowed, eperm},
    {SYS_mq_open, {}, allowed, eperm},
    {SYS_io_setup, {}, allowed, eperm},
    {SYS_sched_setscheduler, {}, allowed, eperm},
    {SYS_pkey_alloc, {}, allowed, eperm},
    // Sockets.
    {SYS_socket, {1, 1, 0}, allowed, allowed},
    {SYS_socket, {2, 1, 0}, allowed, eafnosupport},
    {SYS_socket, {10, 2, 0}, allowed, eafnosupport},
    {SYS_socket, {16, 3, 0}, allowed, eafnosupport},
    {SYS_socket, {16, 3, 15}, allowed, eafnosupport},
    {SYS_socket, {16, 3, 6}, eperm, eafnosupport},  // XFRM
    {SYS_socket, {16, 3, 9}, eperm, eafnosupport},  // AUDIT
    {SYS_socket, {16, 3, 12}, eperm, eafnosupport}, // NETFILTER
    {SYS_socket, {0, 1, 0}, eafnosupport, eafnosupport},
    {SYS_socket, {17, 3, 0}, eafnosupport, eafnosupport}, // PACKET
    {SYS_socket, {31, 3, 0}, eafnosupport, eafnosupport}, // BLUETOOTH
    {SYS_socket, {33, 3, 0}, eafnosupport, eafnosupport}, // RXRPC
    {SYS_socket, {38, 5, 0}, eafnosupport, eafnosupport}, // ALG
    {SYS_socket, {40, 1, 0}, eafnosupport, eafnosupport}, // VSOCK
    {SYS_socket, {44, 3, 0}, eafnosupport, eafnosupport}, // XDP
    {SYS_socketpair, {1, 1, 0}, allowed, allowed},
    {SYS_socketpair, {30, 1, 0}, eafnosupport, eafnosupport}, // TIPC
    // Terminals.
    {SYS_ioctl, {0, 0x5401}, allowed, allowed}, // TCGETS
    {SYS_ioctl, {0, 0x5412}, eperm, eperm},     // TIOCSTI
    {SYS_ioctl, {0, 0x541c}, eperm, eperm},     // TIOCLINUX
    {SYS_ioctl, {0, 0x5423}, eperm, eperm},     // TIOCSETD
    {SYS_ioctl, {0, 0x5413}, allowed, allowed}, // TIOCGWINSZ
    // Personalities.
    {SYS_personality, {0}, allowed, allowed},
    {SYS_personality, {8}, allowed, allowed},
    {SYS_personality, {0x20000}, allowed, allowed},
    {SYS_personality, {0x20008}, allowed, allowed},
    {SYS_personality, {0xffffffff}, allowed, allowed},
    {SYS_personality, {UINT64_MAX}, allowed, allowed}, // the same, sign-extended
    {SYS_personality, {0x40000}, eperm, eperm},        // ADDR_NO_RANDOMIZE
    {SYS_personality, {0x0100000}, eperm, eperm},
    // Device nodes.
    {SYS_mknod, {0, 0644}, allowed, allowed},
    {SYS_mknod, {0, 0100644}, allowed, allowed},
    {SYS_mknod, {0, 0010644}, allowed, allowed},
    {SYS_mknod, {0, 0140644}, allowed, allowed},
    {SYS_mknod, {0, 0020666}, eperm, eperm},
    {SYS_mknod, {0, 0060666}, eperm, eperm},
    {SYS_mknodat, {0, 0, 0010600}, allowed, allowed},
    {SYS_mknodat, {0, 0, 0020600}, eperm, eperm},
    {SYS_mknodat, {0, 0, 0060600}, eperm, eperm},
    // Namespaces.
    {SYS_clone, {0x3d0f00}, allowed, allowed},  // what pthread_create asks for
    {SYS_clone, {0x1200011}, allowed, allowed}, // what fork asks for
    {SYS_clone, {0x10000011}, eperm, eperm},    // NEWUSER
    {SYS_clone, {0x00020011}, eperm, eperm},    // NEWNS
    {SYS_clone, {0x02000011}, eperm, eperm},    // NEWCGROUP
    {SYS_clone, {0x04000011}, eperm, eperm},    // NEWUTS
    {SYS_clone, {0x08000011}, eperm, eperm},    // NEWIPC
    {SYS_clone, {0x20000011}, eperm, eperm},    // NEWPID
    {SYS_clone, {0x40000011}, eperm, eperm},    // NEWNET
    {SYS_clone, {0x7e020011}, eperm, eperm},
    {SYS_clone3, {}, enosys, enosys},
    {SYS_unshare, {}, eperm, eperm},
    {SYS_setns, {}, eperm, eperm},
    {SYS_chroot, {}, eperm, eperm},
    // Nothing of this name.
    {SYS__sysctl, {}, enosys, enosys},
    {SYS_uselib, {}, enosys, enosys},
    {9999, {}, enosys, enosys},
    {600, {}, enosys, enosys},
    {0x3fffffff, {}, enosys, enosys},
    {0x80000000, {}, enosys, enosys},
    {UINT32_MAX, {}, enosys, enosys},
};

/// Refused whatever the base, also where nested user namespaces are allowed.
const std::vector<std::uint32_t> always_refused{SYS_setns,
                                                SYS_mount,
                                                SYS_umount2,
                                                SYS_pivot_root,
                                                SYS_fsopen,
                                                SYS_fsconfig,
                                                SYS_fsmount,
                                                SYS_fspick,
                                                SYS_move_mount,
                                                SYS_open_tree,
                                                SYS_mount_setattr,
                                                467 /* open_tree_attr */,
                                                SYS_io_uring_setup,
                                                SYS_io_uring_enter,
                                                SYS_io_uring_register,
                                                SYS_add_key,
                                                SYS_keyctl,
                                                SYS_request_key,
                                                SYS_bpf,
                                                SYS_perf_event_open,
                                                SYS_userfaultfd,
                                                SYS_fanotify_init,
                                                SYS_fanotify_mark,
                                                SYS_quotactl,
                                                SYS_quotactl_fd,
                                                SYS_syslog,
                                                SYS_acct,
                                                SYS_kexec_load,
                                                SYS_kexec_file_load,
                                                SYS_init_module,
                                                SYS_finit_module,
                                                SYS_delete_module,
                                                SYS_reboot,
                                                SYS_iopl,
                                                SYS_ioperm,
                                                SYS_open_by_handle_at,
                                                SYS_name_to_handle_at,
                                                SYS_get_mempolicy,
                                                SYS_set_mempolicy,
                                                SYS_mbind,
                                                SYS_move_pages,
                                                SYS_migrate_pages,
                                                450 /* set_mempolicy_home_node */,
                                                SYS_ptrace,
                                                SYS_process_vm_readv,
                                                SYS_process_vm_writev,
                                                SYS_process_madvise,
                                                SYS_process_mrelease,
                                                SYS_pidfd_getfd,
                                                SYS_kcmp,
                                                SYS_modify_ldt,
                                                SYS_swapon,
                                                SYS_swapoff,
                                                SYS_settimeofday,
                                                SYS_adjtimex,
                                                SYS_clock_adjtime,
                                                SYS_clock_settime,
                                                SYS_sethostname,
                                                SYS_setdomainname,
                                                SYS_vhangup,
                                                460 /* lsm_set_self_attr */};

} // namespace

TEST_CASE("the base lists decide about each call and its arguments as they promise") {
    const BpfProgram desktop = program_of({}), strict = program_of({.base = "strict"});
    for (const Row& row : rows) {
        CAPTURE(row.number, row.arguments);
        CHECK(verdict(desktop, row.number, row.arguments) == row.desktop);
        CHECK(verdict(strict, row.number, row.arguments) == row.strict);
    }
}

TEST_CASE("calls that administer, inspect or escape are refused by every base, nested user namespaces or not") {
    for (const Wish& wish :
         {Wish{}, Wish{.base = "strict"}, nested, Wish{.base = "strict", .nested = plan::Nested::allowed}}) {
        const BpfProgram program = program_of(wish);
        for (const std::uint32_t number : always_refused) {
            CAPTURE(wish.base, number);
            CHECK(verdict(program, number) == eperm);
        }
    }
}

TEST_CASE("what stands above the lower 32 bits of an argument never changes a verdict that the kernel makes on 32") {
    for (const Wish& wish : {Wish{}, Wish{.base = "strict"}}) {
        const BpfProgram program = program_of(wish);
        for (const Row& row : rows)
            for (std::size_t index = 0; index < 6; ++index)
                for (const std::uint64_t above : {high_bit, std::uint64_t{1} << 63, UINT64_MAX << 32}) {
                    Arguments arguments = row.arguments;
                    arguments[index] |= above;
                    CAPTURE(wish.base, row.number, index, above);
                    CHECK(verdict(program, row.number, arguments) == (wish.base.empty() ? row.desktop : row.strict));
                }
    }
}

TEST_CASE("with nested user namespaces allowed, namespaces and chroot are open and mounting is not") {
    const BpfProgram program = program_of(nested);
    CHECK(verdict(program, SYS_unshare, {0x10000000}) == allowed);
    CHECK(verdict(program, SYS_clone, {0x7e020011}) == allowed);
    CHECK(verdict(program, SYS_clone3) == allowed);
    CHECK(verdict(program, SYS_chroot) == allowed);
    CHECK(verdict(program, SYS_mount) == eperm);
    CHECK(verdict(program, SYS_pivot_root) == eperm);
    CHECK(verdict(program, SYS_ioctl, {0, 0x5412}) == eperm);
    CHECK(verdict(program, SYS_socket, {38}) == eafnosupport);
}

TEST_CASE("no filter kills, traps, traces or notifies") {
    for (const Wish& wish :
         {Wish{}, Wish{.base = "strict"}, nested, Wish{.base = "none", .deny = {"ptrace"}},
          Wish{.allow = {"@known"}, .arch = {"x86", "x32"}}, Wish{.deny = {"@known"}, .error = "EACCES"}})
        for (const std::uint32_t action : program_of(wish).returns()) {
            CAPTURE(wish.base, action);
            const auto kind = action & SECCOMP_RET_ACTION_FULL;
            CHECK((action == SECCOMP_RET_ALLOW || (kind == SECCOMP_RET_ERRNO && (action & SECCOMP_RET_DATA) != 0)));
        }
}

TEST_CASE("under a foreign ABI no call exists unless the profile asks for that ABI") {
    const BpfProgram program = program_of({});
    for (std::uint32_t number = 0; number < 600; ++number) {
        CAPTURE(number);
        REQUIRE(verdict(program, number, {}, i386) == enosys);
        REQUIRE(verdict(program, x32_bit | number) == enosys);
        REQUIRE(verdict(program, number, {}, AUDIT_ARCH_AARCH64) == enosys);
        REQUIRE(verdict(program, number, {}, 0) == enosys);
    }
    // x32's own calls, asked for without its bit (old kernels ran them)
    for (std::uint32_t number = 512; number < 548; ++number) CHECK(verdict(program, number) == enosys);
}

TEST_CASE("32-bit x86 on request: the same rules under its own numbers") {
    const BpfProgram program = program_of({.arch = {"x86"}});
    const auto call = [&](std::uint32_t number, Arguments arguments = {}) {
        return verdict(program, number, arguments, i386);
    };
    CHECK(call(3) == allowed);               // read
    CHECK(call(192) == allowed);             // mmap2
    CHECK(call(243) == allowed);             // set_thread_area
    CHECK(call(403) == allowed);             // clock_gettime64
    CHECK(call(54, {0, 0x5401}) == allowed); // ioctl
    CHECK(call(54, {0, 0x5412}) == eperm);
    CHECK(call(54, {0, 0x5412 | high_bit}) == eperm);
    CHECK(call(26) == eperm);            // ptrace
    CHECK(call(21) == eperm);            // mount
    CHECK(call(22) == eperm);            // umount
    CHECK(call(52) == eperm);            // umount2
    CHECK(call(61) == eperm);            // chroot
    CHECK(call(120, {0x11}) == allowed); // clone
    CHECK(call(120, {0x10000011}) == eperm);
    CHECK(call(435) == enosys);             // clone3
    CHECK(call(310) == eperm);              // unshare
    CHECK(call(136, {0x40000}) == eperm);   // personality
    CHECK(call(123) == eperm);              // modify_ldt
    CHECK(call(113) == eperm);              // vm86old
    CHECK(call(166) == eperm);              // vm86
    CHECK(call(288) == eperm);              // keyctl
    CHECK(call(425) == eperm);              // io_uring_setup
    CHECK(call(264) == eperm);              // clock_settime
    CHECK(call(404) == eperm);              // clock_settime64
    CHECK(call(25) == eperm);               // stime
    CHECK(call(14, {0, 0020666}) == eperm); // mknod
    CHECK(call(359, {2, 1, 0}) == allowed); // socket
    CHECK(call(359, {38, 5, 0}) == eafnosupport);
    CHECK(call(359, {16, 3, 12}) == eperm);
    CHECK(call(360, {1, 1, 0}) == allowed); // socketpair
    CHECK(call(360, {30, 1, 0}) == eafnosupport);
    CHECK(call(362) == allowed); // connect
    CHECK(call(9999) == enosys);
    // socketcall: the family is in memory, so nothing new is made by it
    CHECK(call(102, {1}) == eperm);
    CHECK(call(102, {8}) == eperm);
    CHECK(call(102, {1 | high_bit}) == eperm);
    CHECK(call(102, {3}) == allowed);
    // and the native ABI is as it was, x32 still absent
    CHECK(verdict(program, SYS_read) == allowed);
    CHECK(verdict(program, SYS_ptrace) == eperm);
    CHECK(verdict(program, x32_bit) == enosys);
}

TEST_CASE("x32 on request: the same rules under its own numbers") {
    const BpfProgram program = program_of({.arch = {"x32", "x86", "x32"}});
    CHECK(verdict(program, x32_bit | 0) == allowed);                // read
    CHECK(verdict(program, x32_bit | 514, {0, 0x5401}) == allowed); // ioctl
    CHECK(verdict(program, x32_bit | 514, {0, 0x5412}) == eperm);
    CHECK(verdict(program, x32_bit | 521) == eperm);              // ptrace
    CHECK(verdict(program, x32_bit | 272) == eperm);              // unshare
    CHECK(verdict(program, x32_bit | 41, {38}) == eafnosupport);  // socket
    CHECK(verdict(program, x32_bit | 56, {0x10000011}) == eperm); // clone
    CHECK(verdict(program, x32_bit | 16) == enosys);              // the 64-bit number of ioctl
    CHECK(verdict(program, x32_bit | 101) == enosys);             // the 64-bit number of ptrace
    CHECK(verdict(program, x32_bit | 462) == allowed);            // mseal
    CHECK(verdict(program, x32_bit | 467) == eperm);              // open_tree_attr
    CHECK(verdict(program, x32_bit | 9999) == enosys);
    CHECK(verdict(program, 514) == enosys);
    CHECK(verdict(program, 3, {}, i386) == allowed);
}

TEST_CASE("libseccomp's own compiler makes the same decisions from the same numbers") {
    const scmp_filter_ctx oracle = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    REQUIRE(oracle);
    const BpfProgram ours = program_of({});
    const std::set<std::string> looked_into{"ioctl",  "personality", "mknod", "mknodat",
                                            "socket", "socketpair",  "clone"};
    const auto calls = resolve::calls_of(*resolve::find_syscall_set("@application"));
    const auto gone = resolve::calls_of(*resolve::find_syscall_set("@absent"));
    for (const auto name : calls) {
        const int number = seccomp_syscall_resolve_name(std::string(name).c_str());
        const bool skipped = std::binary_search(gone.begin(), gone.end(), name) ||
                             looked_into.contains(std::string(name)) || name == "clone3" || number < 0;
        if (!skipped) REQUIRE(seccomp_rule_add(oracle, SCMP_ACT_ALLOW, number, 0) == 0);
    }
    const int file = memfd_create("oracle", MFD_CLOEXEC);
    REQUIRE(file >= 0);
    REQUIRE(seccomp_export_bpf(oracle, file) == 0);
    std::string bytes(static_cast<std::size_t>(lseek(file, 0, SEEK_END)), '\0');
    REQUIRE(pread(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    close(file);
    seccomp_release(oracle);

    const auto theirs = BpfProgram::make(bytes);
    REQUIRE(theirs.ok());
    int both_allow = 0;
    for (std::uint32_t number = 0; number < 457; ++number) { // the newest that this libseccomp may know
        char* name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86_64, static_cast<int>(number));
        if (!name) continue;
        const bool compared = !looked_into.contains(name);
        CAPTURE(number, name);
        if (compared) CHECK((theirs.value().action(amd64, number) == allow) == (ours.action(amd64, number) == allow));
        both_allow += compared && theirs.value().action(amd64, number) == allow;
        std::free(name);
    }
    CHECK(both_allow > 250);
}

TEST_CASE("the filter stays short and is searched, not walked") {
    const BpfProgram program = program_of({});
    CHECK(program.size() < 250);
    std::size_t longest = 0;
    for (std::uint32_t number = 0; number < 512; ++number) {
        seccomp_data data{};
        data.nr = static_cast<int>(number);
        data.arch = amd64;
        data.args[0] = UINT64_MAX - 7;
        longest = std::max(longest, program.run(data).steps);
    }
    CHECK(longest < 40);
}

TEST_CASE("the kernel takes the filters and does what they say") {
    for (const Wish& wish : {Wish{}, Wish{.base = "strict"}, nested, Wish{.arch = {"x86", "x32"}}}) {
        std::string bytes = resolved(wish).value().program;
        const pid_t child = fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            const sock_fprog program{static_cast<unsigned short>(bytes.size() / sizeof(sock_filter)),
                                     reinterpret_cast<sock_filter*>(bytes.data())};
            const auto gives = [](int code, long number, long first = 0, long second = 0, long third = 0) {
                return syscall(number, first, second, third, 0) == -1 && errno == code;
            };
            if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) _exit(1);
            if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) _exit(2);
            if (getppid() <= 0) _exit(3);
            if (!gives(EPERM, SYS_keyctl)) _exit(4);
            if (!gives(ENOSYS, 9999)) _exit(5);
            if (!gives(EAFNOSUPPORT, SYS_socket, 38, 5, 0)) _exit(6);
            if (!gives(EAFNOSUPPORT, SYS_socket, static_cast<long>(38 | high_bit), 5, 0)) _exit(7);
            if (!gives(EPERM, SYS_ioctl, 0, 0x5412, 0)) _exit(8);
            if (!gives(EPERM, SYS_ioctl, 0, static_cast<long>(0x5412 | high_bit), 0)) _exit(9);
            if (wish.nested == plan::Nested::denied && !gives(EPERM, SYS_unshare, 0)) _exit(10);
            if (wish.nested == plan::Nested::allowed && syscall(SYS_unshare, 0) != 0) _exit(11);
            _exit(0);
        }
        int status = -1;
        REQUIRE(waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status));
        CAPTURE(wish.base);
        CHECK(WEXITSTATUS(status) == 0);
    }
}
