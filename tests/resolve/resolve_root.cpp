// The root, /etc, the system's folders, the home, the devices, [[mount]] and [mask].

#include "tests/resolve/resolve_support.hpp"

#include <algorithm>

using namespace support;

namespace {

std::string data_at(const resolve::Resolved& made, std::string_view target) {
    const auto data = mount_at<plan::Data>(made, target);
    return data == nullptr ? "(none)" : data->contents;
}

profile::Item<profile::MountWish> wish(profile::MountWish mount, std::uint32_t line = 1) {
    return item(std::move(mount), line);
}

std::size_t place_of(const resolve::Resolved& made, std::string_view target) {
    const auto& mounts = made.plan.mounts;
    return static_cast<std::size_t>(std::find_if(mounts.begin(), mounts.end(), [&](const plan::Mount& mount) {
                                        return plan::target_of(mount).text == target;
                                    }) - mounts.begin());
}

} // namespace

TEST_CASE("The root is memory of ours with the host's /usr read-only and its links", "[resolve][root][R1][C4][C5]") {
    const auto made = Case().made();
    CHECK(made.plan.root.access == plan::Access::read_only);
    CHECK(made.plan.root.size == 16U << 20);
    CHECK(made.plan.root.inodes >= 4096);
    REQUIRE(mount_at<plan::Bind>(made, "/usr") != nullptr);
    CHECK(mount_at<plan::Bind>(made, "/usr")->access == plan::Access::read_only);
    CHECK(mount_at<plan::Bind>(made, "/usr")->subtree == plan::Subtree::recursive);
    CHECK(mount_at<plan::Symlink>(made, "/bin")->text == "usr/bin");
    CHECK_FALSE(any_at(made, "/lib64"));
}

TEST_CASE("A host without merged folders has them bound one by one", "[resolve][root][R1]") {
    Case test;
    test.tell("gone /lib\ndir /lib\n");
    CHECK(mount_at<plan::Bind>(test.made(), "/lib") != nullptr);
}

TEST_CASE("Every mount of ours carries bounds, and /dev is sealed", "[resolve][root][R4][R5][R6][R7][R9][R12][R14]") {
    const auto made = Case().made();
    CHECK(mount_at<plan::Tmpfs>(made, "/dev")->access == plan::Access::read_only);
    CHECK(mount_at<plan::Tmpfs>(made, "/dev")->execution == plan::Execution::denied);
    CHECK(mount_at<plan::Tmpfs>(made, "/dev/shm")->mode == 01777);
    CHECK(mount_at<plan::Tmpfs>(made, "/run/user/1000")->mode == 0700);
    for (const char* name : {"null", "zero", "full", "random", "urandom", "tty"})
        CHECK(mount_at<plan::Device>(made, "/dev/" + std::string(name)) != nullptr);
    CHECK(mount_at<plan::Symlink>(made, "/dev/ptmx")->text == "pts/ptmx");
    CHECK(mount_at<plan::Symlink>(made, "/dev/stdin")->text == "/proc/self/fd/0");
    CHECK(mount_at<plan::Devpts>(made, "/dev/pts") != nullptr);
    CHECK(mount_at<plan::Mqueue>(made, "/dev/mqueue") != nullptr);
    CHECK(mount_at<plan::Proc>(made, "/proc") != nullptr);
}

TEST_CASE("A device of the host that is no device stops the start", "[resolve][root][R9][A3]") {
    Case test;
    test.tell("file /dev/null x\n");
    CHECK(test.error() == "system folders: the host has no device '/dev/null'; mount a devtmpfs on /dev");
}

TEST_CASE("Message queues need an ipc namespace of their own", "[resolve][root][R6]") {
    Case test;
    test.profile.namespaces.ipc = text("host");
    CHECK_FALSE(any_at(test.made(), "/dev/mqueue"));
}

