#pragma once
// Paths as text. A path of the host and a path inside the sandbox are different types, so that neither is used for the
// other by mistake.

#include "launcher/base/fields.hpp"
#include "launcher/base/result.hpp"

#include <string>
#include <string_view>

namespace base {

/// Absolute, normalised path on the host.
struct HostPath {
    std::string text;
    auto operator<=>(const HostPath&) const = default; // NOLINT(modernize-use-nullptr): clang-tidy 14 takes the 0 that it compares with for a pointer
    static constexpr auto fields() { return std::tuple{Field{"host", &HostPath::text}}; }
};

/// Absolute, normalised path below the root of the sandbox.
struct InsidePath {
    std::string text;
    auto operator<=>(const InsidePath&) const = default;
    static constexpr auto fields() { return std::tuple{Field{"inside", &InsidePath::text}}; }
};

/// `path` without `//`, `/./` and a trailing `/`. Errors: it is not absolute, holds `..` (what `a/..` means depends on
/// links, so it is refused rather than guessed), a NUL byte, or is longer than PATH_MAX.
Result<std::string> normalised(std::string_view path);

/// Whether `path` is `folder` or lies below it; both normalised.
bool is_below(std::string_view path, std::string_view folder);

/// All but the last part ("/" for "/a"), and the last part ("a" for "/a", "" for "/").
std::string_view parent_of(std::string_view path);
std::string_view name_in(std::string_view path);

/// `folder` and a relative `name`, with one "/" between them.
std::string joined(std::string_view folder, std::string_view name);

} // namespace base
