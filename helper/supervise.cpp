#include "helper/supervise.hpp"

#include "helper/app.hpp"
#include "helper/channel.hpp"
#include "helper/cgroup.hpp"
#include "helper/complaint.hpp"
#include "helper/control.hpp"
#include "helper/defence.hpp"
#include "helper/idmap.hpp"
#include "helper/init.hpp"
#include "helper/namespaces.hpp"
#include "helper/record.hpp"
#include "helper/relay.hpp"
#include "helper/residence.hpp"
#include "helper/sidecar.hpp"
#include "launcher/base/event_loop.hpp"
#include "launcher/base/sys.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <optional>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
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

constexpr std::array forwarded{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};

class Supervisor {
public:
    explicit Supervisor(Start start) : start_(std::move(start)), plan_(start_.plan) {}

    Result<int> run();
    /// The last word to whoever waits for this instance.
    void tell_end(const Result<int>& result) const {
        if (control_) control_->ended(result ? result.value() : base::exit_status(result.error().failure), cgroup_ ? cgroup_->oom_kills() : 0);
    }

private:
    Result<void> listen();
    Result<void> prepare();
    Result<void> clone();
    Result<void> attach_network();
    Result<bool> wait_for(Sidecar& sidecar, const base::Origin& origin);
    Result<bool> sidecars_ready();
    Result<void> on_report();
    Result<void> last_words();
    void on_signal();
    void stop_and_wait();
    void order_signal(int number);
    void tell_started();
    void tell_oom() const;
    int end_sandbox();
    void rest_until_event();

    Start start_;
    const plan::Plan& plan_;
    base::EventLoop loop_;
    UniqueFd signals_;
    UniqueFd channel_;
    UniqueFd child_; ///< pidfd of the inner half
    pid_t pid_ = -1;
    std::unique_ptr<Relay> relay_;
    std::optional<Sidecar> stack_; ///< of the network
    Exchange exchange_;
    std::vector<Sidecar> sidecars_; ///< as in the plan
    std::optional<Record> record_;   ///< a guest has none: it is in that of its host
    std::unique_ptr<Control> control_;
    std::optional<Cgroup> cgroup_;
    UniqueFd app_; ///< pidfd of the app's first process
    bool running_ = false;      ///< the app was told to run
    bool started_ = false;      ///< its program runs
    std::optional<int> status_; ///< the exit status, once it is known
    std::optional<Error> failure_;
};

// Signals are taken one by one from here on, so that none is lost between the clone and the loop.
Result<void> Supervisor::listen() {
    loop_ = TRY(base::EventLoop::make());
    sigset_t all;
    sigfillset(&all);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP}) sigdelset(&all, fault);
    if (sigprocmask(SIG_SETMASK, &all, nullptr) != 0) return system_error("sigprocmask", "cannot block the signals");
    // An inherited "ignore" of SIGCHLD would have the kernel reap the child behind our back.
    if (on(Defence::reaped_here)) (void)signal(SIGCHLD, SIG_DFL);
    sigdelset(&all, SIGCHLD); // blocked all the same: children are watched by their pidfds
    signals_ = UniqueFd(signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!signals_.valid()) return system_error("signalfd", "cannot take the signals");
    return {};
}

void tell(const std::string& warning) {
    const std::string line = "sandbox: warning: " + warning + "\n";
    (void)!write(2, line.data(), line.size()); // nowhere else to say it
}

void tell_death(const Sidecar& sidecar) { tell("the " + sidecar.name() + " of the sandbox has ended; the app goes on without"); }

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

// A detached app has none of its caller's streams: who reads them would wait for its end. Without a null device they stay.
void leave_streams(const UniqueFd& journal) {
    const UniqueFd null = sys::open("/dev/null", O_RDWR);
    for (int stream = 0; stream < 3; ++stream) (void)dup2(stream > 0 && journal.valid() ? journal.get() : null.get(), stream);
}

// What the caller said and had in its environment is nothing to the inside, which may read /proc/1/cmdline.
void forget(std::span<char> memory) {
    constexpr std::string_view name = "sandbox-helper";
    std::fill(memory.begin(), memory.end(), '\0');
    name.copy(memory.data(), memory.empty() ? 0 : memory.size() - 1);
}

