// Identity, ids, namespaces, network, environment, limits, privileges, and the process itself.

#include "launcher/profile/check.hpp"
#include "launcher/profile/keys.hpp"
#include "launcher/resolve/limits.hpp"
#include "tests/resolve/resolve_support.hpp"

#include <algorithm>

using namespace support;
using profile::NetworkWish;

TEST_CASE("The first program that is there is run, with the profile's arguments before the user's", "[resolve][process]") {
    Case test;
    test.profile.app.exec = {text("/usr/bin/absent"), text("/usr/bin/editor", 2)};
    test.profile.app.args = item<std::vector<std::string>>({"--home", "${HOME}"});
    test.invocation.arguments = {"--", "${HOME}", "-x"};
    const auto made = test.made();
    CHECK(made.plan.process.argv == std::vector<std::string>{"/usr/bin/editor", "--home", "/home/anna", "--", "${HOME}", "-x"});
    CHECK(made.plan.process.origin == at_line(2));
}

TEST_CASE("A command takes the place of the profile's program and its arguments", "[resolve][process]") {
    Case test;
    test.profile.app.args = item<std::vector<std::string>>({"--home"});
    test.invocation.command = {"ls", "-l"};
    CHECK(test.made().plan.process.argv == std::vector<std::string>{"ls", "-l"});
}

TEST_CASE("A program that is not there, or not shown, ends in 'not found'", "[resolve][process]") {
    Case test;
    test.profile.app.exec = {text("/usr/bin/absent", 3)};
    CHECK(test.error() == "test.toml:3:1: the program '/usr/bin/absent' is not there; install it");
    test.tell("file /opt/app/run x\nlink /usr/bin/app /opt/app/run\n");
    test.profile.app.exec = {text("/usr/bin/app", 3)};
    CHECK(test.error() == "test.toml:3:1: the program '/usr/bin/app' is not shown inside; grant the folder that it really lies "
                          "in, in [files]");
    const auto resolved = resolve::resolve(test.profile, test.invocation, test.host);
    REQUIRE_FALSE(resolved.ok());
    CHECK(base::exit_status(resolved.error().failure) == 127);
    test.grant("/opt/app", {.access = profile::FileAccess::ro});
    CHECK(test.made().plan.process.argv[0] == "/usr/bin/app");
    test.profile.app.exec.clear();
    CHECK(test.error().find("the profile 'org.example.Editor' names no program; give a command after '--'") != std::string::npos);
}

TEST_CASE("A value of a variable ends where the kernel would end it, or is refused, whoever made the profile", "[resolve][environment]") {
    Case test;
    test.profile.env.set["A"] = text(std::string("a\0b", 3), 7);
    CHECK(test.error() == "test.toml:7:1: the value of the variable 'A' holds a NUL byte; take it out");
}

TEST_CASE("A program of ours is shown alone where its folder is not", "[resolve][process]") {
    Case test;
    test.tell("libexec /build/demo\nfile /build/demo/sandbox-demo x\n");
    test.profile.app.exec = {text("${LIBEXEC}/sandbox-demo")};
    const auto made = test.made();
    REQUIRE(mount_at<plan::Bind>(made, "/build/demo/sandbox-demo") != nullptr);
    CHECK(mount_at<plan::Bind>(made, "/build/demo/sandbox-demo")->access == plan::Access::read_only);
}

TEST_CASE("The current directory is the caller's where it is in sight, else the home", "[resolve][process][N10]") {
    Case test;
    CHECK(test.made().plan.process.cwd.text == "/home/anna");
    test.tell("dir /srv/data/sub\ncwd /srv/data/sub\n");
    CHECK(test.made().plan.process.cwd.text == "/home/anna");
    test.grant("/srv/data", {.access = profile::FileAccess::rw, .target = "/data"});
    CHECK(test.made().plan.process.cwd.text == "/data/sub");
    CHECK(variable(test.made(), "PWD") == "/data/sub");
    test.grant("/srv/data/sub", {.access = profile::FileAccess::deny});
    CHECK(test.made().plan.process.cwd.text == "/home/anna");
}

TEST_CASE("A current directory below /proc is refused", "[resolve][process][A2]") {
    Case test;
    test.profile.process.cwd = text("/proc/self/fd/7", 4);
    CHECK(test.error() == "test.toml:4:1: the current directory cannot be '/proc/self/fd/7'; choose a folder outside of /proc");
}

