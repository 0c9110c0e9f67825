#include "launcher/profile/keys.hpp"

#include <algorithm>
#include <array>

namespace profile {
namespace {

using enum Wider;

constexpr std::string_view spaces = "new * host";
constexpr std::string_view space_help = "a path is that of a namespace to join";
constexpr std::string_view session_order = "none own-private see talk own", bus_order = "none see talk own"; // to own for itself is of the session bus alone

constexpr std::array rows{
    KeyRow{"app.id", neither, "", "", "text", "default: the name of the file, which in apps/ it must be"},
    KeyRow{"app.names", neither, "", "", "set", "what `sandbox run` may be told"},
    KeyRow{"app.exec", neither, "", "", "set of absolute paths", "the first that is there is run"},
    KeyRow{"app.args", neither, "", "", "list", "put before the user's arguments; replaced whole"},
    KeyRow{"app.desktop", neither, "", "", "set of .desktop names", "the menu entries of the app"},
    KeyRow{"app.extends", neither, "", "", "set of classes", "folded before this file; what they grant is judged by itself"},
    KeyRow{"app.single-instance", neither, "", "new", "\"new\", \"join\", \"refuse\"", "what a second start does: another sandbox, a process in the one that runs, or an error"},
    KeyRow{"app.file-arguments", words, "none ro rw", "ro", "\"none\", \"ro\", \"rw\"", "what becomes of files that the command line names"},
    KeyRow{"root.source", words, "empty * host", "host", "\"host\", \"empty\", or a folder", "what the root shows: /usr and the needed /etc of the host, nothing, or that folder"},
    KeyRow{"root.readonly", words, "true false", "true", "true, false", "the root cannot be written"},
    KeyRow{"root.no-pivot", words, "false true", "false", "true, false", "where the kernel refuses pivot_root (a root on a ramfs), the root is changed by chroot, the weaker wall; a warning tells it"},
    KeyRow{"root.etc", more, "", "", "set of groups of /etc", "ld, alternatives, localtime, resolver, tls, fonts, gtk, qt, mime, xdg, dconf, locale, terminfo, shell, gpu, audio, chromium, firefox, java, vim"},
    KeyRow{"home.mode", words, "disposable app overlay shared", "disposable", "\"disposable\", \"app\", \"overlay\", \"shared\"", "thrown away, kept, the user's with changes kept apart, the user's read-only"},
    KeyRow{"home.persist", neither, "", "", "set of folders below the home", "all that app and disposable keep; app without it keeps the whole home"},
    KeyRow{"home.path", neither, "", "", "path inside", "where the home is; otherwise where the user's is"},
    KeyRow{"files.*", words, "deny ro rw", "deny", "\"deny\", \"ro\", \"rw\", or a table: access, optional, create, exec, target", "the longest path decides; see FILES AND GRANTS"},
    KeyRow{"mount", more, "", "", "tables: type, source, target, options, size, mode, propagation", "mounts of any kind, in their order, after those of files; see MOUNTS"},
    KeyRow{"mask.paths", less, "", "", "set of paths inside", "read as empty"},
    KeyRow{"mask.readonly", less, "", "", "set of paths inside", "cannot be written"},
    KeyRow{"devices.nodes", more, "", "", "set of paths or globs below /dev", "devices beside the standard ones"},
    KeyRow{"namespaces.user", words, spaces, "new", "\"new\"", "always of its own"},
    KeyRow{"namespaces.mount", words, spaces, "new", "\"new\"", "always of its own"},
    KeyRow{"namespaces.pid", words, spaces, "new", "\"new\"", "always of its own"},
    KeyRow{"namespaces.ipc", words, spaces, "new", "\"new\", \"host\", a path", space_help},
    KeyRow{"namespaces.uts", words, spaces, "new", "\"new\", \"host\", a path", space_help},
    KeyRow{"namespaces.cgroup", words, spaces, "new", "\"new\", \"host\", a path", space_help},
    KeyRow{"namespaces.net", words, spaces, "new", "\"new\", \"host\", a path", space_help},
    KeyRow{"namespaces.time", neither, "", "host", "\"new\", \"host\", a path", space_help},
    KeyRow{"ids.uid", neither, "", "", "number", "user id inside; outside it is the user's own"},
    KeyRow{"ids.gid", neither, "", "", "number", "group id inside"},
    KeyRow{"ids.uid-map", unknown, "", "", "list of {inside, outside, count}", "ranges of /etc/subuid, by newuidmap(1)"},
    KeyRow{"ids.gid-map", unknown, "", "", "list of {inside, outside, count}", "ranges of /etc/subgid, by newgidmap(1)"},
    KeyRow{"ids.groups", words, "drop keep", "keep", "\"keep\", \"drop\"", "the user's further groups; drop needs ids.gid-map"},
    KeyRow{"process.caps", more, "", "", "set, as \"CAP_NET_RAW\"", "capabilities inside the user namespace only; CAP_SYS_ADMIN is refused"},
    KeyRow{"process.no-new-privileges", words, "true false", "true", "true, false", "no program gives more rights; the filter and Landlock need it"},
    KeyRow{"process.seccomp.base", words, "strict * desktop none", "desktop", "\"desktop\", \"strict\", \"none\"", "the list of system calls that are allowed"},
    KeyRow{"process.seccomp.allow", more, "", "", "set of \"@set\", \"call\", \"call(arg0 == 1)\"", "added to the list"},
    KeyRow{"process.seccomp.deny", less, "", "", "set, as allow", "taken from the list; deny wins"},
    KeyRow{"process.seccomp.errno", neither, "", "EPERM", "name of an error, as \"ENOSYS\"", "what a denied call gives"},
    KeyRow{"process.seccomp.arch", more, "", "", "set of \"x86\", \"x32\"", "foreign ABIs that are let in"},
    KeyRow{"process.userns", words, "false true", "false", "true, false", "the app may make user namespaces of its own"},
    KeyRow{"process.umask", neither, "", "022", "octal text", "permission bits that new files do not get"},
    KeyRow{"process.cwd", neither, "", "", "path inside", "working folder; otherwise that of the caller where it is shown, else the home"},
    KeyRow{"process.terminal", words, "always auto never", "auto", "\"auto\", \"always\", \"never\"", "whether it gets a terminal of its own in place of the caller's"},
    KeyRow{"process.parent-death-signal", neither, "", "SIGKILL", "name of a signal", "what the app gets when its sandbox dies"},
    KeyRow{"process.landlock", words, "true false", "true", "true, false", "Landlock as a second wall"},
    KeyRow{"rlimits.*", more, "", "infinity", "number, \"infinity\", or [soft, hard]", "as getrlimit(2) names them, in small letters without RLIMIT_; never above the caller's hard limit"},
    KeyRow{"network.mode", words, "none loopback user host", "none", "\"none\", \"loopback\", \"user\", \"host\"", "user: by pasta(1), or slirp4netns(1) without IPv6"},
    KeyRow{"network.address", neither, "", "", "address, perhaps with its prefix", "inside, of mode user; by pasta alone"},
    KeyRow{"network.gateway", neither, "", "", "address", "inside, of mode user; by pasta alone"},
    KeyRow{"network.mtu", neither, "", "", "1280 to 65520", "of mode user"},
    KeyRow{"network.dns", neither, "", "", "set of addresses", "name servers; otherwise those of the host: in mode user one on the host's loopback is asked through the stack"},
    KeyRow{"network.routes", neither, "", "", "set, as \"10.0.0.0/8\", \"2001:db8::/32 via fe80::1\"", "routes beside those of the stack, of mode user; without 'via' on its own link"},
    KeyRow{"network.ports", more, "", "", "set, as \"8080\", \"8080:80/udp\"", "from the host inwards, of mode user; by pasta alone"},
    KeyRow{"network.host-loopback", words, "false true", "false", "true, false", "mode user reaches what listens on the host's loopback"},
    KeyRow{"limits.memory.max", more, "", "max", "bytes, as \"4G\"", "the app is ended above it"},
    KeyRow{"limits.memory.high", more, "", "max", "bytes", "it is slowed down above it"},
    KeyRow{"limits.memory.low", more, "", "0", "bytes", "not taken from it under pressure"},
    KeyRow{"limits.memory.swap.max", more, "", "max", "bytes", "swap"},
    KeyRow{"limits.cpu.max", more, "", "max", "\"150%\", \"1.5\", \"max\"", "processor time"},
    KeyRow{"limits.cpu.weight", more, "", "100", "1 to 10000", "share of processor time"},
    KeyRow{"limits.pids.max", more, "", "max", "number", "processes and threads"},
    KeyRow{"limits.io.weight", more, "", "100", "1 to 10000", "share of disk time"},
    KeyRow{"limits.io.max", unknown, "", "", "\"8:0 rbps=1048576\"", "bandwidth of one device"},
    KeyRow{"limits.cpuset.cpus", unknown, "", "", "\"0-3,6\"", "processors"},
    KeyRow{"limits.oom.group", neither, "", "", "true, false", "out of memory ends all of it"},
    KeyRow{"limits.required", words, "true false off", "false", "true, false, \"off\"", "no start without the limits; false: a warning where they are not in force; off: not a word"},
    KeyRow{"lsm.apparmor", unknown, "", "", "text", "label of the app"},
    KeyRow{"lsm.selinux-process", unknown, "", "", "text", "label of the app"},
    KeyRow{"lsm.selinux-mount", unknown, "", "", "text", "label of what is mounted for it (tmpfs, devpts, mqueue); an error on a host without SELinux"},
    KeyRow{"hostname.name", neither, "", "sandbox", "letters, digits, '-', '.'", "host name inside"},
    KeyRow{"sysctl.*", unknown, "", "", "text", "a key of a namespace that the sandbox has for itself: net.*, kernel.shm*, kernel.msg*, kernel.sem, fs.mqueue.*, kernel.hostname, kernel.domainname"},
    KeyRow{"env.keep", more, "", "", "set of names or globs", "variables of the caller that are handed on; never those that make programs load code, hold secrets, or name displays and busses"},
    KeyRow{"env.set.*", neither, "", "", "text", "variables that are set"},
    KeyRow{"env.unset", neither, "", "", "set of names or globs", "variables that are removed"},
    KeyRow{"dbus.session.*", words, session_order, "none", "\"none\", \"own-private\", \"see\", \"talk\", \"own\", or a table of calls and broadcasts", "names on the session bus"},
    KeyRow{"dbus.system.*", words, bus_order, "none", "\"none\", \"see\", \"talk\", \"own\", or a table of calls and broadcasts", "names on the system bus"},
    KeyRow{"dbus.a11y.*", words, bus_order, "none", "\"none\", \"see\", \"talk\", \"own\", or a table of calls and broadcasts", "names on the bus of assistive tools"},
    KeyRow{"services.*", words, "false true", "false", "true, false, a mode, or a table of options", "presets; see SERVICES"},
    KeyRow{"require.services", neither, "", "", "set", "nothing is started while one of these is switched off, or its display, sound, agent, bus, device or socket is not there"},
};

} // namespace

std::span<const KeyRow> key_rows() { return rows; }

const KeyRow* find_key(std::string_view key) {
    const auto covers = [&](const KeyRow& row) {
        if (row.key == key) return true;
        return row.key.ends_with(".*") && key.size() >= row.key.size() && key.starts_with(row.key.substr(0, row.key.size() - 1));
    };
    const auto found = std::find_if(rows.begin(), rows.end(), covers);
    return found == rows.end() ? nullptr : &*found;
}

} // namespace profile
