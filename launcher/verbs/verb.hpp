#pragma once
// A verb is a row: its name, its help, its options, its function.

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/plan.hpp"
#include "launcher/verbs/options.hpp"
#include "launcher/verbs/world.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verbs {

/// What the helper is to run, and what it takes over (helper/receive.hpp).
struct Launch {
    plan::Plan plan;
    base::UniqueFd record; ///< the folder of the instance's record, locked
    base::UniqueFd cgroup; ///< the scope's folder, or of a group that is ours to write; a guest: the app's leaf
    base::UniqueFd target; ///< a guest: the pidfd of the app whose sandbox it joins
    base::UniqueFd notify; ///< detached: the pipe on which the caller waits until the app runs
    base::UniqueFd journal; ///< detached: what takes the app's lines; not valid: nobody does
    Ahead ahead;           ///< built by this Plan, or null
};

/// What a verb leaves to main, the only place that prints.
struct Outcome {
    std::string output;                ///< for stdout
    std::vector<std::string> warnings; ///< for stderr, one line each: "sandbox: warning: …"
    int status = 0;
    std::optional<Launch> start; ///< after that: become the helper and run this
    /// What comes later, for stdout: called until it has nothing more to say; it waits for it itself.
    std::function<base::Result<std::optional<std::string>>()> more = {};
};

struct Verb {
    std::string_view name;
    std::string_view usage;   ///< after "sandbox NAME "
    std::string_view summary; ///< one line
    std::span<const OptionRow> options;
    base::Result<Outcome> (*run)(const World& world, const Parsed& parsed); ///< null: the next word is one of `verbs`
    std::span<const Verb> (*verbs)() = nullptr; ///< the verbs of a verb: `profile show`
    Behind behind = Behind::options;
};

std::span<const Verb> all_verbs();

/// What World::begin_ahead does; it is handed down by main, so that programs of the build need nothing of the helper.
base::Result<Ahead> begin_ahead(const World& world, const plan::Plan& plan);

/// This process is the helper from here on (helper/supervise.hpp): at once where nobody but root can write this program's
/// file, else by execveat(2) of a sealed copy of the helper's own program. Returns the exit status when the app has ended.
base::Result<int> become_helper(const World& world, Launch launch);

} // namespace verbs
