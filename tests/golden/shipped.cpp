// Every shipped profile, resolved on the invented host of the goldens. shipped.txt says for each what its plan has and that
// of `minimal` has not: on one page, what each application is trusted with.

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"
#include "launcher/plan/print.hpp"
#include "launcher/profile/load.hpp"
#include "launcher/resolve/busses.hpp"
#include "launcher/resolve/resolve.hpp"
#include "tests/support/fake_host.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <set>

namespace {

const std::filesystem::path top = std::filesystem::path(TESTS_FOLDER).parent_path();
const std::string golden = TESTS_FOLDER "/golden/";
const std::vector<profile::SearchFolder> folders{{{(top / "profiles").string()}, profile::Layer::system}};

std::string contents(const std::string& path) {
    const base::UniqueFd file = base::sys::open(path.c_str(), O_RDONLY);
    REQUIRE(file.valid());
    auto bytes = base::read_all(file, 1U << 20);
    REQUIRE(bytes.ok());
    return std::move(bytes).value();
}

/// The lines of the plan of the app `id`, each with its section before it and without the place that asked for it.
std::vector<std::string> lines_of(const std::string& id) {
    INFO(id);
    support::FakeHost host;
    REQUIRE(host.tell(contents(golden + "host"), "host").ok());
    REQUIRE(host.tell(contents(golden + "shipped.host"), "shipped.host").ok());
    const auto loaded = profile::load({folders, id, {}});
    if (!loaded.ok()) FAIL(base::to_text(loaded.error()));
    for (const auto& path : loaded.value().app.exec)
        if (path.value.starts_with("/")) REQUIRE(host.tell("file " + path.value, id).ok());
    REQUIRE(host.tell("dir /run/user/1000/doc/by-app/" + resolve::portal_id(loaded.value().app.id.value), id).ok());
    const auto resolved = resolve::resolve(loaded.value(), {}, host);
    if (!resolved.ok()) FAIL(base::to_text(resolved.error()));
    CHECK(resolved.value().warnings.empty());

    const std::string text = plan::to_text(resolved.value().plan);
    std::vector<std::string> lines;
    std::string section;
    for (const std::string_view line : base::split(text, '\n')) {
        if (line.empty()) continue;
        if (line.front() != ' ') {
            section = line;
            continue;
        }
        std::string out = section + ": " + std::string(line.substr(2, line.rfind(" [") - 2));
        if (const auto at = out.find(" dev="); at != std::string::npos) out.erase(at); // device and inode: of the host
        if (const auto at = out.find(", "); out.ends_with(" instructions")) out.erase(at); // the filter's length
        lines.push_back(std::move(out));
    }
    return lines;
}

bool tells_little(const std::string& line) { // what differs without being a grant
    return line.starts_with("identity: ") || line.starts_with("mounts: root /");
}

std::string page() {
    const auto rows = profile::list(folders);
    REQUIRE(rows.ok());
    const auto minimal_lines = lines_of("minimal");
    const std::set<std::string> minimal(minimal_lines.begin(), minimal_lines.end());
    std::string text;
    for (const auto& row : rows.value()) {
        text += row.id + "\n";
        for (const std::string& line : lines_of(row.id))
            if (!minimal.contains(line) && !tells_little(line)) text += "  " + line + "\n";
    }
    return text;
}

} // namespace

TEST_CASE("every shipped profile resolves, and grants what is written down", "[golden]") {
    const std::string path = golden + "shipped.txt";
    const std::string actual = page();
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
        const base::UniqueFd file = base::sys::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
        REQUIRE(base::write_all(file, actual).ok());
        WARN("rewritten");
    }
    const std::string expected = contents(path);
    // Line by line, so that a failure names the first that differs, not the whole page.
    const auto wanted = base::split(expected, '\n'), found = base::split(actual, '\n');
    for (std::size_t i = 0; i < std::min(wanted.size(), found.size()); ++i) {
        INFO("shipped.txt:" << i + 1);
        REQUIRE(found[i] == wanted[i]);
    }
    CHECK(found.size() == wanted.size());
}