TEST_CASE("A folder given as root is shown name by name, and never its /dev, /proc, /sys, /run and /tmp",
          "[resolve][root][A5][A7][A12]") {
    Case test;
    test.tell("file /srv/root/bin/busybox x\nlink /srv/root/sh bin/busybox\ndir /srv/root/proc\nlink /srv/root/dev /etc\n"
              "dir /srv/root/sys\ndir /srv/root/tmp\ndir /srv/root/run\ndir /srv/root/home\nfifo /srv/root/pipe\n"
              "file /srv/root/etc/passwd own\nlink /srv/root/etc/hosts /etc/shadow\nlink /srv/root/etc/resolv.conf ../x\n"
              "dir /srv/root/var\n");
    test.profile.root.source = text("/srv/root");
    test.invocation.command = {"/bin/busybox"};
    const auto made = test.made();
    CHECK(mount_at<plan::Bind>(made, "/bin")->source.path.text == "/srv/root/bin");
    CHECK(mount_at<plan::Bind>(made, "/bin")->access == plan::Access::read_only);
    CHECK(mount_at<plan::Symlink>(made, "/sh")->text == "bin/busybox");
    CHECK(mount_at<plan::Tmpfs>(made, "/dev") != nullptr);
    CHECK(mount_at<plan::Proc>(made, "/proc") != nullptr);
    CHECK(mount_at<plan::Symlink>(made, "/var/tmp") == nullptr);
    CHECK_FALSE(any_at(made, "/pipe"));
    CHECK_FALSE(any_at(made, "/usr"));
    CHECK(mount_at<plan::Bind>(made, "/etc/passwd")->source.path.text == "/srv/root/etc/passwd");
    // What is made stands in our own memory, whatever the folder has under that name.
    CHECK(mount_at<plan::Symlink>(made, "/etc/hosts") == nullptr);
    CHECK(data_at(made, "/etc/hosts").find("127.0.0.1 localhost") == 0);
    CHECK(mount_at<plan::Symlink>(made, "/etc/resolv.conf") == nullptr);
}

TEST_CASE("A writable root folder must not hold what configures the sandbox", "[resolve][root][A42]") {
    Case test;
    test.profile.root.source = text("/home/anna", 4);
    test.profile.root.readonly = item(false);
    CHECK(test.error().find("test.toml:4:1: '/home/anna' cannot be granted for writing: it holds '/home/anna/.config/sandbox'") == 0);
}

TEST_CASE("An empty root holds what is granted and the system's folders alone", "[resolve][root]") {
    Case test;
    test.profile.root.source = text("empty");
    const auto made = test.made();
    CHECK_FALSE(any_at(made, "/usr"));
    CHECK(any_at(made, "/proc"));
    CHECK(made.plan.process.argv[0] == "/usr/bin/editor");
}

TEST_CASE("no-pivot warns, and excludes whatever leads out of a chroot", "[resolve][root][C1][R16]") {
    Case test;
    CHECK(test.made().plan.root.change == plan::RootChange::pivot);
    test.profile.root.no_pivot = item(true, 3);
    const auto made = test.made();
    CHECK(made.plan.root.change == plan::RootChange::chroot_if_refused);
    REQUIRE(made.warnings.size() == 1);
    CHECK(made.warnings[0].origin == at_line(3));
    CHECK(made.warnings[0].text.find("root.no-pivot: where the kernel refuses pivot_root") == 0);
    test.profile.process.userns = item(true, 4);
    CHECK(test.error().find("test.toml:3:1: root.no-pivot is not possible with process.caps or process.userns") == 0);
    test.profile.process.userns = item(false, 4);
    test.profile.process.caps = {text("CAP_SYS_CHROOT", 4)};
    CHECK(test.error().find("test.toml:3:1: root.no-pivot is not possible with process.caps or process.userns") == 0);
}

TEST_CASE("The files of /etc are made for the sandbox", "[resolve][etc][I4]") {
    Case test;
    test.profile.root.etc = {text("localtime"), text("fonts"), text("tls")};
    const auto made = test.made();
    CHECK(data_at(made, "/etc/passwd") == "root:x:0:0:root:/root:/bin/sh\nanna:x:1000:1000::/home/anna:/bin/sh\n"
                                          "nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n");
    CHECK(data_at(made, "/etc/group") == "root:x:0:\nusers:x:1000:\nnogroup:x:65534:\n");
    CHECK(data_at(made, "/etc/hostname") == "sandbox\n");
    CHECK(data_at(made, "/etc/hosts").find("127.0.0.1 localhost sandbox\n") == 0);
    CHECK(data_at(made, "/etc/nsswitch.conf").find("hosts: files dns\n") != std::string::npos);
    CHECK(mount_at<plan::Symlink>(made, "/etc/localtime")->text == "/usr/share/zoneinfo/Europe/Berlin");
    CHECK(data_at(made, "/etc/timezone") == "Europe/Berlin\n");
    CHECK(mount_at<plan::Bind>(made, "/etc/fonts") != nullptr);
    CHECK_FALSE(any_at(made, "/etc/ssl/certs")); // the host has none
    const std::string id = data_at(made, "/etc/machine-id");
    CHECK(id.size() == 33);
    CHECK(id.find_first_not_of("0123456789abcdef") == 32);
    test.profile.app.id = text("org.example.Other");
    CHECK(data_at(test.made(), "/etc/machine-id") != id);
}

