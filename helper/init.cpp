#include "helper/init.hpp"

#include "helper/app.hpp"
#include "helper/capabilities.hpp"
#include "helper/console.hpp"
#include "helper/defence.hpp"
#include "helper/further.hpp"
#include "helper/lockdown.hpp"
#include "helper/mount.hpp"
#include "helper/namespaces.hpp"
#include "helper/network.hpp"
#include "helper/residence.hpp"
#include "launcher/base/descriptors.hpp"
#include "launcher/base/sys.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <span>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;
namespace sys = base::sys;

struct Init {
    const plan::Plan& plan;
    const UniqueFd& channel;
    const UniqueFd& target; ///< of a guest; else not valid
    const Exchange& exchange;
    std::optional<Tree> tree;
    Landmarks landmarks;
    Console console; ///< the master is for the outer half
    std::vector<UniqueFd> clones; ///< of a guest: what it shows beside what is there
    UniqueFd gate;
    pid_t app = -1;
    bool may_run = false; ///< the outer half said so
    int item = -1; ///< of the list that the stage walks
};

struct Step {
    plan::Stage stage;
    Result<void> (*run)(Init& init);
};

// The app's process is gone before it was let go: it failed and has told why, or it was killed, and then we tell.
[[noreturn]] void app_ended_early(const Init& init) {
    plan::Report report{};
    report.kind = plan::ReportKind::exited;
    while (waitpid(init.app, &report.value, 0) < 0 && errno == EINTR) {}
    (void)send(init.channel, report); // if nobody hears it, they are dead
    _exit(125);
}

Result<void> make_root(Init& init) {
    umask(0);
    init.landmarks.null = TRY(verified_null());
    init.tree.emplace(TRY(Tree::make(init.plan.root, init.plan.security.lsm.selinux_mount)));
    return {};
}

Result<void> build(Init& init) {
    Building building{*init.tree, init.landmarks, init.plan.ids, init.exchange, init.plan.security.lsm.selinux_mount};
    TRY(apply_all(building, init.plan.mounts, init.item));
    init.item = -1;
    return {};
}

Result<void> console(Init& init) {
    if (init.plan.process.terminal != plan::Terminal::pty) return {};
    Building building{*init.tree, init.landmarks, init.plan.ids, init.exchange, init.plan.security.lsm.selinux_mount};
    init.console = TRY(make_console(building));
    return {};
}

Result<void> nested(Init& init) {
    if (init.plan.security.user_namespaces == plan::Nested::allowed) return {};
    return forbid_user_namespaces(init.landmarks.proc_sys);
}

Result<void> sysctls(Init& init) {
    for (const plan::Sysctl& sysctl : init.plan.sysctls) {
        ++init.item;
        TRY(write_sysctl(init.landmarks.proc_sys, sysctl));
    }
    init.item = -1;
    return {};
}

Result<void> pivot(Init& init) { return init.tree->enter(init.plan.root); }

Result<void> hostname(Init& init) {
    const std::string& name = init.plan.hostname;
    if (!name.empty() && sethostname(name.data(), name.size()) != 0) return system_error("sethostname", "cannot set the host name");
    return {};
}

// Waits for the order; the end of the channel means that the outer half died, and with it everything. `run` may come at any
// time: it says that the record stands.
void await(Init& init, plan::Order wanted) {
    plan::OrderMessage message;
    while (wanted != plan::Order::run || !init.may_run) {
        const Result<Received> got = receive(init.channel, message, 0);
        if (!got || got.value() == Received::closed) _exit(125);
        if (message.order == plan::Order::run) init.may_run = true;
        if (message.order == wanted) return;
    }
}

// The stack has made its interface and its routes; the network namespace is this process's own from the clone on.
Result<void> apply_routes(Init& init) {
    for (const plan::Route& route : init.plan.network.routes) {
        ++init.item;
        TRY(add_route(route));
    }
    init.item = -1;
    return {};
}