TEST_CASE("A terminal of its own is given where one is used, or as the profile says", "[resolve][process][R11][I3]") {
    Case test;
    CHECK(test.made().plan.process.terminal == plan::Terminal::none);
    test.tell("terminals 1\n");
    CHECK(test.made().plan.process.terminal == plan::Terminal::pty);
    test.profile.process.terminal = item(profile::TerminalWish::never);
    CHECK(test.made().plan.process.terminal == plan::Terminal::none);
    test.profile.process.terminal = item(profile::TerminalWish::always);
    CHECK(test.made().plan.process.terminal == plan::Terminal::pty);
}

TEST_CASE("umask and the parent-death signal are read strictly", "[resolve][process][R17][C2]") {
    Case test;
    CHECK(test.made().plan.process.umask == 022);
    CHECK(test.made().plan.process.parent_death_signal == 9);
    test.profile.process.umask = item<std::uint32_t>(077);
    test.profile.process.parent_death_signal = text("TERM");
    CHECK(test.made().plan.process.umask == 077);
    CHECK(test.made().plan.process.parent_death_signal == 15);
    test.profile.process.parent_death_signal = text("SIGTREM", 4);
    CHECK(test.error() == "test.toml:4:1: process.parent-death-signal: unknown signal 'SIGTREM'; did you mean 'TERM'?");
    test.profile.process.parent_death_signal = {};
    test.profile.process.umask = item<std::uint32_t>(01000, 4);
    CHECK(test.error() == "test.toml:4:1: process.umask: permission bits go up to 0o777; as \"077\"");
}

TEST_CASE("Nothing of the environment is inherited but what is kept", "[resolve][environment][P4][A37]") {
    Case test;
    test.tell("env LANG=de_DE.UTF-8\nenv LC_TIME=C\nenv LD_PRELOAD=/evil.so\nenv GITHUB_TOKEN=x\nenv DB_PASSWORD=x\n"
              "env DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus\nenv SHELL=/bin/zsh\nenv GIO_EXTRA_MODULES=/x\n"
              "env XDG_ACTIVATION_TOKEN=a\nenv BAD-NAME=x\nenv HOME=/elsewhere\nenv OTHER=y\n"
              "env GTK_IM_MODULE=ibus\nenv GTK_IM_MODULE_FILE=/evil.cache\nenv GTK_MODULES=/evil.so\nenv GTK3_MODULES=/evil.so\n");
    test.profile.env.keep = {text("LC_*"), text("LANG")};
    const auto few = test.made();
    CHECK(variable(few, "LANG") == "de_DE.UTF-8");
    CHECK(variable(few, "LC_TIME") == "C");
    CHECK(variable(few, "OTHER") == "(unset)");
    test.profile.env.keep = {text("*")};
    const auto all = test.made();
    for (const char* name : {"LD_PRELOAD", "GITHUB_TOKEN", "DB_PASSWORD", "GIO_EXTRA_MODULES", "GTK_IM_MODULE_FILE", "GTK_MODULES", "GTK3_MODULES", "BAD-NAME"}) {
        CAPTURE(name);
        CHECK(variable(all, name) == "(unset)");
    }
    CHECK(variable(all, "GTK_IM_MODULE") == "ibus");
    CHECK(variable(all, "OTHER") == "y");
    CHECK(variable(all, "XDG_ACTIVATION_TOKEN") == "a");
    CHECK(variable(all, "DBUS_SESSION_BUS_ADDRESS") == "disabled:");
    CHECK(variable(all, "HOME") == "/home/anna");
    CHECK(variable(all, "XDG_RUNTIME_DIR") == "/run/user/1000");
    CHECK(std::is_sorted(all.plan.process.environment.begin(), all.plan.process.environment.end()));
}

