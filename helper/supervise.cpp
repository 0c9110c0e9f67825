#include "helper/supervise.hpp"

#include "helper/cgroup.hpp"
#include "helper/channel.hpp"
#include "helper/complaint.hpp"
#include "helper/control.hpp"
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
#include <optional>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::UniqueFd;
namespace sys = base::sys;

constexpr std::array forwarded{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};

class Supervisor {
public:
    Supervisor(Start start, std::optional<Ahead> ahead) : start_(std::move(start)), plan_(start_.plan), ahead_(std::move(ahead)) {}

    Result<int> run();
    /// The last word to whoever waits for this instance.
    void tell_end(const Result<int>& result) const {
        if (control_) control_->ended(result ? result.value() : base::exit_status(result.error().failure), cgroup_ ? cgroup_->oom_kills() : 0);
    }

    /// Clears away what outlives this process.
    void leave() {
        cgroup_.reset();
        record_.reset();
    }

private:
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
    void let_go_of_start();
    void rest_until_event();

    Start start_;
    const plan::Plan& plan_;
    std::optional<Ahead> ahead_;
    base::EventLoop loop_;
    UniqueFd signals_;
    Born born_; ///< the inner half
    Result<void> mapped_; ///< its ids
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

void tell(const std::string& warning) {
    const std::string line = "sandbox: warning: " + warning + "\n";
    (void)!write(2, line.data(), line.size()); // nowhere else to say it
}

void tell_death(const Sidecar& sidecar) { tell("the " + sidecar.name() + " of the sandbox has ended; the app goes on without"); }

Result<void> Supervisor::clone() {
    const int leaf = start_.target.valid() ? start_.cgroup.get() : cgroup_ ? cgroup_->leaf() : -1;
    born_ = TRY(give_birth(plan_, {.target = start_.target, .exchange = exchange_, .memory = start_.memory, .group = leaf,
                                   .journal = start_.notify.valid() ? &start_.journal : nullptr}));
    mapped_ = start_.target.valid() ? send(born_.channel, plan::OrderMessage{plan::Order::maps_written}) : map_ids(plan_, born_);
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
        auto ready = wait_for(sidecars_[at], plan_.sidecars[at].origin);
        if (!ready && ready.error().advice.empty()) ready.error().advice = "start it by hand to see why; sandbox doctor looks at what it needs";
        if (!TRY(std::move(ready))) return false;
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
    stack_ = TRY(Sidecar::start_stack(plan_.network, born_.pid));
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
    return send(born_.channel, plan::OrderMessage{plan::Order::network_ready});
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
    const Received got = TRY(receive(born_.channel, report, descriptor, MSG_DONTWAIT));
    if (got == Received::nothing) return {};
    if (got == Received::closed) { // its pidfd tells how it ended
        loop_.remove(born_.channel.get());
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
            if (auto sent = send(born_.channel, plan::OrderMessage{plan::Order::run}); !sent && sent.error().code != EPIPE && sent.error().code != ECONNRESET)
                return sent;
        break;
    case plan::ReportKind::ready:
        if (plan_.process.terminal == plan::Terminal::pty) relay_ = TRY(Relay::make(std::move(descriptor), loop_));
        running_ = true;
        if (control_) control_->running(app_.get());
        // The app's end shows here while process 1 still reaps it: what is to be cleared away, is cleared away meanwhile.
        if (record_)
            TRY(loop_.add(app_.get(), EPOLLIN | EPOLLONESHOT, [this](std::uint32_t) { record_->clear(); }));
        break;
    case plan::ReportKind::failed:
        failure_ = complaint(plan_, report);
        break;
    case plan::ReportKind::started:
        started_ = true;
        tell_started();
        let_go_of_start();
        break;
    case plan::ReportKind::exited:
        if (running_) tell_started(); // and ended so soon that nothing came between
        if (WIFEXITED(report.value)) status_ = WEXITSTATUS(report.value);
        else status_ = 128 + WTERMSIG(report.value);
        break;
    }
    return {};
}

// Of the Plan only the limits have a say once the app's program runs (tell_oom). What the start needed goes beside the app, so that it
// does not have to go at the app's end, when somebody waits.
void Supervisor::let_go_of_start() {
    plan::Plan kept;
    kept.limits = std::move(start_.plan.limits);
    start_.plan = std::move(kept);
    let_go_of_pages();
}

void Supervisor::rest_until_event() {
    std::array watched{pollfd{loop_.descriptor(), POLLIN, 0}};
    rest(watched, Heap::trimmed);
}

// What a sandbox said before it ended may still be in the socket.
Result<void> Supervisor::last_words() {
    while (!status_ && !failure_) {
        plan::Report report;
        UniqueFd descriptor;
        const auto got = receive(born_.channel, report, descriptor, MSG_DONTWAIT | MSG_PEEK);
        if (!got || got.value() != Received::message) break;
        TRY(on_report());
    }
    return {};
}

Result<int> Supervisor::run() {
    if (start_.record.valid()) record_ = TRY(Record::open(std::move(start_.record)));
    loop_ = TRY(base::EventLoop::make());
    if (!ahead_) signals_ = TRY(take_signals()).taken;
    TRY(prepare());
    if (ahead_) {
        Ahead::Standing standing = ahead_->take_over();
        signals_ = std::move(standing.signals);
        born_ = std::move(standing.born);
        mapped_ = std::move(standing.mapped);
    } else TRY(clone());
    // Whatever leaves this function early ends what was started.
    struct Ended {
        Supervisor& self;
        bool armed = true;
        ~Ended() { if (armed) (void)end(self.born_); }
    } ended{*this};
    if (!mapped_) {
        // A child that has failed already is no process to write maps for: then its own word counts.
        TRY(last_words());
        if (failure_) return std::move(*failure_);
        Error error = complaint(plan::Stage::maps, std::move(mapped_).error());
        if (error.origin.file.empty()) error.origin = plan_.ids.origin;
        return error;
    }
    TRY(attach_network());

    Result<void> heard;
    bool dead = false;
    TRY(loop_.add(signals_.get(), EPOLLIN, [&](std::uint32_t) { on_signal(); }));
    TRY(loop_.add(born_.channel.get(), EPOLLIN, [&](std::uint32_t) { heard = on_report(); }));
    TRY(loop_.add(born_.child.get(), EPOLLIN, [&](std::uint32_t) { dead = true; }));
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
        (void)end(born_);
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
    if (WIFSIGNALED(end(born_))) return 128 + SIGKILL;
    return Error{.what = "the sandbox's init ended and could not say why", .advice = "is the host out of memory?"};
}

} // namespace

Result<int> supervise(Start start, std::optional<Ahead> ahead) {
    auto supervisor = std::make_unique<Supervisor>(std::move(start), std::move(ahead));
    Result<int> result = supervisor->run();
    supervisor->tell_end(result);
    if (result) {
        supervisor->leave();
        (void)supervisor.release(); // it ends with the process, which takes less time than to put it in order
    }
    return result;
}

} // namespace helper
