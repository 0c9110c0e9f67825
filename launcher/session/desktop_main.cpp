// sandbox-desktop: the part of `sandbox integrate` and `sandbox profile new` that needs GLib, and is started by them. Descriptor
// 0 holds the question as words, each ended by a NUL, in pairs of a name and a value (launcher/session/client.hpp).

#include "launcher/base/io.hpp"
#include "launcher/base/text.hpp"
#include "launcher/session/client.hpp"
#include "launcher/session/desktop_describe.hpp"
#include "launcher/session/desktop_run.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace {

using base::Error;
using base::Result;

struct Mode {
    const char* name;
    session::Told (*run)(const session::Asked& asked);
};
constexpr Mode modes[] = {{"make", session::integrate}, {"undo", session::undo}, {"check", session::check}};

struct Question {
    const Mode* mode = nullptr;
    session::Asked asked;
    std::string entry; ///< the one to be described, instead of a mode
};

// The command line of an entry is read differently by each desktop where a path holds more than these.
bool is_plain(const std::string& path) {
    return path.starts_with('/') && std::all_of(path.begin(), path.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
               std::string_view("/._+-@").find(letter) != std::string_view::npos;
    });
}

Result<Question> read_question() {
    const base::UniqueFd input(0);
    const std::vector<std::string> words = session::words_in(TRY(base::read_all(input, 4U << 20)));
    Question question;
    for (std::size_t at = 0; at + 1 < words.size(); at += 2) {
        const std::string& name = words[at];
        const std::string& value = words[at + 1];
        if (name == "mode")
            for (const Mode& mode : modes)
                if (value == mode.name) question.mode = &mode;
        if (name == "describe") question.entry = value;
        if (name == "sandbox") question.asked.sandbox = value;
        if (name == "named") question.asked.named = value == "yes";
        if (name == "app") question.asked.apps.push_back({value, {}, {}});
        if (question.asked.apps.empty()) continue;
        if (name == "desktop") question.asked.apps.back().desktop.push_back(value);
        if (name == "program") question.asked.apps.back().programs.push_back(value);
    }
    if ((!question.mode && question.entry.empty()) || words.size() % 2 != 0 || question.asked.sandbox.empty())
        return Error{.what = "sandbox-desktop was asked for nothing that it knows", .advice = "this program is of no use by itself"};
    if (question.mode && !is_plain(question.asked.sandbox))
        return Error{.what = "the program '" + question.asked.sandbox + "' cannot be named in .desktop files", .advice = "install it in a folder whose path has letters, digits and '._+-@' only"};
    return question;
}

void say(FILE* stream, const std::string& text) { (void)fprintf(stream, "%s\n", base::escaped(text).c_str()); } // a closed stream is told by the status

int complain(const Error& error) {
    say(stderr, "sandbox: " + base::to_text(error));
    return base::exit_status(error.failure);
}

// Words for the program that asked: what it wished to know, or "failed" WHAT ADVICE, which it is the one to tell.
int describe(const Question& question) {
    const auto found = session::describe(question.entry, question.asked.sandbox);
    session::Description words;
    if (found) {
        words = found.value();
    } else {
        Error error = found.error();
        const std::string advice = std::exchange(error.advice, "");
        words = {"failed", base::to_text(error), advice};
    }
    const base::UniqueFd output(1);
    const auto written = base::write_all(output, session::to_message(words));
    if (!written) return complain(written.error());
    return found ? 0 : base::exit_status(found.error().failure);
}

} // namespace

int main() {
    const Result<Question> question = read_question();
    if (!question) return complain(question.error());
    if (!question.value().mode) return describe(question.value());
    const Mode& mode = *question.value().mode;
    const session::Told told = mode.run(question.value().asked);
    for (const std::string& line : told.lines) say(stdout, line);
    for (const std::string& warning : told.warnings) say(stderr, "sandbox: warning: " + warning);
    for (const std::string& error : told.errors) say(stderr, "sandbox: " + error);
    if (fflush(stdout) != 0 || !told.errors.empty()) return base::exit_status(base::Failure::ours);
    // What --check finds is an answer, not a failure; scripts tell it by the status.
    return mode.run == session::check && !told.lines.empty() ? 1 : 0;
}
