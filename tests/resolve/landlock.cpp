#include "launcher/resolve/landlock.hpp"
#include "tests/resolve/resolve_support.hpp"

using namespace support;

namespace {

constexpr std::uint64_t execute = 1, write_file = 2, read_file = 4, read_dir = 8, make_char = 1 << 6, make_reg = 1 << 8, make_block = 1 << 11, refer = 1 << 13,
                        may_truncate = 1 << 14, ioctl_dev = 1 << 15;

// What the rules together allow at a path: rights add up from the root downwards.
std::uint64_t allowed(const plan::Landlock& landlock, std::string_view path) {
    std::uint64_t found = 0;
    for (const plan::LandlockRule& rule : landlock.rules)
        if (base::is_below(path, rule.path.text)) found |= rule.access;
    return found;
}

} // namespace

TEST_CASE("Landlock says again what the mounts show", "[resolve][security]") {
    Case test;
    test.grant("/home/anna/Downloads", {.access = profile::FileAccess::rw});
    test.grant("/home/anna/Documents", {.access = profile::FileAccess::ro, .exec = false});
    const plan::Plan plan = test.made().plan;
    const plan::Landlock& landlock = plan.security.landlock;
    CHECK(landlock.handled == (0xffffU & ~read_dir));
    CHECK(allowed(landlock, "/usr/bin/editor") == (read_file | execute));
    CHECK(allowed(landlock, "/etc/passwd") == (read_file | execute));
    CHECK(allowed(landlock, "/home/anna/Documents/x") == (allowed(landlock, "/home/anna") | read_file));
    CHECK((allowed(landlock, "/home/anna/Downloads/x") & (write_file | may_truncate | make_reg | refer)) == (write_file | may_truncate | make_reg | refer));
    CHECK(allowed(landlock, "/dev/null") == (read_file | write_file | may_truncate | ioctl_dev));
    CHECK((allowed(landlock, "/dev/shm/x") & (execute | write_file)) == write_file);
    CHECK(allowed(landlock, "/elsewhere") == 0);
    for (const plan::LandlockRule& rule : landlock.rules) {
        CAPTURE(rule.path.text);
        CHECK((rule.access & (make_char | make_block)) == 0);
        CHECK((rule.access & ~landlock.handled) == 0);
        CHECK(rule.access != 0);
    }
}

TEST_CASE("a rule on a file names no right of folders, and one that a folder above allows is left out", "[resolve][security]") {
    Case test;
    test.tell("file /home/anna/Documents/a.txt text\ndir /home/anna/Documents/inner\n");
    test.grant("/home/anna/Documents/a.txt", {.access = profile::FileAccess::rw});
    test.grant("/home/anna/Documents/inner", {.access = profile::FileAccess::ro});
    for (const plan::LandlockRule& rule : test.made().plan.security.landlock.rules) {
        CHECK(rule.path.text != "/home/anna/Documents/inner"); // the home is a tmpfs of the app's own, with all rights
        if (rule.path.text == "/home/anna/Documents/a.txt") CHECK((rule.access & ~(execute | write_file | read_file | may_truncate | ioctl_dev)) == 0);
    }
}

namespace {

std::uint64_t rule_on(const plan::Plan& plan, std::string_view path) {
    for (const plan::LandlockRule& rule : plan.security.landlock.rules)
        if (rule.path.text == path) return rule.access;
    return 0;
}

} // namespace

