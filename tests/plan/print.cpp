#include "launcher/plan/print.hpp"

#include "launcher/base/text.hpp"
#include "launcher/plan/capability.hpp"
#include "tests/support/plans.hpp"

#include <catch2/catch.hpp>

using namespace std::literals;
using Catch::Contains;

namespace {

std::string text_of(plan::Mount mount) {
    plan::Plan plan = support::small_plan();
    plan.mounts = {std::move(mount)};
    return plan::to_text(plan);
}

const base::Origin here{"firefox.toml", 12, 1};

} // namespace

TEST_CASE("A plan is printed in groups, one line an item, each with its origin", "[plan]") {
    CHECK(plan::to_text(support::small_plan()) == R"(identity
  app org.example.editor
  profile /usr/share/sandbox/apps/org.example.editor.toml
  instance org.example.editor-ABCD
  hostname sandbox

namespaces
  user new [built in]
  mount new [built in]
  pid new [built in]
  ipc new [built in]
  uts new [built in]
  cgroup new [built in]
  net new [built in]
  time new [built in]

ids
  uid 1000 gid 1000 groups keep [built in]
  uid-map 1000 inside = 1000 outside, count 1
  gid-map 1000 inside = 1000 outside, count 1

mounts
  root / ro nosuid nodev size=16 MiB inodes=4096
  bind /usr → /usr ro nosuid nodev directory dev=8:2 ino=917 [editor.toml:12:1]
  tmpfs /tmp rw nosuid nodev noexec size=64 MiB inodes=65536 mode=01777 [editor.toml:12:1]
  symlink /bin → usr/bin [editor.toml:12:1]

network
  mode none [built in]

security
  capabilities none
  new-privileges denied
  user-namespaces denied
  seccomp desktop, 2 instructions [built in]
  landlock denies none [built in]

process
  command /usr/bin/editor notes.txt [built in]
  cwd /home/user
  env PATH=/usr/bin
  env HOME=/home/user
  umask 022
  terminal none
  preserved-fds 0
  parent-death-signal SIGKILL
  rlimit nofile 1024 4096 [editor.toml:12:1]

limits
  cgroup best-effort
)");
}

TEST_CASE("A route is printed with its gateway, if it has one", "[plan][C13]") {
    plan::Plan plan = support::small_plan();
    plan.network.routes = {{"10.0.0.0", 8, "10.1.0.1", here}, {"2001:db8::", 32, "", here}};
    CHECK_THAT(plan::to_text(plan), Contains("  route 10.0.0.0/8 via 10.1.0.1 [firefox.toml:12:1]\n  route 2001:db8::/32 [firefox.toml:12:1]\n"));
    CHECK_THAT(plan::to_json(plan), Contains(R"("destination": "2001:db8::")"));
}

