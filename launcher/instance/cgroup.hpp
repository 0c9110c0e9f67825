#pragma once
// The control group of an instance, by its files (Documentation/admin-guide/cgroup-v2.rst).

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/limits.hpp"
#include "launcher/plan/state.hpp"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace instance {

/// The cgroup2 group that this process is in, as a folder of the host; empty: no cgroup2 is mounted, or it is not to be
/// seen (proc_pid_cgroup(5), the line "0::").
std::string own_group();

/// Whether this user may make groups below `folder`: it is ours by owner, and we are not root, who may everywhere and to
/// whom nothing was delegated.
bool is_delegated(const std::string& folder);

/// The leaf that holds the app's processes: "app" in a scope, or "sandbox-INSTANCE". Errors: there is none; of open(2).
base::Result<base::UniqueFd> leaf_of(const plan::State& state);

/// The scope around that leaf; not valid: it is in none. Errors: of open(2).
base::Result<base::UniqueFd> scope_of(const plan::State& state);

/// One file of a group, without its last line feed. Errors: of open(2) and read(2).
base::Result<std::string> read_file(const base::UniqueFd& group, const std::string& name);
base::Result<void> write_file(const base::UniqueFd& group, const std::string& name, const std::string& value);

/// The value of "KEY VALUE" in a flat-keyed file, or nothing.
std::optional<std::uint64_t> value_in(const std::string& text, std::string_view key);

/// Freezes or thaws (cgroup.freeze) and waits at most `deadline` ms until cgroup.events says so. A freeze that fails is
/// undone. Errors: of the files; ETIMEDOUT.
base::Result<void> freeze(const base::UniqueFd& leaf, bool frozen, int deadline);

/// Every process in the group and below it (cgroup.procs, recursively).
std::vector<pid_t> processes(const base::UniqueFd& leaf);

/// Limits that have no file in the group at `folder`, or, where it is not a scope of our own and hands down only what it does
/// already, no controller in cgroup.subtree_control: the controllers' names, each once, or the file's where the kernel has
/// the controller and not that limit of it.
std::vector<std::string> missing_limits(const std::string& folder, bool scope, const plan::Limits& limits);

/// The scope `unit` beside the group that this process is in, below the same app.slice, with this process moved into it; a
/// desktop's shell moves what it started just now, and may have taken us out. Empty: there is none, or we may not.
std::string rejoin(const std::string& unit);

/// Whether this process may put one into the instance's leaf: cgroups(7) wants the nearest group above both to be ours. From
/// a login session it is not, as that and the user's manager stand side by side in a slice of root's.
bool may_enter(const plan::State& state);

enum class Cleaned { whole, unit_may_stand };

/// For a stale record: kills what its supervisor left, and removes the group if it is ours to remove. Only a folder with
/// the name that we give is touched. A scope is systemd's: `unit_may_stand` where one may be left, with nobody in it.
Cleaned clean_group(const plan::State& state);

} // namespace instance
