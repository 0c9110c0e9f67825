#pragma once
// JSON (RFC 8259) as a value, free of the library that reads and writes it.

#include "launcher/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace oci {

struct Json;
using Array = std::vector<Json>;
using Object = std::vector<std::pair<std::string, Json>>; ///< in order, no name twice

struct Json {
    std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> value;

    Json() = default;
    template <class T>
    requires(!std::is_same_v<std::remove_cvref_t<T>, Json> && !std::is_same_v<std::remove_cvref_t<T>, const char*>)
    // NOLINTNEXTLINE(bugprone-forwarding-reference-overload): the constraint leaves copies and moves to their constructors
    Json(T&& from) : value(std::forward<T>(from)) {}
    Json(const char* text) : value(std::string(text)) {}
};

/// The largest text that is read, in bytes.
inline constexpr std::size_t json_limit = 1U << 20;

/// Errors: longer than the limit, not JSON or not UTF-8 (with line and column), a name twice in one object, a NUL byte in
/// a text, nested more than 32 deep, a list or an object of more than 4096 members.
base::Result<Json> parse_json(std::string_view text, const std::string& file);

/// Indented by two spaces. Errors: a text that is not UTF-8.
base::Result<std::string> to_text(const Json& json);

/// "text", "a number", "an object", …
std::string_view kind_of(const Json& json);

} // namespace oci
