#pragma once
// The Profile: what is wished, after all layers are merged. Symbolic: `${DOWNLOADS}` is still that. fields() gives the
// TOML keys; a key that is not in a list is an error with the near match.

#include "launcher/profile/item.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace profile {

using base::Field;

enum class SingleInstance { new_, join, refuse };
enum class FileArguments { ro, rw, none };
enum class HomeMode { disposable, app, overlay, shared };
enum class FileAccess { deny, ro, rw };
enum class TerminalWish { automatic, always, never };
enum class NetworkWish { none, loopback, user, host };
enum class BusAccess { none, own_private, see, talk, own };

/// [app]
struct App {
    Item<std::string> id;
    Set names;    ///< what `sandbox run NAME` may say
    Set exec;     ///< absolute; the first that exists is run
    Item<std::vector<std::string>> args; ///< put before the user's own; a later layer replaces the whole
    Set desktop;
    Set extends; ///< kept for `profile show`; already folded in
    Item<SingleInstance> single_instance;
    Item<FileArguments> file_arguments; ///< what becomes of files that the command line names
    static constexpr auto fields() {
        return std::tuple{Field{"id", &App::id}, Field{"names", &App::names}, Field{"exec", &App::exec},
                          Field{"args", &App::args}, Field{"desktop", &App::desktop}, Field{"extends", &App::extends},
                          Field{"single-instance", &App::single_instance}, Field{"file-arguments", &App::file_arguments}};
    }
};

/// [root]
struct Root {
    Item<std::string> source; ///< "host", "empty", or a folder
    Item<bool> readonly;
    Item<bool> no_pivot;
    Set etc; ///< groups of /etc files wanted: "fonts", "tls", "resolver", …
    static constexpr auto fields() {
        return std::tuple{Field{"source", &Root::source}, Field{"readonly", &Root::readonly},
                          Field{"no-pivot", &Root::no_pivot}, Field{"etc", &Root::etc}};
    }
};

/// [home]
struct Home {
    Item<HomeMode> mode;
    Set persist; ///< relative to the home
    Item<std::string> path; ///< where the home is inside; default: where the user's is
    static constexpr auto fields() {
        return std::tuple{Field{"mode", &Home::mode}, Field{"persist", &Home::persist}, Field{"path", &Home::path}};
    }
};

/// A value of [files]: `"ro"`, or a table with these keys.
struct FileGrant {
    FileAccess access = FileAccess::deny;
    bool optional = false; ///< not there: nothing, instead of an error
    bool create = false;   ///< not there: made as a folder before the start
    bool exec = true;
    std::string target;    ///< where it is seen inside; empty: at the same path
    bool operator==(const FileGrant&) const = default;
    static constexpr auto fields() {
        return std::tuple{Field{"access", &FileGrant::access}, Field{"optional", &FileGrant::optional},
                          Field{"create", &FileGrant::create}, Field{"exec", &FileGrant::exec},
                          Field{"target", &FileGrant::target}};
    }
};

/// [[mount]]
struct MountWish {
    std::string type; ///< bind, tmpfs, proc, sysfs, devpts, mqueue, overlay, symlink, data
    std::string source;
    std::string target;
    std::vector<std::string> options; ///< ro, rw, nosuid, nodev, noexec, exec, optional, recursive, lowerdir=…
    std::string size;                 ///< "64M"
    std::uint32_t mode = 0755;
    std::string propagation; ///< private, slave, shared
    bool operator==(const MountWish&) const = default;
    static constexpr auto fields() {
        return std::tuple{Field{"type", &MountWish::type},         Field{"source", &MountWish::source},
                          Field{"target", &MountWish::target},     Field{"options", &MountWish::options},
                          Field{"size", &MountWish::size},         Field{"mode", &MountWish::mode},
                          Field{"propagation", &MountWish::propagation}};
    }
};

/// [mask]
struct Mask {
    Set paths;
    Set readonly;
    static constexpr auto fields() {
        return std::tuple{Field{"paths", &Mask::paths}, Field{"readonly", &Mask::readonly}};
    }
};

/// [devices]
struct Devices {
    Set nodes; ///< absolute paths below /dev or globs of them
    static constexpr auto fields() { return std::tuple{Field{"nodes", &Devices::nodes}}; }
};

/// [namespaces]: "new", "host", or the path of a namespace to join
struct Namespaces {
    Item<std::string> user, mount, pid, ipc, uts, cgroup, net, time;
    static constexpr auto fields() {
        return std::tuple{Field{"user", &Namespaces::user},     Field{"mount", &Namespaces::mount},
                          Field{"pid", &Namespaces::pid},       Field{"ipc", &Namespaces::ipc},
                          Field{"uts", &Namespaces::uts},       Field{"cgroup", &Namespaces::cgroup},
                          Field{"net", &Namespaces::net},       Field{"time", &Namespaces::time}};
    }
};

