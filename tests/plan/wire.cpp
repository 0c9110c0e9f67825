#include "launcher/plan/wire.hpp"

#include "tests/support/pace.hpp"
#include "tests/support/plans.hpp"

#include <catch2/catch.hpp>

#include <cstring>

namespace {

constexpr std::size_t header_size = 16;

std::string refusal(std::string_view bytes) {
    const auto result = plan::decode(bytes);
    return result.ok() ? "accepted" : base::to_text(result.error());
}

/// With the length of the header set right, so that only the contents can be at fault.
std::string with_length(std::string bytes) {
    const std::uint64_t length = bytes.size() - header_size;
    std::memcpy(bytes.data() + 8, &length, sizeof length);
    return bytes;
}

void put_u32(std::string& bytes, std::size_t at, std::uint32_t value) {
    REQUIRE(at + sizeof value <= bytes.size());
    std::memcpy(bytes.data() + at, &value, sizeof value);
}

plan::Plan with_mounts(std::size_t count) {
    plan::Plan plan = support::small_plan();
    plan.mounts.clear();
    for (std::size_t index = 0; index < count; ++index) {
        const std::string path = "/usr/share/some/folder/" + std::to_string(index);
        plan.mounts.push_back(plan::Bind{.source = {.path = {path}, .device = 0x802, .inode = index},
                                         .target = {path},
                                         .origin = {"/etc/sandbox/apps/org.example.editor.toml", 12, 1}});
    }
    return plan;
}

} // namespace

TEST_CASE("A plan comes back from its bytes as it was, with every kind and any value", "[plan]") {
    for (std::uint32_t seed = 0; seed < 300; ++seed) {
        CAPTURE(seed);
        support::Filler filler(seed);
        plan::Plan plan;
        filler.fill(plan);
        for (plan::Mount& mount : filler.every_kind()) plan.mounts.push_back(std::move(mount));
        const std::string bytes = plan::encode(plan);
        CHECK(bytes.size() == plan::encoded_size(plan));
        const auto decoded = plan::decode(bytes);
        REQUIRE(decoded.ok());
        CHECK(decoded.value() == plan);
        CHECK(plan::encode(decoded.value()) == bytes);
    }
}

TEST_CASE("The wire form is what its header says", "[plan]") {
    plan::Plan plan;
    plan.app = "ab";
    const std::string bytes = plan::encode(plan);
    CHECK(bytes.substr(0, 8) == "SBXPLAN1");
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data() + 8, sizeof length);
    CHECK(length == bytes.size() - header_size);
    // The first field: a count of four bytes, least first, then the text.
    CHECK(bytes.substr(header_size, 6) == std::string("\2\0\0\0ab", 6));
}

TEST_CASE("A plan cut off at any byte is refused", "[plan]") {
    const std::string bytes = plan::encode(support::small_plan());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const std::string cut = bytes.substr(0, size);
        if (refusal(cut) == "accepted") FAIL("accepted after a cut at " << size);
        // Also when the header promises no more than there is.
        if (size >= header_size && refusal(with_length(cut)) == "accepted") FAIL("accepted after a cut at " << size);
    }
    CHECK(refusal("") == "the plan cannot be read: it is cut off in its header");
    CHECK(refusal(bytes.substr(0, bytes.size() - 1)) == "the plan cannot be read: it is cut off");
    CHECK_THAT(refusal(with_length(bytes.substr(0, bytes.size() - 1))), Catch::EndsWith(" is cut off"));
}

TEST_CASE("Any changed bit gives an error or a plan of exactly those bytes", "[plan]") {
    const std::string bytes = plan::encode(support::small_plan());
    std::size_t refused = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        for (std::size_t change = 1 + at % support::pace; change < 256; change += support::pace) {
            std::string changed = bytes;
            changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ change);
            const auto decoded = plan::decode(changed);
            if (!decoded.ok()) {
                ++refused;
                if (decoded.error().what.empty()) FAIL("no reason at byte " << at);
            } else if (plan::encode(decoded.value()) != changed) {
                FAIL("byte " << at << " with change " << change << " is read as another plan");
            }
        }
    }
    CHECK(refused > 0);
}

TEST_CASE("Bytes after the end are refused", "[plan]") {
    std::string bytes = plan::encode(support::small_plan());
    bytes += '\0';
    CHECK(refusal(bytes) == "the plan cannot be read: bytes follow its end");
    CHECK(refusal(with_length(bytes)) == "the plan cannot be read: 1 bytes are left over");
}