TEST_CASE("A user's name cannot add a line to /etc/passwd", "[resolve][etc][A22]") {
    Case test;
    test.profile.home.path = text("/home/x:0:0");
    CHECK(data_at(test.made(), "/etc/passwd").find("anna:x:1000:1000::/home/x00:/bin/sh\n") != std::string::npos);
}

TEST_CASE("resolv.conf follows the network", "[resolve][etc][I4]") {
    Case test;
    CHECK(data_at(test.made(), "/etc/resolv.conf") == "# no network\n");
    test.profile.network.mode = item(profile::NetworkWish::host);
    CHECK(data_at(test.made(), "/etc/resolv.conf") == "nameserver 192.0.2.1\n");
    test.profile.network.dns = {text("192.0.2.7")};
    CHECK(data_at(test.made(), "/etc/resolv.conf") == "nameserver 192.0.2.7\n");
    test.profile.network.dns = {text("x\nnameserver 1", 8)};
    CHECK(test.error() == "test.toml:8:1: network.dns: 'x\\x0anameserver 1' is no address; as 192.0.2.53 or 2001:db8::53");
}

TEST_CASE("A name server on the host's loopback is asked through the stack", "[resolve][etc][I4][C12]") {
    for (const auto& [stack, resolver] : {std::pair{"pasta", "169.254.1.1"}, std::pair{"slirp4netns", "10.0.2.3"}}) {
        Case test;
        test.tell("file /usr/bin/" + std::string(stack) + " x\n");
        test.profile.network.mode = item(profile::NetworkWish::user);
        CHECK(data_at(test.made(), "/etc/resolv.conf") == "nameserver 192.0.2.1\n");
        const auto has = [](const std::vector<std::string>& argv, const char* word) { return std::find(argv.begin(), argv.end(), word) != argv.end(); };
        CHECK(has(test.made().plan.network.sidecar, "--dns-forward") == (stack == std::string_view("pasta")));
        test.tell("file /etc/resolv.conf search a b\\nnameserver 127.0.0.53\\nnameserver  ::1 \\nnameserver 192.0.2.9\\noptions edns0\\n\n");
        CHECK(data_at(test.made(), "/etc/resolv.conf") == "search a b\nnameserver " + std::string(resolver) + "\nnameserver 192.0.2.9\noptions edns0\n");
        // On the host's own network it is reached as it stands.
        test.profile.network.mode = item(profile::NetworkWish::host);
        CHECK(data_at(test.made(), "/etc/resolv.conf").find("nameserver 127.0.0.53\n") != std::string::npos);
        // What the profile names is asked itself.
        test.profile.network.mode = item(profile::NetworkWish::user);
        test.profile.network.dns = {text("192.0.2.7")};
        CHECK_FALSE(has(test.made().plan.network.sidecar, "--dns-forward"));
    }
}

TEST_CASE("An unknown group of /etc is an error with the near match", "[resolve][etc]") {
    Case test;
    test.profile.root.etc = {text("font", 5)};
    CHECK(test.error() == "test.toml:5:1: unknown group 'font' in root.etc; did you mean 'fonts'?");
}

TEST_CASE("A disposable home is memory, with the kept folders in it", "[resolve][home]") {
    Case test;
    test.profile.home.persist = {text(".config/app"), text(".config/app/deeper"), text("./.cache//app/")};
    const auto made = test.made();
    CHECK(mount_at<plan::Tmpfs>(made, "/home/anna")->mode == 0700);
    const auto kept = mount_at<plan::Bind>(made, "/home/anna/.config/app");
    REQUIRE(kept != nullptr);
    CHECK(kept->source.path.text == "/home/anna/.local/share/sandbox/homes/org.example.Editor/.config/app");
    CHECK(kept->access == plan::Access::read_write);
    CHECK_FALSE(any_at(made, "/home/anna/.config/app/deeper"));
    CHECK(any_at(made, "/home/anna/.cache/app"));
}