struct IdRange {
    std::uint32_t inside = 0, outside = 0, count = 1;
    bool operator==(const IdRange&) const = default;
    static constexpr auto fields() {
        return std::tuple{Field{"inside", &IdRange::inside}, Field{"outside", &IdRange::outside},
                          Field{"count", &IdRange::count}};
    }
};

/// [ids]
struct Ids {
    Item<std::uint32_t> uid, gid;
    Item<std::vector<IdRange>> uid_map, gid_map;
    Item<std::string> groups; ///< "keep" or "drop"
    static constexpr auto fields() {
        return std::tuple{Field{"uid", &Ids::uid}, Field{"gid", &Ids::gid}, Field{"uid-map", &Ids::uid_map},
                          Field{"gid-map", &Ids::gid_map}, Field{"groups", &Ids::groups}};
    }
};

/// [process.seccomp]
struct Seccomp {
    Item<std::string> base; ///< "desktop" or "strict"
    Set allow;              ///< "@set", "call", or "call(arg0 == 1)" where argument rules are known
    Set deny;
    Item<std::string> errno_; ///< the error of a denied call: "EPERM" (default) or "ENOSYS"
    Set arch;                 ///< "x86", "x32"
    static constexpr auto fields() {
        return std::tuple{Field{"base", &Seccomp::base}, Field{"allow", &Seccomp::allow},
                          Field{"deny", &Seccomp::deny}, Field{"errno", &Seccomp::errno_},
                          Field{"arch", &Seccomp::arch}};
    }
};

/// [process]
struct Process {
    Set caps; ///< "CAP_NET_RAW", inside the user namespace only
    Item<bool> no_new_privileges;
    Seccomp seccomp;
    Item<bool> userns; ///< nested user namespaces
    Item<std::uint32_t> umask;
    Item<std::string> cwd;
    Item<TerminalWish> terminal;
    Item<std::string> parent_death_signal; ///< "SIGKILL", "TERM"
    Item<bool> landlock;
    static constexpr auto fields() {
        return std::tuple{Field{"caps", &Process::caps},
                          Field{"no-new-privileges", &Process::no_new_privileges},
                          Field{"seccomp", &Process::seccomp},
                          Field{"userns", &Process::userns},
                          Field{"umask", &Process::umask},
                          Field{"cwd", &Process::cwd},
                          Field{"terminal", &Process::terminal},
                          Field{"parent-death-signal", &Process::parent_death_signal},
                          Field{"landlock", &Process::landlock}};
    }
};

/// A value of [rlimits]: a number, "infinity", or [soft, hard] of these.
struct RlimitWish {
    std::uint64_t soft = UINT64_MAX, hard = UINT64_MAX; ///< UINT64_MAX: infinity
    bool operator==(const RlimitWish&) const = default;
};

/// [network]
struct Network {
    Item<NetworkWish> mode;
    Item<std::string> address, gateway; ///< of mode user
    Item<std::uint32_t> mtu;
    Set dns;
    Set routes;
    Set ports; ///< "8080", "8080:80", "8080:80/udp": from the host inwards
    Item<bool> host_loopback;
    static constexpr auto fields() {
        return std::tuple{Field{"mode", &Network::mode},     Field{"address", &Network::address},
                          Field{"gateway", &Network::gateway}, Field{"mtu", &Network::mtu},
                          Field{"dns", &Network::dns},       Field{"routes", &Network::routes},
                          Field{"ports", &Network::ports},   Field{"host-loopback", &Network::host_loopback}};
    }
};

/// [lsm]
struct Lsm {
    Item<std::string> apparmor, selinux_process, selinux_mount;
    static constexpr auto fields() {
        return std::tuple{Field{"apparmor", &Lsm::apparmor}, Field{"selinux-process", &Lsm::selinux_process},
                          Field{"selinux-mount", &Lsm::selinux_mount}};
    }
};

/// [hostname]
struct Hostname {
    Item<std::string> name;
    static constexpr auto fields() { return std::tuple{Field{"name", &Hostname::name}}; }
};

/// [env]
struct Env {
    Set keep;  ///< names or globs of the caller's variables: "LANG", "LC_*"
    Map<std::string> set;
    Set unset;
    static constexpr auto fields() {
        return std::tuple{Field{"keep", &Env::keep}, Field{"set", &Env::set}, Field{"unset", &Env::unset}};
    }
};