// Process 1 follows the app into the network namespace that the app's process made meanwhile. The user-mode stack must be
// attached before process 1 closes itself off: it comes in through our /proc folder.
Result<void> follow_app(Init& init) {
    Gate byte{};
    const ssize_t got = read(init.gate.get(), &byte, 1);
    if (got < 0 && errno != ECONNRESET) return system_error("read", "cannot hear the app's process");
    if (got != 1 || byte != Gate::early_done) app_ended_early(init);
    if (init.target.valid()) return {};
    if (init.plan.network.mode == plan::NetworkMode::user) {
        await(init, plan::Order::network_ready);
        TRY(apply_routes(init));
    }
    if (init.plan.namespaces.net.mode != plan::NamespaceMode::fresh || network_first(init.plan)) return {};
    const UniqueFd network(openat(init.landmarks.proc.get(), (std::to_string(init.app) + "/ns/net").c_str(), O_RDONLY | O_CLOEXEC));
    if (!network.valid() || setns(network.get(), CLONE_NEWNET) != 0) return system_error("setns", "cannot enter the network namespace");
    return {};
}

// The kernel sends the signal of a parent's death with the parent's rights (prctl(2), PR_SET_PDEATHSIG). We are not process 1 here, so
// the guest dies by that signal alone; without capabilities we may send it to those of our own ids. Our own parent, as the
// user namespace's owner, may send it to anybody inside. The change of ids clears what was set.
Result<void> share_fate(Init& init) {
    TRY(become(init.plan.ids));
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
        return system_error("prctl(PR_SET_PDEATHSIG)", "cannot tie the guest to its launcher");
    char byte = 0;
    if (recv(init.channel.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) _exit(125);
    return {};
}

// Nothing inside may trace process 1, read its memory or its descriptors, or find the helper's file through it.
Result<void> give_up_everything(Init& init) {
    if (init.target.valid()) TRY(share_fate(init)); // first: a change of ids may make it dumpable again (fs.suid_dumpable)
    if (on(Defence::undumpable) && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return system_error("prctl(PR_SET_DUMPABLE)", "cannot protect the sandbox's init");
    TRY(keep_only_capabilities(0));
    return forbid_new_privileges();
}

// The namespaces of a running sandbox, all at once: its user namespace first, as the kernel does it, which gives the right
// to the others. From here on no path of the host exists for us; the pid namespace is for our children.
Result<void> join(Init& init) {
    // Before the join: nothing inside may look into this process.
    if (on(Defence::undumpable) && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return system_error("prctl(PR_SET_DUMPABLE)", "cannot protect the sandbox's init");
    int kinds = 0;
    for (const NamespaceKind& kind : namespace_kinds)
        if ((init.plan.namespaces.*kind.place).mode != plan::NamespaceMode::host) kinds |= kind.flag;
    if (setns(init.target.get(), kinds) != 0) {
        Error error = system_error("setns", "cannot join the namespaces of the running sandbox");
        if (error.code == ESRCH) error.advice = "it has ended";
        return error;
    }
    // New credentials cleared it.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return system_error("prctl(PR_SET_PDEATHSIG)", "cannot tie the guest to its launcher");
    char byte = 0;
    if (recv(init.channel.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) _exit(125);
    return {};
}

// The Plan of a guest has no mounts but those that it adds.
Result<void> clone_files(Init& init) {
    init.clones = TRY(clone_further(init.plan.mounts, init.item));
    return {};
}

Result<void> attach_files(Init& init) { return attach_further(init.plan.mounts, std::move(init.clones), init.item); }

Result<void> guest_console(Init& init) {
    if (init.plan.process.terminal == plan::Terminal::pty) init.console = TRY(make_guest_console());
    return {};
}

struct Life {
    std::span<const Step> before; ///< the app's process exists
    std::span<const Step> beside; ///< what it does early
    std::span<const Step> after;  ///< it is let into the root
};

constexpr std::array guest_before{
    Step{plan::Stage::mount, clone_files},  // of the host's tree, which is out of reach then
    Step{plan::Stage::join, join},
    Step{plan::Stage::mount, attach_files}, // before the app exists that is to see them
    Step{plan::Stage::console, guest_console},
};

constexpr std::array steps{
    Step{plan::Stage::root, make_root},
    Step{plan::Stage::mount, build},
    Step{plan::Stage::console, console},  // on the new devpts, before /dev is sealed
    Step{plan::Stage::nested, nested},    // through the new procfs, whose keys the app sees read-only
    Step{plan::Stage::hostname, hostname},
    Step{plan::Stage::sysctl, sysctls},   // after the host name, which one of them may be
    Step{plan::Stage::pivot, pivot},      // from here on no path of the host exists
};
constexpr std::array entered{
    Step{plan::Stage::network, follow_app},
};

// While the outer half answers `ready`; the app is let go only after it.
constexpr std::array last{
    Step{plan::Stage::init, give_up_everything},
};

Life life_of(const Init& init) {
    if (init.target.valid()) return {guest_before, {}, entered};
    if (init.plan.root.change == plan::RootChange::pivot) return {{}, steps, entered};
    return {steps, {}, entered}; // of a chroot only those know that are forked after it
}

[[noreturn]] void fail(const Init& init, plan::Stage stage, const Error& error) {
    (void)send(init.channel, failure(stage, init.item, error)); // if nobody hears it, they are dead
    _exit(125);
}

void tell_app(const Init& init, Gate word) {
    if (write(init.gate.get(), &word, 1) == 1) return;
    if (errno == EPIPE || errno == ECONNRESET) app_ended_early(init);
    fail(init, plan::Stage::init, system_error("write", "cannot let the app's process go on"));
}

void start_app(Init& init) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        fail(init, plan::Stage::clone, system_error("socketpair", "cannot make the gate"));
    UniqueFd theirs(ends[1]);
    init.gate.reset(ends[0]);
    init.app = fork();
    if (init.app < 0) fail(init, plan::Stage::clone, system_error("fork", "cannot make the app's process"));
    if (init.app == 0) {
        init.gate.reset();
        const bool guest = init.target.valid();
        become_app(init.plan, init.channel, theirs, {guest, guest && init.console.terminal.valid() ? &init.console.terminal : nullptr});
    }
    // The outer half acts on the app by this, never by a number.
    const UniqueFd app = sys::pidfd_open(init.app);
    plan::Report report{};
    report.kind = plan::ReportKind::app;
    if (!app.valid()) fail(init, plan::Stage::clone, system_error("pidfd_open", "cannot watch the app's process"));
    if (!send(init.channel, report, app.get())) _exit(125);
}

void take(const std::span<const Step> rows, Init& init) {
    for (const Step& step : rows)
        if (const Result<void> result = on(step.stage) ? step.run(init) : Result<void>(); !result) fail(init, step.stage, result.error());
}

// Who does not hear it is dead. As it is: nothing of what follows may allocate (Heap::dropped).
void tell(int channel, const plan::Report& report) { (void)!write(channel, &report, sizeof report); }

// All that is left inside ends at once. Then the outer half, for which somebody waits, goes first: our own end, with the namespaces, would
// take its processor, or the locks that it needs. It takes us along (PR_SET_PDEATHSIG), unless it has still something to do.
void leave_second() {
    constexpr int most_milliseconds = 10;
    if (getpid() != 1) return; // a guest, or one among the host's processes: nothing here goes with us
    (void)kill(-1, SIGKILL);   // what has another id, the kernel ends when we do
    (void)poll(nullptr, 0, most_milliseconds);
}

// Reaps whatever has ended. If the app itself has, so does process 1, and with it the kernel ends everything inside.
void reap(pid_t app, int channel) {
    for (;;) {
        plan::Report report{};
        const pid_t ended = waitpid(-1, &report.value, WNOHANG);
        if (ended < 0 && errno == EINTR) continue;
        if (ended <= 0) return;
        if (ended != app) continue;
        report.kind = plan::ReportKind::exited;
        tell(channel, report);
        leave_second();
        _exit(0);
    }
}

[[noreturn]] void stay(const Init& init) {
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    const UniqueFd ended(signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK)); // everything is blocked since the start
    if (!ended.valid()) fail(init, plan::Stage::init, system_error("signalfd", "cannot watch the app"));
    drop_heap();
    const pid_t app = init.app;
    const int channel = init.channel.get();
    std::array<pollfd, 3> watched{pollfd{ended.get(), POLLIN, 0}, pollfd{channel, POLLIN, 0}, pollfd{init.gate.get(), POLLIN, 0}};
    for (;;) {
        reap(app, channel);
        const int ready = poll(watched.data(), watched.size(), quiet_milliseconds);
        if (ready < 0 && errno != EINTR) _exit(125);
        if (ready == 0) rest(watched, Heap::dropped);
        reap(app, channel);            // before anything is read: somebody waits for the app's end
        if (watched[2].revents != 0) { // the other end closes on exec; had it failed, its report is on its way already
            plan::Report report{};
            report.kind = plan::ReportKind::started;
            tell(channel, report);
            watched[2] = {-1, 0, 0};
        }
        signalfd_siginfo information;
        while (read(ended.get(), &information, sizeof information) > 0) {}
        for (;;) {
            plan::OrderMessage message; // none has a meaning any more; the end has
            const ssize_t got = recv(channel, &message, sizeof message, MSG_DONTWAIT);
            if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) _exit(125);
            if (got < 0) break;
        }
    }
}

} // namespace