// One clone into every namespace at once; the child waits for its maps.
Result<void> Supervisor::clone() {
    if (!start_.target.valid()) for (const NamespaceKind& kind : namespace_kinds)
        if (const auto& space = plan_.namespaces.*kind.place; space.mode == plan::NamespaceMode::join) TRY(join(space, kind));
    Channel channel = TRY(make_channel());
    int pidfd = -1;
    clone_args arguments{};
    arguments.flags = CLONE_PIDFD;
    arguments.pidfd = reinterpret_cast<std::uintptr_t>(&pidfd);
    arguments.exit_signal = SIGCHLD;
    // Born in its control group: nothing that it starts can be outside (G3 of the reference: no moment without limits).
    if (const int leaf = start_.target.valid() ? start_.cgroup.get() : cgroup_ ? cgroup_->leaf() : -1; leaf >= 0) {
        arguments.flags |= CLONE_INTO_CGROUP;
        arguments.cgroup = static_cast<std::uint64_t>(leaf);
    }
    if (!start_.target.valid()) for (const NamespaceKind& kind : namespace_kinds) // but for the network namespace, which the app's process may make meanwhile
        if ((plan_.namespaces.*kind.place).mode == plan::NamespaceMode::fresh && (kind.flag != CLONE_NEWNET || network_first(plan_)))
            arguments.flags |= static_cast<std::uint64_t>(kind.flag);
    pid_ = sys::clone3(arguments);
    if (pid_ < 0) return complaint(plan::Stage::clone, system_error("clone3", "cannot make the namespaces of the sandbox"));
    if (pid_ == 0) {
        if (start_.notify.valid()) leave_streams(start_.journal);
        if (record_) record_->let_go(); // the lock is the outer half's alone
        forget(start_.memory);
        run_init(plan_, std::move(channel), start_.target, exchange_);
    }
    child_ = UniqueFd(pidfd);
    channel_ = std::move(channel.outer);
    return {};
}

// What must stand before the first process of the sandbox is born.
Result<void> Supervisor::prepare() {
    if (start_.target.valid()) return {};
    if (record_) control_ = TRY(Control::listen(record_->folder(), loop_));
    if (start_.cgroup.valid()) {
        const bool scope = record_ && !record_->state().unit.empty();
        cgroup_ = TRY(Cgroup::make(std::move(start_.cgroup), scope, "sandbox-" + plan_.instance, plan_.limits));
        for (const std::string& warning : cgroup_->warnings()) tell(warning);
    }
    // First of all: they start beside the building of the root, and are waited for last.
    const UniqueFd none;
    exchange_ = TRY(Exchange::make(record_ ? record_->folder() : none, plan_));
    for (const plan::Sidecar& wish : plan_.sidecars) {
        auto started = Sidecar::start(wish, plan_, exchange_);
        if (!started && started.error().origin.file.empty()) started.error().origin = wish.origin;
        sidecars_.push_back(TRY(std::move(started)));
    }
    return {};
}

// False: a signal came that ends the launch. Any other (a window that changes its size) is taken, and the wait goes on.
Result<bool> Supervisor::wait_for(Sidecar& sidecar, const base::Origin& origin) {
    for (;;) {
        auto ready = sidecar.wait_ready(signals_);
        if (ready) return true;
        if (ready.error().code != EINTR) {
            ready.error().origin = origin;
            return std::move(ready).error();
        }
        on_signal();
        if (status_) return false;
    }
}

Result<bool> Supervisor::sidecars_ready() {
    for (std::size_t at = 0; at < sidecars_.size(); ++at) {
        const bool ready = TRY(wait_for(sidecars_[at], plan_.sidecars[at].origin));
        if (!ready) return false;
        TRY(loop_.add(sidecars_[at].process().get(), EPOLLIN, [this, at](std::uint32_t) {
            loop_.remove(sidecars_[at].process().get());
            tell_death(sidecars_[at]);
        }));
    }
    return true;
}

// Beside the building of the root; the sandbox's init waits for it.
Result<void> Supervisor::attach_network() {
    if (plan_.network.mode != plan::NetworkMode::user || start_.target.valid()) return {};
    stack_ = TRY(Sidecar::start_stack(plan_.network, pid_));
    auto ready = wait_for(*stack_, plan_.network.origin);
    if (!ready) {
        if (ready.error().advice.empty()) ready.error().advice = "the host needs a network interface with a route; run it by hand to see what it lacks";
        return std::move(ready).error();
    }
    if (!ready.value()) return {}; // the loop ends the launch
    TRY(loop_.add(stack_->process().get(), EPOLLIN, [this](std::uint32_t) {
        loop_.remove(stack_->process().get());
        tell_death(*stack_);
    }));
    return send(channel_, plan::OrderMessage{plan::Order::network_ready});
}

