#pragma once
// What a TOML file says, and where, free of the library that read it.

#include "launcher/base/origin.hpp"
#include "launcher/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace profile {

struct Node;
struct Entry;
using Array = std::vector<Node>;
using Table = std::vector<Entry>; ///< in the order of the file, no key twice

/// A kind of value that no key of ours takes.
struct Foreign {
    std::string_view kind; ///< "a float", "a date"
};

struct Node {
    std::variant<std::string, std::int64_t, bool, Foreign, Array, Table> value;
    base::Origin origin;
};

struct Entry {
    std::string key;
    base::Origin origin;
    Node value;
};

/// The largest file that is read, in bytes.
inline constexpr std::size_t file_limit = 1U << 20;

/// The document that `text` holds; `file` is for the origins. No text or key in it holds a NUL byte, and it is never
/// deeper than its readers can follow.
/// Errors, each with line and column: not UTF-8, a NUL byte, nested too deeply, not TOML 1.0, a key twice.
base::Result<Table> parse(std::string_view text, const std::string& file);

/// "text", "an integer", "a table", …
std::string_view kind_of(const Node& node);

/// The value as TOML on one line.
std::string to_toml(const Node& node);

/// `text` as a TOML string, quoted and escaped: fit for a value, and for one part of a dotted key.
std::string to_toml(std::string_view text);

} // namespace profile