void run_init(const plan::Plan& plan, Channel channel, const UniqueFd& target, const Exchange& exchange) {
    channel.outer.reset(); // or the end of the file would never come
    Init init{.plan = plan, .channel = channel.inner, .target = target, .exchange = exchange, .tree = {}, .landmarks = {}, .console = {}, .gate = {}};
    // What the outer half has open is of the host: a folder among it would be a way out for the first line of a script, up to the
    // moment at which its interpreter is open and close-on-exec acts (execve(2)).
    if (const std::array kept{channel.inner.get(), target.get()}; on(Defence::nothing_open) && base::close_all_but(3 + plan.process.preserved_fds, kept) != 0)
        fail(init, plan::Stage::init, system_error("close_range", "cannot close the host's descriptors"));
    if (on(Defence::own_session) && setsid() < 0)
        fail(init, plan::Stage::init, system_error("setsid", "cannot leave the caller's session"));
    // The network namespace needs no maps, and takes longest: the app's process begins at once. A guest has none to make, and a
    // root that is changed by chroot is only that of processes which are forked after it.
    const bool at_once = !target.valid() && plan.root.change == plan::RootChange::pivot;
    if (at_once) start_app(init);
    await(init, plan::Order::maps_written);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
        fail(init, plan::Stage::init, system_error("prctl(PR_SET_PDEATHSIG)", "cannot tie the sandbox to its launcher"));
    // The parent is in another pid namespace (getppid is 0 always): a dead one shows as the end of the channel.
    char byte = 0;
    if (recv(channel.inner.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) _exit(125);
    const Life life = life_of(init);
    take(life.before, init);
    if (!at_once) start_app(init);
    tell_app(init, Gate::maps_written);
    take(life.beside, init);
    tell_app(init, Gate::root_entered);
    take(life.after, init);
    plan::Report ready{};
    ready.kind = plan::ReportKind::ready;
    if (const auto sent = send(channel.inner, ready, init.console.master.get()); !sent) _exit(125);
    take(last, init);
    await(init, plan::Order::run);
    tell_app(init, Gate::go);
    // From here on the descriptors of the app are the app's alone: a reader of its output sees the end when it ends.
    init.tree.reset();
    init.landmarks = {};
    init.console.master.reset();
    const bool terminal = init.console.terminal.valid();
    if (dup2(channel.inner.get(), 0) != 0 || dup2(init.gate.get(), 1) != 1 || (terminal && dup2(init.console.terminal.get(), 2) != 2) ||
        sys::close_range(terminal ? 3 : 2, ~0U, 0) != 0)
        fail(init, plan::Stage::init, system_error("close_range", "cannot close the descriptors"));
    (void)init.console.terminal.release(); // closed just now, but for its copy
    (void)channel.inner.release(); // closed just now
    (void)init.gate.release();
    channel.inner.reset(0);
    init.gate.reset(1);
    stay(init);
}

} // namespace helper