// To whoever waits for a detached start. Until now it ended with its caller.
void Supervisor::tell_started() {
    if (!start_.notify.valid()) return;
    (void)prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0); // cannot fail
    (void)!write(start_.notify.get(), "S", 1); // a caller that is gone does not wait
    start_.notify.reset();
    leave_streams(start_.journal);
    start_.journal.reset();
}

// Killed without a word of its own, it looks like a fault of the app.
void Supervisor::tell_oom() const {
    // Process 1 goes with the rest where the whole group is killed, and tells no status.
    if (!cgroup_ || status_.value_or(128 + SIGKILL) != 128 + SIGKILL || cgroup_->oom_kills() == 0) return;
    std::string text = "the kernel killed the app for its memory limit";
    for (const plan::Limit& limit : plan_.limits.values)
        if (limit.name == "memory.max") text += " (memory.max = " + limit.value + ", " + to_text(limit.origin) + ")";
    tell(text);
}

void Supervisor::order_signal(int number) {
    // Before the app runs there is nobody to forward to: the launch ends.
    if (!running_) {
        status_ = 128 + number;
        return;
    }
    // From here, where the right to it is: process 1 has none over an app with another id. One that ended needs none.
    (void)sys::pidfd_send_signal(app_, number);
}

// Job control: the app is in a session of its own, so the caller's stop must be carried to it by hand.
void Supervisor::stop_and_wait() {
    order_signal(SIGSTOP);
    if (relay_) relay_->leave_raw_mode();
    (void)raise(SIGSTOP); // cannot fail for oneself
    if (relay_) relay_->enter_raw_mode();
    order_signal(SIGCONT);
}

void Supervisor::on_signal() {
    signalfd_siginfo information;
    while (!status_ && read(signals_.get(), &information, sizeof information) == static_cast<ssize_t>(sizeof information)) {
        const int number = static_cast<int>(information.ssi_signo);
        if (number == SIGWINCH && relay_) relay_->resize();
        else if (number == SIGCONT && relay_) relay_->enter_raw_mode();
        else if (number == SIGTSTP && running_) stop_and_wait();
        else if (std::find(forwarded.begin(), forwarded.end(), number) != forwarded.end()) {
            if (number == SIGHUP && relay_) relay_->hang_up();
            else order_signal(number);
        }
    }
}

Result<void> Supervisor::on_report() {
    plan::Report report;
    UniqueFd descriptor;
    const Received got = TRY(receive(channel_, report, descriptor, MSG_DONTWAIT));
    if (got == Received::nothing) return {};
    if (got == Received::closed) { // its pidfd tells how it ended
        loop_.remove(channel_.get());
        return {};
    }
    switch (report.kind) {
    case plan::ReportKind::app:
        app_ = std::move(descriptor);
        // While the root is built: the record stands before the app may do anything, and goes again if it never does.
        if (auto written = record_ ? record_->running(app_) : Result<void>(); !written) {
            if (written.error().code == ESRCH) break; // it has ended already, and a report or the pidfd tells why
            return written;
        }
        // Who does not hear it has ended, too.
        if (TRY(sidecars_ready()))
            if (auto sent = send(channel_, plan::OrderMessage{plan::Order::run}); !sent && sent.error().code != EPIPE && sent.error().code != ECONNRESET)
                return sent;
        let_go_of_code(); // the root is being built, and we wait
        break;
    case plan::ReportKind::ready:
        if (plan_.process.terminal == plan::Terminal::pty) relay_ = TRY(Relay::make(std::move(descriptor), loop_));
        running_ = true;
        if (control_) control_->running(app_.get());
        // The app's end shows here while process 1 still reaps it: what is to be cleared away, is cleared away meanwhile.
        if (record_)
            TRY(loop_.add(app_.get(), EPOLLIN, [this](std::uint32_t) {
                loop_.remove(app_.get());
                record_->clear();
            }));
        break;
    case plan::ReportKind::failed:
        failure_ = complaint(plan_, report);
        break;
    case plan::ReportKind::started:
        started_ = true;
        tell_started();
        break;
    case plan::ReportKind::exited:
        if (running_) tell_started(); // and ended so soon that nothing came between
        if (WIFEXITED(report.value)) status_ = WEXITSTATUS(report.value);
        else status_ = 128 + WTERMSIG(report.value);
        break;
    }
    return {};
}