TEST_CASE("A kept folder that became a link is refused at the next start", "[resolve][home][A9]") {
    Case test;
    test.tell("link /home/anna/.local/share/sandbox/homes/org.example.Editor/.config /home/anna/.ssh\n");
    test.profile.home.persist = {text(".config", 6)};
    CHECK(test.error().find("test.toml:6:1: '/home/anna/.local/share/sandbox/homes/org.example.Editor/.config' is no folder") == 0);
}

TEST_CASE("What is kept lies below the home", "[resolve][home]") {
    const std::string entry = GENERATE("/etc", "../x", "a/../../b", "", ".", "${HOME}/x");
    Case test;
    test.profile.home.persist = {text(entry, 6)};
    CAPTURE(entry);
    CHECK(test.error().find("test.toml:6:1: ") == 0);
}

TEST_CASE("A home of the app's own is one folder, and one without an id cannot be kept", "[resolve][home]") {
    Case test;
    test.profile.home.mode = item(profile::HomeMode::app, 3);
    const auto home = mount_at<plan::Bind>(test.made(), "/home/anna");
    REQUIRE(home != nullptr);
    CHECK(home->source.path.text == "/home/anna/.local/share/sandbox/homes/org.example.Editor");
    test.profile.app.id = {};
    CHECK(test.error() == "test.toml:3:1: a home that is kept needs an application id; set app.id, or home.mode = \"disposable\"");
}

TEST_CASE("A shared home is the user's own, read-only", "[resolve][home]") {
    Case test;
    test.profile.home.mode = item(profile::HomeMode::shared);
    test.grant("${HOME}/.ssh", {.access = profile::FileAccess::deny});
    test.grant("${DOWNLOADS}", {.access = profile::FileAccess::rw});
    const auto made = test.made();
    CHECK(mount_at<plan::Bind>(made, "/home/anna")->access == plan::Access::read_only);
    CHECK(mount_at<plan::Bind>(made, "/home/anna/Downloads")->access == plan::Access::read_write);
    CHECK(mount_at<plan::Mask>(made, "/home/anna/.ssh") != nullptr);
}

TEST_CASE("No app sees what the other apps keep, whatever shows the user's data folder", "[resolve][home]") {
    Case test;
    test.tell("dir /home/anna/.local/share/sandbox/homes/org.example.Other\n");
    const auto mode = GENERATE(profile::HomeMode::shared, profile::HomeMode::overlay);
    test.profile.home.mode = item(mode);
    CHECK(mount_at<plan::Mask>(test.made(), "/home/anna/.local/share/sandbox") != nullptr);
    test.profile.home.mode = item(profile::HomeMode::disposable);
    CHECK(mount_at<plan::Mask>(test.made(), "/home/anna/.local/share/sandbox") == nullptr);
    test.grant("${DATA}", {.access = profile::FileAccess::ro, .target = "/data"});
    CHECK(mount_at<plan::Mask>(test.made(), "/data/sandbox") != nullptr);
}

TEST_CASE("An overlaid home keeps its changes in a folder of ours", "[resolve][home][C6]") {
    Case test;
    test.profile.home.mode = item(profile::HomeMode::overlay);
    const auto home = mount_at<plan::Overlay>(test.made(), "/home/anna");
    REQUIRE(home != nullptr);
    REQUIRE(home->lower.size() == 1);
    CHECK(home->lower[0].path.text == "/home/anna");
    CHECK(home->upper.path.text == "/home/anna/.local/share/sandbox/homes/.overlays/org.example.Editor/upper");
    CHECK(home->work.path.text == "/home/anna/.local/share/sandbox/homes/.overlays/org.example.Editor/work");
}

