#include "launcher/profile/write.hpp"

#include "launcher/profile/document.hpp"

#include <algorithm>
#include <cstdio>

namespace profile {
namespace {

// ---- A value, on one line ---------------------------------------------------------------------------------------

std::string text_of(std::string_view, const std::string& value) { return to_toml(value); }
std::string text_of(std::string_view, bool value) { return value ? "true" : "false"; }
std::string text_of(std::string_view key, std::uint32_t value) {
    if (key != "umask" && key != "mode") return std::to_string(value);
    char octal[16];
    std::snprintf(octal, sizeof octal, "\"%04o\"", value);
    return octal;
}
template <base::NamedEnum T>
std::string text_of(std::string_view, T value) {
    return to_toml(base::name_of(value));
}

std::string limit_text(std::uint64_t value) { return value == UINT64_MAX ? "\"infinity\"" : std::to_string(value); }
std::string text_of(std::string_view, const RlimitWish& value) {
    return "[" + limit_text(value.soft) + ", " + limit_text(value.hard) + "]";
}

std::string text_of(std::string_view, const ServiceWish& value) { return to_toml(value); }

template <class T>
std::string text_of(std::string_view key, const std::vector<T>& list);

/// A table of what is not as it is without a word (FileGrant, IdRange).
template <base::HasFields T>
std::string text_of(std::string_view, const T& value) {
    const T otherwise{};
    std::string out;
    base::for_each_field(value, [&](const auto& field, const auto& member) {
        if constexpr (std::is_same_v<T, FileGrant>) {
            if (std::string_view(field.name) != "access" && member == otherwise.*(field.member)) return;
        }
        out += (out.empty() ? "{ " : ", ") + std::string(field.name) + " = " + text_of(field.name, member);
    });
    return out + " }";
}

template <class T>
std::string text_of(std::string_view key, const std::vector<T>& list) {
    std::string out = "[";
    for (const T& value : list) out += (out.size() > 1 ? ", " : "") + text_of(key, value);
    return out + "]";
}

/// A path alone is enough where nothing but the access is said.
std::string grant_text(const FileGrant& value) {
    return value == FileGrant{.access = value.access} ? text_of("access", value.access) : text_of("", value);
}

// ---- Tables -----------------------------------------------------------------------------------------------------

class Writer {
public:
    std::string take() { return std::move(text_); }

    template <base::HasFields T>
    void tables(const T& part, const T& ground, const std::string& path) {
        // Keys of this table first: a header opens another, and what follows it belongs there.
        base::for_each_field(part, [&](const auto& field, const auto& member) { line(path, field.name, member, ground.*(field.member)); });
        base::for_each_field(part, [&](const auto& field, const auto& member) {
            table((path.empty() ? "" : path + ".") + field.name, member, ground.*(field.member));
        });
    }

private:
    void entry(const std::string& path, const std::string& key, const std::string& value) {
        if (path != open_) {
            text_ += "\n[" + path + "]\n";
            open_ = path;
        }
        text_ += key + " = " + value + "\n";
    }

    // Keys that stand for one value, or a set; all others are tables.
    template <class T>
    void line(const std::string& path, const char* key, const Item<T>& item, const Item<T>&) {
        if (item.set()) entry(path, key, text_of(key, item.value));
    }
    void line(const std::string& path, const char* key, const Set& set, const Set& ground) {
        if (path == "app" && std::string_view(key) == "extends") return; // folded in
        std::vector<std::string> words;
        const auto in = [](const Set& where, const std::string& word) {
            return std::any_of(where.begin(), where.end(), [&](const auto& item) { return item.value == word; });
        };
        for (const auto& item : ground)
            if (!in(set, item.value)) words.push_back("!" + item.value);
        for (const auto& item : set) words.push_back(item.value);
        if (!words.empty()) entry(path, key, text_of(key, words));
    }
    template <class T>
    void line(const std::string&, const char*, const T&, const T&) {}

    template <base::HasFields T>
    void table(const std::string& path, const T& part, const T& ground) {
        tables(part, ground, path);
    }
    template <class T>
    void table(const std::string& path, const Map<T>& map, const Map<T>&) {
        for (const auto& [key, item] : map) {
            if constexpr (std::is_same_v<T, FileGrant>) entry(path, to_toml(key), grant_text(item.value));
            else entry(path, to_toml(key), text_of(path, item.value));
        }
    }
    void table(const std::string& path, const std::vector<Item<MountWish>>& mounts, const std::vector<Item<MountWish>>&) {
        const MountWish otherwise{};
        for (const auto& item : mounts) {
            text_ += "\n[[" + path + "]]\n";
            open_ = path;
            base::for_each_field(item.value, [&](const auto& field, const auto& member) {
                if (member != otherwise.*(field.member)) entry(path, field.name, text_of(field.name, member));
            });
        }
    }
    template <class T>
    void table(const std::string&, const Item<T>&, const Item<T>&) {}
    void table(const std::string&, const Set&, const Set&) {}
    void table(const std::string&, const std::string&, const std::string&) {}

    std::string text_;
    std::string open_; ///< the table that the next line belongs to
};

} // namespace

std::string to_toml(const Profile& profile, const Profile& ground) {
    Writer writer;
    writer.tables(profile, ground, "");
    return "schema = 1\n" + writer.take();
}

// `true`, or a table of all that tunes it: fewer words would start from other defaults.
std::string to_toml(const ServiceWish& wish) {
    if (wish.mode.empty() && wish.options.empty()) return wish.enabled ? "true" : "false";
    std::string out = std::string("{ enabled = ") + (wish.enabled ? "true" : "false");
    if (!wish.mode.empty()) out += ", mode = " + to_toml(wish.mode);
    for (const auto& [name, option] : wish.options) {
        const bool boolean = option == "true" || option == "false";
        out += ", " + to_toml(name) + " = " + (boolean ? option : to_toml(option));
    }
    return out + " }";
}

} // namespace profile