// Of the Plan only the limits have a say once the app's program runs (tell_oom).
void Supervisor::rest_until_event() {
    plan::Plan kept;
    kept.limits = std::move(start_.plan.limits);
    start_.plan = std::move(kept);
    std::array watched{pollfd{loop_.descriptor(), POLLIN, 0}};
    rest(watched, Heap::trimmed);
}

// How process 1 ended, as waitpid(2) has it.
int Supervisor::end_sandbox() {
    int status = SIGKILL;
    if (pid_ < 0) return status;
    (void)sys::pidfd_send_signal(child_, SIGKILL); // it may have ended by itself
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {}
    pid_ = -1;
    return status;
}

// What a sandbox said before it ended may still be in the socket.
Result<void> Supervisor::last_words() {
    while (!status_ && !failure_) {
        plan::Report report;
        UniqueFd descriptor;
        const auto got = receive(channel_, report, descriptor, MSG_DONTWAIT | MSG_PEEK);
        if (!got || got.value() != Received::message) break;
        TRY(on_report());
    }
    return {};
}

Result<int> Supervisor::run() {
    if (start_.record.valid()) record_ = TRY(Record::open(std::move(start_.record)));
    TRY(listen());
    TRY(prepare());
    TRY(clone());
    // Whatever leaves this function early ends what was started.
    struct Ended {
        Supervisor& self;
        bool armed = true;
        ~Ended() { if (armed) self.end_sandbox(); }
    } ended{*this};
    if (auto written = start_.target.valid() ? Result<void>() : write_id_maps(plan_.ids, pid_, child_); !written) {
        // A child that has failed already is no process to write maps for: then its own word counts.
        TRY(last_words());
        if (failure_) return std::move(*failure_);
        Error error = complaint(plan::Stage::maps, std::move(written).error());
        if (error.origin.file.empty()) error.origin = plan_.ids.origin;
        return error;
    }
    TRY(send(channel_, plan::OrderMessage{plan::Order::maps_written}));
    TRY(attach_network());

    Result<void> heard;
    bool dead = false;
    TRY(loop_.add(signals_.get(), EPOLLIN, [&](std::uint32_t) { on_signal(); }));
    TRY(loop_.add(channel_.get(), EPOLLIN, [&](std::uint32_t) { heard = on_report(); }));
    TRY(loop_.add(child_.get(), EPOLLIN, [&](std::uint32_t) { dead = true; }));
    while (!status_ && !failure_ && !dead) {
        // Whoever closed the terminal wants no survivor: the app gets SIGHUP and a second, whatever it thinks of SIGHUP.
        const bool closing = relay_ && relay_->hung_up();
        if (closing) order_signal(SIGHUP);
        const int ran = TRY(loop_.wait(closing ? 1000 : quiet_milliseconds));
        if (!heard) return std::move(heard).error();
        if (closing && ran == 0) break;
        if (ran == 0 && started_) rest_until_event();
    }
    if (!status_ && !failure_ && !dead) {
        end_sandbox();
        return 128 + SIGHUP;
    }
    if (dead) TRY(last_words());
    if (relay_) relay_->drain();
    relay_.reset();
    if (failure_) return std::move(*failure_);
    tell_oom();
    if (status_ && running_) {
        ended.armed = false; // process 1 ends by itself; nobody waits for the kernel to take its namespaces apart
        return *status_;
    }
    if (status_) return *status_;
    // Killed, and everything inside with it; else it could not even say what it lacked.
    if (WIFSIGNALED(end_sandbox())) return 128 + SIGKILL;
    return Error{.what = "the sandbox's init ended and could not say why", .advice = "is the host out of memory?"};
}

} // namespace

Result<int> supervise(Start start) {
    Supervisor supervisor(std::move(start));
    Result<int> result = supervisor.run();
    supervisor.tell_end(result);
    return result;
}

} // namespace helper
