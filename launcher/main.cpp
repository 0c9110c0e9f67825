// sandbox VERB …: the only place that prints, and that picks the exit status.

#include "launcher/base/text.hpp"
#include "launcher/verbs/verb.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef SANDBOX_VERSION
#error "meson defines the version"
#endif

namespace {

using base::Error;
using base::Result;

bool print(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = write(fd, text.data(), text.size());
        if (count <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

std::string lines_of(std::span<const verbs::Verb> all) {
    std::string text;
    for (const verbs::Verb& verb : all) {
        std::string line = "  " + std::string(verb.name);
        line.resize(14, ' ');
        text += line + std::string(verb.summary) + "\n";
    }
    return text;
}

std::string help_of_all() {
    return "Usage: sandbox VERB [OPTIONS] …\n\nRuns desktop applications without trusting them.\n\n" + lines_of(verbs::all_verbs()) +
           "\n'sandbox VERB --help' tells more of each.\n";
}

// `name`: with the verb that it belongs to, "profile show".
std::string help_of(const verbs::Verb& verb, const std::string& name) {
    const std::string head = "Usage: sandbox " + name + " " + std::string(verb.usage) + "\n\n" + std::string(verb.summary) + "\n\n";
    if (verb.verbs) return head + lines_of(verb.verbs()) + "\n'sandbox " + name + " VERB --help' tells more of each.\n";
    return head + verbs::help_lines(verb.options);
}

Error usage(std::string what, std::string advice) {
    return Error{.what = std::move(what), .advice = std::move(advice), .failure = base::Failure::usage};
}

// What tools of this kind call a verb of ours.
struct Elsewhere {
    std::string_view word, verb;
};
constexpr std::array elsewhere{
    Elsewhere{"help", "--help"}, Elsewhere{"version", "--version"}, Elsewhere{"start", "run"},   Elsewhere{"list", "ps"},         Elsewhere{"ls", "ps"},     Elsewhere{"stop", "kill"},
    Elsewhere{"enter", "exec"},  Elsewhere{"shell", "exec"},        Elsewhere{"freeze", "pause"}, Elsewhere{"unpause", "resume"}, Elsewhere{"thaw", "resume"}, Elsewhere{"inspect", "state"},
    Elsewhere{"info", "state"},  Elsewhere{"logs", "events"},
};

// `name`: what stands before the word.
std::string advice_for(std::span<const verbs::Verb> all, const std::string& word, const std::string& name) {
    const auto meant = [](std::string_view verb) { return "did you mean '" + std::string(verb) + "'?"; };
    if (name.empty()) {
        for (const Elsewhere& one : elsewhere)
            if (one.word == word) return meant(one.verb);
        for (const verbs::Verb& above : all)
            for (const verbs::Verb& one : above.verbs ? above.verbs() : std::span<const verbs::Verb>())
                if (one.name == word) return meant(std::string(above.name) + " " + word);
    }
    std::vector<std::string_view> names;
    for (const verbs::Verb& one : all) names.push_back(one.name);
    const std::string near = base::did_you_mean(word, names);
    if (!near.empty()) return near;
    return "see sandbox " + name + "--help" + (name.empty() && !word.empty() ? "; an application is started by 'sandbox run " + word + "'" : "");
}

verbs::Outcome said(std::string text) { return verbs::Outcome{.output = std::move(text), .warnings = {}, .status = 0, .start = {}}; }

/// As the kernel gave them to main.
struct Given {
    char** words;
    char** environment;
};

// Whether a line of progress stands on the terminal, to be cleared before anything else is said.
bool progress_shown = false;

void clear_progress() {
    if (progress_shown) print(2, "\r\x1b[K");
    progress_shown = false;
}

void show_progress(const std::string& line) {
    if (line.empty()) return clear_progress();
    if (isatty(2) != 1) return;
    print(2, "\r\x1b[K" + base::escaped(line).substr(0, 200));
    progress_shown = true;
}

void warn(const std::string& line) {
    clear_progress();
    print(2, "sandbox: warning: " + line + "\n");
}

/// `words` begins with the verb; `name` is what stands before it.
Result<verbs::Outcome> run_verb(std::span<const verbs::Verb> all, std::span<const std::string> words, std::string name, const Given& given) {
    const auto verb = std::find_if(all.begin(), all.end(), [&](const verbs::Verb& one) { return one.name == words[0]; });
    if (verb == all.end()) return usage("unknown verb '" + name + words[0] + "'", advice_for(all, words[0], name));
    name += words[0];
    if (verb->verbs) {
        if (words.size() < 2) return usage("no verb is named after '" + name + "'", "see sandbox " + name + " --help");
        if (words[1] == "--help" || words[1] == "-h") return said(help_of(*verb, name));
        return run_verb(verb->verbs(), words.subspan(1), name + " ", given);
    }
    const verbs::Parsed parsed = TRY(verbs::parse_options(words.subspan(1), verb->options, verb->behind));
    if (parsed.help) return said(help_of(*verb, name));
    verbs::World world = TRY(verbs::make_world(given.words, given.environment));
    world.warn = warn;
    world.progress = show_progress;
    world.begin_ahead = verbs::begin_ahead;
    verbs::Outcome outcome = TRY(verb->run(world, parsed));
    if (!outcome.start) return outcome;
    for (const std::string& warning : outcome.warnings) warn(warning);
    const int status = TRY(verbs::become_helper(world, std::move(*outcome.start)));
    _exit(status); // the app's; somebody waits for it, and nothing is left to be put in order
}

Result<verbs::Outcome> dispatch(const std::vector<std::string>& words, const Given& given) {
    // Descriptors that we open must never become 0, 1 or 2: the app would take them for its own.
    for (int fd = 0; fd < 3; ++fd)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY) != fd)
            return base::system_error("open", "cannot open /dev/null for a closed standard descriptor");
    // An inherited "ignore" would have the kernel reap our children: their status would be lost, and their numbers somebody else's.
    (void)signal(SIGCHLD, SIG_DFL);
    // A write beyond RLIMIT_FSIZE is an error that is told, and does not end us. What we start inherits no handler, as it would an "ignore".
    (void)signal(SIGXFSZ, [](int) {});
    (void)umask(umask(0) & 0077);   // our files are ours to read whatever the caller keeps from his; the app's umask is the profile's
    if (getauxval(AT_SECURE) != 0) return Error{.what = "this program must not be installed setuid", .advice = "it needs no privileges"};
    if (words.empty()) return usage("no verb is named", "see sandbox --help");
    if (words[0] == "--help" || words[0] == "-h") return said(help_of_all());
    if (words[0] == "--version") return said("sandbox " SANDBOX_VERSION "\n");
    return run_verb(verbs::all_verbs(), words, "", given);
}

int complain(const Error& error) {
    print(2, "sandbox: " + base::to_text(error) + "\n");
    return base::exit_status(error.failure);
}

// After a write that failed. Who reads no more knows it, and is not told.
int unwritable() {
    if (errno == EPIPE) return base::exit_status(base::Failure::ours);
    return complain(base::system_error("write", "cannot write to stdout"));
}

} // namespace

int main(int argc, char** argv, char** environment) {
    const Result<verbs::Outcome> result = dispatch({argv + std::min(argc, 1), argv + argc}, {argv, environment});
    clear_progress();
    if (!result) return complain(result.error());
    for (const std::string& warning : result.value().warnings) warn(warning);
    if (!print(1, result.value().output)) return unwritable();
    while (result.value().more) {
        const auto later = result.value().more();
        if (!later) return complain(later.error());
        if (!later.value()) break;
        if (!print(1, *later.value())) return unwritable();
    }
    return result.value().status;
}
