#include "launcher/base/json.hpp"

#include <catch2/catch.hpp>

namespace {

std::string document(base::Json::Layout layout) {
    base::Json json(layout);
    json.open('{');
    json.key("a\"b");
    json.number(7);
    json.key("list");
    json.open('[');
    json.element();
    json.string("x\n\xff");
    json.element();
    json.boolean(true);
    json.close(']');
    json.key("empty");
    json.open('{');
    json.close('}');
    json.close('}');
    return json.take();
}

std::string alone(const char* text) {
    base::Json json;
    json.number_or_string(text);
    return json.take();
}

} // namespace

TEST_CASE("JSON is written indented, or on one line, with the same words", "[base]") {
    CHECK(document(base::Json::Layout::one_line) == "{\"a\\\"b\": 7, \"list\": [\"x\\u000a\xEF\xBF\xBD\", true], \"empty\": {}}\n");
    CHECK(document(base::Json::Layout::indented) ==
          "{\n  \"a\\\"b\": 7,\n  \"list\": [\n    \"x\\u000a\xEF\xBF\xBD\",\n    true\n  ],\n  \"empty\": {}\n}\n");
}

TEST_CASE("No text in JSON drives the terminal that it is read on", "[base]") {
    CHECK(alone("\x1b[2J") == "\"\\u001b[2J\"\n");
    CHECK(alone("\xC2\x9B" "31m") == "\"\\u009b31m\"\n");             // C1: control sequence introducer
    CHECK(alone("\xE2\x80\xAE" "x\x7f") == "\"\\u202ex\\u007f\"\n"); // right to left
    CHECK(alone("\xC3\xA9\xF0\x9F\x98\x80") == "\"\xC3\xA9\xF0\x9F\x98\x80\"\n");
}

TEST_CASE("Only what is a JSON number is written as one", "[base]") {
    for (const char* number : {"0", "12", "0.25", "18446744073709551615"}) CHECK(alone(number) == std::string(number) + "\n");
    for (const char* text : {"", "max", "01", "1.", ".5", "-1", "1e3", "+1", "1 2"}) CHECK(alone(text) == "\"" + std::string(text) + "\"\n");
}
