// Files that the command line names: shown under the same path, or the argument says where; nothing beside them.

#include "tests/resolve/resolve_support.hpp"

using namespace support;
using profile::FileAccess;
using profile::FileArguments;
using Words = std::vector<std::string>;

namespace {

struct Named : Case {
    Named() {
        tell("file /home/anna/papers/a.pdf x\nfile /home/anna/papers/b%c.pdf x\nfile /srv/share/d.pdf x\nfile /home/anna/e.pdf x\n");
    }

    Words argv(Words arguments) {
        invocation.arguments = std::move(arguments);
        return made().plan.process.argv;
    }

    std::string refusal(Words arguments) {
        invocation.arguments = std::move(arguments);
        return error();
    }
};

} // namespace

TEST_CASE("A file that an argument names is shown read-only under its own path, alone", "[resolve][arguments]") {
    Named test;
    test.invocation.arguments = {"/home/anna/papers/a.pdf"};
    const auto made = test.made();
    CHECK(made.plan.process.argv == Words{"/usr/bin/editor", "/home/anna/papers/a.pdf"});
    const auto file = mount_at<plan::Bind>(made, "/home/anna/papers/a.pdf");
    REQUIRE(file != nullptr);
    CHECK(file->source.path.text == "/home/anna/papers/a.pdf");
    CHECK(file->access == plan::Access::read_only);
    CHECK(file->execution == plan::Execution::denied);
    CHECK(to_text(file->origin) == "argument 1");
    CHECK(mount_at<plan::Bind>(made, "/home/anna/papers") == nullptr);
    const auto folder = mount_at<plan::Tmpfs>(made, "/home/anna/papers");
    REQUIRE(folder != nullptr);
    CHECK(folder->access == plan::Access::read_only);
}

TEST_CASE("A profile says whether files of the command line are read, written, or not shown", "[resolve][arguments]") {
    Named test;
    test.profile.app.file_arguments = item(FileArguments::rw);
    test.invocation.arguments = {"/home/anna/papers/a.pdf"};
    CHECK(mount_at<plan::Bind>(test.made(), "/home/anna/papers/a.pdf")->access == plan::Access::read_write);
    test.profile.app.file_arguments = item(FileArguments::none);
    const auto made = test.made();
    CHECK_FALSE(any_at(made, "/home/anna/papers/a.pdf"));
    CHECK(made.plan.process.argv.back() == "/home/anna/papers/a.pdf");
}

TEST_CASE("An argument keeps its text unless the file is elsewhere inside", "[resolve][arguments]") {
    Named test;
    test.tell("cwd /home/anna/papers\n");
    // The current directory inside is the home: a relative name would miss.
    CHECK(test.argv({"a.pdf", "b%c.pdf", "--page=3"}) ==
          Words{"/usr/bin/editor", "/home/anna/papers/a.pdf", "/home/anna/papers/b%c.pdf", "--page=3"});
    CHECK(test.argv({"../papers/a.pdf"}).back() == "/home/anna/papers/a.pdf");
    CHECK(test.argv({"file:///home/anna/papers/b%25c.pdf"}).back() == "file:///home/anna/papers/b%25c.pdf");
    CHECK(test.argv({"--file=/home/anna/papers/a.pdf"}).back() == "--file=/home/anna/papers/a.pdf");
    test.grant("/home/anna/papers", {.access = FileAccess::ro});
    CHECK(test.argv({"a.pdf"}).back() == "a.pdf"); // now the current directory is there
    test.profile.files.clear();
    test.grant("/home/anna/papers", {.access = FileAccess::ro, .target = "/papers"});
    CHECK(test.argv({"/home/anna/papers/a.pdf"}).back() == "/papers/a.pdf");
    CHECK(test.argv({"file:///home/anna/papers/b%25c.pdf"}).back() == "file:///papers/b%25c.pdf");
}

TEST_CASE("Where the app has something of its own the file gets a folder for itself", "[resolve][arguments]") {
    Named test;
    test.profile.home.mode = item(profile::HomeMode::app); // the whole home is the app's own
    test.invocation.arguments = {"--", "/home/anna/papers/a.pdf"};
    const auto made = test.made();
    CHECK(made.plan.process.argv == Words{"/usr/bin/editor", "--", "/run/user/1000/files/2/a.pdf"});
    const auto file = mount_at<plan::Bind>(made, "/run/user/1000/files/2/a.pdf");
    REQUIRE(file != nullptr);
    CHECK(file->source.path.text == "/home/anna/papers/a.pdf");
    CHECK(mount_at<plan::Tmpfs>(made, "/run/user/1000/files/2")->access == plan::Access::read_only);
    CHECK_FALSE(any_at(made, "/home/anna/papers/a.pdf"));
}

