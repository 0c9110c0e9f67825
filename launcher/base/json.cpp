#include "launcher/base/json.hpp"

#include "launcher/base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace base {
namespace {

bool is_number(std::string_view text) {
    const auto point = text.find('.');
    if (!whole_number(text.substr(0, point))) return false;
    if (point == std::string_view::npos) return true;
    const std::string_view digits = text.substr(point + 1);
    return !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char digit) { return digit >= '0' && digit <= '9'; });
}

} // namespace

void Json::open(char bracket) {
    text_ += bracket;
    ++depth_;
    first_ = true;
}

void Json::close(char bracket) {
    --depth_;
    if (!first_) new_line();
    text_ += bracket;
    first_ = false;
}

void Json::key(std::string_view name) {
    element();
    string(name);
    text_ += ": ";
}

void Json::element() {
    if (!first_) text_ += layout_ == Layout::one_line ? ", " : ",";
    new_line();
    first_ = false;
}

void Json::string(std::string_view text) {
    text_ += '"';
    while (!text.empty()) {
        const auto [value, length] = decode(text);
        if (length == 0) {
            text_ += "\xEF\xBF\xBD";
        } else if (drives_a_terminal(value)) { // who reads JSON reads it on a terminal too; all of these have four digits
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\u%04x", value & 0xffffU);
            text_ += escape.data();
        } else {
            if (value == '"' || value == '\\') text_ += '\\';
            text_ += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    text_ += '"';
}

void Json::number_or_string(std::string_view text) {
    if (is_number(text)) text_ += text;
    else string(text);
}

void Json::new_line() {
    if (layout_ == Layout::one_line) return;
    text_ += '\n';
    text_.append(2 * depth_, ' ');
}

} // namespace base