TEST_CASE("Each kind of mount is printed with all that it says", "[plan]") {
    const plan::Source folder{
        .path = {"/home/u/Downloads"}, .device = 0x802, .inode = 5, .type = plan::FileType::directory};
    CHECK_THAT(text_of(plan::Bind{.source = folder,
                                  .target = {"/home/u/Downloads"},
                                  .access = plan::Access::read_write,
                                  .execution = plan::Execution::denied,
                                  .subtree = plan::Subtree::alone,
                                  .propagation = plan::Propagation::slave,
                                  .origin = here}),
               Contains("  bind /home/u/Downloads → /home/u/Downloads rw nosuid nodev noexec alone slave directory "
                        "dev=8:2 ino=5 [firefox.toml:12:1]\n"));
    CHECK_THAT(text_of(plan::Bind{.source = {.path = {"/h"}, .type = plan::FileType::directory}, .target = {"/h"}}),
               Contains("  bind /h → /h ro nosuid nodev directory not made yet [built in]\n"));
    CHECK_THAT(text_of(plan::Proc{.target = {"/proc"}, .origin = here}),
               Contains("  proc /proc rw nosuid nodev noexec [firefox.toml:12:1]\n"));
    CHECK_THAT(text_of(plan::Sysfs{.target = {"/sys"}}), Contains("  sysfs /sys ro nosuid nodev noexec [built in]\n"));
    CHECK_THAT(text_of(plan::Devpts{.target = {"/dev/pts"}}),
               Contains("  devpts /dev/pts rw nosuid noexec newinstance [built in]\n"));
    CHECK_THAT(text_of(plan::Mqueue{.target = {"/dev/mqueue"}}),
               Contains("  mqueue /dev/mqueue rw nosuid nodev noexec [built in]\n"));
    CHECK_THAT(text_of(plan::Overlay{.lower = {folder, folder}, .target = {"/o"}}),
               Contains("  overlay /home/u/Downloads (directory dev=8:2 ino=5) + /home/u/Downloads (directory dev=8:2 "
                        "ino=5) → /o rw nosuid nodev upper=memory [built in]\n"));
    CHECK_THAT(text_of(plan::Overlay{.lower = {folder}, .upper = folder, .work = folder, .target = {"/o"}}),
               Contains("upper=/home/u/Downloads (directory dev=8:2 ino=5) work=/home/u/Downloads (directory dev=8:2 "
                        "ino=5) [built in]\n"));
    CHECK_THAT(text_of(plan::Data{.target = {"/etc/passwd"}, .contents = "\x1b\0\xff"s, .mode = 0644}),
               Contains("  data /etc/passwd ro 3 bytes mode=0644 [built in]\n"));
    CHECK_THAT(text_of(plan::Directory{.target = {"/srv"}}), Contains("  directory /srv mode=0755 [built in]\n"));
    CHECK_THAT(text_of(plan::Device{.source = {.path = {"/dev/null"},
                                               .device = 5,
                                               .inode = 4,
                                               .type = plan::FileType::character,
                                               .node = 0x103},
                                    .target = {"/dev/null"}}),
               Contains("  device /dev/null → /dev/null nosuid noexec character 1:3 dev=0:5 ino=4 [built in]\n"));
    CHECK_THAT(text_of(plan::Mask{.target = {"/proc/kcore"}}), Contains("  mask /proc/kcore [built in]\n"));
    CHECK_THAT(text_of(plan::ReadOnly{.target = {"/proc/sys"}}), Contains("  read-only /proc/sys [built in]\n"));
}

TEST_CASE("Numbers are printed as people name them", "[plan]") {
    plan::Plan plan = support::small_plan();
    plan.security.capabilities = 1ULL << 13 | 1ULL << 40;
    plan.security.landlock = {.handled = 3, .scoped = 1, .rules = {{{"/usr"}, 3}, {{"/x"}, 2}, {{"/y"}, 1ULL << 40}}};
    plan.process.umask = 077;
    plan.process.parent_death_signal = 15;
    plan.process.rlimits = {{0, 1, UINT64_MAX, here}};
    plan.limits.requirement = plan::Requirement::required;
    plan.limits.values = {{"memory.max", "4294967296", here},
                          {"memory.high", "1000", here},
                          {"pids.max", "2048", here},
                          {"memory.swap.max", "max", here}};
    plan.sysctls = {{"net.ipv4.ping_group_range", "0 0", here}};
    const std::string text = plan::to_text(plan);
    CHECK_THAT(text, Contains("  capabilities CAP_NET_RAW CAP_CHECKPOINT_RESTORE\n"));
    CHECK_THAT(text, Contains("  landlock denies execute write-file [built in]\n"));
    CHECK_THAT(text, Contains("  landlock scopes abstract-unix-socket [built in]\n"));
    CHECK_THAT(text, Contains("  landlock allows /usr all\n  landlock allows /x write-file\n"));
    CHECK_THAT(text, Contains("  landlock allows /y 0x10000000000\n"));
    CHECK_THAT(text, Contains("  umask 077\n"));
    CHECK_THAT(text, Contains("  parent-death-signal SIGTERM\n"));
    CHECK_THAT(text, Contains("  rlimit cpu 1 infinity [firefox.toml:12:1]\n"));
    CHECK_THAT(text, Contains("  cgroup required\n  memory.max 4 GiB [firefox.toml:12:1]\n  memory.high 1000 bytes "
                              "[firefox.toml:12:1]\n  pids.max 2048 [firefox.toml:12:1]\n  memory.swap.max max "
                              "[firefox.toml:12:1]\n"));
    CHECK_THAT(text, Contains("  sysctl net.ipv4.ping_group_range = \"0 0\" [firefox.toml:12:1]\n"));
}

