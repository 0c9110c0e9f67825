// [[mount]]: mounts of any kind, in the order in which they are written, after [files].

#include "launcher/base/text.hpp"
#include "launcher/resolve/mount/grant.hpp"

#include <algorithm>
#include <array>

namespace resolve {
namespace {

using base::Error;
using base::HostPath;
using base::Result;
using plan::Access;
using plan::Execution;

constexpr std::uint64_t tmpfs_size = 64U << 20;
constexpr std::uint32_t tmpfs_inodes = 65536;

struct Options {
    std::optional<Access> access;
    std::optional<Execution> execution;
    plan::Subtree subtree = plan::Subtree::recursive;
    bool optional = false;
    std::vector<std::string> lower;
    std::string upper, work;
};

struct Asked {
    const profile::MountWish& wish;
    Options options;
    base::InsidePath target;
    base::Origin origin;
};

Result<void> option(Options& options, const std::string& text, const base::Origin& origin) {
    constexpr std::array<std::string_view, 13> known{"ro",    "rw",        "nosuid", "nodev",    "noexec",    "exec",
                                                     "optional", "recursive", "alone",  "rbind", "lowerdir", "upperdir", "workdir"};
    const auto at = text.find('=');
    const std::string name = text.substr(0, at), value = at == std::string::npos ? "" : text.substr(at + 1);
    if (text == "ro") options.access = Access::read_only;
    else if (text == "rw") options.access = Access::read_write;
    else if (text == "exec") options.execution = Execution::allowed;
    else if (text == "noexec") options.execution = Execution::denied;
    else if (text == "optional") options.optional = true;
    else if (text == "recursive" || text == "rbind") options.subtree = plan::Subtree::recursive;
    else if (text == "alone") options.subtree = plan::Subtree::alone;
    else if (text == "nosuid" || text == "nodev") return {}; // on every mount anyway
    else if (name == "lowerdir" && !value.empty())
        for (const std::string_view part : base::split(value, ':')) options.lower.emplace_back(part);
    else if (name == "upperdir" && !value.empty()) options.upper = value;
    else if (name == "workdir" && !value.empty()) options.work = value;
    else
        return Error{.what = "unknown mount option '" + text + "'", .advice = base::did_you_mean(name, known), .origin = origin};
    return {};
}

Result<plan::Propagation> propagation(const std::string& text, const base::Origin& origin) {
    if (text.empty()) return plan::Propagation::private_;
    if (const auto value = base::value_of<plan::Propagation>(text)) return *value;
    return Error{.what = "unknown propagation '" + text + "'", .advice = "write \"private\", \"slave\" or \"shared\"", .origin = origin};
}

// A folder or file of the host; the writable ones as guarded as those of [files].
Result<std::optional<plan::Source>> source(Builder& builder, const Asked& asked, const std::string& text, Access access) {
    const std::string path = TRY(expanded_path(text, builder.places, asked.origin));
    TRY(refuse_source(builder, path, asked.origin));
    const HostPath end = TRY(led(builder, path, asked.origin));
    TRY(refuse_source(builder, end.text, asked.origin));
    if (access == Access::read_write) TRY(refuse_protected(builder, {path}, end, asked.origin));
    const auto wanted = access == Access::read_write ? profile::FileAccess::rw : profile::FileAccess::ro;
    TRY(refuse_above_ceiling(builder, path, wanted, asked.origin));
    TRY(refuse_above_ceiling(builder, end.text, wanted, asked.origin));
    const auto found = TRY(source_at(builder, path, asked.origin));
    if (found) TRY(refuse_source(builder, *found, asked.origin));
    if (found || asked.options.optional) {
        if (found && access == Access::read_write) builder.writable.push_back(found->path);
        return found;
    }
    return Error{.what = "'" + path + "' is not there", .advice = "make it, or add the option \"optional\"", .origin = asked.origin};
}

Result<void> bind(Builder& builder, const Asked& asked) {
    const Access access = asked.options.access.value_or(Access::read_only);
    const auto found = TRY(source(builder, asked, asked.wish.source, access));
    if (!found) return {};
    if (found->type == plan::FileType::character || found->type == plan::FileType::block)
        return Error{.what = "'" + found->path.text + "' is a device", .advice = "name it in [devices] nodes", .origin = asked.origin};
    const auto spread = TRY(propagation(asked.wish.propagation, asked.origin));
    return builder.tree.place(plan::Bind{.source = *found, .target = asked.target, .access = access,
                                         .execution = asked.options.execution.value_or(Execution::allowed),
                                         .subtree = asked.options.subtree,
                                         .propagation = spread,
                                         .origin = asked.origin});
}

Result<void> tmpfs(Builder& builder, const Asked& asked) {
    if (asked.wish.mode > 01777)
        return Error{.what = "mode: permission bits go up to 0o1777", .advice = "as mode = 0o700", .origin = asked.origin};
    const std::uint64_t size = asked.wish.size.empty() ? tmpfs_size : TRY(bytes_of(asked.wish.size, asked.origin));
    if (size == 0) return Error{.what = "size: a tmpfs of no bytes holds nothing", .advice = "as size = \"64M\", or leave it out", .origin = asked.origin};
    return builder.tree.place(plan::Tmpfs{.target = asked.target, .size = size, .inodes = tmpfs_inodes,
                                          .mode = asked.wish.mode,
                                          .access = asked.options.access.value_or(Access::read_write),
                                          .execution = asked.options.execution.value_or(Execution::denied),
                                          .origin = asked.origin});
}

Result<void> proc(Builder& builder, const Asked& asked) {
    if (asked.target.text != "/proc") // what is hidden and read-only below /proc would be open in a second one
        return Error{.what = "proc can only be mounted on /proc", .advice = "leave this one out", .origin = asked.origin};
    return builder.tree.place(plan::Proc{.target = asked.target, .access = asked.options.access.value_or(Access::read_write),
                                         .origin = asked.origin});
}

Result<void> sysfs(Builder& builder, const Asked& asked) {
    if (builder.plan.namespaces.net.mode == plan::NamespaceMode::host)
        return Error{.what = "sysfs cannot be mounted with the network of the host",
                     .advice = "give the sandbox a network of its own, or bind the folders of /sys that are needed",
                     .origin = asked.origin};
    return builder.tree.place(plan::Sysfs{.target = asked.target, .origin = asked.origin});
}

Result<void> devpts(Builder& builder, const Asked& asked) {
    return builder.tree.place(plan::Devpts{.target = asked.target, .origin = asked.origin});
}

Result<void> mqueue(Builder& builder, const Asked& asked) {
    if (builder.plan.namespaces.ipc.mode == plan::NamespaceMode::host)
        return Error{.what = "mqueue cannot be mounted with the ipc namespace of the host",
                     .advice = "set namespaces.ipc = \"new\"", .origin = asked.origin};
    return builder.tree.place(plan::Mqueue{.target = asked.target, .origin = asked.origin});
}

Result<void> overlay(Builder& builder, const Asked& asked) {
    plan::Overlay mount{.target = asked.target, .origin = asked.origin};
    const auto folder = [&](const std::string& text, Access access) -> Result<plan::Source> {
        const auto found = TRY(source(builder, asked, text, access));
        if (found && found->type == plan::FileType::directory) return *found;
        return Error{.what = "overlay: '" + text + "' is no folder", .advice = "name a folder that is there", .origin = asked.origin};
    };
    std::vector<std::string> lower = asked.options.lower;
    if (!asked.wish.source.empty()) lower.insert(lower.begin(), asked.wish.source);
    if (lower.empty())
        return Error{.what = "an overlay needs a folder to lie on", .advice = "set source, or the option \"lowerdir=…\"", .origin = asked.origin};
    for (const std::string& text : lower) mount.lower.push_back(TRY(folder(text, Access::read_only)));
    if (asked.options.upper.empty() != asked.options.work.empty())
        return Error{.what = "an overlay takes upperdir and workdir together", .advice = "give both, or none: changes are then kept in memory",
                     .origin = asked.origin};
    if (!asked.options.upper.empty()) {
        mount.upper = TRY(folder(asked.options.upper, Access::read_write));
        mount.work = TRY(folder(asked.options.work, Access::read_write));
    }
    return builder.tree.place(std::move(mount));
}

Result<void> symlink(Builder& builder, const Asked& asked) {
    auto text = profile::expand(asked.wish.source, builder.inside_places);
    if (!text.ok() || text.value().empty() || text.value().find('\0') != std::string::npos)
        return Error{.what = "a symlink needs as source what it says", .advice = "as source = \"/usr/bin\"", .origin = asked.origin};
    return builder.tree.place(plan::Symlink{.target = asked.target, .text = std::move(text).value(), .origin = asked.origin});
}

Result<void> data(Builder& builder, const Asked& asked) {
    constexpr std::size_t most_bytes = 1U << 20;
    if (asked.wish.source.size() > most_bytes)
        return Error{.what = "data: the source is its text, at most 1 MiB", .advice = "bind a file that holds it", .origin = asked.origin};
    // 0755, the default of folders, is what nobody says of a file.
    const std::uint32_t mode = asked.wish.mode == 0755 ? 0444 : asked.wish.mode;
    if (mode > 0777) return Error{.what = "mode: permission bits go up to 0o777", .advice = "as mode = 0o644", .origin = asked.origin};
    return builder.tree.place(plan::Data{.target = asked.target, .contents = asked.wish.source, .mode = mode, .origin = asked.origin});
}

struct Kind {
    std::string_view type;
    Result<void> (*place)(Builder&, const Asked&);
};
constexpr Kind kinds[] = {{"bind", bind},     {"tmpfs", tmpfs},     {"proc", proc},       {"sysfs", sysfs}, {"devpts", devpts},
                          {"mqueue", mqueue}, {"overlay", overlay}, {"symlink", symlink}, {"data", data}};

Result<void> mount(Builder& builder, const profile::Item<profile::MountWish>& item) {
    Asked asked{item.value, {}, {}, item.origin()};
    for (const std::string& text : item.value.options) TRY(option(asked.options, text, asked.origin));
    if (item.value.target.empty()) return Error{.what = "a mount needs a target", .advice = "as target = \"/data\"", .origin = asked.origin};
    asked.target.text = TRY(expanded_path(item.value.target, builder.inside_places, asked.origin));
    std::vector<std::string_view> types;
    for (const Kind& kind : kinds) {
        types.push_back(kind.type);
        if (kind.type != item.value.type) continue;
        const bool own_proc = kind.type == "proc" && asked.target.text == "/proc";
        const bool own_sysfs = kind.type == "sysfs" && asked.target.text == "/sys";
        if (!own_proc && !own_sysfs) TRY(refuse_target(asked.target.text, item.value.source, asked.origin));
        return kind.place(builder, asked);
    }
    return Error{.what = "unknown type of mount '" + item.value.type + "'",
                 .advice = base::did_you_mean(item.value.type, types), .origin = asked.origin};
}

} // namespace

Result<void> resolve_mounts(Builder& builder) {
    for (const auto& item : builder.profile.mount) TRY(mount(builder, item));
    return {};
}

} // namespace resolve
