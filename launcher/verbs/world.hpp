#pragma once
// What main hands down to a verb: where the program stands, and who called. No verb asks the process for it.

#include "launcher/base/path.hpp"
#include "launcher/base/result.hpp"
#include "launcher/plan/plan.hpp"
#include "launcher/profile/load.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace verbs {

/// What a verb says before it is done: main prints it.
using Say = void (*)(const std::string& line);

/// A sandbox that is built ahead, by a Plan that is not proven yet (helper::Ahead, whose end is that of the sandbox unless
/// become_helper goes on with it); null: there is none.
using Ahead = std::shared_ptr<void>;

struct World {
    std::vector<std::string> environment; ///< the caller's, NAME=VALUE
    base::HostPath programs;              ///< the folder of this program's file
    base::HostPath helper;                ///< sandbox-helper, found from where this program stands
    base::HostPath session;               ///< sandbox-session, likewise
    base::HostPath data;                  ///< …/share/sandbox, or profiles/ of a build folder
    base::HostPath bus_log;               ///< of a start that is followed (Invocation::bus_log); empty: none
    std::span<char> memory;               ///< where the kernel put this program's words and variables, one behind the other
    Say warn = [](const std::string&) {};     ///< one line for stderr, at once, as a warning
    Say progress = [](const std::string&) {}; ///< what is being done: shown on a terminal only, over what was shown before; empty: no more
    /// Begins to build, where this process itself will be the helper and nothing is done for the Plan that could not be undone
    /// (helper/ahead.hpp); else null. `plan` stays where it is as long as the sandbox. What the caller left open is closed, and nothing
    /// else may be open. Errors: those that the start would meet later.
    base::Result<Ahead> (*begin_ahead)(const World& world, const plan::Plan& plan) = [](const World&, const plan::Plan&) -> base::Result<Ahead> { return Ahead(); };
};

/// Errors: /proc/self/exe cannot be read; neither the installed layout nor that of a build folder is around the program.
/// `words` and `environment`: main's.
base::Result<World> make_world(char** words, char** environment);

/// The value of a variable of the caller's environment; empty: it is not set.
std::string variable(const World& world, std::string_view name);

/// Where the user's runtime files are: XDG_RUNTIME_DIR, else /run/user/UID where that is; empty: nowhere.
base::HostPath runtime_folder(const World& world);

/// system → administrator → user, weakest first. Never the current directory.
std::vector<profile::SearchFolder> search_folders(const World& world);

} // namespace verbs
