#pragma once
// Options as rows: parsing, help and (later) man pages and completion come from the same list.

#include "launcher/base/result.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verbs {

struct OptionRow {
    std::string_view name;     ///< "--net"
    char letter;               ///< 't' for -t; 0: none
    std::string_view argument; ///< what --help calls its argument; empty: it takes none
    std::string_view help;
};

/// One option as it was given.
struct Given {
    std::string_view name; ///< of the row
    std::string value;
    std::string text;      ///< as it stood on the command line, for origins: "--net host"
};

struct Parsed {
    std::vector<Given> options;    ///< in order; each may be repeated
    std::vector<std::string> rest; ///< the words that are no options, untouched; the first "--" that ends these is dropped
    bool help = false;             ///< --help was given

    bool has(std::string_view name) const;
    /// The last value given, or an empty text.
    std::string last(std::string_view name) const;
};

/// Whose the words after the first one are that is no option: options of the verb's own may stand among them, or they are a program's,
/// whatever they look like.
enum class Behind { options, program };

/// `--name value`, `--name=value`, `-x value`, `-xy` for flags. Stops after `--` and, with `program`, at the first word that is no
/// option. Errors (usage): unknown option with the near match, a missing or an unwanted argument.
base::Result<Parsed> parse_options(std::span<const std::string> words, std::span<const OptionRow> rows, Behind behind);

/// The lines of --help for these rows.
std::string help_lines(std::span<const OptionRow> rows);

} // namespace verbs