TEST_CASE("Variables are set and unset by the profile, with places as they are inside", "[resolve][environment][N11]") {
    Case test;
    test.profile.home.path = text("/home/inside");
    test.profile.env.set["CACHE_AT"] = text("${CACHE}/x");
    test.profile.env.set["PATH"] = text("/usr/bin");
    test.profile.env.unset = {text("NO_AT_*")};
    const auto made = test.made();
    CHECK(variable(made, "CACHE_AT") == "/home/inside/.cache/x");
    CHECK(variable(made, "PATH") == "/usr/bin");
    CHECK(variable(made, "NO_AT_BRIDGE") == "(unset)");
    test.profile.env.set["A=B"] = text("x", 7);
    CHECK(test.error() == "test.toml:7:1: 'A=B' is no name of a variable; use letters, digits and '_', no digit first");
}

TEST_CASE("The user keeps his ids inside, or takes another one", "[resolve][ids][C19][C20][N9]") {
    Case test;
    auto made = test.made();
    CHECK(made.plan.ids.uid_map == std::vector<plan::IdRange>{{1000, 1000, 1}});
    CHECK(made.plan.ids.gid_map == std::vector<plan::IdRange>{{1000, 1000, 1}});
    CHECK(made.plan.ids.groups == plan::Groups::keep);
    test.profile.ids.uid = item<std::uint32_t>(0);
    made = test.made();
    CHECK(made.plan.ids.uid == 0);
    CHECK(made.plan.ids.uid_map == std::vector<plan::IdRange>{{0, 1000, 1}});
    CHECK(mount_at<plan::Tmpfs>(made, "/run/user/0") != nullptr);
}

TEST_CASE("Ranges of ids are checked before anything is done with them", "[resolve][ids][C19][C20][A17]") {
    Case test;
    test.profile.ids.uid_map = item<std::vector<profile::IdRange>>({{0, 100000, 65536}, {70000, 1000, 1}}, 3);
    CHECK(test.made().plan.ids.uid == 70000);
    struct Row {
        std::vector<profile::IdRange> map;
        const char* error;
    };
    const auto row = GENERATE(Row{{{0, 0, 0}}, "is empty"}, Row{{{4294967290, 0, 6}}, "goes beyond the last id"},
                              Row{{{0, 4294967295, 1}}, "goes beyond the last id"},
                              Row{{{0, 100, 10}, {5, 500, 10}}, "overlaps another"},
                              Row{{{0, 100, 10}, {50, 105, 10}}, "overlaps another"});
    test.profile.ids.uid_map = item(row.map, 3);
    const std::string error = test.error();
    CAPTURE(error);
    CHECK(error.find("test.toml:3:1: ids.uid-map: the range of ") == 0);
    CHECK(error.find(row.error) != std::string::npos);
}

TEST_CASE("Ids that are none, or not mapped, and groups that cannot be dropped are refused", "[resolve][ids][A17][A19][C18]") {
    Case test;
    test.profile.ids.uid = item<std::uint32_t>(4294967295, 2);
    CHECK(test.error() == "test.toml:2:1: ids.uid: 4294967295 is no id; choose one below it");
    test.profile.ids.uid = item<std::uint32_t>(5, 2);
    test.profile.ids.uid_map = item<std::vector<profile::IdRange>>({{0, 1000, 1}}, 3);
    CHECK(test.error() == "test.toml:2:1: ids.uid: 5 is not in ids.uid-map; add it to the map, or choose one that is there");
    test.profile.ids = {};
    test.profile.ids.groups = text("drop", 4);
    CHECK(test.error().find("test.toml:4:1: ids.groups: groups cannot be dropped with a single group mapped") == 0);
    test.profile.ids.groups = text("none", 4);
    CHECK(test.error() == "test.toml:4:1: ids.groups: unknown value 'none'; write \"keep\" or \"drop\"");
}

TEST_CASE("Namespaces are new, but for time; some are never shared", "[resolve][namespaces][C10][P3]") {
    Case test;
    const auto made = test.made();
    CHECK(made.plan.namespaces.user.mode == plan::NamespaceMode::fresh);
    CHECK(made.plan.namespaces.net.mode == plan::NamespaceMode::fresh);
    CHECK(made.plan.namespaces.time.mode == plan::NamespaceMode::host);
    test.profile.namespaces.time = text("new");
    test.profile.namespaces.uts = text("host");
    test.profile.namespaces.ipc = text("/proc/1234/ns/ipc", 6);
    const auto other = test.made();
    CHECK(other.plan.namespaces.time.mode == plan::NamespaceMode::fresh);
    CHECK(other.plan.hostname.empty());
    CHECK(other.plan.namespaces.ipc.mode == plan::NamespaceMode::join);
    CHECK(other.plan.namespaces.ipc.path.text == "/proc/1234/ns/ipc");
    test.profile.namespaces.pid = text("host", 5);
    CHECK(test.error().find("test.toml:5:1: namespaces.pid: 'host' is not possible; a /proc of the host inside would show") == 0);
    test.profile.namespaces.pid = text("hots", 5);
    CHECK(test.error() == "test.toml:5:1: namespaces.pid: unknown value 'hots'; write \"new\", \"host\", or the path of a namespace");
}

