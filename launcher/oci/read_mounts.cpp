// mounts: kind by kind and option by option.

#include "launcher/base/text.hpp"
#include "launcher/oci/reader.hpp"

#include <algorithm>

namespace oci {
namespace {

using base::Result;

struct Mount {
    std::string place; ///< for what is left behind: "mounts[3] (/data)"
    std::string type, source;
    std::vector<std::string> options;
    profile::MountWish wish;
};

// "65536k" → "65536K"; a share of the memory ("50%") has no form.
std::optional<std::string> size_of(std::string text) {
    if (!text.empty() && (text.back() == 'k' || text.back() == 'm' || text.back() == 'g')) text.back() = static_cast<char>(text.back() - 'a' + 'A');
    const std::string_view digits = std::string_view(text).substr(0, text.find_last_not_of("KMG") + 1);
    if (!base::whole_number(digits) || text.size() - digits.size() > 1) return std::nullopt;
    return text;
}

std::optional<std::uint32_t> mode_of(std::string_view text) {
    if (text.empty() || text.size() > 5 || text.find_first_not_of("01234567") != std::string_view::npos) return std::nullopt;
    std::uint32_t bits = 0;
    for (const char digit : text) bits = bits << 3 | static_cast<std::uint32_t>(digit - '0');
    return bits <= 01777 ? std::optional(bits) : std::nullopt;
}

struct Option {
    std::string_view name;
    const char* ours; ///< the option of [[mount]]; empty: so it is anyway
};
constexpr Option options[] = {
    {"ro", "ro"},         {"rro", "ro"},       {"rw", "rw"},         {"rrw", "rw"},       {"exec", "exec"},   {"rexec", "exec"},
    {"noexec", "noexec"}, {"rnoexec", "noexec"}, {"nosuid", ""},     {"rnosuid", ""},     {"nodev", ""},      {"rnodev", ""},
    {"bind", "alone"},    {"rbind", "recursive"}, {"newinstance", ""}, {"userxattr", ""}, {"defaults", ""},   {"strictatime", ""},
    {"relatime", ""},
};

// A tmpfs belongs to the user inside.
bool owned_anyway(const Reader& reader, const std::string& name, const std::string& value) {
    const profile::Ids& ids = reader.profile.ids;
    return (name == "uid" && value == std::to_string(ids.uid.value)) || (name == "gid" && value == std::to_string(ids.gid.value));
}

void read_option(Reader& reader, Mount& mount, const std::string& option) {
    const auto row = std::find_if(std::begin(options), std::end(options), [&](const Option& one) { return one.name == option; });
    if (row != std::end(options)) {
        const std::string ours = row->ours;
        if (!ours.empty() && std::find(mount.wish.options.begin(), mount.wish.options.end(), ours) == mount.wish.options.end()) mount.wish.options.push_back(ours);
        return;
    }
    const std::string_view spread = std::string_view(option).substr(option.starts_with('r') ? 1 : 0);
    const auto at = option.find('=');
    const std::string name = option.substr(0, at), value = at == std::string::npos ? "" : option.substr(at + 1);
    if (spread == "private" || spread == "slave" || spread == "shared") mount.wish.propagation = spread;
    else if (const auto size = name == "size" && mount.type == "tmpfs" ? size_of(value) : std::nullopt) mount.wish.size = *size;
    else if (const auto mode = name == "mode" && mount.type == "tmpfs" ? mode_of(value) : std::nullopt) mount.wish.mode = *mode;
    else if (mount.type == "overlay" && (name == "lowerdir" || name == "upperdir" || name == "workdir")) mount.wish.options.push_back(option);
    else if (mount.type == "tmpfs" && owned_anyway(reader, name, value)) return;
    else reader.leave(mount.place, "its option '" + option + "' has no form");
}

// What every sandbox has at that place, of its own.
bool stands_anyway(const Mount& mount) {
    struct Row {
        std::string_view type, target;
    };
    constexpr Row rows[] = {{"proc", "/proc"}, {"tmpfs", "/dev"}, {"devpts", "/dev/pts"}, {"mqueue", "/dev/mqueue"}};
    return std::any_of(std::begin(rows), std::end(rows), [&](const Row& row) { return row.type == mount.type && row.target == mount.wish.target; });
}

std::string_view why_not(const Mount& mount) {
    if (mount.type == "cgroup" || mount.type == "cgroup2") return "control groups are not shown inside";
    if (mount.type == "sysfs") return "/sys shows the few folders that a sandbox chooses";
    if (mount.type == "proc") return "there is one proc, on /proc";
    if (mount.wish.target == "/run") return "/run is the sandbox's own";
    constexpr std::string_view kinds[] = {"bind", "tmpfs", "devpts", "mqueue", "overlay"};
    if (std::find(std::begin(kinds), std::end(kinds), mount.type) == std::end(kinds)) return "a user namespace cannot mount this kind of file system";
    return {};
}

Result<Mount> read_words(Reader& reader, const std::string& place, const Json& json) {
    Mount mount;
    for (const auto& [member, value] : *TRY(reader.object(place, json))) {
        const std::string at = place + "." + member;
        if (member == "destination") mount.wish.target = TRY(reader.text(at, value));
        else if (member == "type") mount.type = TRY(reader.text(at, value));
        else if (member == "source") mount.source = TRY(reader.text(at, value));
        else if (member == "options") mount.options = TRY(reader.texts(at, value));
        else reader.leave(at, member.ends_with("Mappings") ? "file systems of the host cannot have maps of their own here" : "a mount has no such member");
    }
    const auto target = base::normalised(mount.wish.target);
    if (!target.ok() || target.value() == "/") return reader.fault(place + ".destination", "expected an absolute path without '..', found '" + mount.wish.target + "'");
    mount.wish.target = target.value();
    mount.place = place + " (" + mount.wish.target + ")";
    // The options decide, not the type, which may be anything then (config.md, "Mounts").
    if (std::any_of(mount.options.begin(), mount.options.end(), [](const std::string& option) { return option == "bind" || option == "rbind"; })) mount.type = "bind";
    return mount;
}

Result<void> read_mount(Reader& reader, const std::string& place, const Json& json) {
    Mount mount = TRY(read_words(reader, place, json));
    if (stands_anyway(mount)) return {};
    if (const std::string_view why = why_not(mount); !why.empty()) {
        reader.leave(mount.place, why);
        return {};
    }
    mount.wish.type = mount.type;
    if (mount.type == "bind") {
        if (mount.source.empty()) return reader.fault(place + ".source", "it is missing");
        mount.wish.source = mount.source[0] == '/' ? mount.source : base::joined(reader.folder, mount.source);
    }
    for (const std::string& option : mount.options) read_option(reader, mount, option);
    if (mount.type == "bind" && std::find(mount.wish.options.begin(), mount.wish.options.end(), "ro") == mount.wish.options.end() &&
        std::find(mount.wish.options.begin(), mount.wish.options.end(), "rw") == mount.wish.options.end())
        mount.wish.options.emplace_back("rw"); // without a word a bind is writable there, and read-only here
    std::string all = mount.wish.target + mount.wish.source;
    for (const std::string& option : mount.wish.options) all += option;
    if (reader.plain(mount.place, all)) reader.set(reader.profile.mount.emplace_back(), std::move(mount.wish));
    return {};
}

} // namespace

Result<void> read_mounts(Reader& reader, const std::string& place, const Json& json) {
    std::size_t index = 0;
    for (const Json& item : *TRY(reader.array(place, json))) TRY(read_mount(reader, place + "[" + std::to_string(index++) + "]", item));
    return {};
}

} // namespace oci
