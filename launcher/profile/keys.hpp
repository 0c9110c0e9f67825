#pragma once
// One row a key: what a change of it means, and what the manual says of it. fields() of profile.hpp has the same keys; a
// test holds the two together.

#include <span>
#include <string_view>

namespace profile {

/// What makes a value of a key wider, which is: lets the app reach more.
enum class Wider {
    neither, ///< no value grants anything: names, arguments, what the app is told
    words,   ///< one that stands later in `order`; "*" there is any other text
    more,    ///< a greater number; of a set: one item more
    less,    ///< a smaller number; of a set: one item less
    unknown, ///< two values cannot be compared, so that any other value counts as wider
};

struct KeyRow {
    std::string_view key;   ///< "home.mode"; an entry of a table of names: "files.*"
    Wider wider;
    std::string_view order; ///< of `words`: narrowest first, parted by spaces
    std::string_view unset; ///< what holds when nobody says the key; empty: nothing, or the host's own
    std::string_view value; ///< what it takes, for the manual
    std::string_view help;  ///< one line, for the manual
};

/// In the order of fields(), a table of names after its owner.
std::span<const KeyRow> key_rows();

/// The row of `key`, or of the table of names that holds it ("files./opt/x"); null for no key of a profile.
const KeyRow* find_key(std::string_view key);

} // namespace profile
