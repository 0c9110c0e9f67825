// Any words on the command line: the words of each verb's rows, then explain, which starts nothing.

#include "launcher/base/text.hpp"
#include "launcher/verbs/verb.hpp"
#include "tests/fuzz/require.hpp"

#include <algorithm>
#include <string>

int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    // One word a line.
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    std::vector<std::string> words;
    for (const std::string_view word : base::split(text, '\n')) words.emplace_back(word.substr(0, word.find('\0')));
    const verbs::World world{.environment = {"HOME=/nonexistent", "PATH=/usr/bin"}, .programs = {"/nonexistent"}, .helper = {"/nonexistent/helper"},
                             .session = {"/nonexistent/session"}, .data = {TESTS_FOLDER "/../profiles"}};
    for (const verbs::Verb& verb : verbs::all_verbs()) {
        const auto parsed = verbs::parse_options(words, verb.options, verb.behind);
        if (!parsed) {
            fuzz::require(parsed.error().failure == base::Failure::usage, "wrong words are a wrong command line");
            continue;
        }
        for (const verbs::Given& given : parsed.value().options)
            fuzz::require(std::any_of(verb.options.begin(), verb.options.end(), [&](const verbs::OptionRow& row) { return row.name == given.name; }),
                          "an option is one of the rows");
        fuzz::require(parsed.value().options.size() + parsed.value().rest.size() <= words.size() * 64, "no words are made up");
        if (verb.name != "explain") continue;
        if (const auto outcome = verb.run(world, parsed.value()); !outcome)
            fuzz::require(to_text(outcome.error()).find('\n') == std::string::npos, "an error is one line");
        else fuzz::require(!outcome.value().start, "explain starts nothing");
    }
    return 0;
}
