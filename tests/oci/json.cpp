#include "launcher/oci/json.hpp"

#include <catch2/catch.hpp>

using oci::parse_json;

namespace {

std::string fault(std::string_view text) {
    const auto parsed = parse_json(text, "a.json");
    return parsed.ok() ? "" : base::to_text(parsed.error());
}

} // namespace

TEST_CASE("a JSON text comes out as it went in, in its order") {
    const std::string text = "{\n  \"z\": [\n    1,\n    -2,\n    true,\n    null,\n    \"a\\\"\\\\\\n\"\n  ],\n  \"a\": 18446744073709551615\n}\n";
    const auto parsed = parse_json(text, "a.json");
    REQUIRE(parsed.ok());
    CHECK(MUST(oci::to_text(parsed.value())) == text);
}

TEST_CASE("a number keeps its kind: without a sign, with one, a fraction") {
    const auto parsed = MUST(parse_json("[0, -1, 1.5, 18446744073709551616]", "a.json"));
    const auto& items = std::get<oci::Array>(parsed.value);
    CHECK(std::holds_alternative<std::uint64_t>(items[0].value));
    CHECK(std::holds_alternative<std::int64_t>(items[1].value));
    CHECK(std::holds_alternative<double>(items[2].value));
    CHECK(std::holds_alternative<double>(items[3].value));
}

TEST_CASE("what is not JSON is refused with its place, what is too much of it with a reason") {
    CHECK(fault("{\"a\": 1,\n  nope}") == "a.json:2:4: this is not JSON");
    CHECK(fault("") == "a.json:1:1: this is not JSON");
    CHECK(fault("{\"a\": {\"b\": 1, \"b\": 2}}") == "a.json: 'b' stands twice in one object");
    CHECK(fault("\"\\u0000\"") == "a.json: a text holds a NUL byte");
    CHECK(fault(std::string(33, '[') + std::string(33, ']')) == "a.json: nested more than 32 deep");
    CHECK(fault(std::string(32, '[') + std::string(32, ']')).empty());
    CHECK(fault(std::string(2U << 20, ' ')).find("' is larger than 1 MiB") != std::string::npos);
}

TEST_CASE("no beginning of a JSON text is taken for the whole, and none does harm") {
    const std::string text = R"({"a": [1, {"b": "c\u00e4"}, true], "d": null})";
    for (std::size_t length = 0; length < text.size(); ++length) CHECK_FALSE(parse_json(text.substr(0, length), "a.json").ok());
    for (std::size_t at = 0; at < text.size(); ++at)
        for (int byte = 0; byte < 256; ++byte) {
            std::string other = text;
            other[at] = static_cast<char>(byte);
            (void)parse_json(other, "a.json"); // any answer, but an answer
        }
    CHECK(parse_json(text, "a.json").ok());
}

TEST_CASE("a text that is not UTF-8 is not written as JSON") {
    const auto written = oci::to_text(oci::Json(oci::Object{{"path", std::string("/a\xff")}}));
    REQUIRE_FALSE(written.ok());
    CHECK(base::to_text(written.error()).find("' is not UTF-8, and cannot be said in JSON") != std::string::npos);
}
