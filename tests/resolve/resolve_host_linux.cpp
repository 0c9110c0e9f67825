// The facts of this machine, asked of it.

#include "launcher/resolve/host_linux.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using base::HostPath;
using resolve::FollowLinks;
using resolve::HostLinux;
using resolve::MayCreate;

/// A folder that is gone at the end of the test; its path has no link in it.
struct Folder {
    Folder() {
        char name[] = "/tmp/sandbox-host-XXXXXX";
        REQUIRE(mkdtemp(name) != nullptr);
        path = fs::canonical(name).string();
    }
    ~Folder() { fs::remove_all(path); }
    HostPath at(const std::string& name) const { return {path + "/" + name}; }
    void write(const std::string& name, const std::string& text) const { std::ofstream(path + "/" + name) << text; }

    std::string path;
};

HostLinux host(MayCreate may_create = MayCreate::no, std::vector<std::string> environment = {}) {
    return HostLinux(std::move(environment), may_create);
}

} // namespace

TEST_CASE("What is at a path is told by device, inode and type", "[host]") {
    const Folder folder;
    folder.write("file", "text");
    struct stat status{};
    REQUIRE(stat(folder.at("file").text.c_str(), &status) == 0);
    const auto found = host().look(folder.at("file"), FollowLinks::no);
    REQUIRE(found.ok());
    REQUIRE(found.value());
    CHECK(found.value()->inode == status.st_ino);
    CHECK(found.value()->device == status.st_dev);
    CHECK(found.value()->type == plan::FileType::regular);
    CHECK(found.value()->path == folder.at("file"));
    const auto null = host().look({"/dev/null"}, FollowLinks::no);
    REQUIRE(stat("/dev/null", &status) == 0);
    CHECK(null.value()->type == plan::FileType::character);
    CHECK(null.value()->node == status.st_rdev);
    const auto nothing = host().look(folder.at("nothing"), FollowLinks::yes);
    REQUIRE(nothing.ok());
    CHECK_FALSE(nothing.value());
    CHECK_FALSE(host().look(folder.at("file/below"), FollowLinks::yes).value());
}

TEST_CASE("A link is followed to its canonical end, or refused in any part of the path", "[host][A10]") {
    const Folder folder;
    fs::create_directory(folder.path + "/real");
    folder.write("real/file", "text");
    fs::create_symlink("real", folder.path + "/link");
    fs::create_symlink("real/file", folder.path + "/last");
    CHECK(host().look(folder.at("link/file"), FollowLinks::yes).value()->path == folder.at("real/file"));
    for (const char* name : {"link/file", "last"}) {
        CAPTURE(name);
        const auto refused = host().look(folder.at(name), FollowLinks::no);
        REQUIRE_FALSE(refused.ok());
        CHECK(refused.error().code == ELOOP);
    }
    CHECK(host().link_text(folder.at("last")) == "real/file");
    CHECK_FALSE(host().link_text(folder.at("real")));
}

TEST_CASE("A look beneath a folder never leaves it", "[host][A14]") {
    const Folder folder;
    fs::create_directory(folder.path + "/in");
    folder.write("in/file", "text");
    folder.write("secret", "text");
    fs::create_symlink("../secret", folder.path + "/in/up");
    fs::create_symlink("/etc/passwd", folder.path + "/in/out");
    CHECK(host().look_beneath(folder.at("in"), "file").value()->path == folder.at("in/file"));
    CHECK(host().look_beneath(folder.at("in"), "").value()->path == folder.at("in"));
    for (const char* name : {"up", "out", "../secret"}) {
        CAPTURE(name);
        CHECK_FALSE(host().look_beneath(folder.at("in"), name).ok());
    }
    CHECK_FALSE(host().look_beneath(folder.at("in"), "absent").value());
}

TEST_CASE("A small file is read, a larger one and a fifo are refused", "[host]") {
    const Folder folder;
    folder.write("file", "12345");
    REQUIRE(mkfifo(folder.at("fifo").text.c_str(), 0600) == 0);
    CHECK(host().read(folder.at("file"), 5).value() == "12345");
    CHECK(base::to_text(host().read(folder.at("file"), 4).error()).find("cannot read '" + folder.path + "/file'") == 0);
    CHECK(base::to_text(host().read(folder.at("fifo"), 4).error()) == "'" + folder.path + "/fifo' is no regular file; name a file that can be read to its end");
    CHECK_FALSE(host().read(folder.at("absent"), 4).value());
}

