#include "launcher/verbs/exec.hpp"

#include "launcher/base/text.hpp"
#include "launcher/plan/check.hpp"
#include "launcher/verbs/join.hpp"
#include "launcher/verbs/lookup.hpp"

#include <algorithm>
#include <array>
#include <unistd.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;

constexpr std::array rows{
    OptionRow{"--env", 0, "NAME=VALUE", "set a variable"},
    OptionRow{"--unsetenv", 0, "NAME", "remove a variable"},
    OptionRow{"--cwd", 0, "DIR", "working folder, inside"},
    OptionRow{"--tty", 't', "", "always a terminal of its own"},
    OptionRow{"--no-tty", 'T', "", "never a terminal of its own"},
};

void drop_variable(std::vector<std::string>& environment, const std::string& name) {
    std::erase_if(environment, [&](const std::string& entry) { return entry.starts_with(name + "="); });
}

// The recorded Plan with another command. Nothing of its confinement can be changed here, by no option.
Result<void> change(plan::Process& process, const Parsed& parsed) {
    process.argv.assign(parsed.rest.begin() + 1, parsed.rest.end());
    process.origin = {"the command line", 0, 0};
    process.preserved_fds = 0;
    const bool terminal = isatty(0) == 1 || isatty(1) == 1 || isatty(2) == 1;
    process.terminal = terminal ? plan::Terminal::pty : plan::Terminal::none;
    for (const Given& given : parsed.options) {
        const auto equals = given.value.find('=');
        if (given.name == "--tty") process.terminal = plan::Terminal::pty;
        if (given.name == "--no-tty") process.terminal = plan::Terminal::none;
        if (given.name == "--unsetenv") drop_variable(process.environment, given.value);
        if (given.name == "--env") {
            if (equals == std::string::npos || equals == 0)
                return Error{.what = "expected NAME=VALUE", .advice = "as LANG=de_DE.UTF-8", .origin = {given.text, 0, 0}, .failure = base::Failure::usage};
            drop_variable(process.environment, given.value.substr(0, equals));
            process.environment.push_back(given.value);
        }
        if (given.name == "--cwd") {
            auto folder = base::normalised(given.value);
            if (!folder) return std::move(folder).error();
            if (base::is_below(folder.value(), "/proc")) // a way out that a descriptor might be (CVE-2024-21626)
                return Error{.what = "the working folder cannot be below /proc", .advice = "name one of the files of the app, as /tmp", .origin = {given.text, 0, 0}};
            process.cwd.text = std::move(folder).value();
        }
    }
    return {};
}

} // namespace

std::span<const OptionRow> exec_options() { return rows; }

Result<Outcome> exec(const World& world, const Parsed& parsed) {
    std::vector<std::string> words = parsed.rest;
    if (words.size() > 1 && words[1] == "--") words.erase(words.begin() + 1);
    if (words.size() < 2)
        return Error{.what = words.empty() ? "no instance is named" : "no command is named", .advice = "say 'sandbox exec INSTANCE -- COMMAND'",
                     .failure = base::Failure::usage};
    const instance::Instance found = TRY(find_instance(world, words[0]));
    Launch launch = TRY(guest_of(world, found, 10'000));
    Parsed with_words = parsed;
    with_words.rest = std::move(words);
    TRY(change(launch.plan.process, with_words));
    launch.plan.mounts.clear(); // they are there: a guest's would be added
    TRY(plan::check(launch.plan));
    return Outcome{.output = {}, .warnings = {}, .status = 0, .start = std::move(launch)};
}

} // namespace verbs
