// [files]: what is granted, what is refused, what is covered.

#include "tests/resolve/resolve_support.hpp"

using namespace support;
using profile::FileAccess;

TEST_CASE("A granted folder is bound where it lies, with the rights that were asked for", "[resolve][files]") {
    Case test;
    test.grant("${DOCUMENTS}", {.access = FileAccess::ro, .exec = false}, 12);
    test.grant("${DOWNLOADS}", {.access = FileAccess::rw}, 13);
    const auto made = test.made();
    const auto documents = mount_at<plan::Bind>(made, "/home/anna/Documents");
    REQUIRE(documents != nullptr);
    CHECK(documents->source.path.text == "/home/anna/Documents");
    CHECK(documents->access == plan::Access::read_only);
    CHECK(documents->execution == plan::Execution::denied);
    CHECK(documents->origin == at_line(12));
    const auto downloads = mount_at<plan::Bind>(made, "/home/anna/Downloads");
    REQUIRE(downloads != nullptr);
    CHECK(downloads->access == plan::Access::read_write);
}

TEST_CASE("A link that is granted shows what it leads to at the link's own place", "[resolve][files]") {
    Case test;
    test.tell("dir /srv/papers\nlink /home/anna/papers /srv/papers\n");
    test.grant("/home/anna/papers", {.access = FileAccess::ro});
    const auto bind = mount_at<plan::Bind>(test.made(), "/home/anna/papers");
    REQUIRE(bind != nullptr);
    CHECK(bind->source.path.text == "/srv/papers");
}

TEST_CASE("A path that is not there is an error, unless it is optional or to be made", "[resolve][files]") {
    Case test;
    test.grant("${HOME}/nothing", {.access = FileAccess::ro}, 7);
    CHECK(test.error() == "test.toml:7:1: '/home/anna/nothing' is not there; make it, or say optional = true");
    test.grant("${HOME}/nothing", {.access = FileAccess::ro, .optional = true}, 7);
    CHECK_FALSE(any_at(test.made(), "/home/anna/nothing"));
    test.grant("${HOME}/nothing", {.access = FileAccess::rw, .create = true}, 7);
    const auto made = test.made();
    REQUIRE(mount_at<plan::Bind>(made, "/home/anna/nothing") != nullptr);
    CHECK(mount_at<plan::Bind>(made, "/home/anna/nothing")->source.inode == 0); // a Plan that is printed makes nothing
}

TEST_CASE("A folder is made only below the home and outside of what an app may write", "[resolve][files]") {
    Case test;
    test.grant("/srv/new", {.access = FileAccess::rw, .create = true}, 3);
    CHECK(test.error().find("test.toml:3:1: '/srv/new' is not there, and is made only below the home") == 0);
    test.profile.files.clear();
    test.grant("/home/anna/Downloads", {.access = FileAccess::rw}, 3);
    test.grant("/home/anna/Downloads/new", {.access = FileAccess::ro, .create = true}, 4);
    CHECK(test.error().find("test.toml:4:1: '/home/anna/Downloads/new' is not there, and is made only") == 0);
}

TEST_CASE("A link that another user made where everybody may is not followed", "[resolve][files][A14]") {
    Case test;
    test.tell("dir /srv/papers\nlink /tmp/papers /srv/papers\n");
    test.grant("/tmp/papers", {.access = FileAccess::ro}, 8);
    REQUIRE(mount_at<plan::Bind>(test.made(), "/tmp/papers") != nullptr);
    test.tell("planted /tmp/papers\n");
    CHECK(test.error() == "test.toml:8:1: '/tmp/papers' leads through the link '/tmp/papers', which another user made in a folder where everybody may; "
                          "name the place that it points to, if that is meant");
}

TEST_CASE("The runtime folder is not granted under another spelling", "[resolve][files][A24]") {
    Case test;
    test.tell("dir /run/user/1000/sandbox-plans\nsocket /run/user/1000/bus\nlink /home/anna/runtime /run/user/1000\nenv XDG_RUNTIME_DIR=/home/anna/runtime\n");
    for (const char* path : {"/run/user/1000", "/run/user/1000/bus", "/run/user/1000/sandbox-plans", "/run/user", "/home/anna/runtime", "/home/anna/runtime/bus"}) {
        test.profile.files.clear();
        test.grant(path, {.access = FileAccess::ro}, 5);
        INFO(test.error());
        INFO(path << " gives " << test.error());
        CHECK(test.error().find("test.toml:5:1: '/") == 0);
        CHECK(test.error().find("' cannot be granted: ") != std::string::npos);
    }
}

