#include "launcher/verbs/options.hpp"

#include "launcher/base/text.hpp"

#include <algorithm>

namespace verbs {
namespace {

using base::Error;
using base::Result;

Error usage(std::string what, std::string advice = "see --help") {
    return Error{.what = std::move(what), .advice = std::move(advice), .failure = base::Failure::usage};
}

const OptionRow* find(std::span<const OptionRow> rows, auto&& matches) {
    const auto found = std::find_if(rows.begin(), rows.end(), matches);
    return found == rows.end() ? nullptr : &*found;
}

Error unknown(std::string_view word, std::span<const OptionRow> rows) {
    std::vector<std::string_view> names;
    for (const OptionRow& row : rows) names.push_back(row.name);
    const std::string near = base::did_you_mean(word, names);
    return usage("unknown option '" + std::string(word) + "'", near.empty() ? "see --help" : near);
}

} // namespace

bool Parsed::has(std::string_view name) const {
    return std::any_of(options.begin(), options.end(), [&](const Given& given) { return given.name == name; });
}

std::string Parsed::last(std::string_view name) const {
    std::string value;
    for (const Given& given : options)
        if (given.name == name) value = given.value;
    return value;
}

Result<Parsed> parse_options(std::span<const std::string> words, std::span<const OptionRow> rows, Behind behind) {
    Parsed parsed;
    std::size_t index = 0;
    // The value of an option that takes one: what is attached to it, or the next word.
    const auto take = [&](const OptionRow& row, std::string_view attached, bool is_attached) -> Result<void> {
        if (is_attached) {
            parsed.options.push_back({row.name, std::string(attached), std::string(row.name) + " " + std::string(attached)});
        } else if (index + 1 < words.size()) {
            ++index;
            parsed.options.push_back({row.name, words[index], std::string(row.name) + " " + words[index]});
        } else {
            return usage("option '" + std::string(row.name) + "' needs an argument: " + std::string(row.argument));
        }
        return {};
    };
    for (; index < words.size(); ++index) {
        const std::string_view word = words[index];
        if (word == "--") {
            ++index;
            break;
        }
        if (word.size() < 2 || word[0] != '-') {
            if (behind == Behind::program) break;
            parsed.rest.emplace_back(word);
            continue;
        }
        if (word == "--help" || word == "-h") {
            parsed.help = true;
            return parsed;
        }
        if (word.starts_with("--")) {
            const auto equals = word.find('=');
            const std::string_view name = word.substr(0, equals);
            const OptionRow* row = find(rows, [&](const OptionRow& one) { return one.name == name; });
            if (!row) return unknown(name, rows);
            const bool attached = equals != std::string_view::npos;
            if (row->argument.empty() && attached) return usage("option '" + std::string(name) + "' takes no argument");
            if (row->argument.empty()) parsed.options.push_back({row->name, "", std::string(word)});
            else TRY(take(*row, attached ? word.substr(equals + 1) : "", attached));
            continue;
        }
        for (std::size_t letter = 1; letter < word.size(); ++letter) {
            const OptionRow* row = find(rows, [&](const OptionRow& one) { return one.letter != 0 && one.letter == word[letter]; });
            if (!row) return unknown(word, rows);
            if (row->argument.empty()) {
                parsed.options.push_back({row->name, "", std::string(row->name)});
                continue;
            }
            TRY(take(*row, word.substr(letter + 1), letter + 1 < word.size()));
            break;
        }
    }
    parsed.rest.insert(parsed.rest.end(), words.begin() + static_cast<std::ptrdiff_t>(index), words.end());
    return parsed;
}

std::string help_lines(std::span<const OptionRow> rows) {
    std::string text;
    for (const OptionRow& row : rows) {
        std::string line = "  " + (row.letter ? std::string("-") + row.letter + ", " : std::string("    ")) + std::string(row.name);
        if (!row.argument.empty()) line += " " + std::string(row.argument);
        line.resize(std::max<std::size_t>(line.size() + 2, 36), ' ');
        text += line + std::string(row.help) + "\n";
    }
    return text;
}

} // namespace verbs
