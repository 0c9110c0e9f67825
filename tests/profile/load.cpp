#include "launcher/profile/load.hpp"

#include "tests/profile/folder.hpp"

#include <catch2/catch.hpp>

using namespace profile_tests;
using profile::HomeMode;
using profile::Layer;

TEST_CASE("a profile is base, classes, file and additions, in this order", "[profile]") {
    const Folder folder;
    folder.profile("base.toml", "env.set = { A = \"base\", B = \"base\", C = \"base\", D = \"base\", E = \"base\" }\n");
    folder.profile("class/one.toml", "env.set = { B = \"one\", C = \"one\", D = \"one\", E = \"one\" }\n");
    folder.profile("class/two.toml", "app.extends = [\"class/three\"]\nenv.set = { C = \"two\", D = \"two\" }\n");
    folder.profile("class/three.toml", "env.set = { C = \"three\", E = \"three\" }\n");
    folder.profile("apps/a.toml", "app.extends = [\"class/one\", \"class/two\"]\nenv.set.D = \"file\"\n");
    const auto loaded = load(folder, "a");
    REQUIRE(loaded.ok());
    const auto& set = loaded.value().env.set;
    CHECK(set.at("A").value == "base");
    CHECK(set.at("B").value == "one");
    CHECK(set.at("C").value == "two");
    CHECK(set.at("D").value == "file");
    CHECK(set.at("E").value == "three");
    CHECK(set.at("D").history.size() == 4);
    CHECK(loaded.value().file == folder.path("apps/a.toml"));
    CHECK(loaded.value().app.id.value == "a");
    CHECK(words(loaded.value().app.extends) == Words{"class/three", "class/one", "class/two"});
}

TEST_CASE("additions are folded in the order of their bytes", "[profile]") {
    const Folder folder;
    folder.profile("apps/a.toml", "");
    folder.profile("apps/a.d/B.toml", "hostname.name = \"B\"\n");
    folder.profile("apps/a.d/a.toml", "hostname.name = \"a\"\n");
    folder.profile("apps/a.d/10.toml", "hostname.name = \"ten\"\n");
    folder.profile("apps/a.d/9.toml", "hostname.name = \"nine\"\n");
    folder.write("apps/a.d/README", "no profile");
    const auto loaded = load(folder, "a");
    REQUIRE(loaded.ok());
    std::vector<std::string> order;
    for (const auto& setting : loaded.value().hostname.name.history) order.push_back(setting.value);
    CHECK(order == Words{"\"ten\"", "\"nine\"", "\"B\"", "\"a\""});
}

TEST_CASE("a stronger layer's file of the same id is laid over the weaker's, each layer whole", "[profile]") {
    const Folder system, administrator, user;
    system.profile("apps/a.toml", "app.names = [\"x\"]\nhome.mode = \"app\"\nroot.etc = [\"one\", \"two\"]\n");
    system.profile("apps/a.d/x.toml", "hostname.name = \"system's addition\"\n");
    administrator.profile("base.toml", "network.mode = \"none\"\n");
    administrator.profile("apps/a.toml", "home.mode = \"overlay\"\nroot.etc = [\"!one\"]\n");
    user.profile("apps/a.d/mine.toml", "root.etc = [\"three\"]\nhostname.name = \"user's\"\n");
    const auto loaded = profile::load(
        {{system.as(Layer::system), administrator.as(Layer::administrator), user.as(Layer::user)}, "x", {}});
    REQUIRE(loaded.ok());
    CHECK(loaded.value().home.mode.value == HomeMode::overlay);
    CHECK(loaded.value().home.mode.history[1].layer == Layer::administrator);
    CHECK(words(loaded.value().root.etc) == Words{"two", "three"});
    CHECK(loaded.value().hostname.name.value == "user's");
    CHECK(loaded.value().network.mode.set());
    CHECK(loaded.value().file == administrator.path("apps/a.toml"));
}

TEST_CASE("classes that extend each other in a circle are an error that shows the circle", "[profile]") {
    const Folder folder;
    folder.profile("class/a.toml", "app.extends = [\"class/b\"]\n");
    folder.profile("class/b.toml", "app.extends = [\"class/a\"]\n");
    folder.profile("class/self.toml", "app.extends = [\"class/self\"]\n");
    folder.profile("apps/x.toml", "app.extends = [\"class/a\"]\n");
    folder.profile("apps/y.toml", "app.extends = [\"class/self\"]\n");
    CHECK(error_of(load(folder, "x"), folder) ==
          "class/b.toml:2:16: classes extend each other in a circle: class/a → class/b → class/a; take one of them out of 'extends'");
    CHECK(error_of(load(folder, "y"), folder) ==
          "class/self.toml:2:16: classes extend each other in a circle: class/self → class/self; take one of them out of 'extends'");
}

TEST_CASE("a class that two others extend speaks once", "[profile]") {
    const Folder folder;
    folder.profile("class/top.toml", "hostname.name = \"top\"\n");
    folder.profile("class/a.toml", "app.extends = [\"class/top\"]\nhostname.name = \"a\"\n");
    folder.profile("class/b.toml", "app.extends = [\"class/top\"]\n");
    folder.profile("apps/x.toml", "app.extends = [\"class/a\", \"class/b\"]\n");
    CHECK(load(folder, "x").value().hostname.name.value == "a");
}

