// The user-mode network stack.

#include "helper/sidecar.hpp"

#include "launcher/base/path.hpp"
#include "launcher/base/sys.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;
namespace sys = base::sys;

// What the stack is given: one closes when it has to go; on the other it writes that it is ready. pasta closes all that it does
// not know, and opens no file of ours by name once it has entered the sandbox's user namespace: it writes to its stdout.
constexpr int life_fd = 3;
constexpr int number_fd = 4;

std::string filled(std::string word, pid_t pid) {
    const auto fill = [&](std::string_view place, const std::string& value) {
        if (const auto at = word.find(place); at != std::string::npos) word.replace(at, place.size(), value);
    };
    fill("{pid}", std::to_string(pid));
    fill("{ready}", "/proc/self/fd/" + std::to_string(ready_fd));
    fill("{ready-fd}", std::to_string(number_fd));
    fill("{exit-fd}", std::to_string(life_fd));
    return word;
}

// The guard's child: nothing of ours is left but the two pipes.
[[noreturn]] void become_stack(const std::vector<char*>& argv) {
    sigset_t none;
    sigemptyset(&none);
    char* const environment[] = {nullptr};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && chdir("/") == 0 && sigprocmask(SIG_SETMASK, &none, nullptr) == 0)
        execve(argv[0], argv.data(), environment);
    _exit(127);
}

// Whether it writes to a number that it is told; its stdout may then say what it likes.
bool takes_number(const plan::Network& network) {
    return std::any_of(network.sidecar.begin(), network.sidecar.end(), [](const std::string& word) { return word.find("{ready-fd}") != std::string::npos; });
}

[[noreturn]] void run_guard(const plan::Network& network, pid_t pid, const Pipe& ready, const Pipe& life) {
    (void)setsid(); // a ^C of the caller's terminal is not for the stack; a fresh process always may
    // Copies above the numbers that are given away, so that no step overwrites what a later one needs.
    const int ready_copy = fcntl(ready.write.get(), F_DUPFD, 16);
    const int life_copy = fcntl(life.read.get(), F_DUPFD, 16);
    const int null = fcntl(open("/dev/null", O_RDWR), F_DUPFD, 16);
    const bool number = takes_number(network);
    if (dup2(null, 0) < 0 || dup2(number ? null : ready_copy, ready_fd) < 0 || dup2(null, 2) < 0 || dup2(life_copy, life_fd) < 0 ||
        dup2(number ? ready_copy : null, number_fd) < 0 || sys::close_range(number_fd + 1, ~0U, 0) != 0)
        _exit(1);
    std::vector<std::string> words;
    for (const std::string& word : network.sidecar) words.push_back(filled(word, pid));
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const pid_t stack = fork();
    if (stack < 0) _exit(1);
    if (stack == 0) become_stack(argv);
    const UniqueFd ended = sys::pidfd_open(stack);
    std::array<pollfd, 2> watched{pollfd{life_fd, POLLIN, 0}, pollfd{ended.get(), POLLIN, 0}};
    while (ended.valid() && poll(watched.data(), watched.size(), -1) < 0 && errno == EINTR) {}
    (void)kill(stack, SIGKILL); // ours to reap: the number is no other's
    (void)waitpid(stack, nullptr, 0);
    _exit(0);
}

} // namespace

Result<Sidecar> Sidecar::start_stack(const plan::Network& network, pid_t pid) {
    const std::string& program = network.sidecar.front();
    if (access("/dev/net/tun", R_OK | W_OK) != 0) { // some versions hang without it, and say nothing
        Error error = system_error("access", "cannot use /dev/net/tun, which '" + program + "' needs");
        error.advice = "as root: chmod 0666 /dev/net/tun (udev does it where it runs), or choose another network.mode";
        error.origin = network.origin;
        return error;
    }
    Sidecar sidecar;
    Pipe ready = TRY(make_pipe());
    Pipe life = TRY(make_pipe());
    const pid_t child = fork();
    if (child < 0) return system_error("fork", "cannot start '" + program + "'");
    if (child == 0) run_guard(network, pid, ready, life);
    sidecar.process_ = sys::pidfd_open(child);
    if (!sidecar.process_.valid()) return system_error("pidfd_open", "cannot watch '" + program + "'");
    sidecar.ready_ = std::move(ready.read);
    sidecar.life_ = std::move(life.write);
    sidecar.ready_word_ = takes_number(network) ? ReadyWord::one : ReadyWord::number;
    sidecar.name_ = "network stack";
    sidecar.program_ = base::name_in(program);
    return sidecar;
}

} // namespace helper
