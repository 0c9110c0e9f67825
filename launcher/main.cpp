// sandbox VERB …: the only place that prints, and that picks the exit status.

#include "launcher/base/text.hpp"
#include "launcher/verbs/verb.hpp"

#include <algorithm>
#include <fcntl.h>
#include <sys/auxv.h>
#include <unistd.h>

#ifndef SANDBOX_VERSION
#error "meson defines the version"
#endif

namespace {

using base::Error;
using base::Result;

// Nowhere else to say it when this fails; a closed stdout is told by the status.
bool print(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = write(fd, text.data(), text.size());
        if (count <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

std::string help_of_all() {
    std::string text = "Usage: sandbox VERB [OPTIONS] …\n\nRuns desktop applications without trusting them.\n\n";
    for (const verbs::Verb& verb : verbs::all_verbs()) {
        std::string line = "  " + std::string(verb.name);
        line.resize(14, ' ');
        text += line + std::string(verb.summary) + "\n";
    }
    return text + "\n'sandbox VERB --help' tells more of each.\n";
}

std::string help_of(const verbs::Verb& verb) {
    return "Usage: sandbox " + std::string(verb.name) + " " + std::string(verb.usage) + "\n\n" + std::string(verb.summary) +
           "\n\n" + verbs::help_lines(verb.options);
}

Error usage(std::string what, std::string advice) {
    return Error{.what = std::move(what), .advice = std::move(advice), .failure = base::Failure::usage};
}

Result<verbs::Outcome> dispatch(const std::vector<std::string>& words, char** environment) {
    // Descriptors that we open must never become 0, 1 or 2: the app would take them for its own.
    for (int fd = 0; fd < 3; ++fd)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY) != fd)
            return base::system_error("open", "cannot open /dev/null for a closed standard descriptor");
    if (getauxval(AT_SECURE) != 0) return Error{.what = "this program must not be installed setuid", .advice = "it needs no privileges"};
    if (words.empty()) return usage("no verb is named", "see sandbox --help");
    if (words[0] == "--help" || words[0] == "-h") return verbs::Outcome{.output = help_of_all(), .warnings = {}, .status = 0, .start = {}};
    if (words[0] == "--version") return verbs::Outcome{.output = "sandbox " SANDBOX_VERSION "\n", .warnings = {}, .status = 0, .start = {}};
    const auto all = verbs::all_verbs();
    const auto verb = std::find_if(all.begin(), all.end(), [&](const verbs::Verb& one) { return one.name == words[0]; });
    if (verb == all.end()) {
        std::vector<std::string_view> names;
        for (const verbs::Verb& one : all) names.push_back(one.name);
        const std::string near = base::did_you_mean(words[0], names);
        return usage("unknown verb '" + words[0] + "'", near.empty() ? "see sandbox --help" : near);
    }
    const verbs::Parsed parsed = TRY(verbs::parse_options(std::span(words).subspan(1), verb->options));
    if (parsed.help) return verbs::Outcome{.output = help_of(*verb), .warnings = {}, .status = 0, .start = {}};
    const verbs::World world = TRY(verbs::make_world(environment));
    verbs::Outcome outcome = TRY(verb->run(world, parsed));
    if (!outcome.start) return outcome;
    for (const std::string& warning : outcome.warnings) print(2, "sandbox: warning: " + warning + "\n");
    return verbs::become_helper(world, *outcome.start);
}

} // namespace

int main(int argc, char** argv, char** environment) {
    const Result<verbs::Outcome> result = dispatch({argv + std::min(argc, 1), argv + argc}, environment);
    if (!result) {
        print(2, "sandbox: " + base::to_text(result.error()) + "\n");
        return base::exit_status(result.error().failure);
    }
    for (const std::string& warning : result.value().warnings) print(2, "sandbox: warning: " + warning + "\n");
    if (!print(1, result.value().output)) return base::exit_status(base::Failure::ours);
    return result.value().status;
}
