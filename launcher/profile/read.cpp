#include "launcher/profile/read.hpp"

#include "launcher/base/text.hpp"
#include "launcher/profile/check.hpp"

#include <algorithm>
#include <span>

namespace profile {
namespace {

using base::Error;
using base::Result;

// Far above what any profile needs; lists are searched from end to end.
constexpr std::size_t list_limit = 4096;

Error wrong_type(std::string_view key, std::string_view expected, const Node& node) {
    return Error{.what = "'" + std::string(key) + "': expected " + std::string(expected) + ", found " +
                         std::string(kind_of(node)),
                 .origin = node.origin};
}

Error out_of_range(std::string_view key, std::string_view range, const Node& node) {
    return Error{.what = "'" + std::string(key) + "': expected " + std::string(range) + ", found " + to_toml(node),
                 .origin = node.origin};
}

// A value that stands for itself.
Result<void> read_value(std::string_view key, std::string& value, const Node& node) {
    const auto* text = std::get_if<std::string>(&node.value);
    if (!text) return wrong_type(key, "text", node);
    value = *text;
    return {};
}

Result<void> read_value(std::string_view key, bool& value, const Node& node) {
    const auto* boolean = std::get_if<bool>(&node.value);
    if (!boolean) return wrong_type(key, "true or false", node);
    value = *boolean;
    return {};
}

// The keys whose numbers are permission bits, which people write in octal: 0o022, "022".
bool is_permissions(std::string_view key) {
    return key == "umask" || key == "mode";
}

Result<void> read_permissions(std::string_view key, std::uint32_t& value, const Node& node) {
    constexpr std::string_view range = "octal permission bits such as \"022\" or 0o022";
    if (const auto* number = std::get_if<std::int64_t>(&node.value)) {
        if (*number < 0 || *number > 07777) return out_of_range(key, range, node);
        value = static_cast<std::uint32_t>(*number);
        return {};
    }
    const auto* text = std::get_if<std::string>(&node.value);
    if (!text) return wrong_type(key, "text or an integer", node);
    const std::string_view digits = std::string_view(*text).substr(text->starts_with("0o") ? 2 : 0);
    if (digits.empty() || digits.size() > 5 || digits.find_first_not_of("01234567") != std::string_view::npos)
        return out_of_range(key, range, node);
    std::uint32_t bits = 0;
    for (const char digit : digits) bits = bits << 3 | static_cast<std::uint32_t>(digit - '0');
    if (bits > 07777) return out_of_range(key, range, node);
    value = bits;
    return {};
}

// 4294967295 is (uid_t)-1, "no change" to the kernel, and so never an id.
Result<void> read_value(std::string_view key, std::uint32_t& value, const Node& node) {
    if (is_permissions(key)) return read_permissions(key, value, node);
    const auto* number = std::get_if<std::int64_t>(&node.value);
    if (!number) return wrong_type(key, "an integer", node);
    if (*number < 0 || *number >= UINT32_MAX) return out_of_range(key, "a number from 0 to 4294967294", node);
    value = static_cast<std::uint32_t>(*number);
    return {};
}

template <base::NamedEnum T>
Result<void> read_value(std::string_view key, T& value, const Node& node) {
    std::string name;
    TRY(read_value(key, name, node));
    const auto found = base::value_of<T>(name);
    if (!found) return unknown("value", name, base::EnumNames<T>::names, node.origin, " of '" + std::string(key) + "'");
    value = *found;
    return {};
}

template <base::HasFields T>
Result<void> read_table(T& object, const Table& table, Layer layer, std::span<const std::string_view> passed_over = {});

Result<const Table*> as_table(std::string_view key, const Node& node) {
    const auto* table = std::get_if<Table>(&node.value);
    if (!table) return wrong_type(key, "a table", node);
    return table;
}

Result<const Array*> as_array(std::string_view key, std::string_view expected, const Node& node) {
    const auto* array = std::get_if<Array>(&node.value);
    if (!array) return wrong_type(key, expected, node);
    if (array->size() > list_limit)
        return Error{.what = "'" + std::string(key) + "' has more than " + std::to_string(list_limit) + " items", .advice = "name folders instead of the files in them",
                     .origin = node.origin};
    return array;
}

// IdRange, MountWish: a table whose keys stand for themselves.
template <base::HasFields T>
Result<void> read_value(std::string_view key, T& value, const Node& node) {
    return read_table(value, *TRY(as_table(key, node)), Layer::builtin);
}

template <class T>
Result<void> read_value(std::string_view key, std::vector<T>& value, const Node& node) {
    for (const Node& item : *TRY(as_array(key, "a list", node))) TRY(read_value(key, value.emplace_back(), item));
    return {};
}

Result<void> read_value(std::string_view key, FileGrant& value, const Node& node) {
    if (std::holds_alternative<std::string>(node.value)) return read_value(key, value.access, node);
    const auto* table = std::get_if<Table>(&node.value);
    if (!table) return wrong_type(key, "\"deny\", \"ro\", \"rw\" or a table", node);
    TRY(read_table(value, *table, Layer::builtin));
    // Without it the grant would be the silent "deny".
    if (std::none_of(table->begin(), table->end(), [](const Entry& entry) { return entry.key == "access"; }))
        return Error{.what = "'" + std::string(key) + "' says no access",
                     .advice = "add access = \"ro\", \"rw\" or \"deny\"",
                     .origin = node.origin};
    return {};
}

bool is_bus_rule(const Table& table) {
    return std::any_of(table.begin(), table.end(), [](const Entry& entry) {
        return entry.key == "access" || entry.key == "call" || entry.key == "broadcast";
    });
}

Result<void> read_value(std::string_view key, BusRule& value, const Node& node) {
    if (std::holds_alternative<std::string>(node.value)) return read_value(key, value.access, node);
    const auto* table = std::get_if<Table>(&node.value);
    if (!table) return wrong_type(key, "\"none\", \"own-private\", \"see\", \"talk\", \"own\" or a table", node);
    return read_table(value, *table, Layer::builtin);
}

Result<void> read_limit(std::string_view key, std::uint64_t& value, const Node& node) {
    const auto* number = std::get_if<std::int64_t>(&node.value);
    const auto* text = std::get_if<std::string>(&node.value);
    if (text && *text == "infinity")
        value = UINT64_MAX;
    else if (number && *number >= 0)
        value = static_cast<std::uint64_t>(*number);
    else
        return out_of_range(key, "a number of at least 0 or \"infinity\"", node);
    return {};
}

Result<void> read_value(std::string_view key, RlimitWish& value, const Node& node) {
    const auto* pair = std::get_if<Array>(&node.value);
    if (!pair) {
        TRY(read_limit(key, value.soft, node));
        value.hard = value.soft;
        return {};
    }
    if (pair->size() != 2) return out_of_range(key, "[soft, hard]", node);
    TRY(read_limit(key, value.soft, (*pair)[0]));
    TRY(read_limit(key, value.hard, (*pair)[1]));
    if (value.soft > value.hard) return out_of_range(key, "a soft limit that is not above the hard one", node);
    return {};
}

// Text, or what stands for text where the key says so: numbers of limits, options of services.
Result<std::string> scalar_as_text(std::string_view key, const Node& node) {
    if (const auto* text = std::get_if<std::string>(&node.value)) return *text;
    if (std::holds_alternative<std::int64_t>(node.value) || std::holds_alternative<bool>(node.value))
        return to_toml(node);
    return wrong_type(key, "text, an integer or a boolean", node);
}

Result<void> read_value(std::string_view key, ServiceWish& value, const Node& node) {
    if (const auto* enabled = std::get_if<bool>(&node.value)) {
        value.enabled = *enabled;
        return {};
    }
    value.enabled = true;
    if (const auto* mode = std::get_if<std::string>(&node.value)) {
        value.mode = *mode;
        return {};
    }
    const auto* table = std::get_if<Table>(&node.value);
    if (!table) return wrong_type(key, "true, false, a mode or a table", node);
    for (const Entry& entry : *table) {
        if (entry.key.starts_with("x-")) continue;
        if (entry.key == "enabled")
            TRY(read_value(entry.key, value.enabled, entry.value));
        else if (entry.key == "mode")
            TRY(read_value(entry.key, value.mode, entry.value));
        else
            value.options.emplace_back(entry.key, TRY(scalar_as_text(entry.key, entry.value)));
    }
    std::sort(value.options.begin(), value.options.end());
    return {};
}

// Below here: a value together with who said it.
struct Word {
    std::string_view key;
    const base::Origin& origin; ///< of the key
    const Node& node;
    Layer layer;