TEST_CASE("Globs are matched by parts, sorted, without hidden names", "[host]") {
    const Folder folder;
    for (const char* name : {"b1", "a1", "a2", ".a3"}) folder.write(name, "");
    fs::create_directories(folder.path + "/d/e");
    folder.write("d/e/x", "");
    const auto names = [&](const std::string& pattern) {
        std::vector<std::string> found;
        for (const HostPath& path : host().matches(folder.path + "/" + pattern)) found.push_back(path.text.substr(folder.path.size() + 1));
        return found;
    };
    CHECK(names("a*") == std::vector<std::string>{"a1", "a2"});
    CHECK(names("[ab]1") == std::vector<std::string>{"a1", "b1"});
    CHECK(names("*/e/?") == std::vector<std::string>{"d/e/x"});
    CHECK(names("b1") == std::vector<std::string>{"b1"});
    CHECK(names("z*").empty());
    CHECK(host().matches("relative*").empty());
}

TEST_CASE("A folder of ours is made for us alone, and looked at only when nothing may be made", "[host]") {
    const Folder folder;
    HostLinux looking = host(MayCreate::no), making = host(MayCreate::yes);
    const auto planned = looking.own_folder({folder.path}, "homes/app/.config");
    REQUIRE(planned.ok());
    CHECK(planned.value().inode == 0);
    CHECK(planned.value().path == folder.at("homes/app/.config"));
    CHECK_FALSE(fs::exists(folder.path + "/homes"));
    const auto made = making.own_folder({folder.path}, "homes/app/.config");
    REQUIRE(made.ok());
    CHECK(made.value().inode != 0);
    struct stat status{};
    for (const char* name : {"homes", "homes/app", "homes/app/.config"}) {
        REQUIRE(stat(folder.at(name).text.c_str(), &status) == 0);
        CHECK((status.st_mode & 07777) == 0700);
    }
    CHECK(looking.own_folder({folder.path}, "homes/app/.config").value() == made.value());
}

TEST_CASE("A link, a file or a foreign owner in a folder of ours stops us", "[host][A9]") {
    const Folder folder;
    HostLinux making = host(MayCreate::yes);
    fs::create_directories(folder.path + "/homes/app");
    fs::create_directory(folder.path + "/ssh");
    fs::create_symlink(folder.path + "/ssh", folder.path + "/homes/app/.config");
    folder.write("homes/app/.cache", "");
    for (const char* name : {"homes/app/.config", "homes/app/.config/deeper", "homes/app/.cache"}) {
        CAPTURE(name);
        const auto refused = making.own_folder({folder.path}, name);
        REQUIRE_FALSE(refused.ok());
        CHECK(base::to_text(refused.error()).find(" is no folder") != std::string::npos);
    }
    CHECK(fs::is_empty(folder.path + "/ssh"));
    CHECK_FALSE(making.own_folder({folder.path}, "../elsewhere").ok());
    if (geteuid() != 0) return; // only root can give a folder away
    fs::create_directories(folder.path + "/theirs/app");
    REQUIRE(chown(folder.at("theirs").text.c_str(), 65534, 65534) == 0);
    CHECK(base::to_text(making.own_folder({folder.path}, "theirs/app").error()).find("belongs to the user id 65534") != std::string::npos);
}

TEST_CASE("The user's way to the data folder may hold links", "[host]") {
    const Folder folder;
    fs::create_directory(folder.path + "/big-disk");
    fs::create_symlink("big-disk", folder.path + "/data");
    HostLinux making = host(MayCreate::yes);
    CHECK(making.own_folder(folder.at("data"), "homes").value().path == folder.at("big-disk/homes"));
}

TEST_CASE("The user is told by the account files and the environment", "[host][A16]") {
    const HostLinux asked = host(MayCreate::no, {"HOME=/some/where/", "USER=nobody-else"});
    CHECK(asked.user().uid == geteuid());
    CHECK(asked.user().home.text == "/some/where");
    CHECK_FALSE(asked.user().name.empty());
    CHECK(asked.variable("USER") == "nobody-else");
    CHECK_FALSE(asked.variable("US"));
    CHECK(host(MayCreate::no, {"HOME=relative"}).user().home.text.starts_with('/'));
}

TEST_CASE("Limits and the random suffix are the machine's", "[host][C17]") {
    struct rlimit now{};
    REQUIRE(getrlimit(RLIMIT_NOFILE, &now) == 0);
    CHECK(host().rlimit(RLIMIT_NOFILE).hard == now.rlim_max);
    CHECK(host().rlimit(RLIMIT_NOFILE).soft == now.rlim_cur);
    const std::string suffix = host().random_suffix();
    CHECK(suffix.size() == 4);
    CHECK(suffix.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos);
}