TEST_CASE("No link is followed in a folder that an app may write", "[resolve][files][A9][A14]") {
    Case test;
    test.tell("link /home/anna/Downloads/keys /home/anna/.ssh\n");
    test.grant("${DOWNLOADS}", {.access = FileAccess::rw}, 4);
    test.grant("${DOWNLOADS}/keys", {.access = FileAccess::ro}, 5);
    CHECK(test.error() == "test.toml:5:1: '/home/anna/Downloads/keys' leads through the link '/home/anna/Downloads/keys', "
                          "which an app could have made; remove the link, or name the place that it points to");
}

TEST_CASE("A way that first leads into a writable folder and then out of it is refused too", "[resolve][files][A9]") {
    Case test;
    test.tell("link /home/anna/short /home/anna/Downloads/deep\nlink /home/anna/Downloads/deep /home/anna/.ssh\n");
    test.grant("${DOWNLOADS}", {.access = FileAccess::rw}, 4);
    test.grant("/home/anna/short", {.access = FileAccess::ro}, 5);
    CHECK(test.error().find("leads through the link '/home/anna/Downloads/deep', which an app could have made") !=
          std::string::npos);
}

TEST_CASE("What shows everything is never granted", "[resolve][files][A5][A24]") {
    struct Row {
        const char* path;
        const char* why;
    };
    const auto row = GENERATE(Row{"/", "it is everything"}, Row{"/proc", "the /proc of the host"},
                              Row{"/proc/self", "the /proc of the host"}, Row{"/sys", "it shows all hardware"},
                              Row{"/dev", "it holds every device"}, Row{"/run", "it holds the sockets of everything that runs for the user; name the one"}, Row{"/run/user/1000", "it holds the sockets"},
                              Row{"/run/user", "it holds the sockets"}, Row{"/run/user/1000/bus", "'"}, Row{"/run/dbus", "'"});
    Case test;
    test.tell("dir /proc/self\n");
    test.grant(row.path, {.access = FileAccess::ro}, 9);
    CAPTURE(row.path);
    CHECK(test.error().find("test.toml:9:1: '" + std::string(row.path) + "' cannot be granted: " + row.why) == 0);
}

TEST_CASE("A link to such a place is refused as the place itself is", "[resolve][files][A14]") {
    Case test;
    test.tell("link /home/anna/all /\n");
    test.grant("/home/anna/all", {.access = FileAccess::ro}, 9);
    CHECK(test.error() == "test.toml:9:1: '/' cannot be granted: it is everything; name the folders that the app needs");
}

TEST_CASE("Nothing is mounted over the places that the sandbox makes", "[resolve][files][A5]") {
    const std::string target = GENERATE("/", "/proc", "/proc/sys", "/dev", "/sys", "/run", "/etc", "/usr");
    Case test;
    test.grant("/home/anna/Documents", {.access = FileAccess::ro, .target = target}, 2);
    CAPTURE(target);
    CHECK(test.error().find("test.toml:2:1: nothing can be mounted on '" + target + "' inside: ") == 0);
}

TEST_CASE("What configures the sandbox or the session is never granted for writing", "[resolve][files][A42]") {
    const std::string path =
        GENERATE("${CONFIG}/sandbox", "${CONFIG}", "${HOME}/.local", "${DATA}/sandbox/homes/other", "${CONFIG}/autostart/x",
                 "${HOME}/.ssh", "${HOME}/.bashrc", "${HOME}/.local/bin", "${DATA}/applications", "/etc", "/home",
                 "${CONFIG}/systemd/user", "${CACHE}/sandbox");
    Case test;
    for (const char* folder : {"/home/anna/.config/sandbox", "/home/anna/.config/systemd/user", "/home/anna/.local/bin",
                               "/home/anna/.local/share/applications", "/home/anna/.local/share/sandbox/homes/other",
                               "/home/anna/.cache/sandbox", "/home/anna/.config/autostart/x"})
        test.tell("dir " + std::string(folder) + "\n");
    test.tell("file /home/anna/.bashrc x\n");
    test.grant(path, {.access = FileAccess::rw, .target = "/data"}, 6);
    CAPTURE(path);
    const std::string error = test.error();
    CAPTURE(error);
    CHECK(error.find("test.toml:6:1: '") == 0);
    CHECK(error.find("cannot be granted for writing: it ") != std::string::npos);
}

TEST_CASE("A link to a protected folder is protected as well", "[resolve][files][A42]") {
    Case test;
    test.tell("dir /srv/dots/autostart\nlink /home/anna/.config/autostart /srv/dots/autostart\n");
    test.grant("/srv/dots", {.access = FileAccess::rw}, 6);
    CHECK(test.error() == "test.toml:6:1: '/srv/dots' cannot be granted for writing: it holds "
                          "'/home/anna/.config/autostart', and programs started at login are named there; grant \"ro\", or only "
                          "the folder that the app needs");
}

