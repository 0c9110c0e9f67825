#include "launcher/verbs/profiles.hpp"

#include "launcher/base/text.hpp"

namespace verbs {

using base::Error;
using base::Result;

std::span<const OptionRow> profile_options() { return {}; }

Result<Outcome> profiles(const World& world, const Parsed& parsed) {
    if (parsed.rest != std::vector<std::string>{"list"})
        return Error{.what = "expected 'profile list'", .advice = "see sandbox profile --help", .failure = base::Failure::usage};
    Outcome outcome;
    for (const profile::Listed& row : TRY(profile::list(search_folders(world)))) {
        std::string line = base::escaped(row.id);
        line.resize(std::max<std::size_t>(line.size() + 2, 34), ' ');
        line += std::string(base::name_of(row.layer)) + "  ";
        outcome.output += line + base::escaped(row.file) + "\n";
    }
    return outcome;
}

} // namespace verbs
