// The skeleton of the root: what of the host's /usr, of a folder, or nothing.

#include "launcher/base/text.hpp"
#include "launcher/resolve/mount/grant.hpp"

#include <algorithm>

namespace resolve {
namespace {

using base::Error;
using base::HostPath;
using base::InsidePath;
using base::Result;

// Mount points and the generated files; a bind costs none of it.
constexpr std::uint64_t root_size = 16U << 20;

// The first part of an absolute path, with its "/".
std::string first_part(const std::string& path) {
    return path.substr(0, path.find('/', 1));
}

// One name of a folder given as root, shown by itself: the folder may be an app's own, and is never walked by us.
Result<void> show(Builder& builder, const HostPath& root, const std::string& name, plan::Access access,
                  const base::Origin& origin) {
    const InsidePath target{"/" + name};
    const HostPath path{base::joined(root.text, name)};
    if (const auto text = builder.host.link_text(path))
        return builder.tree.place(plan::Symlink{.target = target, .text = *text, .origin = origin});
    const auto source = TRY(builder.host.look_beneath(root, name));
    if (!source || (source->type != plan::FileType::directory && source->type != plan::FileType::regular)) return {};
    return builder.tree.place(
        plan::Bind{.source = *source, .target = target, .access = access, .origin = origin});
}

Result<void> folder_root(Builder& builder, const HostPath& wished, const base::Origin& origin) {
    const auto found = TRY(builder.host.look(wished, FollowLinks::yes));
    if (!found || found->type != plan::FileType::directory)
        return Error{.what = "root.source: '" + wished.text + "' is no folder", .advice = "give a folder that holds a root, \"host\" or \"empty\"",
                     .origin = origin};
    if (found->path.text == "/")
        return Error{.what = "root.source: the whole of '/' cannot be the root", .advice = "write \"host\"", .origin = origin};
    TRY(refuse_source(builder, wished.text, origin));
    TRY(refuse_source(builder, *found, origin));
    const bool readonly = builder.plan.root.access == plan::Access::read_only;
    if (!readonly) TRY(refuse_protected(builder, found->path, found->path, origin));
    TRY(refuse_above_ceiling(builder, found->path.text, readonly ? profile::FileAccess::ro : profile::FileAccess::rw, origin));
    const auto access = readonly ? plan::Access::read_only : plan::Access::read_write;
    // /etc is shown name by name (etc.cpp), so that no generated file is made in the folder itself (CVE-2024-5154).
    const std::string home = first_part(builder.home);
    for (const std::string& name : builder.host.entries(found->path)) {
        const auto ours = [&](std::string_view other) { return "/" + name == other; };
        if (ours("/dev") || ours("/proc") || ours("/sys") || ours("/run") || ours("/tmp") || ours("/etc") || ours(home))
            continue;
        TRY(show(builder, found->path, name, access, origin));
    }
    for (const std::string& name : builder.host.entries({base::joined(found->path.text, "etc")}))
        TRY(show(builder, found->path, "etc/" + name, access, origin));
    if (!readonly) builder.writable.push_back(found->path);
    return {};
}

} // namespace

Result<void> place_system(Tree& tree, const Host& host, const base::Origin& origin) {
    const auto bind = [&](const HostPath& path) -> Result<void> {
        const auto source = TRY(host.look(path, FollowLinks::no));
        if (!source || source->type != plan::FileType::directory) return {};
        return tree.place(plan::Bind{.source = *source, .target = {path.text}, .origin = origin});
    };
    TRY(bind({"/usr"}));
    // Links on a merged system (bin → usr/bin), folders of their own on an older one.
    for (const char* name : {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
        const HostPath path{name};
        if (const auto text = host.link_text(path))
            TRY(tree.place(plan::Symlink{.target = {name}, .text = *text, .origin = origin}));
        else
            TRY(bind(path));
    }
    return {};
}

Result<void> resolve_root(Builder& builder) {
    const profile::Root& wish = builder.profile.root;
    builder.plan.root.size = root_size;
    builder.plan.root.access =
        wish.readonly.set() && !wish.readonly.value ? plan::Access::read_write : plan::Access::read_only;
    if (wish.no_pivot.value) {
        builder.plan.root.change = plan::RootChange::chroot_if_refused;
        builder.warnings.push_back({wish.no_pivot.origin(), "root.no-pivot: where the kernel refuses pivot_root (the host's root is a ramfs) the root is "
                                                            "changed by chroot, which is the weaker wall"});
    }
    const base::Origin origin = wish.source.origin();
    if (wish.source.value.empty() || wish.source.value == "host") return place_system(builder.tree, builder.host, origin);
    if (wish.source.value == "empty") return {};
    return folder_root(builder, {TRY(expanded_path(wish.source.value, builder.places, origin))}, origin);
}

} // namespace resolve