TEST_CASE("The host name is checked, and needs a namespace of its own", "[resolve][C9]") {
    Case test;
    CHECK(test.made().plan.hostname == "sandbox");
    test.profile.hostname.name = text("a b", 3);
    CHECK(test.error().find("test.toml:3:1: the host name 'a b' is not allowed") == 0);
    test.profile.hostname.name = text("box", 3);
    test.profile.namespaces.uts = text("host");
    CHECK(test.error().find("test.toml:3:1: the host name cannot be set without a uts namespace of its own") == 0);
}

TEST_CASE("An instance is the app and four letters, or as it is asked for", "[resolve][N8][F1]") {
    Case test;
    CHECK(test.made().plan.instance == "org.example.Editor-abcd");
    test.invocation.instance = "mine";
    CHECK(test.made().plan.instance == "mine");
    for (const char* bad : {"../x", ".x", "-x", "a b", "a/b", "a\nb"}) {
        test.invocation.instance = bad;
        CAPTURE(bad);
        CHECK(test.error().find("--id: the instance id '") == 0);
    }
}

TEST_CASE("The network decides its namespace", "[resolve][network][C12]") {
    Case test;
    CHECK(test.made().plan.network.mode == plan::NetworkMode::none);
    test.profile.network.mode = item(NetworkWish::loopback);
    CHECK(test.made().plan.network.mode == plan::NetworkMode::loopback);
    test.profile.network.mode = item(NetworkWish::host, 3);
    const auto made = test.made();
    CHECK(made.plan.network.mode == plan::NetworkMode::host);
    CHECK(made.plan.namespaces.net.mode == plan::NamespaceMode::host);
    CHECK(made.plan.namespaces.net.origin == at_line(3));
    test.profile.namespaces.net = text("new", 4);
    CHECK(test.error().find("test.toml:4:1: network.mode = \"host\" and namespaces.net = \"new\" exclude each other") == 0);
    test.profile.network.mode = item(NetworkWish::none, 3);
    test.profile.namespaces.net = text("host", 4);
    CHECK(test.error().find("test.toml:3:1: network.mode = \"none\" needs a network namespace of its own") == 0);
}

TEST_CASE("A user-mode stack is closed towards the host's loopback unless that is granted", "[resolve][network][C12][A34]") {
    Case test;
    test.profile.network.mode = item(NetworkWish::user, 3);
    CHECK(test.error().find("test.toml:3:1: network.mode = \"user\" needs pasta or slirp4netns, and neither is installed") == 0);
    test.tell("file /usr/bin/pasta x\n");
    const auto closed = test.made().plan.network.sidecar;
    REQUIRE(closed.front() == "/usr/bin/pasta");
    CHECK(closed.back() == "{pid}");
    for (const char* option : {"--tcp-ports", "--udp-ports", "--tcp-ns", "--udp-ns"}) {
        const auto at = std::find(closed.begin(), closed.end(), option);
        CAPTURE(option);
        REQUIRE(at != closed.end());
        CHECK(*(at + 1) == "none");
    }
    CHECK(std::find(closed.begin(), closed.end(), "--no-map-gw") != closed.end());
    test.profile.network.host_loopback = item(true);
    const auto open = test.made().plan.network.sidecar;
    CHECK(std::find(open.begin(), open.end(), "--no-map-gw") == open.end());
    test.profile.network.host_loopback = {};
    test.profile.network.ports = {text("8080:80"), text("53/udp")};
    test.profile.network.mtu = item<std::uint32_t>(1400);
    test.profile.network.address = text("10.1.2.3");
    const auto argv = test.made().plan.network.sidecar;
    CHECK(std::find(argv.begin(), argv.end(), "8080:80") != argv.end());
    CHECK(std::find(argv.begin(), argv.end(), "53:53") != argv.end());
    CHECK(std::find(argv.begin(), argv.end(), "1400") != argv.end());
}