    Setting setting() const { return {layer, origin, to_toml(node)}; }
};

template <class T>
Result<void> read_member(Item<T>& item, const Word& word) {
    TRY(read_value(word.key, item.value, word.node));
    item.history = {word.setting()};
    return {};
}

Result<void> read_member(Set& set, const Word& word) {
    for (const Node& node : *TRY(as_array(word.key, "a list of texts", word.node))) {
        Item<std::string> item;
        TRY(read_member(item, Word{word.key, node.origin, node, word.layer}));
        if (item.value.empty() || item.value == "!") return out_of_range(word.key, "a text that is not empty", node);
        const auto twin = std::find_if(set.begin(), set.end(), [&](const auto& present) {
            return present.value == "!" + item.value || "!" + present.value == item.value;
        });
        if (twin != set.end())
            return Error{.what = "'" + std::string(word.key) + "' holds both '" + twin->value + "' and '" + item.value +
                                 "'",
                         .origin = node.origin};
        if (std::none_of(set.begin(), set.end(), [&](const auto& present) { return present.value == item.value; }))
            set.push_back(std::move(item));
    }
    return {};
}

Result<void> read_member(std::vector<Item<MountWish>>& mounts, const Word& word) {
    for (const Node& node : *TRY(as_array(word.key, "[[mount]] tables", word.node)))
        TRY(read_member(mounts.emplace_back(), Word{word.key, node.origin, node, word.layer}));
    return {};
}

template <class T>
Result<void> read_entry(Map<T>& map, const std::string& key, const Word& word) {
    Item<T> item;
    if constexpr (std::is_same_v<T, std::string>) {
        if (word.key == "limits" || word.key == "sysctl") {
            item.value = TRY(scalar_as_text(key, word.node));
            item.history = {word.setting()};
        }
    }
    if (!item.set()) TRY(read_member(item, Word{key, word.origin, word.node, word.layer}));
    const auto [present, added] = map.emplace(key, item);
    if (!added && present->second.value != item.value)
        return Error{.what = "'" + key + "' is said twice, with another value at " + to_text(present->second.origin()), .advice = "leave one of them out",
                     .origin = word.origin};
    return {};
}

// `memory.max = 1` and `"memory.max" = 1` are the same: names with dots need no quotes where no value is a table, or where
// its keys tell the table of a value from a part of a name.
template <class T>
Result<void> read_entries(Map<T>& map, const std::string& prefix, const Table& table, const Word& word) {
    constexpr bool is_bus = std::is_same_v<T, BusRule>;
    constexpr bool has_dots = std::is_same_v<T, std::string> || is_bus;
    for (const Entry& entry : table) {
        if (entry.key.starts_with("x-")) continue;
        if (entry.key.empty())
            return Error{.what = "'" + std::string(word.key) + "': an empty name", .advice = "name it, or take the line out", .origin = entry.origin};
        const Word here{word.key, entry.origin, entry.value, word.layer};
        const auto* inner = std::get_if<Table>(&entry.value.value);
        if (has_dots && inner && !(is_bus && is_bus_rule(*inner)))
            TRY(read_entries(map, prefix + entry.key + ".", *inner, here));
        else
            TRY(read_entry(map, TRY(checked_key(word.key, prefix + entry.key, entry.origin)), here));
    }
    return {};
}

template <class T>
Result<void> read_member(Map<T>& map, const Word& word) {
    return read_entries(map, "", *TRY(as_table(word.key, word.node)), word);
}

template <base::HasFields T>
Result<void> read_member(T& part, const Word& word) {
    return read_table(part, *TRY(as_table(word.key, word.node)), word.layer);
}

// A member of a plain struct (FileGrant, IdRange, MountWish).
template <class T>
requires(!base::HasFields<T>) Result<void> read_member(T& value, const Word& word) {
    return read_value(word.key, value, word.node);
}

template <base::HasFields T>
Result<void> read_table(T& object, const Table& table, Layer layer, std::span<const std::string_view> passed_over) {
    std::vector<std::string_view> names(passed_over.begin(), passed_over.end());
    std::apply([&](const auto&... field) { (names.emplace_back(field.name), ...); }, T::fields());
    for (const Entry& entry : table) {
        if (entry.key.starts_with("x-")) continue;
        if (std::find(names.begin(), names.end(), entry.key) == names.end())
            return unknown("key", entry.key, names, entry.origin);
        Result<void> result;
        base::for_each_field(object, [&](const auto& field, auto& member) {
            if (entry.key == field.name)
                result = read_member(member, Word{field.name, entry.origin, entry.value, layer});
        });
        TRY(std::move(result));
    }
    return {};
}

const Entry* entry_of(const Table& table, std::string_view key) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const Entry& entry) { return entry.key == key; });
    return found == table.end() ? nullptr : &*found;
}

