#pragma once
// JSON text, as little of it as the probes need.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace probes {

/// A JSON string; bytes above 0x7f are taken as Latin-1, so that any file name can be shown.
std::string quoted(std::string_view text);

/// An object in the order of its members; the values are JSON already.
class Object {
public:
    void add(std::string_view name, std::string value) { members_.emplace_back(name, std::move(value)); }
    void add_text(std::string_view name, std::string_view value) { add(name, quoted(value)); }
    void add_number(std::string_view name, long long value) { add(name, std::to_string(value)); }
    std::string text() const;

private:
    std::vector<std::pair<std::string, std::string>> members_;
};

/// An array; the values are JSON already.
std::string array_of(const std::vector<std::string>& values);

} // namespace probes