/// A value of [dbus.session], [dbus.system], [dbus.a11y]: `"talk"`, or a table with these keys. It is keyed by a bus name,
/// or by the beginning of names: "org.x.*".
struct BusRule {
    BusAccess access = BusAccess::none;
    std::vector<std::string> call;      ///< methods that may be called beyond the access: "org.x.Iface.Method@/path"
    std::vector<std::string> broadcast; ///< signals that are let in beyond the access, in the same form
    bool operator==(const BusRule&) const = default;
    static constexpr auto fields() {
        return std::tuple{Field{"access", &BusRule::access}, Field{"call", &BusRule::call}, Field{"broadcast", &BusRule::broadcast}};
    }
};

/// [dbus]: rules of the filtered busses
struct Dbus {
    Map<BusRule> session, system, a11y;
    static constexpr auto fields() {
        return std::tuple{Field{"session", &Dbus::session}, Field{"system", &Dbus::system},
                          Field{"a11y", &Dbus::a11y}};
    }
};

/// A value of [services]: true, false, a mode ("untrusted"), or a table of the service's own options.
struct ServiceWish {
    bool enabled = false;
    std::string mode;                                          ///< empty: the service's default
    std::vector<std::pair<std::string, std::string>> options;  ///< name → "true", "false" or text
    bool operator==(const ServiceWish&) const = default;
};

/// [require]
struct Require {
    Set services; ///< services without which the app is not started
    static constexpr auto fields() { return std::tuple{Field{"services", &Require::services}}; }
};

/// A value that the administrator's ceiling took, or made smaller.
struct Limitation {
    std::string key;          ///< as it is written
    Setting wished;           ///< who wished what
    std::string effective;    ///< what holds instead, as TOML; empty: nothing of it
    base::Origin ceiling;     ///< the line of policy.toml
    bool operator==(const Limitation&) const = default;
};

struct Profile {
    std::string file; ///< where it came from; empty: built of arguments alone
    App app;
    Root root;
    Home home;
    Map<FileGrant> files; ///< by the path as written, places not yet expanded
    std::vector<Item<MountWish>> mount;
    Mask mask;
    Devices devices;
    Namespaces namespaces;
    Ids ids;
    Process process;
    Map<RlimitWish> rlimits;
    Network network;
    Map<std::string> limits; ///< "memory.max" → "4G"; "required" → "true"
    Lsm lsm;
    Hostname hostname;
    Map<std::string> sysctl;
    Env env;
    Dbus dbus;
    Map<ServiceWish> services;
    Require require;
    std::vector<Limitation> limited;
    Map<FileGrant> files_ceiling; ///< by the path as written; no way to a path gives more than this
    static constexpr auto fields() {
        return std::tuple{Field{"app", &Profile::app},
                          Field{"root", &Profile::root},
                          Field{"home", &Profile::home},
                          Field{"files", &Profile::files},
                          Field{"mount", &Profile::mount},
                          Field{"mask", &Profile::mask},
                          Field{"devices", &Profile::devices},
                          Field{"namespaces", &Profile::namespaces},
                          Field{"ids", &Profile::ids},
                          Field{"process", &Profile::process},
                          Field{"rlimits", &Profile::rlimits},
                          Field{"network", &Profile::network},
                          Field{"limits", &Profile::limits},
                          Field{"lsm", &Profile::lsm},
                          Field{"hostname", &Profile::hostname},
                          Field{"sysctl", &Profile::sysctl},
                          Field{"env", &Profile::env},
                          Field{"dbus", &Profile::dbus},
                          Field{"services", &Profile::services},
                          Field{"require", &Profile::require}};
    }
};

} // namespace profile

template <>
struct base::EnumNames<profile::SingleInstance> {
    static constexpr std::array<std::string_view, 3> names{"new", "join", "refuse"};
};
template <>
struct base::EnumNames<profile::FileArguments> {
    static constexpr std::array<std::string_view, 3> names{"ro", "rw", "none"};
};
template <>
struct base::EnumNames<profile::HomeMode> {
    static constexpr std::array<std::string_view, 4> names{"disposable", "app", "overlay", "shared"};
};
template <>
struct base::EnumNames<profile::FileAccess> {
    static constexpr std::array<std::string_view, 3> names{"deny", "ro", "rw"};
};
template <>
struct base::EnumNames<profile::TerminalWish> {
    static constexpr std::array<std::string_view, 3> names{"auto", "always", "never"};
};
template <>
struct base::EnumNames<profile::NetworkWish> {
    static constexpr std::array<std::string_view, 4> names{"none", "loopback", "user", "host"};
};
template <>
struct base::EnumNames<profile::BusAccess> {
    static constexpr std::array<std::string_view, 5> names{"none", "own-private", "see", "talk", "own"};
};