TEST_CASE("A file to be written stands in no folder in which it could be replaced", "[resolve][arguments]") {
    Named test;
    test.profile.app.file_arguments = item(FileArguments::rw);
    CHECK(test.argv({"/home/anna/e.pdf"}).back() == "/run/user/1000/files/1/e.pdf");
    test.profile.app.file_arguments = item(FileArguments::ro);
    CHECK(test.argv({"/home/anna/e.pdf"}).back() == "/home/anna/e.pdf");
}

TEST_CASE("What is shown already needs no mount, unless it is to be written", "[resolve][arguments]") {
    Named test;
    test.grant("/home/anna/papers", {.access = FileAccess::ro});
    test.invocation.arguments = {"/home/anna/papers/a.pdf"};
    CHECK_FALSE(any_at(test.made(), "/home/anna/papers/a.pdf"));
    test.profile.app.file_arguments = item(FileArguments::rw);
    const auto file = mount_at<plan::Bind>(test.made(), "/home/anna/papers/a.pdf");
    REQUIRE(file != nullptr);
    CHECK(file->access == plan::Access::read_write);
}

TEST_CASE("Words that name no file of the user's are handed on as they are", "[resolve][arguments]") {
    Named test;
    test.tell("file /home/anna/-x x\nfile /home/anna/papers/line\\nbreak x\nsocket /home/anna/s\nfifo /home/anna/f\nfile /etc/passwd x\n");
    const Words words{"-x", "--", "", "-", "/usr/bin/editor", "/bin/editor", "/etc/passwd", "/proc/self", "/dev/null", "/",
                      "nothing.pdf", "/home/anna/nothing", "https://example.org/a", "file:///home/anna/%2e%2e%2fx",
                      "file:///home/anna/e%00.pdf", "file:///home/anna/%zz", "file://", "file://elsewhere/x", "/home/anna/s", "/home/anna/f",
                      "a\nb", std::string(5000, 'x')};
    Words wanted = words;
    wanted.insert(wanted.begin(), "/usr/bin/editor");
    const std::size_t before = test.made().plan.mounts.size();
    CHECK(test.argv(words) == wanted);
    test.invocation.arguments = words;
    CHECK(test.made().plan.mounts.size() == before);
}

TEST_CASE("Behind a double dash a name that begins with a dash is a file", "[resolve][arguments]") {
    Named test;
    test.tell("cwd /srv/share\nfile /srv/share/-x x\n");
    CHECK(test.argv({"-x", "--", "-x"}) == Words{"/usr/bin/editor", "-x", "--", "/srv/share/-x"});
}

TEST_CASE("Arguments of another command under a profile show nothing", "[resolve][arguments]") {
    Named test;
    test.tell("file /usr/bin/sh x\nlink /usr/bin/ed /usr/bin/editor\n");
    test.invocation.command = {"/usr/bin/sh", "/home/anna/papers/a.pdf"};
    CHECK_FALSE(any_at(test.made(), "/home/anna/papers/a.pdf"));
    CHECK(test.made().plan.process.argv == test.invocation.command);
    for (const char* own : {"/usr/bin/editor", "editor", "/bin/editor", "/usr/bin/ed"}) {
        test.invocation.command[0] = own;
        CHECK(any_at(test.made(), "/home/anna/papers/a.pdf"));
        CHECK(test.made().plan.process.argv == test.invocation.command);
    }
    test.tell("file /home/anna/editor x\n"); // called as the program is: no argument
    test.invocation.command = {"env", "A=/home/anna/e.pdf", "editor", "/home/anna/papers/a.pdf"};
    CHECK(any_at(test.made(), "/home/anna/papers/a.pdf"));
    CHECK_FALSE(any_at(test.made(), "/home/anna/editor"));
    CHECK_FALSE(any_at(test.made(), "/home/anna/e.pdf"));
    for (const Words& other : {Words{"env", "-S", "editor", "/home/anna/papers/a.pdf"}, Words{"env", "A=b"}, Words{"env", "A=b", "sh", "/home/anna/papers/a.pdf"}}) {
        test.invocation.command = other;
        CHECK_FALSE(any_at(test.made(), "/home/anna/papers/a.pdf"));
        CHECK(test.made().plan.process.argv == other);
    }
}

