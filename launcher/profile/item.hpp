#pragma once
// A value of a profile together with everyone who ever set it.

#include "launcher/base/origin.hpp"

#include <map>
#include <string>
#include <vector>

namespace profile {

/// Who speaks, from the weakest to the strongest. The ceiling is the administrator's, and bounds all the others.
enum class Layer { builtin, system, administrator, user, command_line, ceiling };

/// One time that a value was set.
struct Setting {
    Layer layer = Layer::builtin;
    base::Origin origin;
    std::string value; ///< as it was written, for `profile show`

    bool operator==(const Setting&) const = default;
};

template <class T>
struct Item {
    T value{};
    std::vector<Setting> history; ///< oldest first; empty: nobody set it, `value` is the default

    bool set() const { return !history.empty(); }
    base::Origin origin() const { return history.empty() ? base::Origin{} : history.back().origin; }
    bool operator==(const Item&) const = default;
};

/// An array that the layers add to; "!x" removes x. In the order of first mention, none twice.
using Set = std::vector<Item<std::string>>;

/// A table keyed by the user's own words (paths, variables, bus names): the order of lines never matters.
template <class T>
using Map = std::map<std::string, Item<T>>;

} // namespace profile

template <>
struct base::EnumNames<profile::Layer> {
    static constexpr std::array<std::string_view, 6> names{"built in", "system",       "administrator",
                                                           "user",     "command line", "ceiling"};
};