TEST_CASE("a class that is not there, or not a class, is an error at the wish", "[profile]") {
    const Folder folder;
    folder.profile("class/browser.toml", "");
    const auto extends = [&](const std::string& name) {
        folder.profile("apps/x.toml", "[app]\nextends = [\"" + name + "\"]\n");
        return error_of(load(folder, "x"), folder);
    };
    CHECK(extends("class/browsr") == "apps/x.toml:3:12: unknown class 'class/browsr'; did you mean 'class/browser'?");
    CHECK(extends("browser") == "apps/x.toml:3:12: 'browser' cannot be extended; a class is written 'class/NAME'");
    CHECK(extends("class/../base").find("cannot be extended") != std::string::npos);
    CHECK(extends("/etc/x").find("cannot be extended") != std::string::npos);
    CHECK(extends("!class/browser").find("what is extended cannot be taken back") != std::string::npos);
}

TEST_CASE("the strongest layer's class is used", "[profile]") {
    const Folder system, user;
    system.profile("class/c.toml", "hostname.name = \"system\"\nhome.mode = \"app\"\n");
    system.profile("apps/x.toml", "app.extends = [\"class/c\"]\n");
    user.profile("class/c.toml", "hostname.name = \"user\"\n");
    const auto loaded = profile::load({{system.as(Layer::system), user.as(Layer::user)}, "x", {}});
    REQUIRE(loaded.ok());
    CHECK(loaded.value().hostname.name.value == "user");
    CHECK_FALSE(loaded.value().home.mode.set());
}

TEST_CASE("the file of an app is named by its id", "[profile]") {
    const Folder folder;
    folder.profile("apps/a.toml", "app.id = \"b\"\n");
    CHECK(error_of(load(folder, "a"), folder) ==
          "apps/a.toml:2:5: 'apps/a.toml' says the id 'b'; the file of an app is named ID.toml");
}

TEST_CASE("a name with a slash is a file, which speaks as the user and alone", "[profile]") {
    const Folder folder, elsewhere;
    folder.profile("base.toml", "network.mode = \"none\"\n");
    folder.profile("apps/mine.toml", "hostname.name = \"installed\"\n");
    elsewhere.profile("mine.toml", "home.mode = \"app\"\n");
    elsewhere.profile("mine.d/more.toml", "home.path = \"/h\"\n");
    const auto loaded = load(folder, elsewhere.path("mine.toml"));
    REQUIRE(loaded.ok());
    CHECK(loaded.value().app.id.value == "mine");
    CHECK(loaded.value().home.mode.history[0].layer == Layer::user);
    CHECK(loaded.value().home.path.value == "/h");
    CHECK(loaded.value().network.mode.set());
    CHECK_FALSE(loaded.value().hostname.name.set());
    CHECK(loaded.value().file == elsewhere.path("mine.toml"));
}

TEST_CASE("a file whose name cannot be an id must say one", "[profile]") {
    const Folder folder;
    folder.profile("a b.toml", "");
    CHECK(error_of(load(folder, folder.path("a b.toml")), folder) ==
          "a b.toml: 'a b' cannot be an app's id; add id = \"…\" below [app]");
    folder.profile("a b.toml", "app.id = \"ab\"\n");
    CHECK(load(folder, folder.path("a b.toml")).value().app.id.value == "ab");
}

TEST_CASE("without a base nothing is loaded", "[profile]") {
    const Folder folder;
    folder.profile("apps/a.toml", "");
    std::filesystem::remove(folder.path("base.toml"));
    CHECK(error_of(load(folder, "a"), folder) ==
          "no base.toml in '" + folder.as(Layer::system).path.text + "'; the installation is not complete");
}

TEST_CASE("no name at all is the base and the command line", "[profile]") {
    const Folder folder;
    folder.profile("base.toml", "network.mode = \"none\"\n");
    const auto loaded = load(folder, "", {{"home.mode", "app", {"--home app"}}});
    REQUIRE(loaded.ok());
    CHECK(loaded.value().file.empty());
    CHECK_FALSE(loaded.value().app.id.set());
    CHECK(loaded.value().home.mode.value == HomeMode::app);
}

TEST_CASE("every file must say its schema, the additions and classes too", "[profile]") {
    const Folder folder;
    folder.profile("apps/a.toml", "");
    folder.write("apps/a.d/x.toml", "home.mode = \"app\"\n");
    CHECK(error_of(load(folder, "a"), folder).find("apps/a.d/x.toml:1:1: 'schema = 1' is missing") == 0);
}

TEST_CASE("an error in an addition stops the load", "[profile]") {
    const Folder folder;
    folder.profile("apps/a.toml", "");
    folder.profile("apps/a.d/x.toml", "[hoem]\n");
    CHECK(error_of(load(folder, "a"), folder) == "apps/a.d/x.toml:2:2: unknown key 'hoem'; did you mean 'home'?");
}
