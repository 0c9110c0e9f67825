#include "launcher/verbs/profiles.hpp"
#include "launcher/verbs/run.hpp"
#include "launcher/verbs/verb.hpp"

#include <array>

namespace verbs {

std::span<const Verb> all_verbs() {
    static const std::array rows{
        Verb{"run", "[OPTIONS] APP [ARG…] | [OPTIONS] --profile NAME|FILE [--] COMMAND [ARG…]", "run an application in a sandbox",
             run_options(), run},
        Verb{"explain", "[OPTIONS] APP", "print what 'run' would do, and start nothing", run_options(), explain},
        Verb{"profile", "list", "the profiles that can be run", profile_options(), profiles},
    };
    return rows;
}

} // namespace verbs
