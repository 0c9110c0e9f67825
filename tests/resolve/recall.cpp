#include "launcher/resolve/recall.hpp"

#include "launcher/resolve/resolve.hpp"
#include "tests/profile/folder.hpp"
#include "tests/support/fake_host.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <ctime>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using profile::Layer;
using profile_tests::Folder;
using support::FakeHost;

namespace {

const char* const machine = "dir /usr/bin\nfile /usr/bin/editor x\nlink /bin usr/bin\nfile /etc/ld.so.cache x\ndir /opt/data\n"
                            "char /dev/null 1:3\nchar /dev/zero 1:5\nchar /dev/full 1:7\nchar /dev/random 1:8\n"
                            "char /dev/urandom 1:9\nchar /dev/tty 5:0\nenv LANG=C\nenv SECRET=x\n";
const char* const text = "[app]\nid = \"x\"\nexec = [\"/usr/bin/editor\"]\n[files]\n\"/opt/data\" = \"ro\"\n[env]\nkeep = [\"LANG\"]\n"
                         "[home]\nmode = \"disposable\"\n";

FakeHost host_of(const std::string& more = "") {
    FakeHost host;
    REQUIRE(host.tell(machine + more, "facts"));
    return host;
}

struct Start {
    Folder profiles;
    Folder runtime;
    std::vector<std::string> words{"x", "--", "/usr/share"};
    plan::Plan plan;
    std::string failure; ///< of keep()

    Start() {
        profiles.profile("apps/x.toml", text);
        chmod(runtime.path("").c_str(), 0700);
    }
    base::HostPath folder() const { return {runtime.path("").substr(0, runtime.path("").size() - 1)}; }
    std::string kept_file() const {
        for (const auto& entry : std::filesystem::directory_iterator(runtime.path("sandbox-plans"))) return entry.path();
        return {};
    }
    void keep(FakeHost host, std::uint64_t later = 10, const std::string& where = {}) {
        resolve::Witness witness(host);
        profile::Files files;
        const auto profile = profile::load({{profiles.as(Layer::system)}, "x", {}}, files);
        REQUIRE(profile);
        auto resolved = resolve::resolve(profile.value(), {}, witness);
        REQUIRE(resolved);
        plan = std::move(resolved.value().plan);
        const auto kept = resolve::keep(where.empty() ? folder() : base::HostPath{where}, words, files, witness, plan, {"a warning"}, static_cast<std::uint64_t>(time(nullptr)) + later);
        failure = kept ? "" : to_text(kept.error());
    }
    bool recalls(FakeHost host) const { return resolve::recall(folder(), words, host).has_value(); }
};

} // namespace

TEST_CASE("a plan is recalled as it was, under a new instance name, for the same words on the same host", "[recall]") {
    Start start;
    start.keep(host_of());
    FakeHost host = host_of("suffix wxyz\n");
    const auto found = resolve::recall(start.folder(), start.words, host);
    REQUIRE(found);
    CHECK(found->plan.instance == "x-wxyz");
    plan::Plan expected = start.plan;
    expected.instance = "x-wxyz";
    CHECK(found->plan == expected);
    CHECK(found->warnings == std::vector<std::string>{"a warning"});
    CHECK_FALSE(resolve::recall(start.folder(), {"x", "--", "/usr/lib"}, host));
    CHECK_FALSE(resolve::recall({"/nowhere"}, start.words, host));
}

TEST_CASE("any answer of the host that is otherwise makes a plan anew", "[recall]") {
    Start start;
    start.keep(host_of());
    REQUIRE(start.recalls(host_of()));
    for (const char* change : {"env LANG=de\n", "env LC_ALL=de\n", "gone /opt/data\n", "gone /opt/data\nfile /opt/data x\n", 
                               "closed /opt\n", "gone /dev/full\nchar /dev/full 1:8\n", "link /lib usr/lib\ndir /usr/lib\n", "user 1001 1000 user users /home/user\n",
                               "landlock 0x1fff 0x3\n", "cwd /usr\n", "terminals 0\n"}) {
        INFO(change);
        FakeHost changed;
        std::string lines = machine;
        // The first line of a variable is the one that counts.
        if (std::string(change) == "env LANG=de\n") lines.replace(lines.find("env LANG=C\n"), 11, change);
        else lines += change;
        REQUIRE(changed.tell(lines, "facts"));
        CHECK_FALSE(start.recalls(std::move(changed)));
    }
}

