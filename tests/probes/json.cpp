#include "tests/probes/json.hpp"

#include <cstdio>

namespace probes {

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte == '"' || byte == '\\') {
            result += '\\';
            result += character;
        } else if (byte < 0x20 || byte >= 0x7f) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", byte);
            result += escape;
        } else {
            result += character;
        }
    }
    return result + '"';
}

std::string Object::text() const {
    std::string result = "{";
    for (const auto& [name, value] : members_) result += (result.size() > 1 ? ",\n " : "") + quoted(name) + ": " + value;
    return result + "}";
}

std::string array_of(const std::vector<std::string>& values) {
    std::string result = "[";
    for (const std::string& value : values) result += (result.size() > 1 ? ", " : "") + value;
    return result + "]";
}

} // namespace probes
