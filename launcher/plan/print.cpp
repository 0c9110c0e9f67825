#include "launcher/plan/print.hpp"

#include "launcher/base/text.hpp"
#include "launcher/plan/capability.hpp"

#include <array>
#include <bit>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <linux/filter.h>
#include <span>
#include <sys/sysmacros.h>

namespace plan {
namespace {

/// Text that an app or a file chose: quoted where it would run into the words around it, and never able to drive the
/// terminal. A backslash is doubled, so that an escape is never mistaken for one that was written.
std::string shown(std::string_view text) {
    const bool plain = !text.empty() && text.find_first_of(" \"\\") == std::string_view::npos;
    if (plain) return base::escaped(text);
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return base::escaped(quoted + '"');
}

std::string octal(std::uint32_t mode) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "0%o", mode);
    return text.data();
}

std::string bytes(std::uint64_t size) {
    constexpr std::array<std::string_view, 4> units{"bytes", "KiB", "MiB", "GiB"};
    std::size_t unit = 0;
    while (unit + 1 < units.size() && size != 0 && size % 1024 == 0) {
        size /= 1024;
        ++unit;
    }
    return std::to_string(size) + " " + std::string(units[unit]);
}

std::string device_number(std::uint64_t device) {
    return std::to_string(major(device)) + ":" + std::to_string(minor(device));
}

/// The names of the bits that are set; what has no name as a number.
std::string bits(std::uint64_t value, std::span<const std::string_view> names) {
    std::string text;
    for (std::size_t bit = 0; bit < names.size(); ++bit) {
        if ((value >> bit & 1U) == 0) continue;
        text += (text.empty() ? "" : " ") + std::string(names[bit]);
        value &= ~(std::uint64_t{1} << bit);
    }
    if (value != 0) {
        std::array<char, 24> rest{};
        std::snprintf(rest.data(), rest.size(), "0x%llx", static_cast<unsigned long long>(value));
        text += (text.empty() ? "" : " ") + std::string(rest.data());
    }
    return text.empty() ? "none" : text;
}

constexpr std::array<std::string_view, 16> landlock_names{
    "execute",  "write-file", "read-file", "read-dir",   "remove-dir", "remove-file", "make-char", "make-dir",
    "make-reg", "make-sock",  "make-fifo", "make-block", "make-sym",   "refer",       "truncate",  "ioctl-dev"};
constexpr std::array<std::string_view, 2> scope_names{"abstract-unix-socket", "signal"};

