#include "launcher/verbs/record.hpp"

#include <algorithm>

namespace verbs {
namespace {

constexpr std::size_t most_names = 1000;

// D-Bus Specification, "Bus names"; unique names are nobody's to grant, and the bus itself is always there.
bool is_grantable(std::string_view name) {
    return name.size() <= 255 && name.find('.') != std::string_view::npos && name[0] != '.' && name[0] != ':' && name != "org.freedesktop.DBus" &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
           });
}

std::string_view between(std::string_view line, std::string_view before, std::string_view after) {
    const auto begin = line.find(before);
    if (begin == std::string_view::npos) return {};
    line.remove_prefix(begin + before.size());
    return line.substr(0, line.find(after));
}

} // namespace

Use* BusLog::kept(std::string_view name) {
    if (!is_grantable(name) || (names_.size() >= most_names && !names_.contains(std::string(name)))) return nullptr;
    return &names_[std::string(name)];
}

// C5: -> org.example.Name call org.example.Name.Method at /path
// *HIDDEN* (ping)
// Filtering message due to arg0 org.example.Name, policy: 0 (required 3)
void BusLog::line(std::string_view text) {
    if (text.starts_with("C") && text.find(": -> ") < 12) {
        called_ = text.find(" call ") == std::string_view::npos ? nullptr : kept(between(text, ": -> ", " "));
        if (called_) called_->read = true;
    } else if (called_ && (text.starts_with("*HIDDEN*") || text.starts_with("*DENIED*"))) {
        called_->refused = true;
    } else if (text.starts_with("Filtering message due to arg0 ")) {
        Use* use = kept(between(text, " arg0 ", ","));
        if (!use) return;
        use->refused = true;
        if (text.find("(required 3)") != std::string_view::npos) use->written = use->refused_write = true;
    }
}

void BusLog::read(std::string_view more) {
    for (auto end = more.find('\n'); end != std::string_view::npos; end = more.find('\n')) {
        line(rest_.empty() ? more.substr(0, end) : (rest_ += more.substr(0, end)));
        rest_.clear();
        more.remove_prefix(end + 1);
    }
    rest_ += more;
}

} // namespace verbs
