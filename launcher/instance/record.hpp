#pragma once
// The records of running instances: $XDG_RUNTIME_DIR/sandbox/INSTANCE/, 0700, with `state` (plan/wire.hpp), `state.json`
// (the same for other programs), `plan` (encoded) and `control` (a socket). The supervisor holds a lock (flock(2)) on the
// folder for as long as it lives: one that can be locked is stale, and whoever meets it takes it away.

#include "launcher/base/path.hpp"
#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/plan.hpp"
#include "launcher/plan/state.hpp"

#include <string>
#include <vector>

namespace instance {

/// The folder of all records, made if need be: `runtime`/sandbox. It must be this user's and 0700, as must `runtime` be
/// this user's (XDG Base Directory Specification). Errors: it is not; of mkdir(2) and open(2).
base::Result<base::UniqueFd> records(const base::HostPath& runtime);

/// A new record, locked by the descriptor that comes back, with state `created`. It appears whole, by one rename.
/// Errors: EEXIST when an instance of that name runs; of writing.
base::Result<base::UniqueFd> create(const base::UniqueFd& records, const plan::State& state, const plan::Plan& plan);

/// Writes `state` anew (rename(2)), before the helper takes over.
base::Result<void> update(const base::UniqueFd& record, const plan::State& state);

/// Takes a record away: one of ours that never ran, or a stale one.
void remove(const base::UniqueFd& record, const std::string& name);

struct Instance {
    base::UniqueFd record;
    plan::State state;
};

struct Listing {
    std::vector<Instance> running;  ///< by name
    std::vector<std::string> units; ///< of stale records: scopes that may stand empty, for the session to stop
};

/// Those that live. Stale ones are removed on the way, with the control group that they name. A record that cannot be
/// read, or whose name is not that of its folder, is passed over: it was never finished, or is not ours.
base::Result<Listing> list(const base::UniqueFd& records);

/// The one whose name is `name`; or else the only one whose name begins with it, or whose app's id is `name` or ends in
/// "." and `name`. Errors: none, or several.
base::Result<Instance> find(std::vector<Instance> running, const std::string& name);

/// The Plan that the instance runs by. Errors: of reading it, of plan::decode and plan::check.
base::Result<plan::Plan> plan_of(const Instance& instance);

/// Held by whoever changes a running instance and its record, so that two changes do not mix; ends with the descriptor.
/// Errors: of open(2) and flock(2).
base::Result<base::UniqueFd> lock_for_change(const Instance& instance);

/// Records the Plan by which it runs from now on (rename(2)). Errors: of writing.
base::Result<void> change_plan(const Instance& instance, const plan::Plan& plan);

} // namespace instance
