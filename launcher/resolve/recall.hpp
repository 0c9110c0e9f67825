#pragma once
// The Plan of an earlier start, taken again when all that it was made of is still so: the words of the command line, every
// file of the profile, every answer of the host, and this program. It is then the Plan that would be made anew, to the
// byte but for the name of the instance: what is kept can be of no use, never too wide.
//
// It is kept in $XDG_RUNTIME_DIR/sandbox-plans/, which no app may be granted (resolve/protect.cpp): memory of this login, so
// that the words of a command line come to no disk. A fixed number of files, each for the words that fell to it last.

#include "launcher/base/path.hpp"
#include "launcher/base/result.hpp"
#include "launcher/plan/plan.hpp"
#include "launcher/profile/file.hpp"
#include "launcher/resolve/witness.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace resolve {

struct Recalled {
    plan::Plan plan; ///< with an instance name of its own
    std::vector<std::string> warnings;
};

/// Is told the Plan that was kept, before anything is asked: it may be stale. No descriptor of recall's is open then.
using Meanwhile = std::function<void(const plan::Plan&)>;

/// The Plan that was kept for these words, or nothing: there is none, or something is otherwise. `runtime`: the user's
/// runtime folder; `host`: it is asked again. Never an error: what cannot be read is not there.
std::optional<Recalled> recall(const base::HostPath& runtime, const std::vector<std::string>& words, Host& host, const Meanwhile& meanwhile = {});

/// Keeps a Plan for the next start. Nothing is kept when a file changed so lately that its time could stand for two
/// contents; `now`: seconds since 1970. Errors: of making and writing the file; a start goes on without.
base::Result<void> keep(const base::HostPath& runtime, const std::vector<std::string>& words, const profile::Files& files,
                        const Witness& witness, const plan::Plan& plan, const std::vector<std::string>& warnings, std::uint64_t now);

} // namespace resolve