TEST_CASE("Secrets, protected files and denied ones are refused by name", "[resolve][arguments][A14]") {
    Named test;
    test.tell("file /home/anna/.ssh/id x\nfile /home/anna/.bashrc x\ndir /home/anna/.local/share/sandbox/homes/other\n"
              "socket /run/user/1000/bus\ndir /home/anna/.config\n");
    CHECK(test.refusal({"x", "/home/anna/.ssh/id"}) ==
          "argument 2: '/home/anna/.ssh/id' is not shown to the app: it is, or lies in, '/home/anna/.ssh', and it decides who may log "
          "in, and as whom; --set app.file-arguments=none hands the argument on without its file");
    CHECK(test.refusal({"file:///home/anna/%2Essh/id"}).find("argument 1: '/home/anna/.ssh/id' is not shown") == 0);
    CHECK(test.refusal({".bashrc"}).find("argument 1: '/home/anna/.bashrc' is not shown to the app: it is, or lies in,") == 0);
    CHECK(test.refusal({"."}).find("argument 1: '/home/anna/.' is not shown to the app: it holds ") == 0);
    CHECK(test.refusal({"/home"}).find("'/home' is not shown to the app: it holds ") != std::string::npos);
    CHECK(test.refusal({"/home/anna/.config"}).find("is not shown to the app: it holds '/home/anna/.config/sandbox'") != std::string::npos);
    CHECK(test.refusal({"/home/anna/.local/share/sandbox/homes/other"}).find("is not shown to the app") != std::string::npos);
    CHECK(test.refusal({"/run/user/1000"}).find("cannot be granted") != std::string::npos);
    test.grant("/home/anna/papers", {.access = FileAccess::deny}, 9);
    test.grant("/home/anna/papers/open", {.access = FileAccess::ro, .optional = true}, 10);
    CHECK(test.refusal({"papers/a.pdf"}) == "argument 1: '/home/anna/papers/a.pdf' is not shown to the app: it is denied at test.toml:9:1; "
                                            "--set app.file-arguments=none hands the argument on without its file");
}

TEST_CASE("A link that somebody else could have made is not followed", "[resolve][arguments][A9][A14]") {
    Named test;
    test.tell("link /home/anna/Downloads/a.pdf /home/anna/papers/a.pdf\nlink /srv/share/out.pdf /home/anna/papers/a.pdf\n"
              "link /tmp/keys /home/anna/.ssh\nfile /home/anna/.ssh/id x\nlink /home/anna/latest.pdf papers/a.pdf\n"
              "link /home/anna/key.pdf .ssh/id\nlink /home/anna/Downloads/loop loop\n");
    CHECK(test.refusal({"Downloads/a.pdf"}).find("'/home/anna/Downloads/a.pdf' leads through the link '/home/anna/Downloads/a.pdf', which an "
                                                 "app could have made") != std::string::npos);
    CHECK(test.refusal({"/srv/share/out.pdf"}).find("leads through the link '/srv/share/out.pdf', which lies outside of the home") != std::string::npos);
    CHECK(test.refusal({"/tmp/keys/id"}).find("leads through the link '/tmp/keys', which lies outside") != std::string::npos);
    CHECK(test.refusal({"key.pdf"}).find("is not shown to the app: it is, or lies in, '/home/anna/.ssh'") != std::string::npos);
    CHECK(test.argv({"Downloads/loop"}).back() == "Downloads/loop"); // no file at all
    // The user's own link is followed, and keeps its name.
    test.invocation.arguments = {"latest.pdf"};
    const auto made = test.made();
    const auto file = mount_at<plan::Bind>(made, "/run/user/1000/files/1/latest.pdf");
    REQUIRE(mount_at<plan::Bind>(made, "/home/anna/latest.pdf") != nullptr);
    CHECK(file == nullptr);
    CHECK(mount_at<plan::Bind>(made, "/home/anna/latest.pdf")->source.path.text == "/home/anna/papers/a.pdf");
}

TEST_CASE("A folder is shown whole only when it is the one that was named", "[resolve][arguments]") {
    Named test;
    test.invocation.arguments = {"/srv/share", "/home/anna/papers/a.pdf", "--into=/home/anna/papers"};
    const auto made = test.made();
    REQUIRE(mount_at<plan::Bind>(made, "/srv/share") != nullptr);
    CHECK(mount_at<plan::Bind>(made, "/srv/share")->access == plan::Access::read_only);
    CHECK(mount_at<plan::Bind>(made, "/home/anna/papers") == nullptr);
    CHECK(made.plan.process.argv.back() == "--into=/home/anna/papers");
}
