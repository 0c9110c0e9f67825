#include "launcher/plan/check.hpp"

#include "tests/support/plans.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace std::literals;
using plan::Plan;

namespace {

const base::Origin here{"editor.toml", 12, 1};

/// What check says of the small plan after a change; "good" if nothing.
std::string verdict(const std::function<void(Plan&)>& change) {
    Plan plan = support::small_plan();
    change(plan);
    const auto result = plan::check(plan);
    return result.ok() ? "good" : base::to_text(result.error());
}

std::string verdict_of(plan::Mount mount) {
    return verdict([&](Plan& plan) { plan.mounts.push_back(std::move(mount)); });
}

std::string verdict_of_target(std::string target) {
    return verdict_of(plan::Mask{.target = {std::move(target)}, .origin = here});
}

plan::Source node() {
    return {.path = {"/dev/null"}, .device = 5, .inode = 4, .type = plan::FileType::character, .node = 0x103};
}

} // namespace

TEST_CASE("A sound plan passes the check", "[plan]") {
    CHECK(verdict([](Plan&) {}) == "good");
    CHECK(verdict_of(plan::Proc{.target = {"/proc"}}) == "good");
    CHECK(verdict_of(plan::Sysfs{.target = {"/sys"}}) == "good");
    CHECK(verdict_of(plan::Devpts{.target = {"/dev/pts"}}) == "good");
    CHECK(verdict_of(plan::Mqueue{.target = {"/dev/mqueue"}}) == "good");
    CHECK(verdict_of(plan::Device{.source = node(), .target = {"/dev/null"}}) == "good");
    CHECK(verdict_of(plan::Overlay{.lower = {{.path = {"/a"}}}, .target = {"/o"}}) == "good");
    CHECK(verdict_of(plan::Data{.target = {"/etc/x"}, .contents = "any\0byte"s}) == "good");
    CHECK(verdict_of(plan::Directory{.target = {"/tmp"}, .mode = 01777}) == "good");
}

TEST_CASE("A target that is relative, not normalised or the root is refused", "[plan]") {
    CHECK(verdict_of_target("proc") == "editor.toml:12:1: mask target path 'proc' is not absolute");
    CHECK(verdict_of_target("") == "editor.toml:12:1: mask target path '' is not absolute");
    CHECK(verdict_of_target("/a/../b") == "editor.toml:12:1: mask target path '/a/../b' holds '..'");
    CHECK(verdict_of_target("/a//b") == "editor.toml:12:1: mask target path '/a//b' is not normalised");
    CHECK(verdict_of_target("/a/") == "editor.toml:12:1: mask target path '/a/' is not normalised");
    CHECK(verdict_of_target("/./a") == "editor.toml:12:1: mask target path '/./a' is not normalised");
    CHECK(verdict_of_target("/") == "editor.toml:12:1: mask target is '/'; the root is always the sandbox's own");
    CHECK_THAT(verdict_of_target("/" + std::string(256, 'a')), Catch::EndsWith("a part of more than 255 bytes"));
}

TEST_CASE("A source that is not absolute or not normalised is refused", "[plan]") {
    const auto bind = [](std::string path) {
        return verdict_of(plan::Bind{.source = {.path = {std::move(path)}}, .target = {"/x"}, .origin = here});
    };
    CHECK(bind("/x") == "good");
    CHECK(bind("/") == "editor.toml:12:1: bind shows '/' of the host");
    CHECK(bind("/proc/self") == "editor.toml:12:1: bind shows '/proc/self' of the host");
    CHECK(bind("home") == "editor.toml:12:1: bind source path 'home' is not absolute");
    CHECK(bind("/x/../y") == "editor.toml:12:1: bind source path '/x/../y' holds '..'");
    CHECK(bind("/x//y") == "editor.toml:12:1: bind source path '/x//y' is not normalised");
}