TEST_CASE("What is no plan, or one of another version, is refused by name", "[plan][F6]") {
    std::string bytes = plan::encode(support::small_plan());
    bytes[7] = '2';
    CHECK(refusal(bytes) == "the plan cannot be read: it is of another version");
    bytes[0] = 'X';
    CHECK(refusal(bytes) == "the plan cannot be read: it is not one");
    CHECK(refusal(std::string(plan::wire_limit + 1, '\0')) ==
          "the plan cannot be read: it is longer than 16777216 bytes");
}

TEST_CASE("A count that the bytes cannot hold is refused before anything is allocated", "[plan]") {
    const std::string bytes = plan::encode(support::small_plan());
    SECTION("of a text") {
        std::string changed = bytes;
        put_u32(changed, header_size, UINT32_MAX);
        CHECK(refusal(changed) ==
              "the plan cannot be read: field 'app' at byte 16 counts more than the bytes that are left");
    }
    SECTION("at any place") {
        for (std::size_t at = header_size; at + 4 <= bytes.size(); ++at)
            for (const std::uint32_t count : {UINT32_MAX, UINT32_MAX - 1, 0x80000000U, 0x7fffffffU, 0x01000000U}) {
                std::string changed = bytes;
                put_u32(changed, at, count);
                const auto decoded = plan::decode(changed);
                if (decoded.ok() && plan::encode(decoded.value()) != changed) FAIL("read as another plan at " << at);
            }
    }
}

TEST_CASE("An enum or a kind out of range is refused", "[plan]") {
    plan::Plan plan;
    const std::size_t first_enum = header_size + 3 * sizeof(std::uint32_t); // after three empty texts
    std::string bytes = plan::encode(plan);
    bytes[first_enum] = 3;
    CHECK(refusal(bytes) == "the plan cannot be read: field 'mode' at byte 28 is no value of its kind");
    bytes[first_enum] = '\xff';
    CHECK(refusal(bytes) == "the plan cannot be read: field 'mode' at byte 28 is no value of its kind");

    const std::size_t without = bytes.size();
    plan.mounts = {plan::ReadOnly{}};
    bytes = plan::encode(plan);
    const std::string kind(1, static_cast<char>(std::variant_size_v<plan::Mount> - 1));
    // Counted 1, then the kind, then an empty text, the presence and an empty origin.
    const std::size_t at = bytes.find(std::string("\1\0\0\0", 4) + kind);
    REQUIRE(at != std::string::npos);
    CHECK(bytes.size() == without + 1 + 1 + 4 * sizeof(std::uint32_t));
    bytes[at + 4] = static_cast<char>(std::variant_size_v<plan::Mount>);
    CHECK(refusal(bytes) ==
          "the plan cannot be read: field 'mounts' at byte " + std::to_string(at + 4) + " is no kind that is known");
}

TEST_CASE("A hostile plan of the largest size is refused without harm", "[plan]") {
    // All ones: every count is too large. All zeros: every list is empty, and bytes are left over.
    std::string bytes = plan::encode(support::small_plan());
    bytes.resize(plan::wire_limit, '\0');
    std::memset(bytes.data() + header_size, 0, bytes.size() - header_size);
    CHECK_THAT(refusal(with_length(bytes)), Catch::EndsWith("bytes are left over"));
    std::memset(bytes.data() + header_size, 0xff, bytes.size() - header_size);
    CHECK_THAT(refusal(with_length(bytes)), Catch::EndsWith("counts more than the bytes that are left"));
}

TEST_CASE("A plan of 3000 mounts comes back", "[plan]") {
    const plan::Plan many = with_mounts(3000);
    CHECK(plan::decode(plan::encode(many)).value() == many);
}

TEST_CASE("The record of an instance comes back, and cut off at any byte is refused", "[plan][F3]") {
    plan::State state;
    state.instance = "editor-abcd";
    state.app = "org.example.editor";
    state.status = plan::Status::running;
    state.supervisor = 77;
    state.app_start = UINT64_MAX;
    state.unit = "app-sandbox-editor\\x2dabcd.scope";
    const std::string bytes = plan::encode(state);
    const auto back = plan::decode_state(bytes);
    REQUIRE(back.ok());
    CHECK(back.value() == state);
    for (std::size_t length = 0; length < bytes.size(); ++length) CHECK(!plan::decode_state(std::string_view(bytes).substr(0, length)).ok());
    CHECK(!plan::decode_state(bytes + "x").ok());
    // One is never taken for the other.
    CHECK(!plan::decode(bytes).ok());
    CHECK(!plan::decode_state(plan::encode(support::small_plan())).ok());
}
