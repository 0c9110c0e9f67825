// Capabilities, privileges, the system call filter, Landlock, the labels of security modules.

#include "launcher/base/text.hpp"
#include "launcher/plan/capability.hpp"
#include "launcher/resolve/builder.hpp"
#include "launcher/resolve/landlock.hpp"
#include "launcher/resolve/seccomp.hpp"

#include <algorithm>

namespace resolve {
namespace {

using base::Error;
using base::Result;

Result<void> capabilities(Builder& builder) {
    for (const auto& item : builder.profile.process.caps) {
        const auto number = plan::capability_of(item.value);
        if (!number) { // "net_admin" of other tools is CAP_NET_ADMIN
            std::string whole = item.value.starts_with("CAP_") || item.value.starts_with("cap_") ? item.value : "CAP_" + item.value;
            std::transform(whole.begin(), whole.end(), whole.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
            const std::string near = base::did_you_mean(plan::capability_of(whole) ? whole : item.value, plan::capability_names);
            return Error{.what = "unknown capability '" + item.value + "'", .advice = near.empty() ? "capabilities(7) names them, as CAP_NET_RAW" : near, .origin = item.origin()};
        }
        if (item.value == "CAP_SYS_ADMIN") // it owns the sandbox's own mounts: each mask and read-only path could be undone
            return Error{.what = "CAP_SYS_ADMIN cannot be kept: the app could take its sandbox apart", .advice = "remove it", .origin = item.origin()};
        builder.plan.security.capabilities |= std::uint64_t{1} << *number;
        builder.warnings.push_back({item.origin(), item.value + " is kept inside the sandbox; it widens what a fault of the "
                                                                "kernel would let the app reach"});
    }
    return {};
}

void landlock(Builder& builder) {
    const auto& wish = builder.profile.process.landlock;
    if (wish.set() && !wish.value) return;
    constexpr std::uint64_t abstract_sockets = 1, signals = 2;
    const Kernel kernel = builder.host.kernel();
    plan::Landlock& landlock = builder.plan.security.landlock;
    // Abstract sockets are as wide as the network namespace, signals as the pid namespace: here it is the first wall. What
    // the kernel does not know is left out.
    landlock.scoped = kernel.landlock_scope & (abstract_sockets | signals);
    // A domain that handles files may not mount, whatever namespace it is in (landlock(7)): with user namespaces of its own an app
    // could not build the sandbox that they are for, so files are left to the mounts.
    if (builder.plan.security.user_namespaces == plan::Nested::denied) landlock.handled = landlock_handled(kernel.landlock_fs);
    landlock.origin = wish.origin();
}

// A network namespace of its own closes the abstract sockets as well; the host's leaves them to Landlock alone.
void tell_open_sockets(Builder& builder) {
    constexpr std::uint64_t abstract_sockets = 1;
    if (builder.plan.network.mode != plan::NetworkMode::host || (builder.plan.security.landlock.scoped & abstract_sockets) != 0) return;
    builder.warnings.push_back({builder.plan.network.origin, "with the network of the host and without Landlock's scopes (Linux 6.12) the "
                                                             "app reaches every abstract socket of the host; network.mode = \"user\" closes them"});
}

// A namespace made inside has to map its maker's id, and since Linux 5.12 nobody without CAP_SETFCAP may map the parent's
// id 0: an app that relies on it would break half way. Denied at once, it does without (user_namespaces(7)).
void nested_user_namespaces(Builder& builder) {
    const auto& wish = builder.profile.process.userns;
    if (!wish.value) return;
    if (builder.plan.ids.uid != 0) {
        builder.plan.security.user_namespaces = plan::Nested::allowed;
        return;
    }
    builder.warnings.push_back({wish.origin(), "for user 0 the kernel allows no user namespaces inside: an inner sandbox of the "
                                               "app is weaker; start it as another user"});
}

// Out of a chroot leads any right over mounts or roots, and a user namespace inside would give them all.
Result<void> chroot_suffices(const Builder& builder) {
    const plan::Security& security = builder.plan.security;
    if (builder.plan.root.change == plan::RootChange::pivot || (security.capabilities == 0 && security.user_namespaces == plan::Nested::denied)) return {};
    return Error{.what = "root.no-pivot is not possible with process.caps or process.userns", .advice = "they would lead out of a chroot; remove one of the two",
                 .origin = builder.profile.root.no_pivot.origin()};
}

Result<std::string> label(const char* key, const profile::Item<std::string>& wish) {
    const bool printable = std::all_of(wish.value.begin(), wish.value.end(), [](char c) { return c > ' ' && c < 127; });
    if (!printable || wish.value.size() > 512)
        return Error{.what = "lsm." + std::string(key) + ": a label is printable, without spaces, and at most 512 bytes", .advice = "as aa-status(8) or seinfo(1) prints it",
                     .origin = wish.origin()};
    return wish.value;
}

// Of what we mount (tmpfs, devpts, mqueue); what is bound has the labels of its own file system.
Result<std::string> mount_label(const Builder& builder) {
    const auto& wish = builder.profile.lsm.selinux_mount;
    if (wish.value.empty()) return std::string();
    const auto enforcing = builder.host.look({"/sys/fs/selinux/enforce"}, FollowLinks::no);
    if (!enforcing.ok() || !enforcing.value())
        return Error{.what = "lsm.selinux-mount: this host has no SELinux", .advice = "remove it", .origin = wish.origin()};
    return label("selinux-mount", wish);
}

} // namespace

Result<void> resolve_security(Builder& builder) {
    const profile::Process& wish = builder.profile.process;
    plan::Security& security = builder.plan.security;
    TRY(capabilities(builder));
    if (wish.no_new_privileges.set() && !wish.no_new_privileges.value)
        security.new_privileges = plan::NewPrivileges::allowed;
    nested_user_namespaces(builder);
    TRY(chroot_suffices(builder));
    security.seccomp = TRY(seccomp(wish.seccomp, {security.user_namespaces}));
    landlock(builder);
    const bool confined = !security.seccomp.program.empty() || security.landlock.scoped != 0 || security.landlock.handled != 0;
    if (security.new_privileges == plan::NewPrivileges::allowed && confined)
        return Error{.what = "process.no-new-privileges = false is not possible with a system call filter or Landlock",
                     .advice = "the kernel wants it for both: remove it, or set process.seccomp.base = \"none\" and process.landlock = false",
                     .origin = wish.no_new_privileges.origin()};
    tell_open_sockets(builder);
    const profile::Lsm& lsm = builder.profile.lsm;
    security.lsm.apparmor = TRY(label("apparmor", lsm.apparmor));
    security.lsm.selinux_process = TRY(label("selinux-process", lsm.selinux_process));
    security.lsm.selinux_mount = TRY(mount_label(builder));
    for (const auto* item : {&lsm.selinux_mount, &lsm.selinux_process, &lsm.apparmor})
        if (item->set()) security.lsm.origin = item->origin();
    return {};
}

} // namespace resolve