Result<Profile> read_fragment(const Table& table, Layer layer, std::span<const std::string_view> passed_over) {
    Profile profile;
    TRY(read_table(profile, table, layer, passed_over));
    TRY(check(profile));
    return profile;
}

// What belongs to an app and not to a preset, which is why a preset may not say it.
Result<void> refuse_app_keys(const Table& table) {
    for (const std::string_view key : {"app", "services", "require"})
        if (const Entry* entry = entry_of(table, key))
            return Error{.what = "a service cannot say '" + std::string(key) + "'", .origin = entry->origin};
    return {};
}

Result<std::map<std::string, Profile>> read_fragments(const Table& document, std::string_view key, Layer layer) {
    std::map<std::string, Profile> fragments;
    const Entry* entry = entry_of(document, key);
    if (!entry) return fragments;
    for (const Entry& named : *TRY(as_table(key, entry->value))) {
        const Table& table = *TRY(as_table(named.key, named.value));
        TRY(refuse_app_keys(table));
        fragments.emplace(named.key, TRY(read_fragment(table, layer, {})));
    }
    return fragments;
}

Error undeclared(const std::string& option, const base::Origin& origin) {
    return {.what = "[when." + option + "] needs '" + option + " = true' or 'false' below [options]", .origin = origin};
}

} // namespace

