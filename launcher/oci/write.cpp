// From the Plan to config.json.

#include "launcher/oci/oci.hpp"
#include "launcher/plan/capability.hpp"

#include <algorithm>
#include <array>
#include <sys/sysmacros.h>

namespace oci {
namespace {

using plan::Access;
using plan::Execution;
using plan::NamespaceMode;

Json texts(const std::vector<std::string>& words) {
    Array out;
    for (const std::string& word : words) out.emplace_back(word);
    return out;
}

std::string upper(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return out;
}

std::string octal(std::uint32_t bits) {
    std::string out;
    for (int shift = 9; shift >= 0; shift -= 3) out += static_cast<char>('0' + (bits >> shift & 7));
    return out;
}

// The nodes that every runtime makes by itself (config-linux.md, "Default Devices").
bool is_default_device(std::string_view path) {
    constexpr std::array<std::string_view, 6> defaults{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"};
    return std::find(defaults.begin(), defaults.end(), path) != defaults.end();
}
// So are these links (runtime-linux.md, "/dev symbolic links"), and /dev/ptmx.
bool is_default_link(std::string_view path) {
    constexpr std::array<std::string_view, 5> defaults{"/dev/fd", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/ptmx"};
    return std::find(defaults.begin(), defaults.end(), path) != defaults.end();
}

class Writer {
public:
    Writer(const plan::Plan& plan, Lost& lost) : plan_(plan), lost_(lost) {}

    Json mounts() {
        for (const plan::Mount& mount : plan_.mounts) std::visit([&](const auto& kind) { add(kind); }, mount);
        return std::move(mounts_);
    }
    Json devices() { return std::move(devices_); }
    Json masked() { return std::move(masked_); }
    Json readonly() { return std::move(readonly_); }

private:
    void mount(const std::string& target, const char* type, const std::string& source, const std::vector<std::string>& options) {
        mounts_.push_back(Object{{"destination", target}, {"type", type}, {"source", source}, {"options", texts(options)}});
    }

    void add(const plan::Bind& bind) {
        // Of a file there is nothing below, and crun takes what is bound recursively for a folder.
        const bool recursive = bind.subtree == plan::Subtree::recursive && bind.source.type == plan::FileType::directory;
        std::vector<std::string> options{recursive ? "rbind" : "bind", recursive ? "r" : ""};
        options.back() += base::name_of(bind.propagation);
        // "ro" alone leaves the mounts below the source as they are.
        const auto flag = [&](const char* name) {
            options.emplace_back(name);
            if (recursive) options.push_back("r" + options.back());
        };
        flag("nosuid");
        flag("nodev");
        if (bind.access == Access::read_only) flag("ro");
        if (bind.execution == Execution::denied) flag("noexec");
        mount(bind.target.text, "bind", bind.source.path.text, options);
    }
    void add(const plan::Tmpfs& tmpfs) {
        std::vector<std::string> options{"nosuid", "nodev", "mode=" + octal(tmpfs.mode), "size=" + std::to_string(tmpfs.size),
                                         "nr_inodes=" + std::to_string(tmpfs.inodes)};
        if (plan_.ids.uid != 0) options.push_back("uid=" + std::to_string(plan_.ids.uid));
        if (plan_.ids.gid != 0) options.push_back("gid=" + std::to_string(plan_.ids.gid));
        if (tmpfs.execution == Execution::denied) options.emplace_back("noexec");
        if (tmpfs.access == Access::read_only) options.emplace_back("ro");
        mount(tmpfs.target.text, "tmpfs", "tmpfs", options);
    }
    void add(const plan::Proc& proc) {
        std::vector<std::string> options{"nosuid", "nodev", "noexec"};
        if (proc.access == Access::read_only) options.emplace_back("ro");
        mount(proc.target.text, "proc", "proc", options);
    }
    void add(const plan::Sysfs& sysfs) { mount(sysfs.target.text, "sysfs", "sysfs", {"nosuid", "nodev", "noexec", "ro"}); }
    void add(const plan::Devpts& devpts) {
        mount(devpts.target.text, "devpts", "devpts", {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"});
    }
    void add(const plan::Mqueue& mqueue) { mount(mqueue.target.text, "mqueue", "mqueue", {"nosuid", "nodev", "noexec"}); }
    void add(const plan::Overlay& overlay) {
        std::string lower;
        std::string all = overlay.upper.path.text + overlay.work.path.text;
        for (const plan::Source& source : overlay.lower) {
            lower += (lower.empty() ? "" : ":") + source.path.text;
            all += source.path.text;
        }
        if (overlay.upper.path.text.empty() || all.find_first_of(":,\\") != std::string::npos) {
            lost_.push_back("the overlay on '" + overlay.target.text + "': changes in memory, and paths with ':' or ',', have no form");
            return;
        }
        mount(overlay.target.text, "overlay", "overlay",
              {"nosuid", "nodev", "lowerdir=" + lower, "upperdir=" + overlay.upper.path.text, "workdir=" + overlay.work.path.text, "userxattr"});
    }
    // In the root: a bundle holds them (bundle.cpp).
    void add(const plan::Symlink&) {}
    void add(const plan::Data&) {}
    void add(const plan::Directory&) {}
    void add(const plan::Device& device) {
        if (is_default_device(device.target.text)) return;
        const std::uint64_t node = device.source.node;
        devices_.push_back(Object{{"path", device.target.text},
                                  {"type", device.source.type == plan::FileType::block ? "b" : "c"},
                                  {"major", static_cast<std::uint64_t>(gnu_dev_major(node))},
                                  {"minor", static_cast<std::uint64_t>(gnu_dev_minor(node))}});
    }
    void add(const plan::Exchange& exchange) {
        lost_.push_back("the sockets in '" + exchange.target.text + "': the programs that serve them run beside the sandbox");
    }
    void add(const plan::Mask& mask) { masked_.emplace_back(mask.target.text); }
    void add(const plan::ReadOnly& readonly) { readonly_.emplace_back(readonly.target.text); }

    const plan::Plan& plan_;
    Lost& lost_;
    Array mounts_, devices_, masked_, readonly_;
};

struct Kind {
    const char* type;
    plan::Namespace plan::Namespaces::* place;
};
constexpr std::array kinds{Kind{"user", &plan::Namespaces::user},     Kind{"mount", &plan::Namespaces::mount}, Kind{"pid", &plan::Namespaces::pid},
                           Kind{"ipc", &plan::Namespaces::ipc},       Kind{"uts", &plan::Namespaces::uts},     Kind{"cgroup", &plan::Namespaces::cgroup},
                           Kind{"network", &plan::Namespaces::net},   Kind{"time", &plan::Namespaces::time}};

Json namespaces(const plan::Namespaces& spaces) {
    Array out;
    for (const Kind& kind : kinds) {
        const plan::Namespace& space = spaces.*kind.place;
        if (space.mode == NamespaceMode::host) continue;
        Object one{{"type", kind.type}};
        if (space.mode == NamespaceMode::join) one.emplace_back("path", space.path.text);
        out.emplace_back(std::move(one));
    }
    return out;
}

Json id_map(const std::vector<plan::IdRange>& ranges) {
    Array out;
    for (const plan::IdRange& range : ranges)
        out.push_back(Object{{"containerID", std::uint64_t{range.inside}}, {"hostID", std::uint64_t{range.outside}}, {"size", std::uint64_t{range.count}}});
    return out;
}

Json capabilities(std::uint64_t kept) {
    Array names;
    for (std::size_t number = 0; number < plan::capability_names.size(); ++number)
        if ((kept >> number & 1) != 0) names.emplace_back(std::string(plan::capability_names[number]));
    Object sets;
    for (const char* set : {"bounding", "effective", "inheritable", "permitted", "ambient"}) sets.emplace_back(set, names);
    return sets;
}

Json process(const plan::Plan& plan) {
    const plan::Process& wish = plan.process;
    Array rlimits;
    for (const plan::Rlimit& limit : wish.rlimits)
        rlimits.push_back(Object{{"type", "RLIMIT_" + upper(plan::rlimit_names[limit.resource])}, {"soft", limit.soft}, {"hard", limit.hard}});
    Object out{{"terminal", wish.terminal == plan::Terminal::pty},
               {"user", Object{{"uid", std::uint64_t{plan.ids.uid}}, {"gid", std::uint64_t{plan.ids.gid}}, {"umask", std::uint64_t{wish.umask}}}},
               {"args", texts(wish.argv)},
               {"env", texts(wish.environment)},
               {"cwd", wish.cwd.text},
               {"capabilities", capabilities(plan.security.capabilities)},
               {"rlimits", std::move(rlimits)},
               {"noNewPrivileges", plan.security.new_privileges == plan::NewPrivileges::denied}};
    if (!plan.security.lsm.apparmor.empty()) out.emplace_back("apparmorProfile", plan.security.lsm.apparmor);
    if (!plan.security.lsm.selinux_process.empty()) out.emplace_back("selinuxLabel", plan.security.lsm.selinux_process);
    return out;
}

// What stands in the Plan and has no word there.
void tell_lost(const plan::Plan& plan, Lost& lost) {
    const auto tell = [&](bool is, const char* line) {
        if (is) lost.emplace_back(line);
    };
    tell(plan.network.mode == plan::NetworkMode::user, "network: the user-mode stack is started beside a sandbox, not by a runtime; a runtime gives it a loopback alone");
    tell(plan.network.mode == plan::NetworkMode::none, "network: a runtime sets the loopback interface up");
    tell(plan.security.landlock.handled != 0 || plan.security.landlock.scoped != 0, "Landlock: OCI has no word for it");
    tell(plan.security.user_namespaces == plan::Nested::denied, "nested user namespaces: the filter alone refuses them");
    tell(plan.process.preserved_fds != 0, "preserved descriptors: they are the runtime's option --preserve-fds");
    tell(plan.process.parent_death_signal != 0, "the end with the parent: a runtime's container outlives whoever started it");
    tell(plan.ids.groups == plan::Groups::drop, "dropped groups: a runtime decides by itself");
    tell(plan.limits.requirement != plan::Requirement::required && !plan.limits.values.empty(), "limits as a wish: a runtime takes every limit as required");
}

} // namespace

Written write(const plan::Plan& plan, const std::vector<resolve::CallDecision>& calls) {
    Written written;
    Writer writer(plan, written.lost);
    Json mounts = writer.mounts();
    Object sysctls;
    for (const plan::Sysctl& sysctl : plan.sysctls) sysctls.emplace_back(sysctl.key, sysctl.value);
    Object limits;
    for (const plan::Limit& limit : plan.limits.values) limits.emplace_back(limit.name, limit.value);
    Object linux_part{{"namespaces", namespaces(plan.namespaces)},
                      {"uidMappings", id_map(plan.ids.uid_map)},
                      {"gidMappings", id_map(plan.ids.gid_map)},
                      {"devices", writer.devices()},
                      {"maskedPaths", writer.masked()},
                      {"readonlyPaths", writer.readonly()}};
    if (!plan.security.lsm.selinux_mount.empty()) linux_part.emplace_back("mountLabel", plan.security.lsm.selinux_mount);
    if (!sysctls.empty()) linux_part.emplace_back("sysctl", std::move(sysctls));
    if (!limits.empty()) linux_part.emplace_back("resources", Object{{"unified", std::move(limits)}});
    if (Json seccomp = write_seccomp(plan.security.seccomp, calls, written.lost); !std::holds_alternative<std::monostate>(seccomp.value))
        linux_part.emplace_back("seccomp", std::move(seccomp));
    Object config{{"ociVersion", "1.0.2"},
                  {"process", process(plan)},
                  {"root", Object{{"path", "rootfs"}, {"readonly", plan.root.access == Access::read_only}}},
                  {"mounts", std::move(mounts)},
                  {"linux", std::move(linux_part)},
                  {"annotations", Object{{"org.sandbox.app", plan.app}}}};
    if (!plan.hostname.empty()) config.insert(config.begin() + 3, {"hostname", plan.hostname});
    tell_lost(plan, written.lost);
    written.made_in_root = static_cast<std::size_t>(std::count_if(plan.mounts.begin(), plan.mounts.end(), [](const plan::Mount& mount) {
        return (std::holds_alternative<plan::Symlink>(mount) && !is_default_link(plan::target_of(mount).text)) || std::holds_alternative<plan::Data>(mount);
    }));
    written.config = std::move(config);
    return written;
}

} // namespace oci