TEST_CASE("The deeper path decides over the shallower", "[resolve][files]") {
    Case test;
    test.tell("dir /srv/data/open\ndir /srv/data/open/shut\n");
    test.grant("/srv/data", {.access = FileAccess::ro});
    test.grant("/srv/data/open", {.access = FileAccess::rw});
    test.grant("/srv/data/open/shut", {.access = FileAccess::deny}, 8);
    const auto made = test.made();
    CHECK(mount_at<plan::Bind>(made, "/srv/data")->access == plan::Access::read_only);
    CHECK(mount_at<plan::Bind>(made, "/srv/data/open")->access == plan::Access::read_write);
    REQUIRE(mount_at<plan::Mask>(made, "/srv/data/open/shut") != nullptr);
    CHECK(mount_at<plan::Mask>(made, "/srv/data/open/shut")->origin == at_line(8));
}

TEST_CASE("A grant that changes nothing adds no mount in the app's folder", "[resolve][files]") {
    Case test;
    test.tell("dir /srv/data/sub\n");
    test.grant("/srv/data", {.access = FileAccess::rw});
    test.grant("/srv/data/sub", {.access = FileAccess::rw});
    CHECK_FALSE(any_at(test.made(), "/srv/data/sub"));
}

TEST_CASE("A denied path is covered wherever a grant shows it", "[resolve][files]") {
    Case test;
    test.tell("dir /srv/data/shut\n");
    test.grant("/srv/data", {.access = FileAccess::ro, .target = "/one"});
    test.grant("/srv/data/shut", {.access = FileAccess::deny});
    test.profile.mount.push_back(item<profile::MountWish>({.type = "bind", .source = "/srv", .target = "/two"}));
    const auto made = test.made();
    CHECK(mount_at<plan::Mask>(made, "/one/shut") != nullptr);
    CHECK(mount_at<plan::Mask>(made, "/two/data/shut") != nullptr);
}

TEST_CASE("A denied link is covered where it leads", "[resolve][files]") {
    Case test;
    test.tell("dir /srv/data/true\nlink /srv/data/alias /srv/data/true\n");
    test.grant("/srv/data", {.access = FileAccess::ro});
    test.grant("/srv/data/alias", {.access = FileAccess::deny});
    CHECK(mount_at<plan::Mask>(test.made(), "/srv/data/true") != nullptr);
}

TEST_CASE("A denied path outside of every grant costs nothing", "[resolve][files]") {
    Case test;
    test.grant("${HOME}/.ssh", {.access = FileAccess::deny});
    for (const plan::Mount& mount : test.made().plan.mounts) CHECK_FALSE(std::holds_alternative<plan::Mask>(mount));
}

TEST_CASE("A denied path that the app itself could make stops the start", "[resolve][files]") {
    Case test;
    test.grant("${DOWNLOADS}", {.access = FileAccess::rw}, 2);
    test.grant("${DOWNLOADS}/later", {.access = FileAccess::deny}, 3);
    CHECK(test.error() == "test.toml:3:1: '/home/anna/Downloads/later' is denied but not there, in a folder that the app may "
                          "write ('/home/anna/Downloads'): nothing can cover it; make it, or remove the line");
    test.grant("${DOWNLOADS}", {.access = FileAccess::ro}, 2);
    CHECK_FALSE(any_at(test.made(), "/home/anna/Downloads/later"));
}

TEST_CASE("A grant below a denied folder stands in an empty folder of ours", "[resolve][files]") {
    Case test;
    test.tell("dir /srv/data/shut/open\n");
    test.grant("/srv/data", {.access = FileAccess::ro});
    test.grant("/srv/data/shut", {.access = FileAccess::deny});
    test.grant("/srv/data/shut/open", {.access = FileAccess::rw});
    const auto made = test.made();
    const auto hollow = mount_at<plan::Tmpfs>(made, "/srv/data/shut");
    REQUIRE(hollow != nullptr);
    CHECK(hollow->access == plan::Access::read_only);
    CHECK(mount_at<plan::Bind>(made, "/srv/data/shut/open") != nullptr);
    CHECK(mount_at<plan::Mask>(made, "/srv/data/shut") == nullptr);
}

TEST_CASE("A mount point is never made in a folder of the host", "[resolve][files][A8]") {
    Case test;
    test.tell("dir /srv/data\n");
    test.grant("/srv/data", {.access = FileAccess::rw}, 2);
    test.grant("/home/anna/Documents", {.access = FileAccess::ro, .target = "/srv/data/papers"}, 3);
    CHECK(test.error() == "test.toml:3:1: the mount point '/srv/data/papers' is missing in '/srv/data', a folder of the host "
                          "or of the app; nothing is created there; make it first, or choose another target");
    test.tell("link /srv/data/papers /home/anna/.ssh\n");
    CHECK(test.error().find("test.toml:3:1: cannot look at '/srv/data/papers'") == 0);
}