TEST_CASE("a folder that is only there for mounts has one rule, with what all below it may", "[resolve][security]") {
    Case test;
    test.tell("dir /srv/one\ndir /srv/two\nfile /srv/three text\n");
    test.grant("/srv/one", {.access = profile::FileAccess::ro, .target = "/data/one"});
    CHECK(rule_on(test.made().plan, "/data/one") == (read_file | execute)); // alone, it is its own
    CHECK(rule_on(test.made().plan, "/data") == 0);
    test.grant("/srv/three", {.access = profile::FileAccess::ro, .target = "/data/three"});
    CHECK(rule_on(test.made().plan, "/data") == (read_file | execute));
    CHECK(rule_on(test.made().plan, "/data/one") == 0);
    CHECK(rule_on(test.made().plan, "/data/three") == 0);
    test.grant("/srv/two", {.access = profile::FileAccess::rw, .target = "/data/deep/two"});
    CHECK(rule_on(test.made().plan, "/data") == (read_file | execute)); // what may be done to one is not lent to the others
    CHECK((rule_on(test.made().plan, "/data/deep/two") & (write_file | make_reg)) == (write_file | make_reg));
    test.grant("/srv/two", {.access = profile::FileAccess::ro, .exec = false, .target = "/data/deep/two"});
    CHECK(rule_on(test.made().plan, "/data") == read_file); // nor is a right that one of them lacks
    CHECK(rule_on(test.made().plan, "/data/one") == (read_file | execute));
    CHECK(rule_on(test.made().plan, "/data/deep/two") == 0);
}

TEST_CASE("no right to make or remove files is said of a folder for those in it", "[resolve][security]") {
    Case test;
    test.tell("dir /srv/one\ndir /srv/two\n");
    for (const std::string name : {"one", "two"}) test.grant("/srv/" + name, {.access = profile::FileAccess::rw, .target = "/data/" + name});
    CHECK(rule_on(test.made().plan, "/data") == (read_file | write_file | may_truncate | execute));
    CHECK((rule_on(test.made().plan, "/data/one") & (make_reg | refer)) == (make_reg | refer));
    CHECK((rule_on(test.made().plan, "/data/two") & (make_reg | refer)) == (make_reg | refer));
}

TEST_CASE("a folder that something hides, or that is shown itself, gets no rule for what is in it", "[resolve][security]") {
    Case test;
    test.tell("dir /srv/one\ndir /srv/two\ndir /srv/three\ndir /srv/three/one\ndir /srv/three/two\nfile /srv/one/secret text\n");
    for (const std::string name : {"one", "two"}) test.grant("/srv/" + name, {.access = profile::FileAccess::ro, .target = "/data/" + name});
    CHECK(rule_on(test.made().plan, "/data") == (read_file | execute));
    SECTION("hidden") {
        test.profile.mask.paths = {text("/data/one/secret")};
        CHECK(rule_on(test.made().plan, "/data") == 0);
        CHECK(rule_on(test.made().plan, "/data/one") == (read_file | execute));
    }
    SECTION("shown") {
        test.grant("/srv/three", {.access = profile::FileAccess::ro, .exec = false, .target = "/data"});
        CHECK(rule_on(test.made().plan, "/data") == read_file);
        CHECK(rule_on(test.made().plan, "/data/one") == (read_file | execute));
    }
    SECTION("a writable root") {
        test.profile.root.readonly = item(false);
        CHECK(rule_on(test.made().plan, "/data") == 0);
    }
}

TEST_CASE("files are left to the mounts where Landlock would break the app", "[resolve][security]") {
    Case test;
    test.tell("landlock 0x1fff 0x3\n"); // no "refer": nothing could be renamed between folders
    CHECK(test.made().plan.security.landlock.handled == 0);
    test.tell("landlock 0x3fff 0x3\n");
    CHECK(test.made().plan.security.landlock.handled == (0x3fffU & ~read_dir));
    test.profile.process.userns = item(true); // no mount(2) in a domain with files: the app's own sandbox would break
    CHECK(test.made().plan.security.landlock.handled == 0);
    CHECK(test.made().plan.security.landlock.rules.empty());
    CHECK(test.made().plan.security.landlock.scoped == 3);
    test.profile.process.userns = item(false);
    test.profile.process.landlock = item(false);
    CHECK(test.made().plan.security.landlock.handled == 0);
}

TEST_CASE("with a terminal the console may be opened", "[resolve][security]") {
    Case test;
    CHECK(allowed(test.made().plan.security.landlock, "/dev/console") == read_file); // as all of /dev
    test.profile.process.terminal = item(profile::TerminalWish::always);
    CHECK((allowed(test.made().plan.security.landlock, "/dev/console") & (read_file | write_file | ioctl_dev)) == (read_file | write_file | ioctl_dev));
}
