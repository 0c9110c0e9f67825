#include "launcher/verbs/desktop.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/path.hpp"
#include "launcher/session/client.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;

// What it needs of the caller's environment, and nothing that steers a library of its.
constexpr std::array variables{"HOME", "PATH", "XDG_DATA_HOME", "XDG_DATA_DIRS", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_RUNTIME_DIR",
                               "DBUS_SESSION_BUS_ADDRESS"};

constexpr std::size_t most_words = 1U << 20;

} // namespace

void add(std::vector<std::string>& question, std::string name, std::string value) {
    question.push_back(std::move(name));
    question.push_back(std::move(value));
}

Result<int> run_desktop(const World& world, const std::vector<std::string>& question, std::vector<std::string>* answer) {
    const std::string program = base::joined(base::parent_of(world.session.text), "sandbox-desktop");
    const base::UniqueFd input = TRY(base::sealed_memfd("sandbox-desktop", session::to_message(question)));
    if (lseek(input.get(), 0, SEEK_SET) != 0) return base::system_error("lseek", "cannot hand the question on");
    std::array<int, 2> ends{-1, -1};
    if (answer && pipe2(ends.data(), O_CLOEXEC) != 0) return base::system_error("pipe2", "cannot hear the answer of sandbox-desktop");
    const base::UniqueFd reading(ends[0]);
    base::UniqueFd writing(ends[1]);
    std::vector<char*> environment;
    for (const std::string& entry : world.environment)
        for (const std::string_view name : variables)
            if (entry.starts_with(name) && entry.size() > name.size() && entry[name.size()] == '=') environment.push_back(const_cast<char*>(entry.c_str()));
    environment.push_back(nullptr);
    const std::array<char*, 2> argv{const_cast<char*>("sandbox-desktop"), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input.get(), 0);
    if (answer) posix_spawn_file_actions_adddup2(&actions, writing.get(), 1);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    pid_t pid = -1;
    errno = posix_spawn(&pid, program.c_str(), &actions, nullptr, argv.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    if (errno != 0) {
        Error error = base::system_error("posix_spawn", "cannot start '" + program + "'");
        error.advice = "install the whole package; the program alone is not enough";
        return error;
    }
    writing = base::UniqueFd();
    if (answer) *answer = session::words_in(TRY(base::read_all(reading, most_words)));
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return base::system_error("waitpid", "cannot wait for sandbox-desktop");
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    return Error{.what = "sandbox-desktop was ended by signal " + std::to_string(WTERMSIG(status)), .advice = "this is a bug of ours, or the kernel was out of memory"};
}

Result<std::vector<std::string>> describe_entry(const World& world, const std::string& name) {
    std::vector<std::string> question, answer;
    add(question, "describe", name);
    add(question, "sandbox", base::joined(world.programs.text, "sandbox"));
    const int status = TRY(run_desktop(world, question, &answer));
    if (status == 0 && !answer.empty() && answer.size() % 2 == 0) return answer;
    const auto failure = status == base::exit_status(base::Failure::not_found) ? base::Failure::not_found : base::Failure::ours;
    if (answer.size() == 3 && answer[0] == "failed") return Error{.what = answer[1], .advice = answer[2], .failure = failure};
    return Error{.what = "sandbox-desktop gave no answer about '" + name + "'", .advice = "install the whole package again", .failure = failure};
}

} // namespace verbs
