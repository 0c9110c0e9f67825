#pragma once
// Where a wish was written down. Every item of a profile and of a plan carries one, and every error shows it.

#include "launcher/base/fields.hpp"

#include <cstdint>
#include <string>

namespace base {

/// A place in a profile (`firefox.toml:12:1`), an argument of the command line (`--bind`), or the tool itself.
struct Origin {
    std::string file;         ///< the path as it was opened, or the argument's text (`--net host`); empty: built in
    std::uint32_t line = 0;   ///< from 1; 0: not a file
    std::uint32_t column = 0; ///< from 1; 0: not a file

    bool operator==(const Origin&) const = default;
    static constexpr auto fields() {
        return std::tuple{Field{"file", &Origin::file}, Field{"line", &Origin::line}, Field{"column", &Origin::column}};
    }
};

/// `FILE:LINE:COLUMN`, the argument's text, or "built in".
std::string to_text(const Origin& origin);

} // namespace base
