#include "launcher/verbs/instances.hpp"

#include "launcher/base/process.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"
#include "launcher/instance/cgroup.hpp"
#include "launcher/instance/control.hpp"
#include "launcher/instance/record.hpp"
#include "launcher/plan/print.hpp"
#include "launcher/verbs/lookup.hpp"
#include "launcher/verbs/measures.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;
using base::UniqueFd;
using instance::Instance;

constexpr int soon = 10'000; ///< milliseconds that a supervisor or the kernel may take to answer

constexpr std::array ps_rows{OptionRow{"--json", 0, "", "the recorded states, one JSON document a line"}};
constexpr std::array kill_rows{
    OptionRow{"--signal", 's', "SIGNAL", "name or number (default: TERM)"},
    OptionRow{"--all", 'a', "", "to every process of the sandbox; without --signal: end them all at once"},
};
constexpr std::array wait_rows{OptionRow{"--timeout", 0, "SECONDS", "give up after that time, with status 125"}};

Outcome said(std::string output) { return Outcome{.output = std::move(output), .warnings = {}, .status = 0, .start = {}}; }

std::optional<int> signal_number(std::string text) {
    if (const auto number = base::whole_number(text, NSIG - 1); number && *number > 0) return static_cast<int>(*number);
    if (text.starts_with("SIG")) text.erase(0, 3);
    for (int number = 1; number < NSIG; ++number)
        if (const char* name = sigabbrev_np(number); name && text == name) return number;
    return std::nullopt;
}

// Each by a pidfd that is looked at again before it is used: a number may have become another's meanwhile.
void signal_all(const UniqueFd& leaf, int number) {
    for (const pid_t pid : instance::processes(leaf)) {
        const UniqueFd process = base::sys::pidfd_open(pid);
        const std::vector<pid_t> now = instance::processes(leaf);
        if (process.valid() && std::find(now.begin(), now.end(), pid) != now.end()) (void)base::sys::pidfd_send_signal(process, number);
    }
}

Result<Outcome> set_frozen(const World& world, const Parsed& parsed, bool frozen) {
    const Instance found = TRY(find_instance(world, parsed));
    const UniqueFd leaf = TRY(instance::leaf_of(found.state)); // SIGSTOP would show inside, and would miss what is forked just now
    TRY(instance::freeze(leaf, frozen, soon));
    return said("");
}

} // namespace

std::span<const OptionRow> ps_options() { return ps_rows; }
std::span<const OptionRow> kill_options() { return kill_rows; }
std::span<const OptionRow> wait_options() { return wait_rows; }
std::span<const OptionRow> no_options() { return {}; }

Result<Outcome> ps(const World& world, const Parsed& parsed) {
    if (!parsed.rest.empty())
        return Error{.what = "'" + parsed.rest[0] + "': ps takes no instance", .advice = "see sandbox state", .failure = base::Failure::usage};
    std::string text;
    const auto line = [&](std::array<std::string, 4> columns) {
        constexpr std::array<std::size_t, 4> widths{34, 10, 9, 0};
        std::string row;
        for (std::size_t at = 0; at < columns.size(); ++at) {
            row += columns[at];
            if (at + 1 < columns.size()) row.resize(std::max(row.size() + 2, row.size() - columns[at].size() + widths[at]), ' ');
        }
        text += row + "\n";
    };
    if (!parsed.has("--json")) line({"INSTANCE", "STATUS", "PID", "AGE"});
    for (const Instance& one : TRY(running_instances(world))) {
        if (parsed.has("--json")) {
            text += plan::to_json(one.state, base::Json::Layout::one_line);
        } else {
            line({base::escaped(one.state.instance), std::string(status_of(one.state)), std::to_string(one.state.app_pid), age(one.state.created)});
        }
    }
    return said(text);
}

namespace {

// Read off the app as it is now: a record of them would be as old as the start.
plan::NamespaceLinks namespaces_of(const plan::State& state) {
    const std::string number = std::to_string(state.app_pid);
    const UniqueFd folder = base::sys::open(("/proc/" + number + "/ns").c_str(), O_PATH | O_DIRECTORY);
    plan::NamespaceLinks links;
    base::for_each_field(links, [&](const auto& field, std::string& link) {
        std::array<char, 64> text{};
        const std::string_view name = field.name;
        const ssize_t length = readlinkat(folder.get(), name == "mount" ? "mnt" : field.name, text.data(), text.size());
        if (length > 0) link.assign(text.data(), static_cast<std::size_t>(length));
    });
    // The folder is of the process that had the number when it was opened: if that still is the app, it was so all the time.
    const auto start = base::start_time(static_cast<pid_t>(state.app_pid));
    return start && start.value() == state.app_start ? links : plan::NamespaceLinks{};
}

} // namespace

Result<Outcome> state(const World& world, const Parsed& parsed) {
    const Instance found = TRY(find_instance(world, parsed));
    return said(plan::to_json(found.state, namespaces_of(found.state)));
}

Result<Outcome> kill(const World& world, const Parsed& parsed) {
    const Instance found = TRY(find_instance(world, parsed));
    const bool all = parsed.has("--all");
    const auto number = parsed.has("--signal") ? signal_number(parsed.last("--signal")) : std::optional(all ? SIGKILL : SIGTERM);
    if (!number) return Error{.what = "unknown signal '" + parsed.last("--signal") + "'", .advice = "write a name, as TERM, or a number", .failure = base::Failure::usage};
    // Without a group the app alone can be signalled: as it dies, process 1 ends all the others.
    const bool grouped = !found.state.cgroup.empty();
    if (all && !grouped && *number != SIGKILL)
        return Error{.what = "'" + found.state.instance + "' has no control group to signal every process by",
                     .advice = "sandbox kill -s KILL " + found.state.instance + " ends them all"};
    if (all && grouped) {
        const UniqueFd leaf = TRY(instance::leaf_of(found.state));
        if (*number == SIGKILL) TRY(instance::write_file(leaf, "cgroup.kill", "1"));
        else signal_all(leaf, *number);
        return said("");
    }
    const instance::Connection connection = TRY(instance::connect(found, soon));
    if (base::sys::pidfd_send_signal(connection.app, *number) != 0)
        return base::system_error("pidfd_send_signal", "cannot signal '" + found.state.instance + "'");
    return said("");
}

Result<Outcome> wait(const World& world, const Parsed& parsed) {
    int deadline = -1;
    if (parsed.has("--timeout")) {
        const auto seconds = base::whole_number(parsed.last("--timeout"), 1'000'000);
        if (!seconds) return Error{.what = "--timeout: expected a whole number of seconds", .advice = "as --timeout 10", .failure = base::Failure::usage};
        deadline = static_cast<int>(*seconds) * 1000;
    }
    const Instance found = TRY(find_instance(world, parsed));
    const instance::Connection connection = TRY(instance::connect(found, soon));
    Outcome outcome = said("");
    Result<instance::End> end = instance::wait_end(connection, deadline);
    if (!end && end.error().code == ETIMEDOUT) end.error().code = 0; // the sentence says it all
    outcome.status = TRY(std::move(end)).status;
    return outcome;
}

Result<Outcome> pause(const World& world, const Parsed& parsed) { return set_frozen(world, parsed, true); }
Result<Outcome> resume(const World& world, const Parsed& parsed) { return set_frozen(world, parsed, false); }

} // namespace verbs
