#pragma once
// Which of two values of a key lets the app reach more. The rows of keys.hpp say how each key is compared.

#include "launcher/profile/keys.hpp"
#include "launcher/profile/profile.hpp"

#include <string>
#include <vector>

namespace profile {

/// What a change does.
enum class Width {
    same,     ///< the key grants nothing, or both values grant the same
    narrower,
    wider,
    unknown,  ///< they cannot be compared, or each lets through what the other does not
};

/// From `from` to `to`. Numbers of [limits] are read as there: "4G", "max", "150%".
Width width(const KeyRow& row, const std::string& from, const std::string& to);
Width width(const KeyRow& row, bool from, bool to);
Width width(const KeyRow& row, std::uint32_t from, std::uint32_t to);
Width width(const KeyRow& row, const FileGrant& from, const FileGrant& to);
Width width(const KeyRow& row, const RlimitWish& from, const RlimitWish& to);
Width width(const KeyRow& row, const BusRule& from, const BusRule& to);
Width width(const KeyRow& row, const ServiceWish& from, const ServiceWish& to);
Width width(const KeyRow& row, const std::vector<std::string>& from, const std::vector<std::string>& to);
Width width(const KeyRow& row, const std::vector<IdRange>& from, const std::vector<IdRange>& to);
template <base::NamedEnum T>
Width width(const KeyRow& row, T from, T to) {
    return width(row, std::string(base::name_of(from)), std::string(base::name_of(to)));
}

/// The value that holds when nobody says the key; T{} where the row names none.
template <class T>
T unset_value(const KeyRow& row) {
    if constexpr (std::is_same_v<T, bool>) return row.unset == "true";
    else if constexpr (base::NamedEnum<T>) return base::value_of<T>(row.unset).value_or(T{});
    else if constexpr (std::is_same_v<T, std::string>) return std::string(row.unset);
    else return T{};
}

/// What `value` is under the ceiling `max`: part by part where a value has parts, else the one or the other. What cannot
/// be compared with the ceiling becomes the ceiling.
FileGrant lowest(const KeyRow& row, const FileGrant& value, const FileGrant& max);
RlimitWish lowest(const KeyRow& row, const RlimitWish& value, const RlimitWish& max);
BusRule lowest(const KeyRow& row, const BusRule& value, const BusRule& max);
ServiceWish lowest(const KeyRow& row, const ServiceWish& value, const ServiceWish& max);
template <class T>
T lowest(const KeyRow& row, const T& value, const T& max) {
    const Width from_max = width(row, max, value);
    return from_max == Width::wider || from_max == Width::unknown ? max : value;
}

/// Whether the item `wish` of a set lies within `allowed`: the same words, a glob that covers it, or a call of which
/// `wish` is a part.
bool covers(const std::string& allowed, const std::string& wish);

/// The same for names of a bus: "org.example.*" covers what is below, and "org.example" itself.
bool covers_name(const std::string& allowed, const std::string& wish);

} // namespace profile

template <>
struct base::EnumNames<profile::Width> {
    static constexpr std::array<std::string_view, 4> names{"neither", "narrows", "widens", "widens"};
};
