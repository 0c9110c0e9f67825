#pragma once
// The Plan for people (`explain`) and for programs (`explain --json`).

#include "launcher/base/json.hpp"
#include "launcher/plan/plan.hpp"
#include "launcher/plan/state.hpp"

#include <string>

namespace plan {

/// One line an item, each with its origin in brackets; deterministic.
std::string to_text(const Plan& plan);

/// One JSON document with the names of fields(); 64-bit numbers as numbers, bytes (data, seccomp) as their length.
std::string to_json(const Plan& plan);
std::string to_json(const State& state, base::Json::Layout layout = base::Json::Layout::indented);

/// Where a running app stands, each as the kernel names it: "net:[4026531840]"; empty: it cannot be seen.
struct NamespaceLinks {
    std::string user, mount, pid, ipc, uts, cgroup, net, time;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"user", &NamespaceLinks::user}, Field{"mount", &NamespaceLinks::mount},   Field{"pid", &NamespaceLinks::pid}, Field{"ipc", &NamespaceLinks::ipc},
                          Field{"uts", &NamespaceLinks::uts},   Field{"cgroup", &NamespaceLinks::cgroup}, Field{"net", &NamespaceLinks::net}, Field{"time", &NamespaceLinks::time}};
    }
};
/// The same document with "namespaces".
std::string to_json(const State& state, const NamespaceLinks& namespaces);

} // namespace plan