TEST_CASE("No memory of the sandbox is unbounded", "[plan]") {
    const auto tmpfs = [](std::uint64_t size, std::uint32_t inodes, std::uint32_t mode) {
        return verdict_of(
            plan::Tmpfs{.target = {"/run"}, .size = size, .inodes = inodes, .mode = mode, .origin = here});
    };
    CHECK(tmpfs(1, 1, 0700) == "good");
    CHECK(tmpfs(0, 1, 0700) == "editor.toml:12:1: tmpfs '/run' has no bounds");
    CHECK(tmpfs(1, 0, 0700) == "editor.toml:12:1: tmpfs '/run' has no bounds");
    CHECK(tmpfs(1, 1, 04755) == "editor.toml:12:1: tmpfs mode has bits that are not allowed");
    CHECK(verdict([](Plan& plan) { plan.root.size = 0; }) == "the root has no bounds");
    CHECK(verdict([](Plan& plan) { plan.root.inodes = 0; }) == "the root has no bounds");
}

TEST_CASE("Two mounts on one target are refused, a mask over one is not", "[plan]") {
    CHECK(verdict_of(plan::Tmpfs{.target = {"/usr"}, .size = 1, .inodes = 1, .origin = {"b.toml", 2, 3}}) ==
          "b.toml:2:3: tmpfs target '/usr' is already taken by a bind of editor.toml:12:1");
    CHECK(verdict_of(plan::Data{.target = {"/bin"}, .origin = {"b.toml", 2, 3}}) ==
          "b.toml:2:3: data target '/bin' is already taken by a symlink of editor.toml:12:1");
    CHECK(verdict_of(plan::Mask{.target = {"/usr"}}) == "good");
    CHECK(verdict_of(plan::ReadOnly{.target = {"/usr"}}) == "good");
    CHECK(verdict_of(plan::Directory{.target = {"/usr"}}) == "good");
    CHECK(verdict_of(plan::Data{.target = {"/usr/x"}}) == "good");
}

TEST_CASE("Each kind of mount has what it needs", "[plan]") {
    using plan::NamespaceMode;
    const auto with = [](plan::Namespace plan::Namespaces::*space, plan::NamespaceMode mode, plan::Mount mount) {
        return verdict([&](Plan& plan) {
            (plan.namespaces.*space).mode = mode;
            if (space == &plan::Namespaces::net) plan.network.mode = plan::NetworkMode::host;
            plan.mounts.push_back(std::move(mount));
        });
    };
    CHECK(with(&plan::Namespaces::pid, plan::NamespaceMode::host, plan::Proc{.target = {"/proc"}, .origin = here}) ==
          "the pid namespace must be new");
    CHECK(with(&plan::Namespaces::net, plan::NamespaceMode::host, plan::Sysfs{.target = {"/sys"}, .origin = here}) ==
          "editor.toml:12:1: sysfs '/sys' needs a net namespace of its own");
    CHECK(with(&plan::Namespaces::ipc, plan::NamespaceMode::host, plan::Mqueue{.target = {"/q"}, .origin = here}) ==
          "editor.toml:12:1: mqueue '/q' needs an ipc namespace of its own");

    plan::Source no_node = node();
    no_node.node = 0;
    CHECK(verdict_of(plan::Device{.source = no_node, .target = {"/dev/null"}, .origin = here}) ==
          "editor.toml:12:1: device source '/dev/null' is not a device node");
    plan::Source file = node();
    file.type = plan::FileType::regular;
    CHECK(verdict_of(plan::Device{.source = file, .target = {"/dev/null"}, .origin = here}) ==
          "editor.toml:12:1: device source '/dev/null' is not a device node");

    CHECK(verdict_of(plan::Overlay{.target = {"/o"}, .origin = here}) ==
          "editor.toml:12:1: overlay '/o' has no lower folder");
    CHECK(verdict_of(plan::Overlay{.lower = {{.path = {"a"}}}, .target = {"/o"}, .origin = here}) ==
          "editor.toml:12:1: overlay lower source path 'a' is not absolute");
    CHECK(verdict_of(plan::Overlay{
              .lower = {{.path = {"/a"}}}, .upper = {.path = {"/u"}}, .target = {"/o"}, .origin = here}) ==
          "editor.toml:12:1: overlay '/o' has only one of an upper and a work folder");
    CHECK(verdict_of(plan::Overlay{.lower = {{.path = {"/a"}}},
                                   .upper = {.path = {"/u"}},
                                   .work = {.path = {"w"}},
                                   .target = {"/o"},
                                   .origin = here}) ==
          "editor.toml:12:1: overlay work source path 'w' is not absolute");
    CHECK(verdict_of(plan::Symlink{.target = {"/s"}, .origin = here}) ==
          "editor.toml:12:1: symlink '/s' has an empty or overlong text");
    CHECK(verdict_of(plan::Data{.target = {"/d"}, .mode = 04755, .origin = here}) ==
          "editor.toml:12:1: data mode has bits that are not allowed");
    CHECK(verdict_of(plan::Directory{.target = {"/d"}, .mode = 02755, .origin = here}) ==
          "editor.toml:12:1: directory mode has bits that are not allowed");
}

