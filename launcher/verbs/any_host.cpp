#include "launcher/verbs/any_host.hpp"

#include <algorithm>
#include <functional>

namespace verbs {

using base::HostPath;
using base::Result;
using plan::Source;

Source AnyHost::source_of(std::string path) const {
    // "${LIBEXEC}/program" is known by what follows the place.
    const auto is_named = [&](const auto& item) {
        const std::string& text = item.value;
        return text.starts_with("${") ? path.ends_with(text.substr(text.find('}') + 1)) : path == text;
    };
    const bool is_device = path != "/dev" && base::is_below(path, "/dev");
    const plan::FileType type = is_device ? plan::FileType::character
                                : std::any_of(programs_.begin(), programs_.end(), is_named) ? plan::FileType::regular : plan::FileType::directory;
    const std::uint64_t inode = std::hash<std::string>{}(path) | 1; // two paths are two files
    return {.path = {std::move(path)}, .device = 1, .inode = inode, .type = type, .node = is_device ? inode : 0};
}

resolve::User AnyHost::user() const { return {1000, 1000, "user", "user", {"/home/user"}}; }
resolve::Kernel AnyHost::kernel() const { return {}; }
std::vector<std::string> AnyHost::variables() const { return {}; }
std::optional<std::string> AnyHost::variable(std::string_view) const { return {}; }
Result<std::optional<Source>> AnyHost::look(const HostPath& path, resolve::FollowLinks) const { return std::optional(source_of(path.text)); }
Result<std::optional<Source>> AnyHost::look_beneath(const HostPath& folder, std::string_view relative) const {
    return std::optional(source_of(base::joined(folder.text, std::string(relative))));
}
std::optional<std::string> AnyHost::link_text(const HostPath&) const { return {}; }
bool AnyHost::is_planted(const HostPath&) const { return false; }
Result<std::optional<std::string>> AnyHost::read(const HostPath&, std::size_t) const { return std::optional<std::string>{}; }
std::vector<HostPath> AnyHost::matches(const std::string&) const { return {}; }
std::vector<std::string> AnyHost::entries(const HostPath&) const { return {}; }
Result<Source> AnyHost::own_folder(const HostPath& folder, std::string_view relative) { return source_of(base::joined(folder.text, std::string(relative))); }
resolve::RlimitNow AnyHost::rlimit(std::uint32_t) const { return {}; }
std::array<bool, 3> AnyHost::terminals() const { return {}; }
std::string AnyHost::cwd() const { return "/"; }
HostPath AnyHost::libexec() const { return {"/usr/libexec/sandbox"}; }
std::string AnyHost::random_suffix() { return "abcd"; }

} // namespace verbs
