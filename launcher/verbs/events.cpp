#include "launcher/verbs/events.hpp"

#include "launcher/base/json.hpp"
#include "launcher/base/text.hpp"
#include "launcher/instance/cgroup.hpp"
#include "launcher/instance/control.hpp"
#include "launcher/verbs/lookup.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <memory>
#include <poll.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;
using base::UniqueFd;

constexpr std::array rows{
    OptionRow{"--follow", 'f', "", "go on until the app ends, and tell of its end"},
    OptionRow{"--json", 0, "", "one JSON document a line"},
};

/// A counter of the control group (cgroup-v2.rst) and what it is called here.
struct Counter {
    const char* file;
    std::string_view key;
    const char* event;
    bool of_memory_limit; ///< `oom` tells of it as well
};
constexpr std::array counters{
    Counter{"memory.events", "low", "memory-low", false},
    Counter{"memory.events", "high", "memory-high", false},
    Counter{"memory.events", "max", "memory-max", true},
    Counter{"memory.events", "oom", "oom", true},
    Counter{"memory.events", "oom_kill", "oom-kill", true},
    Counter{"memory.events", "oom_group_kill", "oom-group-kill", true},
    Counter{"pids.events", "max", "pids-max", false},
    Counter{"cgroup.events", "frozen", "paused", false},
};
constexpr std::size_t kills = 4;
static_assert(counters[kills].key == "oom_kill");

using Counts = std::array<std::uint64_t, counters.size()>;

/// The files of one group. A change shows as POLLPRI until the same descriptor is read (kernfs).
struct Group {
    UniqueFd memory, pids, group;
};

struct Follower {
    std::string name;
    bool oom_only = false;
    bool json = false;
    std::vector<Group> groups; ///< the app's leaf, and the scope around it: its limit may be met first
    instance::Connection connection;
    Counts told{};
};

Group open_files(const UniqueFd& folder) {
    const auto open = [&](const char* name) { return UniqueFd(openat(folder.get(), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)); };
    return {open("memory.events"), open("pids.events"), open("cgroup.events")};
}

// The group may be gone already: then nothing.
std::string reread(const UniqueFd& file) {
    std::array<char, 4096> text{};
    const ssize_t got = file.valid() ? pread(file.get(), text.data(), text.size(), 0) : 0;
    return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

/// The higher of both groups: counters of the leaf count in the scope as well, but for those of older kernels.
Counts count(const Follower& follower) {
    Counts counts{};
    for (const Group& group : follower.groups) {
        const std::array files{reread(group.memory), reread(group.pids), reread(group.group)};
        for (std::size_t at = 0; at < counters.size(); ++at) {
            const std::string_view name = counters[at].file;
            const std::string& text = files[name == "memory.events" ? 0 : name == "pids.events" ? 1 : 2];
            counts[at] = std::max(counts[at], instance::value_in(text, counters[at].key).value_or(0));
        }
    }
    return counts;
}

std::string line(const Follower& follower, std::string_view event, std::string_view key, std::uint64_t value) {
    const time_t now = time(nullptr);
    if (follower.json) {
        base::Json json(base::Json::Layout::one_line);
        json.open('{');
        json.key("time");
        json.number(static_cast<std::uint64_t>(now));
        json.key("instance");
        json.string(follower.name);
        json.key("event");
        json.string(event);
        json.key(key);
        json.number(value);
        json.close('}');
        return json.take();
    }
    std::array<char, 32> text{};
    struct tm local{};
    (void)strftime(text.data(), text.size(), "%F %T", localtime_r(&now, &local)); // fits
    std::string out = std::string(text.data()) + "  " + std::string(event);
    return out + " " + std::to_string(value) + "\n";
}

/// What changed since it was told last; a frozen group is a state, not a count.
std::string changes(Follower& follower, const Counts& now) {
    std::string out;
    for (std::size_t at = 0; at < counters.size(); ++at) {
        if (now[at] == follower.told[at] || (follower.oom_only && !counters[at].of_memory_limit)) continue;
        const bool frozen = counters[at].key == "frozen";
        if (!frozen && now[at] < follower.told[at]) continue; // the group is gone
        out += line(follower, frozen && now[at] == 0 ? "resumed" : counters[at].event, "count", now[at]);
        follower.told[at] = now[at];
    }
    return out;
}

Result<std::optional<std::string>> next(Follower& follower) {
    for (;;) {
        // Looked at before each wait, so that no change is missed.
        if (std::string out = changes(follower, count(follower)); !out.empty()) return std::optional(std::move(out));
        std::vector<pollfd> watched{{follower.connection.socket.get(), POLLIN, 0}};
        for (const Group& group : follower.groups)
            for (const UniqueFd* file : {&group.memory, &group.pids, &group.group})
                if (file->valid()) watched.push_back({file->get(), POLLPRI, 0});
        if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return base::system_error("poll", "cannot watch the control group");
        if (watched[0].revents == 0) continue;
        const instance::End end = TRY(instance::wait_end(follower.connection, 0));
        Counts last = count(follower);
        last[kills] = std::max<std::uint64_t>(last[kills], end.oom_kills); // the group may be gone, its supervisor has looked
        for (std::size_t at = 0; at < counters.size(); ++at)
            if (counters[at].key == "frozen") last[at] = follower.told[at]; // it ended, it did not thaw
        follower.connection.socket.reset();
        return std::optional(changes(follower, last) + line(follower, "exit", "status", static_cast<std::uint64_t>(end.status)));
    }
}

Result<Outcome> watch(const World& world, const Parsed& parsed, bool oom_only) {
    instance::Instance found = TRY(find_instance(world, parsed));
    const UniqueFd leaf = TRY(instance::leaf_of(found.state));
    const auto follower = std::make_shared<Follower>(
        Follower{found.state.instance, oom_only, parsed.has("--json"), {}, TRY(instance::connect(found, 10'000)), {}});
    follower->groups.push_back(open_files(leaf));
    if (oom_only && !follower->groups[0].memory.valid())
        return Error{.what = "there are no events of the memory limit: the controller 'memory' is not delegated to this user",
                     .advice = "as root, in /etc/systemd/system/user@.service.d/delegate.conf: [Service] Delegate=cpu cpuset io memory pids; then log in again"};
    if (!found.state.unit.empty()) follower->groups.push_back(open_files(TRY(instance::scope_of(found.state))));
    Outcome outcome{.output = changes(*follower, count(*follower)), .warnings = {}, .status = 0, .start = {}};
    if (parsed.has("--follow"))
        outcome.more = [follower]() -> Result<std::optional<std::string>> {
            if (!follower->connection.socket.valid()) return std::optional<std::string>();
            return next(*follower);
        };
    return outcome;
}

} // namespace

std::span<const OptionRow> events_options() { return rows; }
Result<Outcome> events(const World& world, const Parsed& parsed) { return watch(world, parsed, false); }
Result<Outcome> oom(const World& world, const Parsed& parsed) { return watch(world, parsed, true); }

} // namespace verbs
