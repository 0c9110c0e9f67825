#include "launcher/session/client.hpp"

#include "launcher/base/text.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace session {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;

std::string to_message(const std::vector<std::string>& words) {
    std::string message;
    for (const std::string& word : words) message.append(word.c_str(), word.size() + 1);
    return message;
}

std::vector<std::string> words_in(std::string_view message) {
    std::vector<std::string> words;
    for (auto end = message.find('\0'); end != std::string_view::npos; end = message.find('\0')) {
        words.emplace_back(message.substr(0, end));
        message.remove_prefix(end + 1);
    }
    return words;
}

std::string unit_of(const std::string& instance) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string unit = "app-sandbox-";
    for (const char letter : instance) {
        const auto byte = static_cast<unsigned char>(letter);
        const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
                           letter == '_' || letter == '.' || letter == ':';
        if (plain) unit += letter;
        else ((unit += "\\x") += digits[byte >> 4]) += digits[byte & 15];
    }
    return unit + ".scope";
}

std::optional<Session> Session::start(const base::HostPath& program, const std::vector<std::string>& environment) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return std::nullopt;
    UniqueFd ours(ends[0]);
    const UniqueFd theirs(ends[1]);
    std::vector<char*> variables;
    for (const std::string& entry : environment)
        if (entry.starts_with("DBUS_SESSION_BUS_ADDRESS=") || entry.starts_with("XDG_RUNTIME_DIR=")) variables.push_back(const_cast<char*>(entry.c_str()));
    variables.push_back(nullptr);
    const std::array<char*, 2> argv{const_cast<char*>("sandbox-session"), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    // Its end becomes descriptor 0; nothing else of the caller's but stderr is left to it.
    posix_spawn_file_actions_adddup2(&actions, theirs.get(), 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    // In a session of its own: a ^C that ends the launcher leaves it, and it takes back what the launcher asked for.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    pid_t pid = -1;
    errno = posix_spawn(&pid, program.text.c_str(), &actions, &attributes, argv.data(), variables.data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (errno != 0) return std::nullopt;
    return Session(std::move(ours), pid);
}

Session::~Session() {
    if (!socket_.valid()) return;
    socket_.reset();
    // A bus that hangs must not hold the app up: it has nothing more to say.
    (void)::kill(pid_, SIGKILL); // ours to reap: the number is no other's
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
}

Result<void> Session::ask(const std::vector<std::string>& words, int deadline) const {
    const std::string message = to_message(words);
    if (::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(message.size()))
        return system_error("send", "cannot talk to sandbox-session");
    pollfd watched{socket_.get(), POLLIN, 0};
    int ready = 0;
    do ready = poll(&watched, 1, deadline);
    while (ready < 0 && errno == EINTR);
    if (ready <= 0)
        return Error{.what = "the systemd user manager did not answer in " + std::to_string(deadline / 1000) + " seconds", .code = ETIMEDOUT,
                     .advice = "see systemctl --user status"};
    std::array<char, 4096> answer{};
    const ssize_t got = recv(socket_.get(), answer.data(), answer.size(), 0);
    const std::vector<std::string> said = words_in(std::string_view(answer.data(), static_cast<std::size_t>(got > 0 ? got : 0)));
    if (said.size() == 1 && said[0] == "ok") return {};
    if (said.size() == 3 && said[0] == "failed") return Error{.what = said[1], .advice = said[2]};
    return Error{.what = "sandbox-session ended without an answer", .advice = "try again; if it goes on, install the whole package again"};
}

namespace {

void add(std::vector<std::string>& words, const std::vector<plan::Limit>& limits) {
    for (const plan::Limit& limit : limits) words.insert(words.end(), {limit.name, limit.value});
}

} // namespace

Result<void> Session::make_scope(const std::string& unit, const std::string& description, const plan::Limits& limits, int deadline) const {
    std::vector<std::string> words{"scope", unit, description, std::to_string(getpid())};
    if (limits.requirement != plan::Requirement::off) add(words, limits.values);
    return ask(words, deadline);
}

Result<void> Session::attach(const std::string& unit, const std::string& leaf, int deadline) const {
    return ask({"attach", unit, leaf, std::to_string(getpid())}, deadline);
}

Result<void> Session::set_limits(const std::string& unit, const std::vector<plan::Limit>& limits, int deadline) const {
    std::vector<std::string> words{"limits", unit};
    add(words, limits);
    return ask(words, deadline);
}

Result<void> Session::stop(const std::string& unit, int deadline) const { return ask({"stop", unit}, deadline); }

Result<void> Session::wake_documents(int deadline) const { return ask({"documents"}, deadline); }

} // namespace session
