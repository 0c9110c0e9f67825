#include "launcher/resolve/syscall_sets.hpp"

#include <algorithm>
#include <array>

namespace resolve {

namespace {

// The names of the common sets are those that administrators know from service units, and they mean the same here, but
// for what is too strong to come along unseen: unshare and setns are in @namespaces, not in @process; io_uring is in
// @io-uring, not in @aio. A call may stand in several sets. Calls of 32-bit ABIs and other machines stand by their kin.
constexpr std::array sets{
    SyscallSet{"@default", "what every process needs to exist: memory, threads, time, its own identity, its end",
               "arch_prctl arm_fadvise64_64 brk breakpoint cacheflush cachestat clock_getres clock_getres_time64 "
               "clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64 execve exit exit_group futex "
               "futex_requeue futex_time64 futex_wait futex_waitv futex_wake get_robust_list get_thread_area get_tls "
               "getcpu getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getpgid getpgrp "
               "getpid getppid getrandom getresgid getresgid32 getresuid getresuid32 getrlimit getsid gettid "
               "gettimeofday getuid getuid32 madvise map_shadow_stack membarrier mincore mmap mmap2 mprotect mremap "
               "mseal msync munmap nanosleep pause prlimit64 remap_file_pages restart_syscall riscv_flush_icache "
               "riscv_hwprobe rseq rt_sigreturn sched_getaffinity sched_yield set_robust_list set_thread_area "
               "set_tid_address set_tls sigreturn sysinfo time ugetrlimit uname oldolduname olduname uprobe uretprobe"},
    SyscallSet{"@basic-io", "reading, writing, seeking, duplicating and closing open descriptors; pipes",
               "_llseek close close_range copy_file_range dup dup2 dup3 fadvise64 fadvise64_64 lseek pipe pipe2 "
               "pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readahead readv sendfile sendfile64 splice tee "
               "vmsplice write writev"},
    SyscallSet{"@file-system", "opening, making, naming and removing files; their modes, times and attributes",
               "access chdir chmod close creat faccessat faccessat2 fallocate fchdir fchmod fchmodat fchmodat2 fcntl "
               "fcntl64 fgetxattr file_getattr file_setattr flistxattr flock fremovexattr fsetxattr fstat fstat64 "
               "fstatat64 fstatfs fstatfs64 ftruncate ftruncate64 futimesat getcwd getdents getdents64 getxattr "
               "getxattrat inotify_add_watch inotify_init inotify_init1 inotify_rm_watch ioctl lgetxattr link linkat "
               "listxattr listxattrat llistxattr lremovexattr lsetxattr lstat lstat64 memfd_create memfd_secret mkdir "
               "mkdirat mknod mknodat mmap mmap2 munmap newfstatat oldfstat oldlstat oldstat open openat openat2 "
               "readdir readlink readlinkat removexattr removexattrat rename renameat renameat2 rmdir setxattr "
               "setxattrat stat stat64 statfs statfs64 statx symlink symlinkat truncate truncate64 umask unlink "
               "unlinkat utime utimensat utimensat_time64 utimes"},
    SyscallSet{"@mount-info", "asking about the mounts of one's own namespace", "listmount statmount"},
    SyscallSet{"@io-event", "waiting on descriptors: epoll, poll, select, eventfd",
               "_newselect epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait "
               "epoll_wait_old eventfd eventfd2 poll ppoll ppoll_time64 pselect6 pselect6_time64 select"},
    SyscallSet{"@signal", "receiving signals: handlers, masks, waiting, descriptors",
               "rt_sigaction rt_sigpending rt_sigprocmask rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 "
               "sgetmask sigaction sigaltstack signal signalfd signalfd4 sigpending sigprocmask sigsuspend ssetmask"},
    SyscallSet{"@timer", "alarms, interval timers, timer descriptors",
               "alarm getitimer setitimer timer_create timer_delete timer_getoverrun timer_gettime timer_gettime64 "
               "timer_settime timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime "
               "timerfd_settime64 times"},
    SyscallSet{"@process", "making, replacing, awaiting and signalling processes",
               "capget clone clone3 execveat fork getrusage kill pidfd_open pidfd_send_signal prctl rt_sigqueueinfo "
               "rt_tgsigqueueinfo setpgid setsid swapcontext tgkill times tkill vfork wait4 waitid waitpid"},
    SyscallSet{"@network-io", "sockets of every family",
               "accept accept4 bind connect getpeername getsockname getsockopt listen recv recvfrom recvmmsg "
               "recvmmsg_time64 recvmsg send sendmmsg sendmsg sendto setsockopt shutdown socket socketcall "
               "socketpair"},
    SyscallSet{"@sysv-ipc", "shared memory, semaphores and message queues of System V",
               "ipc msgctl msgget msgrcv msgsnd semctl semget semop semtimedop semtimedop_time64 shmat shmctl shmdt "
               "shmget"},
    SyscallSet{"@mqueue", "POSIX message queues",
               "mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedreceive_time64 mq_timedsend "
               "mq_timedsend_time64 mq_unlink"},
    SyscallSet{"@ipc", "all that processes exchange data with: also pipes, and the memory of another process",
               "@mqueue @sysv-ipc memfd_create pipe pipe2 process_madvise process_vm_readv process_vm_writev"},
    SyscallSet{"@aio", "asynchronous input and output of the older kind",
               "io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64 io_setup io_submit"},
    SyscallSet{"@io-uring", "asynchronous input and output by shared rings, which no filter can see into",
               "io_uring_enter io_uring_register io_uring_setup"},
    SyscallSet{"@sync", "writing cached data out",
               "fdatasync fsync msync sync sync_file_range sync_file_range2 syncfs arm_sync_file_range"},
    SyscallSet{"@memlock", "keeping memory from being swapped", "mlock mlock2 mlockall munlock munlockall"},
    SyscallSet{"@pkey", "protection keys of memory pages", "pkey_alloc pkey_free pkey_mprotect"},
    SyscallSet{"@scheduling", "priorities and processors of threads",
               "ioprio_get ioprio_set getpriority nice sched_get_priority_max sched_get_priority_min sched_getattr "
               "sched_getparam sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 "
               "sched_setaffinity sched_setattr sched_setparam sched_setscheduler setpriority"},
    SyscallSet{"@numa", "placing memory on the nodes of the machine",
               "get_mempolicy mbind migrate_pages move_pages set_mempolicy set_mempolicy_home_node"},
    SyscallSet{"@resources", "changing limits, priorities and the placing of memory", "@scheduling @numa setrlimit"},
    SyscallSet{"@chown", "changing the owner of files", "chown chown32 fchown fchown32 fchownat lchown lchown32"},
    SyscallSet{"@setuid", "changing user and group ids of the process",
               "setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setregid setregid32 "
               "setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setuid setuid32"},
    SyscallSet{"@sandbox", "what a program takes from itself: seccomp, Landlock",
               "landlock_add_rule landlock_create_ruleset landlock_restrict_self lsm_get_self_attr "
               "lsm_list_modules seccomp"},
    SyscallSet{"@personality", "the execution domain (linux32, no randomisation)", "personality"},
    SyscallSet{"@namespaces", "making and entering namespaces", "setns unshare"},
    SyscallSet{"@mount", "mounting, unmounting, changing the root",
               "chroot fsconfig fsmount fsopen fspick mount mount_setattr move_mount open_tree open_tree_attr "
               "pivot_root umount umount2"},
    SyscallSet{"@handles", "opening files by handle, past every path check", "name_to_handle_at open_by_handle_at"},
    SyscallSet{"@keyring", "kernel keyrings", "add_key keyctl request_key"},
    SyscallSet{"@debug", "tracing, inspecting and steering other processes; performance counters",
               "kcmp lookup_dcookie perf_event_open pidfd_getfd process_madvise process_mrelease process_vm_readv "
               "process_vm_writev ptrace rtas s390_runtime_instr sys_debug_setcontext"},
    SyscallSet{"@bpf", "loading programs into the kernel", "bpf"},
    SyscallSet{"@page-faults", "handling page faults of the kernel's own accesses", "userfaultfd"},
    SyscallSet{"@fanotify", "watching and deciding over the file accesses of others", "fanotify_init fanotify_mark"},
    SyscallSet{"@quota", "disk quotas", "quotactl quotactl_fd"},
    SyscallSet{"@clock", "setting the clocks of the machine",
               "adjtimex clock_adjtime clock_adjtime64 clock_settime clock_settime64 settimeofday stime"},
    SyscallSet{"@cpu-emulation", "virtual 8086 mode, segment tables, other byte orders",
               "modify_ldt subpage_prot switch_endian vm86 vm86old"},
    SyscallSet{"@module", "kernel modules", "delete_module finit_module init_module"},
    SyscallSet{"@raw-io", "ports and buses of the hardware",
               "ioperm iopl pciconfig_iobase pciconfig_read pciconfig_write s390_pci_mmio_read s390_pci_mmio_write"},
    SyscallSet{"@reboot", "restarting the machine or its kernel", "kexec_file_load kexec_load reboot"},
    SyscallSet{"@swap", "swap space", "swapoff swapon"},
    SyscallSet{"@system", "names, logs and accounting of the machine",
               "acct lsm_set_self_attr nfsservctl sethostname setdomainname syslog vhangup"},
    SyscallSet{"@privileged", "everything that asks for a capability",
               "@bpf @chown @clock @fanotify @handles @module @quota @raw-io @reboot @setuid @swap @system _sysctl "
               "capset chroot pivot_root"},
    SyscallSet{"@obsolete", "removed, never implemented, or without a use any more",
               "_sysctl afs_syscall bdflush break create_module ftime get_kernel_syms getpmsg gtty idle lock mpx prof "
               "profil putpmsg query_module security sgetmask ssetmask stime stty sysfs tuxcall ulimit uselib ustat "
               "vserver"},
    SyscallSet{"@absent", "what the kernel, too, answers with ENOSYS or would on a newer machine; never let through",
               "_sysctl afs_syscall bdflush break create_module epoll_ctl_old epoll_wait_old ftime get_kernel_syms "
               "getpmsg gtty idle lock lookup_dcookie mpx nfsservctl prof profil putpmsg query_module security stty "
               "sysfs tuxcall ulimit uselib ustat vserver"},
    SyscallSet{"@system-service", "what an ordinary service needs",
               "@aio @basic-io @chown @default @file-system @io-event @ipc @keyring @memlock @network-io @process "
               "@scheduling @setuid @signal @sync @timer @numa setrlimit capset personality"},
    SyscallSet{"@tool", "the base list 'strict': a program that computes and works on files and local sockets",
               "@basic-io @default @file-system @io-event @memlock @process @sandbox @signal @sync @timer @chown "
               "@network-io @personality @setuid getpriority nice sched_get_priority_max sched_get_priority_min "
               "sched_getattr sched_getparam sched_getscheduler sched_setaffinity setpriority setrlimit"},
    SyscallSet{"@application", "the base list 'desktop': browsers, toolkits, games, media, language runtimes",
               "@tool @aio @mount-info @mqueue @pkey @scheduling @sysv-ipc capset"},
    SyscallSet{"@known", "every call that has a name here; any other is new, and answered with ENOSYS",
               "@application @absent @bpf @clock @cpu-emulation @debug @fanotify @handles @io-uring @ipc @keyring "
               "@module @mount @namespaces @numa @obsolete @page-faults @privileged @quota @raw-io @reboot @swap "
               "@system @system-service spu_create spu_run s390_guarded_storage s390_sthyi"},
};

constexpr std::array lists{
    BaseList{"desktop", "ordinary programs with windows, sound and network; nothing that administers or inspects",
             "@application"},
    BaseList{"strict",
             "tools without a window: files, processes and UNIX sockets; no other socket family, no System V "
             "IPC, no message queues",
             "@tool"},
};

/// Puts the calls of `set` and of its inner sets into `into`; a set that was seen is not looked into again.
void collect(const SyscallSet& set, std::array<bool, sets.size()>& seen, std::vector<std::string_view>& into) {
    bool& seen_before = seen[static_cast<std::size_t>(&set - sets.data())];
    if (seen_before) return;
    seen_before = true;
    for (std::string_view rest = set.members; !rest.empty();) {
        const std::string_view member = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(rest.size(), member.size() + 1));
        if (member.front() != '@')
            into.push_back(member);
        else if (const SyscallSet* inner = find_syscall_set(member))
            collect(*inner, seen, into);
    }
}

} // namespace

std::span<const SyscallSet> syscall_sets() {
    return sets;
}

const SyscallSet* find_syscall_set(std::string_view name) {
    const auto found = std::find_if(sets.begin(), sets.end(), [&](const SyscallSet& set) { return set.name == name; });
    return found == sets.end() ? nullptr : &*found;
}

std::vector<std::string_view> calls_of(const SyscallSet& set) {
    std::vector<std::string_view> calls;
    calls.reserve(1024); // more than all sets together hold
    std::array<bool, sets.size()> seen{};
    collect(set, seen, calls);
    std::sort(calls.begin(), calls.end());
    calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
    return calls;
}

std::span<const BaseList> base_lists() {
    return lists;
}

} // namespace resolve
