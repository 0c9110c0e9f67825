#include "launcher/verbs/checkpoint.hpp"
#include "launcher/verbs/config.hpp"
#include "launcher/verbs/doctor.hpp"
#include "launcher/verbs/events.hpp"
#include "launcher/verbs/exec.hpp"
#include "launcher/verbs/features.hpp"
#include "launcher/verbs/instances.hpp"
#include "launcher/verbs/integrate.hpp"
#include "launcher/verbs/profiles.hpp"
#include "launcher/verbs/run.hpp"
#include "launcher/verbs/selftest.hpp"
#include "launcher/verbs/score.hpp"
#include "launcher/verbs/stats.hpp"
#include "launcher/verbs/update.hpp"
#include "launcher/verbs/verb.hpp"

#include <array>

namespace verbs {

std::span<const Verb> all_verbs() {
    static const std::array rows{
        Verb{"run", "[OPTIONS] APP [ARG…] | [OPTIONS] --profile NAME|FILE [--] COMMAND [ARG…]", "run an application in a sandbox",
             run_options(), run, nullptr, Behind::program},
        Verb{"explain", "[OPTIONS] APP [ARG…] | [OPTIONS] --profile NAME|FILE [--] COMMAND [ARG…]", "print what 'run' would do, and start nothing", run_options(), explain, nullptr, Behind::program},
        Verb{"config", "[OPTIONS] [APP] | --from-oci FILE", "print a whole profile, made of defaults, a profile and options; or to and from OCI",
             config_options(), config, nullptr, Behind::program},
        Verb{"exec", "[OPTIONS] INSTANCE [--] COMMAND [ARG…]", "a new process in a running sandbox, under the same confinement", exec_options(), exec, nullptr, Behind::program},
        Verb{"ps", "[--json]", "the running sandboxes", ps_options(), ps},
        Verb{"state", "INSTANCE", "the recorded state of a running sandbox, as JSON", no_options(), state},
        Verb{"pause", "INSTANCE", "freeze every process of a sandbox", no_options(), pause},
        Verb{"resume", "INSTANCE", "thaw them again", no_options(), resume},
        Verb{"kill", "[OPTIONS] INSTANCE", "send a signal to the app, or end all of its sandbox", kill_options(), kill},
        Verb{"wait", "[--timeout SECONDS] INSTANCE", "wait until the app ends, and exit with its status", wait_options(), wait},
        Verb{"integrate", "[--check | --undo] [APP…]", "put the sandbox behind the icons of applications, for this user", integrate_options(), integrate},
        Verb{"selftest", "[--profile NAME|FILE] [--json]", "attack a sandbox from inside, and tell what was blocked", selftest_options(), selftest},
        Verb{"stats", "[--json] [--interval SECONDS] INSTANCE", "memory, processor, processes, io, pressure and network of a sandbox", stats_options(), stats},
        Verb{"top", "[--interval SECONDS]", "a live view of all running sandboxes; one look where stdout is no terminal", top_options(), top},
        Verb{"update", "[OPTIONS] INSTANCE", "other limits for a running sandbox", update_options(), update},
        Verb{"events", "[--follow] [--json] INSTANCE", "limits met, processes killed for memory, pauses and the end of a sandbox", events_options(), events},
        Verb{"oom", "[--follow] [--json] INSTANCE", "of these, the events of the memory limit", events_options(), oom},
        Verb{"checkpoint", "--image-path DIR [--leave-running] INSTANCE", "say what this host lacks for writing a sandbox to disk", checkpoint_options(), checkpoint},
        Verb{"restore", "--image-path DIR", "say what this host lacks for bringing one back", restore_options(), restore},
        Verb{"features", "[--json]", "what this program can do, whatever the host allows", features_options(), features},
        Verb{"profile", "VERB [OPTIONS] …", "look into profiles, and make them", {}, nullptr, profile_verbs},
        Verb{"doctor", "[OPTIONS]", "what this host allows, and what would mend what it does not", doctor_options(), doctor},
        Verb{"score", "[OPTIONS] APP|FILE", "how much of the machine and its user a profile exposes", score_options(), score},
    };
    return rows;
}

} // namespace verbs
