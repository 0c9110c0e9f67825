// The defences that this helper does without: words of the file `defences-off` in the folder where it is started.

#include "helper/defence.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

namespace helper {
namespace {

// In the order of Defence.
constexpr std::array<std::string_view, 14> names{"source-identity", "target-links", "own-folders", "masks",       "read-only",     "undumpable", "own-session",
                                                 "procfs",          "alive",        "reaped-here", "record-itself", "sealed",     "checked", "nothing-open"};

std::vector<std::string> read_off() {
    std::vector<std::string> off;
    std::FILE* const file = std::fopen("defences-off", "re");
    if (file == nullptr) return off;
    char word[64];
    while (std::fscanf(file, "%63s", word) == 1) {
        const bool known = std::find(names.begin(), names.end(), word) != names.end() ||
                           std::find(base::EnumNames<plan::Stage>::names.begin(), base::EnumNames<plan::Stage>::names.end(), word) !=
                               base::EnumNames<plan::Stage>::names.end();
        if (!known) { // a control that drops nothing would be no control
            std::fprintf(stderr, "sandbox-helper of tests: no defence is called '%s'\n", word);
            std::exit(99);
        }
        off.emplace_back(word);
    }
    std::fclose(file);
    return off;
}

bool is_on(std::string_view name) {
    static const std::vector<std::string> off = read_off();
    return std::find(off.begin(), off.end(), name) == off.end();
}

// Before the process has gone anywhere. The launcher leaves SIGCHLD as it should be; another caller of the helper may not.
[[maybe_unused]] const bool early = is_on("reaped-here") || std::signal(SIGCHLD, SIG_IGN) != SIG_ERR;

} // namespace

bool on(Defence defence) { return is_on(names[static_cast<std::size_t>(defence)]); }
bool on(plan::Stage stage) { return is_on(base::name_of(stage)); }

} // namespace helper
