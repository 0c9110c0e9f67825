// Makes a test of each folder here; README.md says what lies in one.

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"
#include "launcher/plan/print.hpp"
#include "launcher/plan/wire.hpp"
#include "launcher/profile/load.hpp"
#include "launcher/resolve/resolve.hpp"
#include "tests/support/fake_host.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <regex>

namespace {

namespace fs = std::filesystem;
using base::Result;

const fs::path tests = TESTS_FOLDER;
const fs::path golden = tests / "golden";

std::string contents(const fs::path& path) {
    const base::UniqueFd file = base::sys::open(path.c_str(), O_RDONLY);
    if (!file.valid()) return "";
    auto bytes = base::read_all(file, 1U << 20);
    REQUIRE(bytes.ok());
    return std::move(bytes).value();
}

void replace_contents(const fs::path& path, const std::string& text) {
    fs::remove(path);
    if (text.empty()) return;
    const base::UniqueFd file = base::sys::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    REQUIRE(base::write_all(file, text).ok());
}

struct Asked {
    profile::Request request;
    resolve::Invocation invocation;
};

Asked read_command(const fs::path& folder) {
    Asked asked;
    if (fs::exists(folder / "profile.toml")) asked.request.profile = folder / "profile.toml";
    for (const auto& [name, layer] : {std::pair{"system", profile::Layer::system},
                                      {"administrator", profile::Layer::administrator},
                                      {"user", profile::Layer::user}})
        if (fs::exists(folder / name)) asked.request.folders.push_back({{folder / name}, layer});
    const std::string text = contents(folder / "command");
    for (const std::string_view line : base::split(text, '\n')) {
        const auto space = line.find(' ');
        const std::string_view word = line.substr(0, space);
        const std::string rest(space == std::string_view::npos ? "" : line.substr(space + 1));
        if (line.empty()) continue;
        if (line == "shipped") {
            asked.request.folders.insert(asked.request.folders.begin(),
                                         {{tests.parent_path() / "profiles"}, profile::Layer::system});
        } else if (word == "profile") {
            asked.request.profile = rest;
        } else if (word == "run") {
            asked.invocation.command.push_back(rest);
            asked.invocation.origin = {"argument 1", 0, 0};
        } else if (word == "argument") {
            asked.invocation.arguments.push_back(rest);
        } else if (word == "instance") {
            asked.invocation.instance = rest;
        } else if (word == "set") {
            const auto equals = rest.find('=');
            asked.request.overrides.push_back(
                {rest.substr(0, equals), rest.substr(equals + 1), {"--set " + rest.substr(0, equals), 0, 0}});
        } else {
            FAIL("command: '" << line << "' is not known");
        }
    }
    return asked;
}

Result<std::string> printed_plan(const fs::path& folder) {
    support::FakeHost host;
    MUST(host.tell(contents(golden / "host"), "host"));
    MUST(host.tell(contents(folder / "host"), "host"));
    const Asked asked = read_command(folder);
    const profile::Profile profile = TRY(profile::load(asked.request));
    const resolve::Resolved resolved = TRY(resolve::resolve(profile, asked.invocation, host));
    // Once more: the same wishes on the same host are the same bytes.
    const resolve::Resolved again = TRY(resolve::resolve(profile, asked.invocation, host));
    CHECK(plan::encode(again.plan) == plan::encode(resolved.plan));
    std::string text = plan::to_text(resolved.plan);
    if (!resolved.warnings.empty()) text += "\nwarnings\n";
    for (const resolve::Warning& warning : resolved.warnings)
        text += "  " + base::escaped(warning.text) + " [" + base::escaped(base::to_text(warning.origin)) + "]\n";
    return text;
}

/// Without what belongs to this checkout or this version of libseccomp.
std::string portable(std::string text, const fs::path& folder) {
    for (const std::string& prefix : {folder.string() + "/", tests.parent_path().string() + "/"})
        for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at))
            text.erase(at, prefix.size());
    // Lines of the shipped profiles move with every comment in them.
    text = std::regex_replace(text, std::regex("(profiles/[^ :]*\\.toml):[0-9]+:[0-9]+"), "$1");
    return std::regex_replace(text, std::regex(", [1-9][0-9]* instructions"), ", N instructions");
}

/// The lines that only one of two texts has, in order, `-` and `+` before them.
std::string difference(const std::string& before, const std::string& after) {
    const auto a = base::split(before, '\n'), b = base::split(after, '\n');
    std::vector<std::vector<std::size_t>> common(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = a.size(); i-- > 0;)
        for (std::size_t j = b.size(); j-- > 0;)
            common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    std::string text;
    for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
        if (i < a.size() && j < b.size() && a[i] == b[j]) {
            ++i, ++j;
        } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
            text += "- " + std::string(a[i++]) + "\n";
        } else {
            text += "+ " + std::string(b[j++]) + "\n";
        }
    }
    return text;
}

class Golden final : public Catch::ITestInvoker {
public:
    explicit Golden(fs::path folder) : folder_(std::move(folder)) {}

    void invoke() const override {
        const Result<std::string> plan = printed_plan(folder_);
        const std::string text = portable(plan.ok() ? plan.value() : "", folder_);
        const std::string error = portable(plan.ok() ? "" : base::to_text(plan.error()) + "\n", folder_);
        if (std::getenv("UPDATE_GOLDEN") != nullptr) {
            replace_contents(folder_ / "expected.txt", text);
            replace_contents(folder_ / "expected.error", error);
            WARN("rewritten");
        }
        compare("expected.txt", text);
        compare("expected.error", error);
    }

private:
    void compare(const char* name, const std::string& actual) const {
        const std::string expected = contents(folder_ / name);
        INFO(difference(expected, actual));
        CHECKED_ELSE(expected == actual) FAIL(name << " differs");
    }

    fs::path folder_;
};

std::vector<fs::path> folders() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(golden))
        if (entry.is_directory()) found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

bool register_all() {
    for (const fs::path& folder : folders()) {
        const std::string name = "golden " + folder.filename().string();
        Catch::AutoReg(new Golden(folder), CATCH_INTERNAL_LINEINFO, Catch::StringRef(),
                       Catch::NameAndTags(name, "[golden]"));
    }
    return true;
}

const bool registered = register_all();

} // namespace

TEST_CASE("Each golden folder expects a plan or an error, not both", "[golden]") {
    CHECK(registered);
    CHECK(folders().size() >= 12);
    for (const fs::path& folder : folders()) {
        CAPTURE(folder.filename().string());
        CHECK(fs::exists(folder / "expected.txt") != fs::exists(folder / "expected.error"));
    }
}