TEST_CASE("No text of a plan can drive the terminal or forge a line", "[plan]") {
    const std::string text = text_of(plan::Bind{.source = {.path = {"/a\x1b[31m\n  bind /etc → /etc"}},
                                                .target = {"/plain \\x1b \"quoted\""},
                                                .origin = {"a\nb", 1, 1}});
    CHECK_THAT(text, Contains("  bind \"/a\\x1b[31m\\x0a  bind /etc → /etc\" → \"/plain \\\\x1b \\\"quoted\\\"\" ro "));
    CHECK_THAT(text, Contains("[a\\x0ab:1:1]\n"));
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        support::Filler filler(seed);
        plan::Plan plan;
        filler.fill(plan);
        plan.mounts = filler.every_kind();
        std::string printed = plan::to_text(plan);
        std::erase(printed, '\n');
        CHECK(base::escaped(printed) == printed);
    }
}

TEST_CASE("A plan as JSON has the names of the fields", "[plan]") {
    plan::Plan plan = support::small_plan();
    plan.mounts = {plan::Bind{.source = {.path = {"/a\"\\\n\xff\x7fü"}, .device = 2050, .inode = UINT64_MAX},
                              .target = {"/usr"},
                              .origin = here},
                   plan::Data{.target = {"/d"}, .contents = "\0\1\2"s}};
    const std::string json = plan::to_json(plan);
    CHECK_THAT(json, Contains(R"(  "mounts": [
    {
      "kind": "bind",
      "source": {
        "path": "/a\"\\\u000a)"
                              "\xEF\xBF\xBD"
                              R"(\u007fü",
        "device": 2050,
        "inode": 18446744073709551615,
        "type": "regular",
        "node": 0
      },
      "target": "/usr",
      "access": "ro",
      "execution": "exec",
      "subtree": "recursive",
      "propagation": "private",
      "origin": {
        "file": "firefox.toml",
        "line": 12,
        "column": 1
      }
    },
    {
      "kind": "data",
      "target": "/d",
      "contents": 3,
)"));
    CHECK_THAT(json, Contains("\"sysctls\": [],\n"));
    CHECK_THAT(json, Contains("\"program\": 16,\n"));
    CHECK_THAT(json, Catch::StartsWith("{\n  \"app\": \"org.example.editor\",\n"));
    CHECK_THAT(json, Catch::EndsWith("\n}\n"));
}

TEST_CASE("JSON is valid UTF-8 and balanced whatever the texts hold", "[plan]") {
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        support::Filler filler(seed);
        plan::Plan plan;
        filler.fill(plan);
        plan.mounts = filler.every_kind();
        const std::string json = plan::to_json(plan);
        CHECK(base::is_utf8(json));
        int depth = 0;
        bool inside_text = false;
        for (std::size_t at = 0; at < json.size(); ++at) {
            if (inside_text && json[at] == '\\') {
                ++at;
            } else if (json[at] == '"') {
                inside_text = !inside_text;
            } else if (!inside_text) {
                depth += (json[at] == '{' || json[at] == '[') - (json[at] == '}' || json[at] == ']');
            } else if (static_cast<unsigned char>(json[at]) < 0x20) {
                FAIL("a control character inside a text");
            }
        }
        CHECK(depth == 0);
        CHECK_FALSE(inside_text);
    }
}

TEST_CASE("A capability is known by its number and its name", "[plan]") {
    CHECK(plan::capability_of("CAP_CHOWN") == 0U);
    CHECK(plan::capability_of("CAP_NET_RAW") == 13U);
    CHECK(plan::capability_of("CAP_SYS_ADMIN") == 21U);
    CHECK(plan::capability_of("CAP_SETFCAP") == 31U);
    CHECK(plan::capability_of("CAP_CHECKPOINT_RESTORE") == 40U);
    CHECK_FALSE(plan::capability_of("CAP_NOTHING").has_value());
    CHECK_FALSE(plan::capability_of("").has_value());
}
