#pragma once
// What a mount lets the app do. nosuid is not here: every mount has it. nodev is on all but devices.

#include "launcher/base/fields.hpp"

namespace plan {

enum class Access { read_only, read_write };
enum class Execution { denied, allowed }; ///< denied: noexec
enum class Subtree { alone, recursive };  ///< whether the mounts below the source come with it
enum class Propagation { private_, slave, shared };
enum class Presence { optional, required }; ///< required: was there when the Plan was made, and must still be

} // namespace plan

template <>
struct base::EnumNames<plan::Access> {
    static constexpr std::array<std::string_view, 2> names{"ro", "rw"};
};
template <>
struct base::EnumNames<plan::Execution> {
    static constexpr std::array<std::string_view, 2> names{"noexec", "exec"};
};
template <>
struct base::EnumNames<plan::Subtree> {
    static constexpr std::array<std::string_view, 2> names{"alone", "recursive"};
};
template <>
struct base::EnumNames<plan::Presence> {
    static constexpr std::array<std::string_view, 2> names{"if-there", "required"};
};
template <>
struct base::EnumNames<plan::Propagation> {
    static constexpr std::array<std::string_view, 3> names{"private", "slave", "shared"};
};
