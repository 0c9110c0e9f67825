#include "launcher/verbs/integrate.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/text.hpp"
#include "launcher/resolve/host_linux.hpp"
#include "launcher/resolve/resolve.hpp"
#include "launcher/session/client.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;

constexpr std::array rows{
    OptionRow{"--check", 0, "", "list every way in which an integrated app still starts outside; status 1 if there is one"},
    OptionRow{"--undo", 0, "", "take the wrappers away, and put back what was there before"},
};

// What sandbox-desktop needs of the caller's environment, and nothing that steers a library of its.
constexpr std::array variables{"HOME", "PATH", "XDG_DATA_HOME", "XDG_DATA_DIRS", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_RUNTIME_DIR",
                               "DBUS_SESSION_BUS_ADDRESS"};

using Words = std::vector<std::string>;

void add(Words& words, std::string name, std::string value) {
    words.push_back(std::move(name));
    words.push_back(std::move(value));
}

// Programs by their true paths: an entry may name another way to the same one.
Result<void> describe(const profile::Profile& profile, const resolve::HostLinux& host, Words& words) {
    add(words, "app", profile.app.id.value);
    for (const auto& item : profile.app.desktop) add(words, "desktop", item.value);
    const profile::Places places = resolve::places(host, profile.app.id.value);
    for (const auto& item : profile.app.exec) {
        const auto path = profile::expand(item.value, places);
        const auto normal = path.ok() ? base::normalised(path.value()) : path;
        if (!normal) continue; // told by whoever starts it
        const auto found = host.look({normal.value()}, resolve::FollowLinks::yes);
        if (found.ok() && found.value()) add(words, "program", found.value()->path.text);
    }
    return {};
}

Result<std::vector<std::string>> wanted(const World& world, const Words& named) {
    Words ids = named;
    for (const std::string& name : named)
        if (name.find('/') != std::string::npos)
            return Error{.what = "'" + name + "' is a file, and menus name profiles", .advice = "put it into the apps/ of a folder of profiles",
                         .failure = base::Failure::usage};
    if (named.empty())
        for (const profile::Listed& row : TRY(profile::list(search_folders(world)))) ids.push_back(row.id);
    return ids;
}

Result<int> run_desktop(const World& world, const Words& question) {
    const std::string program = base::joined(base::parent_of(world.session.text), "sandbox-desktop");
    const base::UniqueFd input = TRY(base::sealed_memfd("sandbox-integrate", session::to_message(question)));
    if (lseek(input.get(), 0, SEEK_SET) != 0) return base::system_error("lseek", "cannot hand the question on");
    std::vector<char*> environment;
    for (const std::string& entry : world.environment)
        for (const std::string_view name : variables)
            if (entry.starts_with(name) && entry.size() > name.size() && entry[name.size()] == '=') environment.push_back(const_cast<char*>(entry.c_str()));
    environment.push_back(nullptr);
    const std::array<char*, 2> argv{const_cast<char*>("sandbox-desktop"), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input.get(), 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    pid_t pid = -1;
    errno = posix_spawn(&pid, program.c_str(), &actions, nullptr, argv.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    if (errno != 0) {
        Error error = base::system_error("posix_spawn", "cannot start '" + program + "'");
        error.advice = "install the whole package; the program alone is not enough";
        return error;
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return base::system_error("waitpid", "cannot wait for sandbox-desktop");
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    return Error{.what = "sandbox-desktop was ended by signal " + std::to_string(WTERMSIG(status))};
}

} // namespace

std::span<const OptionRow> integrate_options() { return rows; }

Result<Outcome> integrate(const World& world, const Parsed& parsed) {
    const bool check = parsed.has("--check"), undo = parsed.has("--undo");
    if (check && undo) return Error{.what = "--check and --undo exclude each other", .advice = "say one of them", .failure = base::Failure::usage};
    Outcome outcome;
    Words question;
    add(question, "mode", check ? "check" : undo ? "undo" : "make");
    add(question, "sandbox", base::joined(world.programs.text, "sandbox"));
    add(question, "named", parsed.rest.empty() ? "no" : "yes");
    const resolve::HostLinux host(world.environment, resolve::MayCreate::no);
    for (const std::string& id : TRY(wanted(world, parsed.rest))) {
        const auto profile = profile::load({.folders = search_folders(world), .profile = id, .overrides = {}});
        if (profile) {
            TRY(describe(profile.value(), host, question));
        } else if (undo) { // the wrappers of a profile that is gone go too
            add(question, "app", id);
        } else if (!parsed.rest.empty()) {
            return profile.error();
        } else {
            outcome.warnings.push_back(to_text(profile.error()));
        }
    }
    outcome.status = TRY(run_desktop(world, question));
    return outcome;
}

} // namespace verbs