class Lines {
public:
    void heading(std::string_view name) { text_ += (text_.empty() ? "" : "\n") + std::string(name) + "\n"; }
    void line(std::string_view words) { text_ += "  " + std::string(words) + "\n"; }
    void line(std::string_view words, const base::Origin& origin) {
        line(std::string(words) + " [" + base::escaped(base::to_text(origin)) + "]");
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

std::string identity_of(const Source& source) {
    std::string text(base::name_of(source.type));
    if (source.node != 0) text += " " + device_number(source.node);
    if (source.device == 0 && source.inode == 0) return text + " not made yet";
    return text + " dev=" + device_number(source.device) + " ino=" + std::to_string(source.inode);
}

std::string flags(Access access, Execution execution) {
    std::string text(base::name_of(access));
    text += " nosuid nodev";
    return execution == Execution::denied ? text + " noexec" : text;
}

// --- One line for each kind of mount, without its origin.

std::string words(const Bind& bind) {
    std::string text =
        shown(bind.source.path.text) + " → " + shown(bind.target.text) + " " + flags(bind.access, bind.execution);
    if (bind.subtree == Subtree::alone) text += " alone";
    if (bind.propagation != Propagation::private_) text += " " + std::string(base::name_of(bind.propagation));
    return text + " " + identity_of(bind.source);
}
std::string words(const Tmpfs& tmpfs) {
    return shown(tmpfs.target.text) + " " + flags(tmpfs.access, tmpfs.execution) + " size=" + bytes(tmpfs.size) +
           " inodes=" + std::to_string(tmpfs.inodes) + " mode=" + octal(tmpfs.mode);
}
std::string words(const Proc& proc) {
    return shown(proc.target.text) + " " + flags(proc.access, Execution::denied);
}
std::string words(const Sysfs& sysfs) {
    return shown(sysfs.target.text) + " " + flags(Access::read_only, Execution::denied);
}
std::string words(const Devpts& devpts) {
    return shown(devpts.target.text) + " rw nosuid noexec newinstance";
}
std::string words(const Mqueue& mqueue) {
    return shown(mqueue.target.text) + " " + flags(Access::read_write, Execution::denied);
}
std::string words(const Overlay& overlay) {
    std::string text;
    for (const Source& lower : overlay.lower)
        text += (text.empty() ? "" : " + ") + shown(lower.path.text) + " (" + identity_of(lower) + ")";
    text += " → " + shown(overlay.target.text) + " " + flags(Access::read_write, Execution::allowed);
    if (overlay.upper.path.text.empty()) return text + " upper=memory";
    return text + " upper=" + shown(overlay.upper.path.text) + " (" + identity_of(overlay.upper) +
           ") work=" + shown(overlay.work.path.text) + " (" + identity_of(overlay.work) + ")";
}
std::string words(const Symlink& symlink) {
    return shown(symlink.target.text) + " → " + shown(symlink.text);
}
std::string words(const Data& data) {
    return shown(data.target.text) + " ro " + bytes(data.contents.size()) + " mode=" + octal(data.mode);
}
std::string words(const Directory& directory) {
    return shown(directory.target.text) + " mode=" + octal(directory.mode);
}
std::string words(const Exchange& exchange) {
    return shown(exchange.name) + " → " + shown(exchange.target.text) + " " + flags(exchange.access, Execution::denied);
}
std::string words(const Device& device) {
    return shown(device.source.path.text) + " → " + shown(device.target.text) + " nosuid noexec " +
           identity_of(device.source);
}
std::string words(const Mask& mask) {
    return shown(mask.target.text);
}
std::string words(const ReadOnly& read_only) {
    return shown(read_only.target.text);
}

// --- The groups

void print_identity(Lines& lines, const Plan& plan) {
    lines.heading("identity");
    lines.line("app " + shown(plan.app));
    lines.line("profile " + shown(plan.profile));
    lines.line("instance " + shown(plan.instance));
    lines.line("hostname " + (plan.hostname.empty() ? "as it is" : shown(plan.hostname)));
}

void print_namespaces(Lines& lines, const Namespaces& namespaces) {
    lines.heading("namespaces");
    base::for_each_field(namespaces, [&](const auto& field, const Namespace& space) {
        std::string text = std::string(field.name) + " " + std::string(base::name_of(space.mode));
        if (!space.path.text.empty()) text += " " + shown(space.path.text);
        lines.line(text, space.origin);
    });
}

void print_map(Lines& lines, const char* name, const std::vector<IdRange>& map) {
    for (const IdRange& range : map)
        lines.line(std::string(name) + " " + std::to_string(range.inside) +
                   " inside = " + std::to_string(range.outside) + " outside, count " + std::to_string(range.count));
}

void print_ids(Lines& lines, const Ids& ids) {
    lines.heading("ids");
    lines.line("uid " + std::to_string(ids.uid) + " gid " + std::to_string(ids.gid) + " groups " +
                   std::string(base::name_of(ids.groups)),
               ids.origin);
    print_map(lines, "uid-map", ids.uid_map);
    print_map(lines, "gid-map", ids.gid_map);
}

void print_mount(Lines& lines, std::string_view before, const Mount& mount) {
    std::visit([&](const auto& kind) { lines.line(std::string(before) + kind.kind + " " + words(kind), kind.origin); }, mount);
}

void print_mounts(Lines& lines, const Plan& plan) {
    lines.heading("mounts");
    lines.line("root / " + flags(plan.root.access, Execution::allowed) + (plan.root.change == RootChange::pivot ? "" : " chroot-if-refused") + " size=" + bytes(plan.root.size) +
               " inodes=" + std::to_string(plan.root.inodes));
    for (const Mount& mount : plan.mounts) print_mount(lines, "", mount);
}

void print_network(Lines& lines, const Plan& plan) {
    lines.heading("network");
    lines.line("mode " + std::string(base::name_of(plan.network.mode)), plan.network.origin);
    if (!plan.network.sidecar.empty()) {
        std::string sidecar = "sidecar";
        for (const std::string& word : plan.network.sidecar) sidecar += " " + shown(word);
        lines.line(sidecar);
    }
    for (const Route& route : plan.network.routes)
        lines.line("route " + shown(route.destination) + "/" + std::to_string(route.prefix) +
                       (route.gateway.empty() ? "" : " via " + shown(route.gateway)), route.origin);
    for (const Sysctl& sysctl : plan.sysctls)
        lines.line("sysctl " + shown(sysctl.key) + " = " + shown(sysctl.value), sysctl.origin);
}

void print_seccomp(Lines& lines, const Seccomp& seccomp) {
    std::string text = "seccomp " + shown(seccomp.base);
    const auto list = [&](const char* name, const std::vector<std::string>& values) {
        if (!values.empty()) text += std::string(" ") + name;
        for (const std::string& value : values) text += " " + shown(value);
    };
    list("allow", seccomp.allow);
    list("deny", seccomp.deny);
    list("arch", seccomp.architectures);
    lines.line(text + ", " + std::to_string(seccomp.program.size() / sizeof(sock_filter)) + " instructions",
               seccomp.origin);
}

void print_landlock(Lines& lines, const Landlock& landlock) {
    lines.line("landlock denies " + bits(landlock.handled, landlock_names), landlock.origin);
    if (landlock.scoped != 0) lines.line("landlock scopes " + bits(landlock.scoped, scope_names), landlock.origin);
    for (const LandlockRule& rule : landlock.rules)
        lines.line("landlock allows " + shown(rule.path.text) + " " +
                   (rule.access == landlock.handled ? "all" : bits(rule.access, landlock_names)));
}

void print_security(Lines& lines, const Security& security) {
    lines.heading("security");
    lines.line("capabilities " + bits(security.capabilities, capability_names));
    lines.line("new-privileges " + std::string(base::name_of(security.new_privileges)));
    lines.line("user-namespaces " + std::string(base::name_of(security.user_namespaces)));
    print_seccomp(lines, security.seccomp);
    print_landlock(lines, security.landlock);
    base::for_each_field(security.lsm, [&](const auto& field, const auto& label) {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(label)>, std::string>)
            if (!label.empty()) lines.line(field.name + (" " + shown(label)), security.lsm.origin);
    });
}

std::string limit_value(std::uint64_t value) {
    return value == UINT64_MAX ? "infinity" : std::to_string(value);
}

void print_process(Lines& lines, const Process& process) {
    lines.heading("process");
    std::string command = "command";
    for (const std::string& word : process.argv) command += " " + shown(word);
    lines.line(command, process.origin);
    lines.line("cwd " + shown(process.cwd.text));
    for (const std::string& entry : process.environment) lines.line("env " + shown(entry));
    lines.line("umask " + octal(process.umask));
    lines.line("terminal " + std::string(base::name_of(process.terminal)));
    lines.line("preserved-fds " + std::to_string(process.preserved_fds));
    const char* signal = sigabbrev_np(static_cast<int>(process.parent_death_signal));
    lines.line("parent-death-signal " +
               (signal != nullptr ? "SIG" + std::string(signal) : std::to_string(process.parent_death_signal)));
    for (const Rlimit& rlimit : process.rlimits) {
        const bool known = rlimit.resource < rlimit_names.size();
        lines.line("rlimit " + (known ? std::string(rlimit_names[rlimit.resource]) : std::to_string(rlimit.resource)) +
                       " " + limit_value(rlimit.soft) + " " + limit_value(rlimit.hard),
                   rlimit.origin);
    }
}

void print_limits(Lines& lines, const Limits& limits) {
    lines.heading("limits");
    lines.line("cgroup " + std::string(base::name_of(limits.requirement)));
    for (const Limit& limit : limits.values) {
        const auto size = limit.name.starts_with("memory.") ? base::whole_number(limit.value) : std::nullopt;
        lines.line(shown(limit.name) + " " + (size ? bytes(*size) : shown(limit.value)), limit.origin);
    }
}

void print_sidecars(Lines& lines, const Plan& plan) {
    if (plan.sidecars.empty()) return;
    lines.heading("sidecars");
    for (const Sidecar& sidecar : plan.sidecars) {
        lines.line(shown(sidecar.name) + ", network " + std::string(base::name_of(sidecar.network)), sidecar.origin);
        std::string command = "  command";
        for (const std::string& word : sidecar.argv) command += " " + shown(word);
        lines.line(command);
        for (const std::string& entry : sidecar.environment) lines.line("  env " + shown(entry));
        for (const Mount& mount : sidecar.mounts) print_mount(lines, "  ", mount);
        lines.line("  seccomp " + shown(sidecar.seccomp.base) + ", " +
                   std::to_string(sidecar.seccomp.program.size() / sizeof(sock_filter)) + " instructions");
    }
}

} // namespace

std::string to_text(const Plan& plan) {
    Lines lines;
    print_identity(lines, plan);
    print_namespaces(lines, plan.namespaces);
    print_ids(lines, plan.ids);
    print_mounts(lines, plan);
    print_network(lines, plan);
    print_security(lines, plan.security);
    print_process(lines, plan.process);
    print_limits(lines, plan.limits);
    print_sidecars(lines, plan);
    return lines.take();
}

} // namespace plan
