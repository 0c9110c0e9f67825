#pragma once
// The figures of a running instance, under the kernel's own names: the files of its control group
// (Documentation/admin-guide/cgroup-v2.rst) and the counters of its network interfaces (proc_pid_net(5)).

#include "launcher/base/json.hpp"
#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/state.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace instance {

struct Figure {
    std::string line;  ///< of a file with several lines of several keys: what the line begins with ("some", "8:0"), else empty
    std::string key;   ///< "oom_kill"; empty: the file holds one value
    std::string value; ///< as the kernel wrote it: a number, "0.25", "max"
};

/// One file. A file whose controller is not delegated is not there at all.
struct Figures {
    std::string name; ///< "memory.events", or "network"
    std::vector<Figure> values;
};

/// What the files of the instance's leaf say, in a fixed order; those that are not there are left out. How often a limit was
/// met is the higher of leaf and scope: the scope has the same limit, and holds the supervisor besides. Errors: as leaf_of.
base::Result<std::vector<Figures>> group_figures(const plan::State& state);

/// The counters of the app's network interfaces, a line each. Nothing when it is on the host's network, where the counters would
/// be everybody's, has ended, or cannot be seen.
std::optional<Figures> network_figures(const base::UniqueFd& app);

/// A value, or nothing: "memory.events", "oom_kill".
std::optional<std::uint64_t> number_in(const std::vector<Figures>& figures, std::string_view name, std::string_view key = {}, std::string_view line = {});
std::string text_in(const std::vector<Figures>& figures, std::string_view name, std::string_view key = {}, std::string_view line = {});

/// As members of the open object of `json`: {"memory.current": 1, "memory.events": {"oom": 0}, "io.stat": {"8:0": {"rbytes": 0}}}.
void add_to(base::Json& json, const std::vector<Figures>& figures);

} // namespace instance