Result<Profile> read_profile(const Table& document, Layer layer) {
    constexpr std::array<std::string_view, 1> passed_over{"schema"};
    return read_fragment(document, layer, passed_over);
}

Result<void> check_schema(const Table& document, const std::string& file) {
    const Entry* entry = entry_of(document, "schema");
    if (!entry)
        return Error{.what = "'schema = 1' is missing", .advice = "add it as the first line", .origin = {file, 1, 1}};
    const auto* number = std::get_if<std::int64_t>(&entry->value.value);
    if (!number) return wrong_type("schema", "an integer", entry->value);
    if (*number != 1) return out_of_range("schema", "1", entry->value);
    return {};
}

Result<Service> read_service(const Table& document, Layer layer) {
    constexpr std::array<std::string_view, 4> passed_over{"schema", "options", "when", "modes"};
    TRY(refuse_app_keys(document));
    Service service;
    service.always = TRY(read_fragment(document, layer, passed_over));
    service.when = TRY(read_fragments(document, "when", layer));
    service.modes = TRY(read_fragments(document, "modes", layer));
    if (const Entry* options = entry_of(document, "options"))
        for (const Entry& option : *TRY(as_table("options", options->value)))
            service.options.emplace(option.key, TRY(scalar_as_text(option.key, option.value)));
    for (const auto& [name, fragment] : service.when) {
        const auto option = service.options.find(name);
        if (option != service.options.end() && (option->second == "true" || option->second == "false")) continue;
        return undeclared(name, entry_of(document, "when")->origin);
    }
    return service;
}

} // namespace profile