TEST_CASE("Devices are nodes of the host, named or matched", "[resolve][devices][C7][R10]") {
    Case test;
    test.tell("char /dev/dri/renderD128 226:128\nchar /dev/dri/card0 226:0\ndir /dev/dri/by-path\nfile /dev/dri/file x\n"
              "link /dev/cdrom sr0\nblock /dev/sr0 11:0\n");
    test.profile.devices.nodes = {text("/dev/dri/*"), text("/dev/cdrom"), text("/dev/null"), text("/dev/absent")};
    const auto made = test.made();
    CHECK(mount_at<plan::Device>(made, "/dev/dri/renderD128") != nullptr);
    CHECK(mount_at<plan::Device>(made, "/dev/dri/card0") != nullptr);
    CHECK(mount_at<plan::Device>(made, "/dev/sr0")->source.type == plan::FileType::block);
    CHECK(mount_at<plan::Symlink>(made, "/dev/cdrom")->text == "sr0");
    CHECK_FALSE(any_at(made, "/dev/dri/by-path"));
    CHECK_FALSE(any_at(made, "/dev/dri/file"));
    CHECK_FALSE(any_at(made, "/dev/absent"));
}

TEST_CASE("A device lies below /dev, and is never a terminal of the host", "[resolve][devices][C7][R12]") {
    Case test;
    test.tell("char /dev/pts/0 136:0\nchar /dev/ptmx 5:2\n");
    test.profile.devices.nodes = {text("/srv/null", 3)};
    CHECK(test.error() == "test.toml:3:1: the device '/srv/null' cannot be granted: it does not lie below /dev; remove it from "
                          "[devices]");
    test.profile.devices.nodes = {text("/dev/pts/0", 3)};
    CHECK(test.error() == "test.toml:3:1: the device '/dev/pts/0' cannot be granted: the sandbox has its own; remove it from "
                          "[devices]");
    test.profile.devices.nodes = {text("/dev/ptmx", 3)};
    CHECK(mount_at<plan::Device>(test.made(), "/dev/ptmx") == nullptr);
}

TEST_CASE("Mounts of every type come from [[mount]]", "[resolve][mounts][C6]") {
    Case test;
    test.tell("dir /srv/a\ndir /srv/up\ndir /srv/work\n");
    test.profile.mount = {
        wish({.type = "bind", .source = "/srv/a", .target = "/a", .options = {"rw", "noexec", "alone"}, .propagation = "slave"}),
        wish({.type = "tmpfs", .target = "/t", .options = {"ro", "exec"}, .size = "64M", .mode = 0700}),
        wish({.type = "sysfs", .target = "/hardware"}),
        wish({.type = "devpts", .target = "/terminals"}),
        wish({.type = "mqueue", .target = "/queues"}),
        wish({.type = "proc", .target = "/proc", .options = {"ro"}}),
        wish({.type = "overlay", .source = "/srv/a", .target = "/o", .options = {"upperdir=/srv/up", "workdir=/srv/work"}}),
        wish({.type = "symlink", .source = "../a", .target = "/l"}),
        wish({.type = "data", .source = "hello\n", .target = "/d"}),
        wish({.type = "bind", .source = "/srv/absent", .target = "/x", .options = {"optional"}}),
    };
    const auto made = test.made();
    const auto bind = mount_at<plan::Bind>(made, "/a");
    CHECK(bind->access == plan::Access::read_write);
    CHECK(bind->execution == plan::Execution::denied);
    CHECK(bind->subtree == plan::Subtree::alone);
    CHECK(bind->propagation == plan::Propagation::slave);
    CHECK(mount_at<plan::Tmpfs>(made, "/t")->size == 64U << 20);
    CHECK(mount_at<plan::Tmpfs>(made, "/t")->access == plan::Access::read_only);
    CHECK(mount_at<plan::Sysfs>(made, "/hardware") != nullptr);
    CHECK(mount_at<plan::Devpts>(made, "/terminals") != nullptr);
    CHECK(mount_at<plan::Mqueue>(made, "/queues") != nullptr);
    CHECK(mount_at<plan::Proc>(made, "/proc")->access == plan::Access::read_only);
    CHECK(mount_at<plan::Overlay>(made, "/o")->upper.path.text == "/srv/up");
    CHECK(mount_at<plan::Symlink>(made, "/l")->text == "../a");
    CHECK(data_at(made, "/d") == "hello\n");
    CHECK_FALSE(any_at(made, "/x"));
}

