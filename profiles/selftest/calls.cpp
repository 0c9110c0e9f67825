// System calls that the filter refuses by default, each with arguments by which the kernel itself would refuse nothing for a
// want of privileges: it would succeed, or complain of the arguments. EPERM and ENOSYS then come from the sandbox.

#include "profiles/selftest/abi.hpp"
#include "profiles/selftest/row.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <linux/sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace selftest {
namespace {

constexpr std::uint64_t none = ~std::uint64_t{0}; // no descriptor
constexpr std::uint64_t memory = 0x6d656d6f;      // stands for the address of zeroed memory

struct Call {
    int attack;
    const char* name;
    long native, x86; ///< numbers; x32 has the native one, but for what follows
    long x32;         ///< 0: as native
    Arguments arguments;
};

const Call table[] = {
    {29, "unshare", SYS_unshare, 310, 0, {CLONE_NEWUSER}},
    {29, "clone", SYS_clone, 120, 0, {CLONE_NEWUSER | SIGCHLD}},
    {29, "clone3", SYS_clone3, 435, 0, {0, 0}},
    {29, "setns", SYS_setns, 346, 0, {none, 0}},
    {29, "mount", SYS_mount, 21, 0, {0, 0, 0, 0, 0}},
    {29, "umount2", SYS_umount2, 52, 0, {0, 0}},
    {29, "pivot_root", SYS_pivot_root, 217, 0, {0, 0}},
    {29, "chroot", SYS_chroot, 61, 0, {0}},
    {29, "open_tree", SYS_open_tree, 428, 0, {none, memory, 0x1000}},
    {29, "move_mount", SYS_move_mount, 429, 0, {none, memory, none, memory, 0}},
    {29, "fsopen", SYS_fsopen, 430, 0, {0, 0}},
    {29, "fspick", SYS_fspick, 433, 0, {none, memory, 0}},
    {29, "mount_setattr", SYS_mount_setattr, 442, 0, {none, memory, 0, 0, 0}},
    {29, "name_to_handle_at", SYS_name_to_handle_at, 341, 0, {none, memory, 0, 0, 0}},
    {29, "open_by_handle_at", SYS_open_by_handle_at, 342, 0, {none, 0, 0}},
    {30, "ptrace", SYS_ptrace, 26, 521, {0 /* PTRACE_TRACEME */}},
    {30, "process_vm_readv", SYS_process_vm_readv, 347, 539, {1, memory, 0, memory, 0, 0}},
    {30, "process_vm_writev", SYS_process_vm_writev, 348, 540, {1, memory, 0, memory, 0, 0}},
    {30, "kcmp", SYS_kcmp, 349, 0, {1, 1, 0, 0, 0}},
    {30, "pidfd_getfd", SYS_pidfd_getfd, 438, 0, {none, 0, 0}},
    {44, "getpid", SYS_getpid, 20, 0, {}},
    {44, "modify_ldt", SYS_modify_ldt, 123, 0, {0, memory, 0}},
    {44, "personality", SYS_personality, 136, 0, {0x0040000 /* ADDR_NO_RANDOMIZE */}},
    {46, "io_uring_setup", SYS_io_uring_setup, 425, 0, {1, 0}},
    {46, "keyctl", SYS_keyctl, 288, 0, {0 /* GET_KEYRING_ID */, static_cast<std::uint64_t>(-4) /* the user's */, 1}},
    {46, "add_key", SYS_add_key, 286, 0, {0, 0, 0, 0, 0}},
    {46, "request_key", SYS_request_key, 287, 0, {0, 0, 0, 0}},
    {46, "bpf", SYS_bpf, 357, 0, {5 /* PROG_LOAD */, 0, 0}},
    {46, "perf_event_open", SYS_perf_event_open, 336, 0, {0, 0, none, none, 0}},
    {46, "userfaultfd", SYS_userfaultfd, 374, 0, {1 /* USER_MODE_ONLY */}},
    {46, "fanotify_init", SYS_fanotify_init, 338, 0, {0x200 /* REPORT_FID */, 0}},
    {46, "quotactl", SYS_quotactl, 131, 0, {0xff000000, 0, 0, 0}},
    {46, "set_mempolicy", SYS_set_mempolicy, 276, 0, {0, 0, 0}},
    {46, "kexec_load", SYS_kexec_load, 283, 528, {0, 0, 0, 0}},
    {46, "init_module", SYS_init_module, 128, 0, {0, 0, 0}},
    {46, "syslog", SYS_syslog, 103, 0, {10 /* SIZE_BUFFER */, 0, 0}},
};

struct Attempt {
    const Call* call;
    Abi abi;
    Arguments arguments;
};

int attempted(const void* argument) {
    const Attempt& attempt = *static_cast<const Attempt*>(argument);
    const Call& call = *attempt.call;
    const long number = attempt.abi == Abi::x86 ? call.x86 : attempt.abi == Abi::x32 && call.x32 != 0 ? call.x32 : call.native;
    const long result = make_call(attempt.abi, number, attempt.arguments);
    if (result == 0 && call.native == SYS_clone) _exit(0); // perhaps the child: then its word goes unheard
    switch (result) {
    case -EPERM: case -EACCES: case -ENOSYS: case -ENOSPC: return static_cast<int>(-result); // ENOSPC: of namespaces
    default: return 0; // it was done, or only the arguments were wrong
    }
}

struct Family {
    const char* name;
    int family, type, protocol;
};

// Sockets of kernels are where pages of files were written to, and more (CVE-2026-31431).
constexpr Family families[] = {
    {"AF_ALG", 38, SOCK_SEQPACKET, 0}, {"AF_RXRPC", 33, SOCK_DGRAM, 2},   {"AF_VSOCK", 40, SOCK_STREAM, 0}, {"AF_PACKET", 17, SOCK_RAW, 0},
    {"AF_KEY", 15, SOCK_RAW, 2},       {"AF_XDP", 44, SOCK_RAW, 0},       {"AF_CAN", 29, SOCK_RAW, 1},      {"AF_TIPC", 30, SOCK_DGRAM, 0},
    {"AF_BLUETOOTH", 31, SOCK_RAW, 1}, {"NETLINK_XFRM", 16, SOCK_RAW, 6}, {"NETLINK_NETFILTER", 16, SOCK_RAW, 12}, {"NETLINK_AUDIT", 16, SOCK_RAW, 9},
    {"NETLINK_SOCK_DIAG", 16, SOCK_RAW, 4},
};

int made(const void* argument) {
    const Family& family = *static_cast<const Family*>(argument);
    const int fd = socket(family.family, family.type | SOCK_CLOEXEC, family.protocol);
    if (fd >= 0) return 0;
    return errno;
}

constexpr std::pair<Abi, const char*> abis[] = {{Abi::native, "native"}, {Abi::x86, "x86"}, {Abi::x32, "x32"}};

} // namespace

void try_calls(Rows& rows) {
    const auto address = reinterpret_cast<std::uint64_t>(low_memory());
    for (const Call& call : table) {
        for (const auto& [abi, name] : abis) {
            if (abi == Abi::native && call.native == SYS_getpid) continue; // everybody may
#ifndef __x86_64__
            if (abi != Abi::native) continue;
#endif
            Attempt attempt{&call, abi, call.arguments};
            for (std::uint64_t& value : attempt.arguments)
                if (value == memory) value = address;
            rows.push_back(row(call.attack, std::string("call:") + call.name, apart(attempted, &attempt), name));
            if (call.native != SYS_personality || abi != Abi::native) continue;
            // A filter compares 64 bits, the kernel takes 32 (CVE-2019-7303).
            attempt.arguments[0] |= std::uint64_t{1} << 32;
            rows.push_back(row(44, "call:personality with bit 32", apart(attempted, &attempt), name));
        }
    }
    for (const Family& family : families) rows.push_back(row(46, std::string("socket:") + family.name, apart(made, &family)));
}

} // namespace selftest