TEST_CASE("What may be missing is left out where there is no mount point for it, unless it may be written", "[resolve][files][A8]") {
    Case test;
    test.tell("dir /srv/data\n");
    test.grant("/srv/data", {.access = FileAccess::rw}, 2);
    test.grant("/home/anna/Documents", {.access = FileAccess::ro, .optional = true, .target = "/srv/data/papers"}, 3);
    const auto made = test.made();
    CHECK(mount_at<plan::Bind>(made, "/srv/data/papers") == nullptr);
    REQUIRE(made.warnings.size() == 1);
    CHECK(made.warnings[0].origin.line == 3);
    CHECK(made.warnings[0].text == "'/home/anna/Documents' is not shown: there is no '/srv/data/papers' to mount it on in a folder of the host or of the "
                                   "app, and none is created there");
    test.grant("/home/anna/Documents", {.access = FileAccess::rw, .optional = true, .target = "/srv/data/papers"}, 3);
    CHECK(test.error().find("the mount point '/srv/data/papers' is missing") != std::string::npos);
    test.grant("/home/anna/Documents", {.access = FileAccess::ro, .optional = true, .target = "/srv/data/papers"}, 3);
    test.tell("dir /srv/data/papers\n");
    CHECK(mount_at<plan::Bind>(test.made(), "/srv/data/papers") != nullptr);
}

TEST_CASE("A target below one of our links is where the link leads", "[resolve][files]") {
    Case test;
    test.tell("file /srv/tool x\nfile /usr/bin/tool x\n");
    test.grant("/srv/tool", {.access = FileAccess::ro, .target = "/bin/tool"});
    CHECK(mount_at<plan::Bind>(test.made(), "/usr/bin/tool") != nullptr);
}

TEST_CASE("A grant that would hide other mounts is refused", "[resolve][files]") {
    Case test;
    test.grant("/home", {.access = FileAccess::ro}, 5);
    CHECK(test.error() == "test.toml:5:1: a mount on '/home' would hide what stands on '/home/anna'; name the folders in it "
                          "that are wanted, one by one");
}

TEST_CASE("A device is not granted as a file", "[resolve][files]") {
    Case test;
    test.tell("char /dev/fuse 10:229\n");
    test.grant("/dev/fuse", {.access = FileAccess::rw}, 5);
    CHECK(test.error() == "test.toml:5:1: '/dev/fuse' is a device; name it in [devices] nodes");
}

TEST_CASE("Places that lie elsewhere inside are shown there", "[resolve][files]") {
    Case test;
    test.tell("socket /run/user/1000/pulse/native\n");
    test.profile.ids.uid = item<std::uint32_t>(0);
    test.profile.home.path = text("/home/inside");
    test.grant("${RUNTIME}/pulse/native", {.access = FileAccess::rw});
    test.grant("${DOCUMENTS}", {.access = FileAccess::ro});
    const auto made = test.made();
    CHECK(mount_at<plan::Bind>(made, "/run/user/0/pulse/native") != nullptr);
    CHECK(mount_at<plan::Bind>(made, "/home/inside/Documents") != nullptr);
}

TEST_CASE("A folder that cannot be looked at is an error, or nothing when it is optional", "[resolve][files]") {
    Case test;
    test.tell("dir /srv/locked/in\nclosed /srv/locked\n");
    test.grant("/srv/locked/in", {.access = FileAccess::ro}, 5);
    CHECK(test.error().find("test.toml:5:1: cannot look at '/srv/locked/in'") == 0);
    test.grant("/srv/locked/in", {.access = FileAccess::ro, .optional = true}, 5);
    CHECK_FALSE(any_at(test.made(), "/srv/locked/in"));
}

TEST_CASE("The folders above a denied path in a writable folder are held in their place", "[resolve][files][A9]") {
    Case test;
    test.tell("dir /srv/data/a/b/shut\n");
    test.grant("/srv/data", {.access = FileAccess::rw}, 2);
    test.grant("/srv/data/a/b/shut", {.access = FileAccess::deny}, 3);
    const auto made = test.made();
    for (const char* folder : {"/srv/data/a", "/srv/data/a/b"}) {
        CAPTURE(folder);
        REQUIRE(mount_at<plan::Bind>(made, folder) != nullptr);
        CHECK(mount_at<plan::Bind>(made, folder)->source.path.text == folder);
        CHECK(mount_at<plan::Bind>(made, folder)->access == plan::Access::read_write);
    }
    CHECK(mount_at<plan::Mask>(made, "/srv/data/a/b/shut") != nullptr);
}