TEST_CASE("No value of the network becomes an option of the stack", "[resolve][network][A38]") {
    Case test;
    test.tell("file /usr/bin/pasta x\n");
    test.profile.network.mode = item(NetworkWish::user);
    test.profile.network.address = text("--runas=0", 5);
    CHECK(test.error() == "test.toml:5:1: network.address: '--runas=0' is no address; as 192.0.2.2 or 2001:db8::2");
    test.profile.network.address = {};
    for (const char* bad : {"0", "80:", "-1", "80:80:80", "65536", "08", "80 81", "80/sctp"}) {
        test.profile.network.ports = {text(bad, 6)};
        CAPTURE(bad);
        CHECK(test.error().find("test.toml:6:1: network.ports: '" + std::string(bad) + "' is no port") == 0);
    }
}

TEST_CASE("Routes are read strictly, and get the gateway of a stack that answers for no other address", "[resolve][network][C13]") {
    Case test;
    test.tell("file /usr/bin/pasta x\n");
    test.profile.network.mode = item(NetworkWish::user);
    test.profile.network.routes = {text("10.0.0.0/8", 5), text("2001:db8::/32 via fe80::1", 6), text("192.0.2.7 via 10.1.0.1", 7)};
    CHECK(test.made().plan.network.routes == std::vector<plan::Route>{{"10.0.0.0", 8, "", at_line(5)}, {"2001:db8::", 32, "fe80::1", at_line(6)}, {"192.0.2.7", 32, "10.1.0.1", at_line(7)}});
    struct Row {
        const char* value;
        const char* says;
    };
    for (const Row& row : {Row{"x", "network.routes: 'x' is no address"}, Row{"10.0.0.0/33", "network.routes: '10.0.0.0/33' has no prefix of 0 to 32 bits"},
                           Row{"10.0.0.1/8", "network.routes: '10.0.0.1/8' has bits set behind its prefix"}, Row{"10.0.0.0/8 via x", "network.routes: 'x' is no address"},
                           Row{"10.0.0.0/8 via fe80::1", "network.routes: '10.0.0.0/8 via fe80::1' leads from one kind of addresses to the other"}}) {
        test.profile.network.routes = {text(row.value, 6)};
        CAPTURE(row.value);
        CHECK(test.error().find("test.toml:6:1: " + std::string(row.says)) == 0);
    }
    Case slirp;
    slirp.tell("file /usr/bin/slirp4netns x\n");
    slirp.profile.network.mode = item(NetworkWish::user);
    slirp.profile.network.routes = {text("10.0.0.0/8", 5)};
    CHECK(slirp.made().plan.network.routes == std::vector<plan::Route>{{"10.0.0.0", 8, "10.0.2.2", at_line(5)}});
    slirp.profile.network.routes = {text("2001:db8::/32", 5)};
    CHECK(slirp.error().find("test.toml:5:1: network.routes: '2001:db8::/32' needs pasta: slirp4netns carries no IPv6") == 0);
    slirp.profile.network.routes = {};
    slirp.profile.network.ports = {text("80", 6)};
    CHECK(slirp.error().find("test.toml:6:1: network.ports needs pasta, which is not installed") == 0);
}

TEST_CASE("Limits are written as the kernel reads them", "[resolve][limits][C14][V13]") {
    struct Row {
        const char* name;
        const char* value;
        const char* file;
        const char* written;
    };
    const auto row = GENERATE(Row{"memory.max", "4G", "memory.max", "4294967296"}, Row{"memory.high", "max", "memory.high", "max"},
                              Row{"cpu.max", "150%", "cpu.max", "150000 100000"}, Row{"cpu.max", "1.5", "cpu.max", "150000 100000"},
                              Row{"cpu.max", "2", "cpu.max", "200000 100000"}, Row{"cpu.max", "max", "cpu.max", "max 100000"},
                              Row{"cpu.max", "50000 100000", "cpu.max", "50000 100000"}, Row{"pids.max", "2000", "pids.max", "2000"},
                              Row{"cpu.weight", "100", "cpu.weight", "100"}, Row{"cpuset.cpus", "0-3,6", "cpuset.cpus", "0-3,6"},
                              Row{"io.max", "8:0 rbps=1048576", "io.max", "8:0 rbps=1048576"},
                              Row{"oom.group", "true", "memory.oom.group", "1"});
    Case test;
    test.profile.limits[row.name] = text(row.value, 4);
    const auto made = test.made();
    CAPTURE(row.name, row.value);
    REQUIRE(made.plan.limits.values.size() == 1);
    CHECK(made.plan.limits.values[0].name == row.file);
    CHECK(made.plan.limits.values[0].value == row.written);
    CHECK(made.plan.limits.requirement == plan::Requirement::best_effort);
    CHECK(made.warnings.empty()); // whether they can be had shows at the start
    test.profile.limits["required"] = text("true", 5);
    CHECK(test.made().plan.limits.requirement == plan::Requirement::required);
}

