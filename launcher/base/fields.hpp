#pragma once
// One list of members a struct. Printing, the wire form, the TOML keys and the tables of the manual are made from it.
//
//     struct Tmpfs {
//         std::string target;
//         std::uint64_t size = 0;
//         static constexpr auto fields() {
//             return std::tuple{Field{"target", &Tmpfs::target}, Field{"size", &Tmpfs::size, "bytes"}};
//         }
//     };
//
// An enum that is shown or read by name specialises EnumNames; its values count from 0 without a hole.

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace base {

template <class Class, class Member>
struct Field {
    const char* name;
    Member Class::* member;
    const char* help = "";
};
template <class Class, class Member>
Field(const char*, Member Class::*) -> Field<Class, Member>;
template <class Class, class Member>
Field(const char*, Member Class::*, const char*) -> Field<Class, Member>;

template <class T>
concept HasFields = requires { T::fields(); };

/// Calls `visit(field, object.*field.member)` for each field, in the order of the list.
template <class T, class Visit>
constexpr void for_each_field(T& object, Visit&& visit) {
    std::apply([&](const auto&... field) { (visit(field, object.*(field.member)), ...); },
               std::remove_const_t<T>::fields());
}

/// Calls `visit(key, object.*member, same.*member…)` for each member that has no fields() of its own; `key` is its path,
/// with dots. `same`: further objects of that type.
template <class Visit, class T, class... Same>
void for_each_leaf(const std::string& prefix, Visit&& visit, T& object, Same&... same) {
    const auto one = [&](const auto& field) {
        const std::string key = prefix.empty() ? std::string(field.name) : prefix + "." + field.name;
        if constexpr (HasFields<std::remove_cvref_t<decltype(object.*(field.member))>>)
            for_each_leaf(key, visit, object.*(field.member), same.*(field.member)...);
        else
            visit(key, object.*(field.member), same.*(field.member)...);
    };
    std::apply([&](const auto&... field) { (one(field), ...); }, std::remove_const_t<T>::fields());
}

/// Specialise with `static constexpr std::array<std::string_view, N> names{…};`.
template <class Enum>
struct EnumNames;

template <class T>
concept NamedEnum = std::is_enum_v<T> && requires { EnumNames<T>::names.size(); };

/// The name of a value; "?" for a number that is no value (only possible before plan::check has passed).
template <NamedEnum Enum>
constexpr std::string_view name_of(Enum value) {
    const auto index = static_cast<std::size_t>(value);
    return index < EnumNames<Enum>::names.size() ? EnumNames<Enum>::names[index] : "?";
}

/// The value with that name, or nothing.
template <NamedEnum Enum>
constexpr std::optional<Enum> value_of(std::string_view name) {
    for (std::size_t index = 0; index < EnumNames<Enum>::names.size(); ++index)
        if (EnumNames<Enum>::names[index] == name) return static_cast<Enum>(index);
    return std::nullopt;
}

} // namespace base
