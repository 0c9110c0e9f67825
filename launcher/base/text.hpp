#pragma once
// Text for people: escaping of what apps and files may contain, near matches, and the strict reading of numbers.

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace base {

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t length = 0; ///< bytes; 0: the bytes are not valid UTF-8
};

/// The first of a text that is not empty.
CodePoint decode(std::string_view text);

/// Controls, C0 and C1, DEL, and what turns the direction of writing around.
bool drives_a_terminal(std::uint32_t value);

/// Control characters, DEL, C1 controls, bidirectional marks and invalid UTF-8 shown as `\xNN` or `\u{NNNN}`; the rest
/// as it is, so that no text from an app or a file can drive the terminal (CVE-2023-28101).
std::string escaped(std::string_view text);

/// As one word of a shell's command line, in quotes where it needs them (sh(1)).
std::string shell_word(std::string_view text);

/// The candidate nearest to `name`, if it is near enough to be what was meant.
std::optional<std::string> nearest(std::string_view name, std::span<const std::string_view> candidates);

/// "did you mean 'X'?" or an empty text.
std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates);

/// A whole unsigned decimal number, nothing before or after it, no sign, no leading zero but "0" itself, at most `max`
/// (CVE-2026-30892: a number that is half read is another number).
std::optional<std::uint64_t> whole_number(std::string_view text, std::uint64_t max = UINT64_MAX);

/// The parts between separators; an empty text has one empty part. They are parts of `text`, which must outlive them.
std::vector<std::string_view> split(std::string_view text, char separator);
template <std::same_as<std::string> Temporary>
std::vector<std::string_view> split(Temporary&& text, char separator) = delete;

/// Valid UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF).
bool is_utf8(std::string_view text);

} // namespace base