TEST_CASE("a plan that cannot be kept tells why, and nothing is left of it", "[recall]") {
    Start start;
    const std::string plans = start.runtime.path("sandbox-plans");
    std::filesystem::create_directory(plans);
    chmod(plans.c_str(), 0777);
    start.keep(host_of());
    CHECK(start.failure == "'" + start.folder().text + "/sandbox-plans' is not this user's alone; remove it");
    CHECK(start.kept_file().empty());
    start.keep(host_of(), 10, "/proc/self");
    CHECK(start.failure.find("cannot make the folder of kept plans: mkdir: ") == 0);
    std::filesystem::remove(plans);
    start.keep(host_of());
    CHECK(start.failure.empty());
    const std::string file = start.kept_file();
    std::filesystem::remove(file);
    std::filesystem::create_directory(file); // what is kept cannot take its place
    std::ofstream(file + "/inner") << "x";
    start.keep(host_of());
    CHECK(start.failure.find("cannot keep the plan: rename: ") == 0);
    std::filesystem::remove_all(plans);
    std::filesystem::remove_all(start.folder().text);
    start.keep(host_of());
    CHECK(start.failure == "cannot open the runtime folder '" + start.folder().text + "': open: No such file or directory");
    std::ofstream(start.folder().text) << "no folder";
    start.keep(host_of());
    CHECK(start.failure.find("cannot open the runtime folder '") == 0);
    std::filesystem::remove(start.folder().text);
    std::filesystem::create_directory(start.folder().text);
}

TEST_CASE("what is of no account to a plan does not keep it from being recalled", "[recall]") {
    Start start;
    start.keep(host_of());
    CHECK(start.recalls(host_of("file /usr/bin/another x\n")));
}

TEST_CASE("the value of a variable that no profile keeps is not kept either", "[recall]") {
    Start start;
    start.keep(host_of());
    std::ifstream file(start.kept_file(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    REQUIRE(bytes.find("LANG=C") != std::string::npos);
    CHECK(bytes.find("SECRET=") == std::string::npos);
}

TEST_CASE("a changed, a new and a removed file of a profile make a plan anew", "[recall]") {
    Start start;
    start.keep(host_of());
    REQUIRE(start.recalls(host_of()));
    SECTION("changed") { start.profiles.profile("apps/x.toml", std::string(text) + "[process]\nuserns = true\n"); }
    SECTION("changed to the same size") {
        std::string other = text;
        other.replace(other.find("\"ro\""), 4, "\"rw\"");
        start.profiles.profile("apps/x.toml", other);
    }
    SECTION("new") { start.profiles.profile("apps/x.d/more.toml", "[process]\nuserns = true\n"); }
    SECTION("removed") { std::filesystem::remove(start.profiles.path("apps/x.toml")); }
    CHECK_FALSE(start.recalls(host_of()));
}

TEST_CASE("a plan of files that were written just now is not kept", "[recall]") {
    Start start;
    start.keep(host_of(), 0);
    CHECK_FALSE(start.recalls(host_of()));
}

TEST_CASE("a kept plan that others may write, that is a link, or that is damaged is not recalled", "[recall]") {
    Start start;
    start.keep(host_of());
    const std::string file = start.kept_file();
    REQUIRE(start.recalls(host_of()));
    SECTION("the folder is open to others") { chmod(start.runtime.path("sandbox-plans").c_str(), 0770); }
    SECTION("the file is open to others") { chmod(file.c_str(), 0660); }
    SECTION("a link") {
        std::filesystem::rename(file, start.runtime.path("elsewhere"));
        std::filesystem::create_symlink(start.runtime.path("elsewhere"), file);
    }
    SECTION("cut off") { std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1); }
    SECTION("a fifo") {
        std::filesystem::remove(file);
        REQUIRE(mkfifo(file.c_str(), 0600) == 0);
    }
    CHECK_FALSE(start.recalls(host_of()));
}
