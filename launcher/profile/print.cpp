#include "launcher/profile/print.hpp"

#include "launcher/profile/document.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

namespace profile {
namespace {

std::string octal(std::uint32_t bits) {
    char text[16];
    std::snprintf(text, sizeof text, "\"%03o\"", bits);
    return text;
}

std::string limit_text(std::uint64_t value) { return value == UINT64_MAX ? "\"infinity\"" : std::to_string(value); }

std::string bare_or_quoted(const std::string& key) {
    const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char byte) {
        return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
    });
    return bare ? key : to_toml(std::string_view(key));
}

// What [limits] and services' options hold is text, and stands bare where it is a number or a switch.
std::string scalar_text(const std::string& value) {
    const bool bare = value == "true" || value == "false" ||
                      (!value.empty() && value.size() < 19 && value.find_first_not_of("0123456789") == std::string::npos && (value == "0" || value[0] != '0'));
    return bare ? value : value_text(value);
}

struct Collect {
    std::vector<Leaf> all;

    template <class T>
    void add(const std::string& row_key, std::string key, const Item<T>& item, std::string value) {
        if (const KeyRow* row = find_key(row_key); row && item.set()) all.push_back({std::move(key), std::move(value), row, item.history});
    }
    template <class T>
    void operator()(const std::string& key, const Item<T>& item) {
        add(key, key, item, key == "process.umask" ? umask(item) : value_text(item.value));
    }
    void operator()(const std::string& key, const Set& set) {
        for (const auto& item : set) add(key, key, item, value_text(item.value));
    }
    void operator()(const std::string& key, const std::vector<Item<MountWish>>& mounts) {
        for (const auto& item : mounts) add(key, key, item, value_text(item.value));
    }
    template <class T>
    void operator()(const std::string& key, const Map<T>& map) {
        for (const auto& [name, item] : map) add(key + "." + name, key_text(key, name), item, entry(key, item.value));
    }

    static std::string entry(const std::string& table, const std::string& value) { return table == "limits" ? scalar_text(value) : value_text(value); }
    template <class T>
    static std::string entry(const std::string&, const T& value) {
        return value_text(value);
    }
    template <class T>
    static std::string umask(const Item<T>& item) {
        if constexpr (std::is_same_v<T, std::uint32_t>) return octal(item.value);
        return value_text(item.value);
    }
};

} // namespace

std::string value_text(const std::string& value) { return to_toml(std::string_view(value)); }
std::string value_text(bool value) { return value ? "true" : "false"; }
std::string value_text(std::uint32_t value) { return std::to_string(value); }

std::string value_text(const std::vector<std::string>& value) {
    std::string text = "[";
    for (const std::string& word : value) text += (text.size() > 1 ? ", " : "") + value_text(word);
    return text + "]";
}

std::string value_text(const std::vector<IdRange>& value) {
    std::string text = "[";
    for (const IdRange& range : value)
        text += (text.size() > 1 ? ", " : "") + ("{ inside = " + std::to_string(range.inside)) + ", outside = " + std::to_string(range.outside) +
                ", count = " + std::to_string(range.count) + " }";
    return text + "]";
}

std::string value_text(const FileGrant& value) {
    std::string more;
    if (value.optional) more += ", optional = true";
    if (value.create) more += ", create = true";
    if (!value.exec) more += ", exec = false";
    if (!value.target.empty()) more += ", target = " + value_text(value.target);
    return more.empty() ? value_text(value.access) : "{ access = " + value_text(value.access) + more + " }";
}

std::string value_text(const BusRule& value) {
    std::string more;
    if (!value.call.empty()) more += ", call = " + value_text(value.call);
    if (!value.broadcast.empty()) more += ", broadcast = " + value_text(value.broadcast);
    if (more.empty()) return value_text(value.access);
    return value.access == BusAccess::none ? "{ " + more.substr(2) + " }" : "{ access = " + value_text(value.access) + more + " }";
}

std::string value_text(const MountWish& value) {
    std::string text = "{ type = " + value_text(value.type);
    if (!value.source.empty()) text += ", source = " + value_text(value.source);
    text += ", target = " + value_text(value.target);
    if (!value.options.empty()) text += ", options = " + value_text(value.options);
    if (!value.size.empty()) text += ", size = " + value_text(value.size);
    if (value.mode != MountWish{}.mode) text += ", mode = " + octal(value.mode);
    if (!value.propagation.empty()) text += ", propagation = " + value_text(value.propagation);
    return text + " }";
}

std::string value_text(const RlimitWish& value) {
    return value.soft == value.hard ? limit_text(value.soft) : "[" + limit_text(value.soft) + ", " + limit_text(value.hard) + "]";
}

std::string value_text(const ServiceWish& value) {
    if (value.options.empty() && value.mode.empty()) return value_text(value.enabled);
    if (value.options.empty() && value.enabled) return value_text(value.mode);
    std::string text = "{ enabled = " + value_text(value.enabled);
    if (!value.mode.empty()) text += ", mode = " + value_text(value.mode);
    for (const auto& [option, word] : value.options) text += ", " + bare_or_quoted(option) + " = " + scalar_text(word);
    return text + " }";
}

std::string key_text(const std::string& table, const std::string& key) { return table + "." + bare_or_quoted(key); }

std::vector<Leaf> leaves(const Profile& profile) {
    Collect collect;
    base::for_each_leaf("", collect, profile);
    return std::move(collect.all);
}

std::string to_toml(const Profile& profile, const Profile& ground) {
    const std::vector<Leaf> all = leaves(profile);
    const auto line = [](const std::string& key, const std::string& value) { return key == "app.extends" ? "" : key + " = " + value + "\n"; };
    std::map<std::string, std::string> removed; // key → what of the ground's set is taken out, as its first words
    for (const Leaf& leaf : leaves(ground)) {
        const bool stays = std::any_of(all.begin(), all.end(), [&](const Leaf& one) { return one.key == leaf.key && one.value == leaf.value; });
        if (leaf.row->value.starts_with("set") && !stays) removed[leaf.key] += "\"!" + leaf.value.substr(1) + ", ";
    }
    std::string text = "schema = 1\n";
    // A list stands on one line; dotted keys below the root table need no order among the others.
    for (std::size_t at = 0; at < all.size();) {
        const Leaf& leaf = all[at];
        const bool is_set = leaf.row->value.starts_with("set") || leaf.key == "mount";
        std::string value = leaf.value;
        for (++at; at < all.size() && all[at].key == leaf.key; ++at) value += ", " + all[at].value;
        const auto words = removed.extract(leaf.key);
        text += line(leaf.key, is_set ? "[" + (words ? words.mapped() : "") + value + "]" : value);
    }
    for (const auto& [key, words] : removed) text += line(key, "[" + words + "]"); // a comma may stand behind the last
    return text;
}

} // namespace profile