TEST_CASE("What shows or opens the host itself is refused", "[plan]") {
    CHECK(verdict_of(plan::Bind{.source = {.path = {"/sys/x"}}, .target = {"/x"}, .access = plan::Access::read_write, .origin = here}) ==
          "editor.toml:12:1: bind lets '/sys/x' of the host be written");
    CHECK(verdict_of(plan::Proc{.target = {"/x"}, .origin = here}) == "editor.toml:12:1: proc '/x' is not on /proc");
    CHECK(verdict([](Plan& plan) {
              plan.root.change = plan::RootChange::chroot_if_refused;
              plan.security.capabilities = 1;
          }) == "the root is changed by chroot, and the app would have the right to leave it");
}

TEST_CASE("Sizes and counts are bounded", "[plan]") {
    CHECK(verdict_of(plan::Data{.target = {"/d"}, .contents = std::string(8U << 20, 'x')}) == "good");
    CHECK(verdict_of(plan::Data{.target = {"/d"}, .contents = std::string((8U << 20) + 1, 'x'), .origin = here}) ==
          "editor.toml:12:1: data '/d' is larger than 8 MiB");
    CHECK(verdict([](Plan& plan) {
              for (int index = 0; index < 3; ++index)
                  plan.mounts.push_back(
                      plan::Data{.target = {"/d" + std::to_string(index)}, .contents = std::string(6U << 20, 'x')});
          }) == "the plan is longer than 16 MiB");
    CHECK(verdict([](Plan& plan) {
              for (int index = 0; index < 3000; ++index)
                  plan.mounts.push_back(
                      plan::Bind{.source = {.path = {"/x"}}, .target = {"/many/" + std::to_string(index)}});
          }) == "good");
    CHECK(verdict([](Plan& plan) { plan.mounts.assign(100'001, plan::Mask{.target = {"/x"}}); }) ==
          "the plan has 100001 mounts, more than 100000");
    CHECK(verdict([](Plan& plan) { plan.process.preserved_fds = 1000; }) == "good");
    CHECK(verdict([](Plan& plan) {
              plan.process.preserved_fds = 1001;
              plan.process.origin = {"--preserve-fds 1001", 0, 0};
          }) == "--preserve-fds 1001: 1001 preserved descriptors are more than 1000");
}

TEST_CASE("A NUL byte is refused in any text, wherever it stands", "[plan]") {
    CHECK(verdict([](Plan& plan) { plan.profile = "a\0b"s; }) == "field 'profile' of the plan holds a NUL byte");
    CHECK(verdict([](Plan& plan) { plan.process.argv.push_back("a\0b"s); }) ==
          "field 'argv' of the plan holds a NUL byte");
    CHECK(verdict([](Plan& plan) { plan.process.environment.push_back("A=a\0b"s); }) ==
          "field 'environment' of the plan holds a NUL byte");
    CHECK(verdict([](Plan& plan) { plan.security.lsm.apparmor = "a\0b"s; }) ==
          "field 'apparmor' of the plan holds a NUL byte");
    CHECK(verdict_of(plan::Symlink{.target = {"/s"}, .text = "a\0b"s, .origin = here}) ==
          "editor.toml:12:1: field 'text' of the plan holds a NUL byte");
    CHECK(verdict_of_target("/a\0b"s) == "editor.toml:12:1: field 'inside' of the plan holds a NUL byte");
    CHECK(verdict([](Plan& plan) { plan.network.origin.file = "a\0b"s; }) ==
          "a\\x00b: field 'file' of the plan holds a NUL byte");
}

TEST_CASE("An enum out of range is refused", "[plan]") {
    CHECK(verdict([](Plan& plan) { plan.network.mode = static_cast<plan::NetworkMode>(4); }) ==
          "field 'mode' of the plan is no value of its kind");
    CHECK(verdict([](Plan& plan) { plan.security.user_namespaces = static_cast<plan::Nested>(-1); }) ==
          "field 'user-namespaces' of the plan is no value of its kind");
    CHECK(verdict_of(plan::Proc{.target = {"/proc"}, .access = static_cast<plan::Access>(2), .origin = here}) ==
          "editor.toml:12:1: field 'access' of the plan is no value of its kind");
}

TEST_CASE("An id that a path or a unit name cannot hold is refused", "[plan]") {
    const std::string rule = " must be 1 to 200 letters, digits, '.', '_' or '-', and not begin with '.' or '-'";
    for (const std::string id : {"", ".hidden", "..", "-rf", "a/b", "a b", "a\nb", "a;b", "a%b", "ä"}) {
        CHECK(verdict([&](Plan& plan) { plan.instance = id; }) ==
              base::to_text(base::Error{"instance id '" + id + "'" + rule}));
        CHECK(verdict([&](Plan& plan) { plan.app = id; }) == base::to_text(base::Error{"app id '" + id + "'" + rule}));
    }
    CHECK(verdict([](Plan& plan) { plan.instance = std::string(200, 'a'); }) == "good");
    CHECK_THAT(verdict([](Plan& plan) { plan.instance = std::string(201, 'a'); }), Catch::EndsWith(rule));
    CHECK(verdict([](Plan& plan) { plan.app = "7zip.Org_x-y"; }) == "good");
}

TEST_CASE("The user and the mount namespace are always new", "[plan]") {
    for (const auto mode : {plan::NamespaceMode::host, plan::NamespaceMode::join}) {
        const std::string path = mode == plan::NamespaceMode::join ? "/proc/1/ns/x" : "";
        CHECK(verdict([&](Plan& plan) {
                  plan.namespaces.user = {mode, {path}, here};
              }) == "editor.toml:12:1: the user namespace must be new");
        CHECK(verdict([&](Plan& plan) {
                  plan.namespaces.mount = {mode, {path}, here};
              }) == "editor.toml:12:1: the mount namespace must be new");
    }
}

TEST_CASE("A namespace has a path when it is joined, and only then", "[plan]") {
    CHECK(verdict([](Plan& plan) {
              plan.namespaces.ipc = {plan::NamespaceMode::join, {"/run/ns/x"}, here};
          }) == "good");
    CHECK(verdict([](Plan& plan) {
              plan.namespaces.ipc = {plan::NamespaceMode::join, {}, here};
          }) == "editor.toml:12:1: ipc namespace path '' is not absolute");
    CHECK(verdict([](Plan& plan) {
              plan.namespaces.ipc = {plan::NamespaceMode::fresh, {"/x"}, here};
          }) == "editor.toml:12:1: ipc namespace has a path but is not joined");
}

TEST_CASE("An id map that is empty, overlaps, wraps or leaves the app out is refused", "[plan]") {
    const auto uid_map = [](std::vector<plan::IdRange> map) {
        return verdict([&](Plan& plan) {
            plan.ids.uid_map = std::move(map);
            plan.ids.origin = here;
        });
    };
    CHECK(uid_map({{1000, 1000, 1}, {0, 100000, 1000}}) == "good");
    CHECK(uid_map({}) == "editor.toml:12:1: uid map is empty");
    CHECK(uid_map({{1000, 1000, 0}}) == "editor.toml:12:1: uid map has a range of no ids");
    CHECK(uid_map({{0, 1000, 1}}) == "editor.toml:12:1: uid map does not map the app's own id 1000");
    CHECK(uid_map({{1000, 1000, 10}, {1009, 5000, 1}}) == "editor.toml:12:1: uid map has ranges that overlap");
    CHECK(uid_map({{1000, 1000, 10}, {2000, 1009, 1}}) == "editor.toml:12:1: uid map has ranges that overlap");
    CHECK(uid_map({{1000, 1000, 10}, {990, 5000, 10}}) == "good");
    CHECK(uid_map({{0, 0, 4294967295}}) == "good");
    CHECK(uid_map({{1, 0, 4294967295}}) == "editor.toml:12:1: uid map has a range that goes past 4294967294");
    CHECK(uid_map({{0, 1, 4294967295}}) == "editor.toml:12:1: uid map has a range that goes past 4294967294");
    CHECK(uid_map({{1000, 1000, 1}, {4294967295, 5, 1}}) ==
          "editor.toml:12:1: uid map has a range that goes past 4294967294");
    CHECK(uid_map({{1000, 4294967295, 1}}) == "editor.toml:12:1: uid map has a range that goes past 4294967294");
    std::vector<plan::IdRange> many;
    for (std::uint32_t id = 0; id < 341; ++id) many.push_back({1000 + id, 1000 + id, 1});
    CHECK(uid_map(many) == "editor.toml:12:1: uid map has more than 340 ranges");
    CHECK(verdict([](Plan& plan) { plan.ids.gid_map = {}; }) == "gid map is empty");
    CHECK(verdict([](Plan& plan) { plan.ids.gid = 5; }) == "gid map does not map the app's own id 5");
}

TEST_CASE("A hostname is short and plain, and never that of the host", "[plan]") {
    const auto hostname = [](std::string name) { return verdict([&](Plan& plan) { plan.hostname = name; }); };
    CHECK(hostname("") == "good");
    CHECK(hostname("My-Host.local") == "good");
    CHECK(hostname(std::string(64, 'a')) == "good");
    CHECK_THAT(hostname(std::string(65, 'a')), Catch::EndsWith("must be 1 to 64 letters, digits, '-' or '.'"));
    CHECK(hostname("a_b") == "hostname 'a_b' must be 1 to 64 letters, digits, '-' or '.'");
    CHECK(hostname("a\nb") == "hostname 'a\\x0ab' must be 1 to 64 letters, digits, '-' or '.'");
    CHECK(verdict([](Plan& plan) {
              plan.namespaces.uts = {plan::NamespaceMode::host, {}, here};
          }) == "editor.toml:12:1: hostname 'sandbox' needs a uts namespace that is new or joined");
}

TEST_CASE("The network mode and the net namespace agree", "[plan]") {
    using plan::NamespaceMode;
    using plan::NetworkMode;
    const auto network = [](NetworkMode mode, plan::NamespaceMode space, std::vector<std::string> sidecar = {}) {
        return verdict([&](Plan& plan) {
            plan.network = {mode, {}, std::move(sidecar), here};
            plan.namespaces.net.mode = space;
            if (space == plan::NamespaceMode::join) plan.namespaces.net.path = {"/run/netns/x"};
        });
    };
    const std::string needs = " needs a net namespace that is new or joined";
    CHECK(network(NetworkMode::none, plan::NamespaceMode::fresh) == "good");
    CHECK(network(NetworkMode::loopback, plan::NamespaceMode::join) == "good");
    CHECK(network(NetworkMode::host, plan::NamespaceMode::host) == "good");
    CHECK(network(NetworkMode::host, plan::NamespaceMode::join) == "good");
    CHECK(network(NetworkMode::user, plan::NamespaceMode::fresh, {"/usr/bin/pasta", "{pid}"}) == "good");
    CHECK(network(NetworkMode::none, plan::NamespaceMode::host) == "editor.toml:12:1: network mode none" + needs);
    CHECK(network(NetworkMode::loopback, plan::NamespaceMode::host) == "editor.toml:12:1: network mode loopback" + needs);
    CHECK(network(NetworkMode::user, plan::NamespaceMode::host, {"/usr/bin/pasta"}) ==
          "editor.toml:12:1: network mode user" + needs);
    CHECK(network(NetworkMode::host, plan::NamespaceMode::fresh) ==
          "editor.toml:12:1: network mode host needs the host's net namespace or a joined one");
    CHECK(network(NetworkMode::user, plan::NamespaceMode::fresh) == "editor.toml:12:1: network mode user needs a sidecar");
    CHECK(network(NetworkMode::user, plan::NamespaceMode::fresh, {"pasta"}) ==
          "editor.toml:12:1: network sidecar path 'pasta' is not absolute");
    CHECK(network(NetworkMode::none, plan::NamespaceMode::fresh, {"/usr/bin/pasta"}) ==
          "editor.toml:12:1: network mode none takes no sidecar");
}

TEST_CASE("A route is of one kind of addresses, and of a network that the app has for itself", "[plan][C13]") {
    const auto route = [](plan::Route route, plan::NetworkMode mode = plan::NetworkMode::user) {
        return verdict([&](Plan& plan) {
            route.origin = here;
            const bool user = mode == plan::NetworkMode::user;
            plan.network = {mode, {route}, user ? std::vector<std::string>{"/usr/bin/pasta"} : std::vector<std::string>{}, here};
        });
    };
    CHECK(route({"10.0.0.0", 8, "", {}}) == "good");
    CHECK(route({"10.0.0.0", 8, "192.168.0.1", {}}) == "good");
    CHECK(route({"2001:db8::", 32, "fe80::1", {}}) == "good");
    CHECK(route({"10.0.0.0", 8, "", {}}, plan::NetworkMode::loopback) == "editor.toml:12:1: network mode loopback takes no routes");
    CHECK(route({"10.0.0.1", 8, "", {}}) == "editor.toml:12:1: route '10.0.0.1/8' is no network");
    CHECK(route({"10.0.0.0", 33, "", {}}) == "editor.toml:12:1: route '10.0.0.0/33' is no network");
    CHECK(route({"somewhere", 8, "", {}}) == "editor.toml:12:1: route 'somewhere/8' is no network");
    CHECK(route({"10.0.0.0", 8, "fe80::1", {}}) == "editor.toml:12:1: gateway 'fe80::1' of a route is no address of the route's family");
    CHECK(route({"10.0.0.0", 8, "x", {}}) == "editor.toml:12:1: gateway 'x' of a route is no address of the route's family");
}

TEST_CASE("A sysctl or a limit cannot leave its folder or carry a second value", "[plan]") {
    const auto sysctl = [](std::string key, std::string value) {
        return verdict([&](Plan& plan) { plan.sysctls = {{key, value, here}}; });
    };
    const std::string rule = "' must be made of letters, digits and '_.-', without '..'";
    CHECK(sysctl("net.ipv4.ping_group_range", "0\t0") == "good");
    for (const std::string key : {"", "/etc/x", "net/ipv4", "net..x", "..", ".x", "a+b", "a=b", "a b"})
        CHECK(sysctl(key, "1") == "editor.toml:12:1: sysctl key '" + key + rule);
    for (const std::string key : {"kernel.core_pattern", "vm.overcommit_memory", "network", "fs.file-max"})
        CHECK(sysctl(key, "1") == "editor.toml:12:1: sysctl '" + key + "' would be the host's");
    CHECK(sysctl("kernel.sem", "1\n2") == "editor.toml:12:1: sysctl 'kernel.sem' has a value that is empty or not one line");
    CHECK(sysctl("kernel.sem", "") == "editor.toml:12:1: sysctl 'kernel.sem' has a value that is empty or not one line");
    const auto of_host = [](plan::NamespaceMode mode) {
        return verdict([&](Plan& plan) {
            plan.namespaces.ipc.mode = mode;
            plan.namespaces.ipc.path = {mode == plan::NamespaceMode::join ? "/proc/1/ns/ipc" : ""};
            plan.mounts.clear();
            plan.sysctls = {{"kernel.sem", "1", here}};
        });
    };
    CHECK(of_host(plan::NamespaceMode::fresh) == "good");
    for (const plan::NamespaceMode mode : {plan::NamespaceMode::host, plan::NamespaceMode::join}) CHECK(of_host(mode) == "editor.toml:12:1: sysctl 'kernel.sem' would be the host's");

    const auto limit = [](std::string name, std::string value) {
        return verdict([&](Plan& plan) { plan.limits.values = {{name, value, here}}; });
    };
    CHECK(limit("memory.max", "4294967296") == "good");
    CHECK(limit("memory.swap.max", "max") == "good");
    for (const std::string name : {"", "memory", "../memory.max", "memory.max/x", ".max", "Memory.max"})
        CHECK(limit(name, "1") == "editor.toml:12:1: limit '" + name + "' is no file name of a cgroup");
    CHECK(limit("memory.max", "1\n2") ==
          "editor.toml:12:1: limit 'memory.max' has a value that is empty or not one line");
}

TEST_CASE("Capabilities, filter and rules are well formed", "[plan]") {
    const auto seccomp = [](std::string base, std::size_t bytes) {
        return verdict([&](Plan& plan) {
            plan.security.seccomp = {.base = std::move(base), .program = std::string(bytes, '\6'), .origin = here};
        });
    };
    CHECK(verdict([](Plan& plan) { plan.security.capabilities = ((1ULL << 41) - 1) & ~(1ULL << 21); }) == "good");
    CHECK(verdict([](Plan& plan) { plan.security.capabilities = 1ULL << 21; }) == "CAP_SYS_ADMIN would be kept, and the app could take its sandbox apart");
    CHECK(verdict([](Plan& plan) { plan.security.capabilities = 1ULL << 41; }) ==
          "the capabilities have bits without a name");
    CHECK(seccomp("none", 0) == "good");
    CHECK(seccomp("desktop", 0) == "editor.toml:12:1: the seccomp program is empty");
    CHECK(seccomp("", 0) == "editor.toml:12:1: the seccomp program is empty");
    CHECK(seccomp("desktop", 12) == "editor.toml:12:1: the seccomp program is not made of whole instructions");
    CHECK(seccomp("desktop", 4096 * 8) == "good");
    CHECK(seccomp("desktop", 4097 * 8) == "editor.toml:12:1: the seccomp program is longer than 4096 instructions");
    CHECK(verdict([](Plan& plan) { plan.security.landlock.rules = {{{"/"}, 1}}; }) == "good");
    CHECK(verdict([](Plan& plan) {
              plan.security.landlock = {1, 0, {{{"/a/../b"}, 1}}, here};
          }) == "editor.toml:12:1: landlock rule path '/a/../b' holds '..'");
}

TEST_CASE("The process can be started as it is written", "[plan]") {
    const auto process = [](const std::function<void(plan::Process&)>& change) {
        return verdict([&](Plan& plan) {
            plan.process.origin = here;
            change(plan.process);
        });
    };
    CHECK(process([](auto& p) { p.argv = {}; }) == "editor.toml:12:1: there is no command");
    CHECK(process([](auto& p) { p.argv = {""}; }) == "editor.toml:12:1: there is no command");
    CHECK(process([](auto& p) { p.argv = {"a", "", "-"}; }) == "good");
    CHECK(process([](auto& p) { p.environment = {"A=", "B=1=2"}; }) == "good");
    CHECK(process([](auto& p) { p.environment = {"NAME"}; }) ==
          "editor.toml:12:1: environment entry 'NAME' has no name");
    CHECK(process([](auto& p) { p.environment = {"=x"}; }) == "editor.toml:12:1: environment entry '=x' has no name");
    CHECK(process([](auto& p) {
              p.environment = {"A=1", "B=2", "A=3"};
          }) == "editor.toml:12:1: environment variable 'A' is set twice");
    CHECK(process([](auto& p) { p.cwd = {"."}; }) == "editor.toml:12:1: working directory path '.' is not absolute");
    CHECK(process([](auto& p) { p.cwd = {"/"}; }) == "good");
    CHECK(process([](auto& p) { p.umask = 0777; }) == "good");
    CHECK(process([](auto& p) { p.umask = 01000; }) == "editor.toml:12:1: the umask is above 0777");
    CHECK(process([](auto& p) { p.parent_death_signal = 0; }) == "good");
    CHECK(process([](auto& p) { p.parent_death_signal = 65; }) == "editor.toml:12:1: parent-death signal 65 is none");
    CHECK(process([](auto& p) { p.rlimits = {{16, 1, 1, here}}; }) == "editor.toml:12:1: rlimit 16 is not known");
    CHECK(process([](auto& p) {
              p.rlimits = {{7, 2, 1, here}};
          }) == "editor.toml:12:1: rlimit nofile has a soft limit above its hard one");
    CHECK(process([](auto& p) {
              p.rlimits = {{7, 1, 1, here}, {7, 2, 2, here}};
          }) == "editor.toml:12:1: rlimit nofile is set twice");
}

TEST_CASE("A check of any decoded bytes ends with a verdict", "[plan]") {
    for (std::uint32_t seed = 0; seed < 300; ++seed) {
        support::Filler filler(seed);
        Plan plan;
        filler.fill(plan);
        const auto result = plan::check(plan);
        REQUIRE_FALSE(result.ok());
        CHECK_FALSE(result.error().what.empty());
    }
}

namespace {

plan::Sidecar sound_sidecar() {
    plan::Sidecar sidecar;
    sidecar.name = "bus proxy";
    sidecar.argv = {"/usr/bin/proxy", "--x"};
    sidecar.mounts = {plan::Exchange{.name = "bus", .target = {"/app"}, .access = plan::Access::read_write, .origin = here}};
    sidecar.seccomp.base = "none";
    sidecar.origin = here;
    return sidecar;
}

std::string verdict_of_sidecar(const std::function<void(plan::Sidecar&)>& change) {
    return verdict([&](Plan& plan) {
        plan.sidecars.push_back(sound_sidecar());
        change(plan.sidecars.back());
    });
}

} // namespace

TEST_CASE("A sidecar has a command, a root of checked mounts and a filter", "[plan][sidecar]") {
    CHECK(verdict_of_sidecar([](plan::Sidecar&) {}) == "good");
    CHECK(verdict_of_sidecar([](plan::Sidecar& sidecar) { sidecar.argv.clear(); }) == "editor.toml:12:1: a sidecar has no command");
    CHECK(verdict_of_sidecar([](plan::Sidecar& sidecar) { sidecar.argv[0] = "proxy"; }) == "editor.toml:12:1: sidecar path 'proxy' is not absolute");
    CHECK(verdict_of_sidecar([](plan::Sidecar& sidecar) { sidecar.argv[1] = "a\0b"s; }).find("holds a NUL byte") != std::string::npos);
    CHECK(verdict_of_sidecar([](plan::Sidecar& sidecar) { sidecar.environment = {"A=1", "A=2"}; }) ==
          "editor.toml:12:1: environment variable 'A' is set twice");
    CHECK(verdict_of_sidecar([](plan::Sidecar& sidecar) { sidecar.seccomp.base = "strict"; }) == "the seccomp program is empty");
    CHECK(verdict_of_sidecar([](plan::Sidecar& sidecar) {
              sidecar.mounts.push_back(plan::Bind{.source = {.path = {"/proc/1"}}, .target = {"/p"}, .origin = here});
          }) == "editor.toml:12:1: bind shows '/proc/1' of the host");
    CHECK(verdict([](Plan& plan) { plan.sidecars.assign(33, sound_sidecar()); }) == "the plan has 33 sidecars, more than 32");
}

TEST_CASE("A folder for sockets is named plainly, and never writable for the app", "[plan][sidecar]") {
    CHECK(verdict_of(plan::Exchange{.name = "bus", .target = {"/run/bus"}, .origin = here}) == "good");
    CHECK(verdict_of(plan::Exchange{.name = "bus", .target = {"/run/bus"}, .access = plan::Access::read_write, .origin = here}) ==
          "editor.toml:12:1: exchange 'bus' is writable for the app");
    for (const char* name : {"", ".", "..", "../x", "a/b", ".hidden"}) {
        CAPTURE(name);
        CHECK(verdict_of(plan::Exchange{.name = name, .target = {"/run/bus"}, .origin = here}).find("' must be 1 to 64 letters, digits, '.', '_' or '-', and not begin with '.'") != std::string::npos);
    }
}
