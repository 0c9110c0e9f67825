// Properties: a file means the same whatever the order of its lines, and a merge gives the same each time.

#include "launcher/profile/merge.hpp"
#include "launcher/profile/read.hpp"
#include "tests/profile/folder.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

using namespace profile_tests;
using profile::Layer;
using profile::Profile;

namespace {

// Each line is a whole wish, so that any order of them is a file.
const std::vector<std::string> lines{
    "home.mode = \"app\"",
    "home.persist = [\".config\", \"!.cache\"]",
    "root.etc = [\"fonts\", \"tls\"]",
    "root.readonly = true",
    "files.\"/a\" = \"rw\"",
    "files.\"/a/b\" = \"deny\"",
    "files.\"${HOME}/x/\" = { access = \"ro\", optional = true }",
    "env.keep = [\"LC_*\", \"!TZ\"]",
    "env.set.A = \"1\"",
    "env.set.B = \"2\"",
    "limits.memory.max = \"1G\"",
    "limits.pids.max = 10",
    "rlimits.nofile = [1, 2]",
    "services.audio = { b = true, a = 1 }",
    "services.gpu = false",
    "process.caps = [\"CAP_NET_RAW\"]",
    "process.seccomp.deny = [\"@debug\"]",
    "process.umask = \"077\"",
    "dbus.session.org.a = \"talk\"",
    "mount = [{ type = \"tmpfs\", target = \"/x\" }, { type = \"tmpfs\", target = \"/y\" }]",
    "x-note = 1.5",
};

// All that is wished, without where it was written down.
template <class T>
void show(std::string& out, const profile::Item<T>& item) {
    for (const auto& setting : item.history)
        out += std::string(base::name_of(setting.layer)) + " " + setting.value + "; ";
}
void show(std::string& out, const profile::Set& set) {
    for (const auto& item : set) (out += item.value + " "), show(out, item);
}
void show(std::string& out, const std::vector<profile::Item<profile::MountWish>>& mounts) {
    for (const auto& mount : mounts) (out += mount.value.target + " "), show(out, mount);
}
template <class T>
void show(std::string& out, const profile::Map<T>& map) {
    for (const auto& [key, item] : map) (out += key + " "), show(out, item);
}
template <base::HasFields T>
void show(std::string& out, const T& part) {
    std::apply([&](const auto&... field) { ((out += field.name, out += ": ", show(out, part.*(field.member))), ...); },
               T::fields());
}

// Wishes compare without their positions, as a line's number is all that its order may change. The words of a service's
// table are written in the order of the file; what they mean is compared by options.
std::string shown(const Profile& profile) {
    std::string out;
    show(out, profile);
    for (const auto& [name, wish] : profile.services)
        for (const auto& [option, value] : wish.value.options) out += name + "." + option + "=" + value + " ";
    return out;
}

Profile read(const std::vector<std::string>& chosen, Layer layer) {
    std::string text;
    for (const std::string& line : chosen) text += line + "\n";
    return MUST(profile::read_profile(MUST(profile::parse(text, "t.toml")), layer));
}

std::vector<std::string> some_lines(std::mt19937& random) {
    std::vector<std::string> chosen;
    for (const std::string& line : lines)
        if (random() % 2) chosen.push_back(line);
    return chosen;
}

} // namespace

TEST_CASE("the order of the lines of a file never matters", "[profile]") {
    std::mt19937 random(1);
    const std::string expected = shown(read(lines, Layer::user));
    REQUIRE(expected.find("CAP_NET_RAW") != std::string::npos);
    for (int round = 0; round < 200; ++round) {
        auto shuffled = lines;
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        REQUIRE(shown(read(shuffled, Layer::user)) == expected);
    }
}

TEST_CASE("the order of tables never matters either", "[profile]") {
    const std::string one = "[home]\nmode = \"app\"\n", two = "[env]\nkeep = [\"A\"]\n",
                      three = "[env.set]\nB = \"1\"\n";
    const std::string expected = shown(read({one, two, three}, Layer::user));
    CHECK(shown(read({three, two, one}, Layer::user)) == expected);
    CHECK(shown(read({two, one, three}, Layer::user)) == expected);
}

TEST_CASE("a merge of the same layers gives the same, and folding is associative", "[profile]") {
    std::mt19937 random(2);
    for (int round = 0; round < 200; ++round) {
        const auto a = some_lines(random), b = some_lines(random), c = some_lines(random);
        Profile first, second;
        for (Profile* into : {&first, &second}) {
            merge(*into, read(a, Layer::system));
            merge(*into, read(b, Layer::administrator));
            merge(*into, read(c, Layer::user));
        }
        REQUIRE(shown(first) == shown(second));
        // a ∘ b first, then c, or a, then all that stands: a merged profile holds no removals, so it can be laid down.
        Profile halves;
        merge(halves, read(a, Layer::system));
        merge(halves, read(b, Layer::administrator));
        Profile whole;
        merge(whole, halves);
        merge(whole, read(c, Layer::user));
        REQUIRE(shown(whole) == shown(first));
    }
}

TEST_CASE("a layer that is merged twice changes no value", "[profile]") {
    std::mt19937 random(3);
    for (int round = 0; round < 100; ++round) {
        const auto chosen = some_lines(random);
        Profile once, twice;
        merge(once, read(chosen, Layer::user));
        merge(twice, read(chosen, Layer::user));
        merge(twice, read(chosen, Layer::user));
        REQUIRE(words(once.root.etc) == words(twice.root.etc));
        REQUIRE(words(once.env.keep) == words(twice.env.keep));
        REQUIRE(once.files.size() == twice.files.size());
        REQUIRE(once.mount.size() == twice.mount.size());
        REQUIRE(once.home.mode.value == twice.home.mode.value);
    }
}
