#include "launcher/verbs/detach.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;

// "ID\n" comes from the start, and from the helper, once the app runs, an "S".
bool has_started(const std::string& said) { return said.ends_with("\nS"); }

Result<Outcome> wait_for(pid_t pid, const UniqueFd& pipe) {
    const UniqueFd process = base::sys::pidfd_open(pid);
    if (!process.valid()) return system_error("pidfd_open", "cannot watch the start");
    std::string said;
    // By its end too: something that it started may hold the pipe open.
    std::array<pollfd, 2> watched{pollfd{pipe.get(), POLLIN, 0}, pollfd{process.get(), POLLIN, 0}};
    while (!has_started(said)) {
        if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return system_error("poll", "cannot watch the start");
        std::array<char, 256> bytes{};
        if (const ssize_t got = watched[0].revents != 0 ? read(pipe.get(), bytes.data(), bytes.size()) : 0; got > 0) said.append(bytes.data(), static_cast<std::size_t>(got));
        else if (watched[0].revents != 0) watched[0].fd = -1;
        else if (watched[1].revents != 0) break;
    }
    Outcome outcome;
    if (has_started(said)) {
        outcome.output = said.substr(0, said.size() - 1);
        return outcome;
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return outcome;
}

// To the journal as systemd-cat(1) speaks to it: who writes, then six lines of settings, of which only the priority is not empty
// or "no". It is not waited for: a journal that takes nobody is none, and then the null device takes the lines.
UniqueFd journal_stream(const std::string& app) {
    UniqueFd stream(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = "/run/systemd/journal/stdout"};
    const std::string head = app + "\n\n6\n0\n0\n0\n0\n"; // 6: LOG_INFO, whatever the app writes before a line
    if (!stream.valid() || connect(stream.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        shutdown(stream.get(), SHUT_RD) != 0 || write(stream.get(), head.data(), head.size()) != static_cast<ssize_t>(head.size()) ||
        fcntl(stream.get(), F_SETFL, 0) != 0)
        return {};
    return stream;
}

} // namespace

Result<Outcome> detach(const World& world, const Parsed& parsed, Result<Outcome> (*start)(const World&, const Parsed&)) {
    for (const Given& given : parsed.options) {
        if (given.name == "--tty" || given.name == "--die-with-parent")
            return Error{.what = "what is detached has no terminal and no parent", .advice = "leave one of the two options out", .origin = {given.text, 0, 0}, .failure = base::Failure::usage};
        if (given.name == "--log-denials")
            return Error{.what = "nobody is there to be told at the end of what is detached", .advice = "leave --detach or --log-denials out", .origin = {given.text, 0, 0}, .failure = base::Failure::usage};
    }
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return system_error("pipe2", "cannot make a pipe for the start");
    UniqueFd reading(ends[0]);
    UniqueFd writing(ends[1]);
    const pid_t caller = getpid();
    const pid_t pid = fork();
    if (pid < 0) return system_error("fork", "cannot detach the start");
    if (pid > 0) {
        writing.reset();
        return wait_for(pid, reading);
    }
    reading.reset();
    (void)setsid(); // a fresh process always may
    if (prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) != 0 || getppid() != caller) return Error{.what = "the process that started us has ended", .advice = "nothing was started"};
    Parsed without_terminal = parsed;
    without_terminal.options.push_back({"--no-tty", "", "--detach"});
    Outcome outcome = TRY(start(world, without_terminal));
    if (outcome.start) {
        TRY(base::write_all(writing, outcome.start->plan.instance + "\n"));
        outcome.start->notify = std::move(writing);
        outcome.start->journal = journal_stream(outcome.start->plan.app);
    }
    return outcome;
}

} // namespace verbs
