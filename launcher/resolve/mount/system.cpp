// /dev, /proc, /sys, /tmp and /run: always fresh, never those of the host or of a folder given as root.

#include "launcher/resolve/builder.hpp"

namespace resolve {
namespace {

using base::Error;
using base::Result;
using plan::Access;
using plan::Execution;

constexpr std::uint64_t mebibyte = 1U << 20;

Result<void> dev(Builder& builder) {
    Tree& tree = builder.tree;
    TRY(tree.place(plan::Tmpfs{.target = {"/dev"}, .size = mebibyte, .inodes = 1024, .access = Access::read_only}));
    for (const char* name : {"null", "zero", "full", "random", "urandom", "tty"}) {
        const std::string path = base::joined("/dev", name);
        const auto node = TRY(builder.host.look({path}, FollowLinks::no));
        if (!node || node->type != plan::FileType::character)
            return Error{.what = "the host has no device '" + path + "'", .advice = "mount a devtmpfs on /dev"};
        TRY(tree.place(plan::Device{.source = *node, .target = {path}}));
    }
    const auto link = [&](const char* target, const char* text) {
        return tree.place(plan::Symlink{.target = {target}, .text = text});
    };
    TRY(link("/dev/fd", "/proc/self/fd"));
    TRY(link("/dev/stdin", "/proc/self/fd/0"));
    TRY(link("/dev/stdout", "/proc/self/fd/1"));
    TRY(link("/dev/stderr", "/proc/self/fd/2"));
    // Never the host's ptmx, which would hand out terminals of the host.
    TRY(link("/dev/ptmx", "pts/ptmx"));
    TRY(tree.place(plan::Devpts{.target = {"/dev/pts"}}));
    // Browsers keep pictures in it: the 64 MiB of container runtimes are too few for them.
    TRY(tree.place(plan::Tmpfs{.target = {"/dev/shm"}, .size = 1024 * mebibyte, .inodes = 65536, .mode = 01777}));
    if (builder.plan.namespaces.ipc.mode == plan::NamespaceMode::fresh)
        TRY(tree.place(plan::Mqueue{.target = {"/dev/mqueue"}}));
    return {};
}

Result<void> sys(Builder& builder) {
    TRY(builder.tree.place(plan::Directory{.target = {"/sys"}}));
    // How many processors there are: what the C library and thread pools ask. All else names the host's hardware.
    const auto source = TRY(builder.host.look({"/sys/devices/system/cpu"}, FollowLinks::no));
    if (!source) return {};
    return builder.tree.place(plan::Bind{.source = *source, .target = {source->path.text}, .execution = Execution::denied});
}

Result<void> memory(Builder& builder) {
    Tree& tree = builder.tree;
    TRY(tree.place(plan::Tmpfs{.target = {"/tmp"}, .size = 2048 * mebibyte, .inodes = 262144, .mode = 01777,
                               .execution = Execution::allowed}));
    // Where a folder given as root has a /var, its own /var/tmp stays.
    if (tree.ground_of("/var/tmp") == nullptr)
        TRY(tree.place(plan::Symlink{.target = {"/var/tmp"}, .text = "/tmp"}));
    TRY(tree.place(plan::Directory{.target = {"/run"}}));
    if (tree.ground_of("/var/run") == nullptr) TRY(tree.place(plan::Symlink{.target = {"/var/run"}, .text = "/run"}));
    return tree.place(plan::Tmpfs{.target = {builder.runtime}, .size = 64 * mebibyte, .inodes = 4096, .mode = 0700});
}

} // namespace

Result<void> resolve_system(Builder& builder) {
    TRY(dev(builder));
    TRY(builder.tree.place(plan::Proc{.target = {"/proc"}}));
    TRY(sys(builder));
    return memory(builder);
}

} // namespace resolve
