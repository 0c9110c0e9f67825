#pragma once
// Writes JSON (RFC 8259), always valid UTF-8.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace base {

class Json {
public:
    enum class Layout { indented, one_line };
    explicit Json(Layout layout = Layout::indented) : layout_(layout) {}

    void open(char bracket);
    void close(char bracket);
    /// The name of the next value of an object; element: before each value of an array.
    void key(std::string_view name);
    void element();
    void number(std::uint64_t value) { text_ += std::to_string(value); }
    void boolean(bool value) { text_ += value ? "true" : "false"; }
    /// A byte that is no UTF-8 becomes U+FFFD: a path may hold any byte, a JSON text may not.
    void string(std::string_view text);
    /// A number as it is written already, "0.25"; anything else as a string.
    void number_or_string(std::string_view text);

    /// The whole text, with a line feed.
    std::string take() { return std::move(text_) + "\n"; }

private:
    void new_line();

    std::string text_;
    Layout layout_;
    std::size_t depth_ = 0;
    bool first_ = true;
};

} // namespace base
