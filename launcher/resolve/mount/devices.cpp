// [devices]: nodes of the host, by path or glob(7), each verified to be a node.

#include "launcher/resolve/builder.hpp"

#include <algorithm>

namespace resolve {
namespace {

using base::Error;
using base::HostPath;
using base::Result;

Error refuse(const std::string& path, std::string why, const base::Origin& origin) {
    return Error{.what = "the device '" + path + "' cannot be granted: " + std::move(why), .advice = "remove it from [devices]",
                 .origin = origin};
}

Result<void> show(Builder& builder, const HostPath& path, const base::Origin& origin) {
    if (builder.tree.has(path.text)) return {}; // of the standard set, or named twice
    for (const char* ours : {"/dev/pts", "/dev/shm", "/dev/mqueue", "/dev/console"})
        if (base::is_below(path.text, ours)) return refuse(path.text, "the sandbox has its own", origin);
    if (const auto text = builder.host.link_text(path)) {
        // A second name (cdrom → sr0): the link as it is, and the node if it is one below /dev.
        const auto node = TRY(builder.host.look(path, FollowLinks::yes));
        if (!node || !base::is_below(node->path.text, "/dev")) return {};
        TRY(show(builder, node->path, origin));
        return builder.tree.place(plan::Symlink{.target = {path.text}, .text = *text, .origin = origin});
    }
    auto node = builder.host.look(path, FollowLinks::no);
    if (!node.ok()) {
        node.error().origin = origin;
        return std::move(node).error();
    }
    // Folders that a glob meets (dri/by-path) are no devices.
    if (!node.value() || (node.value()->type != plan::FileType::character && node.value()->type != plan::FileType::block))
        return {};
    return builder.tree.place(plan::Device{.source = *node.value(), .target = {path.text}, .origin = origin});
}

} // namespace

Result<void> resolve_devices(Builder& builder) {
    for (const auto& item : builder.profile.devices.nodes) {
        const std::string pattern = TRY(expanded_path(item.value, builder.places, item.origin()));
        if (pattern == "/dev" || !base::is_below(pattern, "/dev"))
            return refuse(pattern, "it does not lie below /dev", item.origin());
        // A host without that device: the app has one way less, and the profile fits all hosts.
        for (const HostPath& path : builder.host.matches(pattern)) TRY(show(builder, path, item.origin()));
    }
    return {};
}

} // namespace resolve
