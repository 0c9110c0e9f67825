#include "launcher/profile/document.hpp"

#include <cstdio>

namespace profile {
namespace {

struct Kind {
    std::string_view operator()(const std::string&) const { return "text"; }
    std::string_view operator()(std::int64_t) const { return "an integer"; }
    std::string_view operator()(bool) const { return "a boolean"; }
    std::string_view operator()(const Foreign& foreign) const { return foreign.kind; }
    std::string_view operator()(const Array&) const { return "a list"; }
    std::string_view operator()(const Table&) const { return "a table"; }
};

struct Toml {
    std::string operator()(const std::string& text) const { return to_toml(text); }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(const Foreign& foreign) const { return std::string(foreign.kind); }
    std::string operator()(const Array& items) const {
        std::string out = "[";
        for (const Node& item : items) out += (out.size() > 1 ? ", " : "") + to_toml(item);
        return out + "]";
    }
    std::string operator()(const Table& entries) const {
        std::string out = "{";
        for (const Entry& entry : entries)
            out += (out.size() > 1 ? ", " : " ") + to_toml(entry.key) + " = " + to_toml(entry.value);
        return out + " }";
    }
};

} // namespace

std::string_view kind_of(const Node& node) {
    return std::visit(Kind{}, node.value);
}

std::string to_toml(const Node& node) {
    return std::visit(Toml{}, node.value);
}

std::string to_toml(std::string_view text) {
    std::string out = "\"";
    for (const char byte : text) {
        if (byte == '"' || byte == '\\') {
            out += '\\';
            out += byte;
        } else if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned char>(byte));
            out += escape;
        } else {
            out += byte;
        }
    }
    return out + "\"";
}

} // namespace profile
