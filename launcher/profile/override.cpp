#include "launcher/profile/override.hpp"

#include "launcher/profile/document.hpp"
#include "launcher/profile/read.hpp"

#include <algorithm>

namespace profile {
namespace {

using base::Error;
using base::Result;

// An argument has no lines.
void place(Table& table, const base::Origin& origin);

void place(Node& node, const base::Origin& origin) {
    node.origin = origin;
    if (auto* table = std::get_if<Table>(&node.value)) place(*table, origin);
    if (auto* array = std::get_if<Array>(&node.value))
        for (Node& item : *array) place(item, origin);
}

void place(Table& table, const base::Origin& origin) {
    for (Entry& entry : table) {
        entry.origin = origin;
        place(entry.value, origin);
    }
}

// The tables that the key goes through, with 0 as the innermost value.
Result<Table> key_as_table(const Override& wish) {
    const Error refused{.what = "'" + wish.key + "' is not a key of a profile",
                        .advice = "write it as in a profile, with dots between its parts: home.mode",
                        .origin = wish.origin};
    if (wish.key.find('\n') != std::string::npos) return refused;
    auto parsed = parse(wish.key + " = 0", "");
    if (!parsed.ok()) return refused;
    const Node* node = nullptr;
    for (const Table* table = &parsed.value(); table; table = std::get_if<Table>(&node->value)) {
        if (table->size() != 1) return refused;
        node = &table->front().value;
    }
    // The 0 must be ours, not one that the key brought along with a comment behind it.
    const auto letters =
        std::count_if(wish.key.begin(), wish.key.end(), [](char byte) { return (byte & 0xc0) != 0x80; });
    // cppcheck-suppress nullPointer ; the loop runs at least once
    if (!std::holds_alternative<std::int64_t>(node->value) || node->origin.column != letters + 4) return refused;
    return parsed;
}

Table with_value(Table table, Node value) {
    Node* innermost = &table.front().value;
    while (auto* inner = std::get_if<Table>(&innermost->value)) innermost = &inner->front().value;
    *innermost = std::move(value);
    return table;
}

Result<Profile> read_with(const Override& wish, const Table& key, Node value) {
    Table document = with_value(key, std::move(value));
    place(document, wish.origin);
    return read_profile(document, Layer::command_line);
}

} // namespace

Result<Profile> read_override(const Override& wish) {
    const Table key = TRY(key_as_table(wish));
    const Node text{wish.value, {}};
    if (wish.value.find('\0') != std::string::npos)
        return Error{.what = "the value of '" + wish.key + "' holds a NUL byte", .advice = "take it out", .origin = wish.origin};
    auto parsed = parse("value = " + wish.value, "");
    // More than one entry: not one value, but text that looks like several lines of TOML.
    if (!parsed.ok() || parsed.value().size() != 1) return read_with(wish, key, text);
    auto profile = read_with(wish, key, parsed.value().front().value);
    if (profile.ok() || std::holds_alternative<std::string>(parsed.value().front().value.value)) return profile;
    // `--set env.set.DEBUG=1`: a number to TOML, text to the key.
    auto as_text = read_with(wish, key, text);
    return as_text.ok() ? std::move(as_text) : std::move(profile);
}

} // namespace profile