TEST_CASE("A value that is no limit is refused", "[resolve][limits][C14][A22]") {
    struct Row {
        const char* name;
        const char* value;
    };
    const auto row = GENERATE(Row{"memory.max", "4g"}, Row{"memory.max", "-1"}, Row{"memory.max", ""}, Row{"memory.max", "1 "},
                              Row{"cpu.max", "0%"}, Row{"cpu.max", "1.x"}, Row{"cpu.max", "1\n2"}, Row{"pids.max", "0"},
                              Row{"cpu.weight", "10001"}, Row{"cpuset.cpus", "3-1"}, Row{"cpuset.cpus", "0,,1"},
                              Row{"io.max", "sda rbps=1"}, Row{"io.max", "8:0 rbps=1\n8:1 rbps=2"}, Row{"oom.group", "yes"});
    Case test;
    test.profile.limits[row.name] = text(row.value, 4);
    const std::string error = test.error();
    CAPTURE(error);
    CHECK(error.find("test.toml:4:1: limits." + std::string(row.name) + ": '") == 0);
    test.profile.limits.clear();
    test.profile.limits["memory.maxx"] = text("1", 4);
    CHECK(test.error() == "test.toml:4:1: unknown limit 'memory.maxx'; did you mean 'memory.max'?");
}

TEST_CASE("A limit is known by the names that a profile may say, and no other", "[resolve][limits][C14]") {
    for (const profile::KeyRow& row : profile::key_rows()) {
        if (!row.key.starts_with("limits.") || row.key == "limits.required") continue;
        CAPTURE(row.key);
        const std::string name(row.key.substr(7));
        CHECK(profile::checked_key("limits", name, {}).ok());
        const auto limit = resolve::limit_of(name, text("no value of any"));
        REQUIRE_FALSE(limit.ok());
        CHECK(limit.error().what.find("is no value of it") != std::string::npos);
    }
    for (const std::string name : {"memory.min", "memory.swap.high", "memory.oom.group", "required"}) {
        CAPTURE(name);
        const auto limit = resolve::limit_of(name, text("1"));
        REQUIRE_FALSE(limit.ok());
        CHECK(limit.error().what == "unknown limit '" + name + "'");
        CHECK(limit.error().advice.find("'" + name + "'") == std::string::npos);
    }
}

TEST_CASE("Resource limits go down, never up", "[resolve][limits][C17]") {
    Case test;
    test.tell("rlimit 7 1024 4096\n");
    test.profile.rlimits["nofile"] = item<profile::RlimitWish>({512, 2048}, 3);
    test.profile.rlimits["core"] = item<profile::RlimitWish>({0, 0}, 4);
    auto made = test.made();
    REQUIRE(made.plan.process.rlimits.size() == 2);
    CHECK(made.plan.process.rlimits[0].resource == 4);
    CHECK(made.plan.process.rlimits[1].hard == 2048);
    test.profile.rlimits["nofile"] = item<profile::RlimitWish>({100000, 100000}, 3);
    made = test.made();
    CHECK(made.plan.process.rlimits[1].soft == 4096);
    CHECK(made.plan.process.rlimits[1].hard == 4096);
    REQUIRE(made.warnings.size() == 1);
    CHECK(made.warnings[0].text == "rlimits.nofile: the hard limit here is 4096; it cannot be raised, and stays");
    test.profile.rlimits["nofile"] = item<profile::RlimitWish>({2, 1}, 3);
    CHECK(test.error() == "test.toml:3:1: rlimits.nofile: the soft limit is above the hard one; as [soft, hard], the smaller first");
    test.profile.rlimits.clear();
    test.profile.rlimits["nofiles"] = item<profile::RlimitWish>({1, 1}, 3);
    CHECK(test.error() == "test.toml:3:1: unknown rlimit 'nofiles'; did you mean 'nofile'?");
}

