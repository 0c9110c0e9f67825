#include "helper/birth.hpp"

#include "helper/app.hpp"
#include "helper/channel.hpp"
#include "helper/complaint.hpp"
#include "helper/defence.hpp"
#include "helper/idmap.hpp"
#include "helper/init.hpp"
#include "helper/namespaces.hpp"
#include "launcher/base/sys.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;
namespace sys = base::sys;

// By a descriptor whose kind is proven first (ioctl_ns(2)): a path may lead anywhere. What is joined here, the clone
// inherits.
Result<void> join(const plan::Namespace& space, const NamespaceKind& kind) {
    const auto failed = [&](const char* call) {
        Error error = system_error(call, std::string("cannot join the ") + kind.name + " namespace '" + space.path.text + "'");
        error.origin = space.origin;
        if (error.code == EPERM) error.advice = "it belongs to another user namespace; only its owner, or root, may join it";
        if (error.code == EINVAL) error.advice = "it is no namespace of that kind";
        return error;
    };
    const UniqueFd file = sys::open(space.path.text.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (!file.valid()) return failed("open");
    struct statfs file_system{};
    if (fstatfs(file.get(), &file_system) != 0) return failed("fstatfs");
    if (file_system.f_type != NSFS_MAGIC || ioctl(file.get(), NS_GET_NSTYPE) != kind.flag) {
        errno = EINVAL;
        return failed("ioctl(NS_GET_NSTYPE)");
    }
    if (setns(file.get(), kind.flag) != 0) return failed("setns");
    return {};
}

// What the caller said and had in its environment is nothing to the inside, which may read /proc/1/cmdline.
void forget(std::span<char> memory) {
    constexpr std::string_view name = "sandbox-helper";
    std::fill(memory.begin(), memory.end(), '\0');
    name.copy(memory.data(), memory.empty() ? 0 : memory.size() - 1);
}

} // namespace

Result<Signals> take_signals() {
    Signals signals;
    sigset_t all;
    sigfillset(&all);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP}) sigdelset(&all, fault);
    if (sigprocmask(SIG_SETMASK, &all, &signals.before) != 0) return system_error("sigprocmask", "cannot block the signals");
    // An inherited "ignore" of SIGCHLD would have the kernel reap the child behind our back.
    if (on(Defence::reaped_here)) (void)signal(SIGCHLD, SIG_DFL);
    sigdelset(&all, SIGCHLD); // blocked all the same: children are watched by their pidfds
    signals.taken = UniqueFd(signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals.taken.valid()) return system_error("signalfd", "cannot take the signals");
    return signals;
}

void leave_streams(const UniqueFd& journal) {
    const UniqueFd null = sys::open("/dev/null", O_RDWR);
    for (int stream = 0; stream < 3; ++stream) (void)dup2(stream > 0 && journal.valid() ? journal.get() : null.get(), stream);
}

Result<Born> give_birth(const plan::Plan& plan, const Parent& parent) {
    const bool guest = parent.target.valid();
    if (!guest) for (const NamespaceKind& kind : namespace_kinds)
        if (const auto& space = plan.namespaces.*kind.place; space.mode == plan::NamespaceMode::join) TRY(join(space, kind));
    Channel channel = TRY(make_channel());
    int pidfd = -1;
    clone_args arguments{};
    arguments.flags = CLONE_PIDFD;
    arguments.pidfd = reinterpret_cast<std::uintptr_t>(&pidfd);
    arguments.exit_signal = SIGCHLD;
    // Born in its control group: nothing that it starts can be outside (G3 of the reference: no moment without limits).
    if (parent.group >= 0) {
        arguments.flags |= CLONE_INTO_CGROUP;
        arguments.cgroup = static_cast<std::uint64_t>(parent.group);
    }
    if (!guest) for (const NamespaceKind& kind : namespace_kinds) // but for the network namespace, which the app's process may make meanwhile
        if ((plan.namespaces.*kind.place).mode == plan::NamespaceMode::fresh && (kind.flag != CLONE_NEWNET || network_first(plan)))
            arguments.flags |= static_cast<std::uint64_t>(kind.flag);
    const pid_t pid = sys::clone3(arguments);
    if (pid < 0) return complaint(plan::Stage::clone, system_error("clone3", "cannot make the namespaces of the sandbox"));
    if (pid == 0) {
        if (parent.journal) leave_streams(*parent.journal);
        forget(parent.memory);
        run_init(plan, std::move(channel), parent.target, parent.exchange);
    }
    return Born{.pid = pid, .child = UniqueFd(pidfd), .channel = std::move(channel.outer)};
}

Result<void> map_ids(const plan::Plan& plan, const Born& born) {
    TRY(write_id_maps(plan.ids, born.pid, born.child));
    return send(born.channel, plan::OrderMessage{plan::Order::maps_written});
}

int end(Born& born) {
    int status = SIGKILL;
    if (born.pid < 0) return status;
    (void)sys::pidfd_send_signal(born.child, SIGKILL); // it may have ended by itself
    while (waitpid(born.pid, &status, 0) < 0 && errno == EINTR) {}
    born.pid = -1;
    return status;
}

} // namespace helper