TEST_CASE("A mount that cannot be had is an error of its line", "[resolve][mounts][C6]") {
    struct Row {
        profile::MountWish mount;
        const char* error;
    };
    const auto row = GENERATE(
        Row{{.type = "bnd", .target = "/x"}, "unknown type of mount 'bnd'; did you mean 'bind'?"},
        Row{{.type = "tmpfs", .target = ""}, "a mount needs a target"},
        Row{{.type = "tmpfs", .target = "/x", .options = {"noexc"}}, "unknown mount option 'noexc'; did you mean 'noexec'?"},
        Row{{.type = "tmpfs", .target = "/x", .size = "64m"}, "'64m' is no size"},
        Row{{.type = "tmpfs", .target = "/x", .size = "99999999999T"}, "'99999999999T' is no size"},
        Row{{.type = "tmpfs", .target = "/proc/x"}, "nothing can be mounted on '/proc/x' inside"},
        Row{{.type = "bind", .source = "/", .target = "/x"}, "'/' cannot be granted: it is everything"},
        Row{{.type = "bind", .source = "/home/anna", .target = "/x", .options = {"rw"}}, "'/home/anna' cannot be granted for writing"},
        Row{{.type = "bind", .source = "/nowhere", .target = "/x"}, "'/nowhere' is not there"},
        Row{{.type = "bind", .source = "/srv", .target = "/x", .propagation = "rshared"}, "unknown propagation 'rshared'"},
        Row{{.type = "overlay", .target = "/x"}, "an overlay needs a folder to lie on"},
        Row{{.type = "overlay", .source = "/srv", .target = "/x", .options = {"upperdir=/srv"}},
            "an overlay takes upperdir and workdir together"},
        Row{{.type = "proc", .target = "/other-proc"}, "proc can only be mounted on /proc"},
        Row{{.type = "symlink", .target = "/x"}, "a symlink needs as source what it says"});
    Case test;
    test.tell("dir /srv\n");
    test.profile.mount = {wish(row.mount, 9)};
    const std::string error = test.error();
    CAPTURE(error, row.error);
    CHECK(error.find("test.toml:9:1: " + std::string(row.error)) == 0);
}

TEST_CASE("A text that is too long for a file of the sandbox is refused, whoever made the profile", "[resolve][mounts]") {
    Case test;
    test.profile.mount = {wish({.type = "data", .source = std::string((1U << 20) + 1, 'x'), .target = "/x"}, 9)};
    CHECK(test.error().find("test.toml:9:1: data: the source is its text, at most 1 MiB") == 0);
}

TEST_CASE("A larger /dev/shm takes the place of ours", "[resolve][mounts][R5]") {
    Case test;
    test.profile.mount = {wish({.type = "tmpfs", .target = "/dev/shm", .size = "4G", .mode = 01777})};
    const auto made = test.made();
    CHECK(mount_at<plan::Tmpfs>(made, "/dev/shm")->size == std::uint64_t{4} << 30);
    CHECK(std::count_if(made.plan.mounts.begin(), made.plan.mounts.end(),
                        [](const plan::Mount& mount) { return plan::target_of(mount).text == "/dev/shm"; }) == 1);
}

TEST_CASE("sysfs needs a network of its own", "[resolve][mounts][R8]") {
    Case test;
    test.profile.network.mode = item(profile::NetworkWish::host);
    test.profile.mount = {wish({.type = "sysfs", .target = "/sys"}, 4)};
    CHECK(test.error().find("test.toml:4:1: sysfs cannot be mounted with the network of the host") == 0);
}

TEST_CASE("Masks come after all that they could hide", "[resolve][mask][C21][C22]") {
    Case test;
    test.profile.mask.paths = {text("/proc/kcore", 2), text("${HOME}/x", 3), text("/bin/su")};
    test.profile.mask.readonly = {text("/proc/sys", 4)};
    test.profile.devices.nodes = {text("/dev/fuse")};
    test.tell("char /dev/fuse 10:229\n");
    const auto made = test.made();
    CHECK(mount_at<plan::Mask>(made, "/proc/kcore")->origin == at_line(2));
    CHECK(mount_at<plan::Mask>(made, "/home/anna/x") != nullptr);
    CHECK(mount_at<plan::Mask>(made, "/usr/bin/su") != nullptr); // where our own link /bin leads
    CHECK(mount_at<plan::ReadOnly>(made, "/proc/sys")->origin == at_line(4));
    CHECK(place_of(made, "/dev/fuse") < place_of(made, "/proc/kcore"));
    test.profile.mask.paths = {text("/", 2)};
    CHECK(test.error() == "test.toml:2:1: the root cannot be masked; name the folders in it");
}

TEST_CASE("The same wishes on the same host are the same Plan", "[resolve]") {
    Case test;
    CHECK(test.made().plan == test.made().plan);
}