TEST_CASE("A sysctl is set only where it is the sandbox's own", "[resolve][sysctl][A22]") {
    Case test;
    test.profile.sysctl["net.ipv4.ip_unprivileged_port_start"] = text("80", 2);
    CHECK(test.made().plan.sysctls.size() == 1);
    test.profile.network.mode = item(NetworkWish::host);
    CHECK(test.error().find("test.toml:2:1: the sysctl 'net.ipv4.ip_unprivileged_port_start' needs a new net namespace") == 0);
    test.profile.network.mode = {};
    for (const char* key : {"kernel.core_pattern", "vm.swappiness", "net/../kernel.x", "net..x", "NET.x"}) {
        test.profile.sysctl.clear();
        test.profile.sysctl[key] = text("1", 2);
        CAPTURE(key);
        CHECK(test.error().find("test.toml:2:1: the sysctl '" + std::string(key) + "' belongs to the whole host") == 0);
    }
    test.profile.sysctl.clear();
    test.profile.sysctl["kernel.shmmax"] = text("1\nkernel.core_pattern=|/x", 2);
    CHECK(test.error() == "test.toml:2:1: the value of the sysctl 'kernel.shmmax' is not one printable line; write it as sysctl(8) prints it");
}

TEST_CASE("No capability is kept unless one is named, and then it is told", "[resolve][security][P2][C11]") {
    Case test;
    CHECK(test.made().plan.security.capabilities == 0);
    CHECK(test.made().plan.security.new_privileges == plan::NewPrivileges::denied);
    CHECK(test.made().plan.security.user_namespaces == plan::Nested::denied);
    CHECK_FALSE(test.made().plan.security.seccomp.program.empty());
    test.profile.process.caps = {text("CAP_NET_RAW", 3)};
    const auto made = test.made();
    CHECK(made.plan.security.capabilities == std::uint64_t{1} << 13);
    REQUIRE(made.warnings.size() == 1);
    CHECK(made.warnings[0].origin == at_line(3));
    test.profile.process.caps = {text("CAP_NET_RAV", 3)};
    CHECK(test.error() == "test.toml:3:1: unknown capability 'CAP_NET_RAV'; did you mean 'CAP_NET_RAW'?");
}

TEST_CASE("Landlock scopes sockets and signals where the kernel can", "[resolve][security]") {
    Case test;
    CHECK(test.made().plan.security.landlock.scoped == 3);
    test.tell("landlock 0x1fff 0x0\n");
    CHECK(test.made().plan.security.landlock.scoped == 0);
    test.tell("landlock 0x1fff 0x3\n");
    test.profile.process.landlock = item(false);
    CHECK(test.made().plan.security.landlock.scoped == 0);
}

TEST_CASE("Labels are printable words", "[resolve][security][C15][C16]") {
    Case test;
    test.profile.lsm.apparmor = text("sandbox-app", 3);
    CHECK(test.made().plan.security.lsm.apparmor == "sandbox-app");
    test.profile.lsm.apparmor = text("a\nb", 3);
    CHECK(test.error().find("test.toml:3:1: lsm.apparmor: a label is printable") == 0);
}

TEST_CASE("A label for mounts is for hosts that have such labels", "[resolve][security][C8]") {
    Case test;
    test.profile.lsm.selinux_mount = text("system_u:object_r:container_file_t:s0", 3);
    CHECK(test.error() == "test.toml:3:1: lsm.selinux-mount: this host has no SELinux; remove it");
    test.tell("file /sys/fs/selinux/enforce 1\n");
    CHECK(test.made().plan.security.lsm.selinux_mount == "system_u:object_r:container_file_t:s0");
    test.profile.lsm.selinux_mount = text("a b", 3);
    CHECK(test.error().find("test.toml:3:1: lsm.selinux-mount: a label is printable") == 0);
}
