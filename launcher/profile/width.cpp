#include "launcher/profile/width.hpp"

#include "launcher/base/text.hpp"

#include <algorithm>
#include <fnmatch.h>
#include <limits>
#include <optional>

namespace profile {
namespace {

// Both parts of a value: one that widens here and narrows there cannot be compared.
Width both(Width a, Width b) {
    if (a == b || b == Width::same) return a;
    return a == Width::same ? b : Width::unknown;
}

Width by_number(Wider wider, double from, double to) {
    if (from == to) return Width::same;
    return (to > from) == (wider == Wider::more) ? Width::wider : Width::narrower;
}

// Its place in the order; "*" stands for what is not named.
std::optional<std::size_t> rank(std::string_view order, std::string_view word) {
    const auto names = base::split(order, ' ');
    for (const std::string_view name : {word, std::string_view("*")})
        if (const auto found = std::find(names.begin(), names.end(), name); found != names.end())
            return static_cast<std::size_t>(found - names.begin());
    return std::nullopt;
}

// "4G", "150%", "1.5", "150000 100000", "max": only compared, never used. Nothing: no number.
std::optional<double> number(std::string_view text) {
    if (text == "max" || text == "infinity" || text.starts_with("max ")) return std::numeric_limits<double>::infinity();
    const auto parts = base::split(text, ' ');
    if (parts.size() == 2) {
        const auto over = number(parts[0]), under = number(parts[1]);
        return over && under && *under > 0 ? std::optional(*over / *under) : std::nullopt;
    }
    double factor = 1;
    constexpr std::string_view units = "KMGT";
    if (const auto unit = text.empty() ? std::string_view::npos : units.find(text.back()); unit != std::string_view::npos) {
        for (std::size_t step = 0; step <= unit; ++step) factor *= 1024;
        text.remove_suffix(1);
    } else if (text.ends_with('%')) {
        factor = 0.01;
        text.remove_suffix(1);
    }
    const auto point = text.find('.');
    const auto whole = base::whole_number(text.substr(0, point));
    if (!whole) return std::nullopt;
    double value = static_cast<double>(*whole);
    double unit = 0.1;
    for (const char digit : point == std::string_view::npos ? std::string_view() : text.substr(point + 1)) {
        if (digit < '0' || digit > '9') return std::nullopt;
        value += (digit - '0') * unit;
        unit /= 10;
    }
    return value * factor;
}

bool is_switch(const std::string& value) { return value == "true" || value == "false"; }

std::string option_of(const ServiceWish& wish, const std::string& name) {
    for (const auto& [option, value] : wish.options)
        if (option == name) return value;
    return {};
}

Width option_width(const std::string& from, const std::string& to) {
    if (from == to) return Width::same;
    if (!is_switch(to) && !to.empty()) return Width::unknown;
    return to == "true" ? Width::wider : Width::narrower;
}

bool has(const std::vector<std::string>& list, const std::string& word) { return std::find(list.begin(), list.end(), word) != list.end(); }

Width list_width(const std::vector<std::string>& from, const std::vector<std::string>& to) {
    const bool more = std::any_of(to.begin(), to.end(), [&](const std::string& one) { return !has(from, one); });
    const bool less = std::any_of(from.begin(), from.end(), [&](const std::string& one) { return !has(to, one); });
    return more && less ? Width::unknown : more ? Width::wider : less ? Width::narrower : Width::same;
}

bool is_glob(std::string_view text) { return text.find_first_of("*?[") != std::string_view::npos; }

} // namespace

Width width(const KeyRow& row, const std::string& from, const std::string& to) {
    if (from == to || row.wider == Wider::neither) return Width::same;
    if (row.wider == Wider::more || row.wider == Wider::less) {
        const auto a = number(from), b = number(to);
        return a && b ? by_number(row.wider, *a, *b) : Width::unknown;
    }
    if (row.wider == Wider::unknown) return Width::unknown;
    const auto a = rank(row.order, from), b = rank(row.order, to);
    if (!a || !b || *a == *b) return Width::unknown;
    return *b > *a ? Width::wider : Width::narrower;
}

Width width(const KeyRow& row, bool from, bool to) { return width(row, std::string(from ? "true" : "false"), std::string(to ? "true" : "false")); }

Width width(const KeyRow& row, std::uint32_t from, std::uint32_t to) { return width(row, std::to_string(from), std::to_string(to)); }

Width width(const KeyRow& row, const FileGrant& from, const FileGrant& to) {
    const Width access = width(row, from.access, to.access);
    if (from.exec == to.exec || to.access == FileAccess::deny) return access;
    return both(access, to.exec ? Width::wider : Width::narrower);
}

Width width(const KeyRow& row, const RlimitWish& from, const RlimitWish& to) {
    return both(by_number(row.wider, static_cast<double>(from.soft), static_cast<double>(to.soft)),
                by_number(row.wider, static_cast<double>(from.hard), static_cast<double>(to.hard)));
}

Width width(const KeyRow& row, const BusRule& from, const BusRule& to) {
    const Width access = from.access == to.access ? Width::same : width(row, from.access, to.access);
    return both(access, both(list_width(from.call, to.call), list_width(from.broadcast, to.broadcast)));
}

Width width(const KeyRow& row, const ServiceWish& from, const ServiceWish& to) {
    if (!from.enabled && !to.enabled) return Width::same;
    Width all = width(row, from.enabled, to.enabled);
    if (!from.enabled || !to.enabled) return all;
    if (from.mode != to.mode) all = Width::unknown;
    for (const auto& [option, value] : from.options) all = both(all, option_width(value, option_of(to, option)));
    for (const auto& [option, value] : to.options)
        if (option_of(from, option).empty()) all = both(all, option_width("", value));
    return all;
}

Width width(const KeyRow& row, const std::vector<std::string>& from, const std::vector<std::string>& to) {
    return from == to || row.wider == Wider::neither ? Width::same : Width::unknown;
}

Width width(const KeyRow& row, const std::vector<IdRange>& from, const std::vector<IdRange>& to) {
    return from == to || row.wider == Wider::neither ? Width::same : Width::unknown;
}

FileGrant lowest(const KeyRow&, const FileGrant& value, const FileGrant& max) {
    FileGrant low = value;
    low.access = std::min(value.access, max.access); // the enum counts from deny
    low.exec = value.exec && max.exec;
    return low;
}

RlimitWish lowest(const KeyRow&, const RlimitWish& value, const RlimitWish& max) {
    const std::uint64_t hard = std::min(value.hard, max.hard);
    return {std::min({value.soft, max.soft, hard}), hard};
}

// To whom may be spoken, all may be said; else what the ceiling names.
BusRule lowest(const KeyRow&, const BusRule& value, const BusRule& max) {
    BusRule low = value;
    low.access = std::min(value.access, max.access); // the enum counts from none
    if (max.access >= BusAccess::talk) return low;
    std::erase_if(low.call, [&](const std::string& rule) { return !has(max.call, rule); });
    std::erase_if(low.broadcast, [&](const std::string& rule) { return !has(max.broadcast, rule); });
    return low;
}

ServiceWish lowest(const KeyRow&, const ServiceWish& value, const ServiceWish& max) {
    ServiceWish low = value;
    low.enabled = value.enabled && max.enabled;
    if (!max.mode.empty()) low.mode = max.mode;
    for (const auto& [option, most] : max.options) {
        const auto found = std::find_if(low.options.begin(), low.options.end(), [&name = option](const auto& one) { return one.first == name; });
        if (found == low.options.end()) low.options.emplace_back(option, most);
        else if (option_width(most, found->second) != Width::narrower) found->second = most;
    }
    std::sort(low.options.begin(), low.options.end());
    return low;
}

bool covers(const std::string& allowed, const std::string& wish) {
    if (allowed == wish) return true;
    if (wish.starts_with(allowed + "(")) return true; // a call, and a call with arguments
    if (!is_glob(allowed)) return false;
    if (!is_glob(wish)) return fnmatch(allowed.c_str(), wish.c_str(), FNM_PATHNAME) == 0;
    // A glob within a glob: only "x*" is sure to hold all that begins with x.
    const std::string_view stem = std::string_view(allowed).substr(0, allowed.size() - 1);
    const std::string_view fixed = std::string_view(wish).substr(0, wish.find_first_of("*?["));
    return allowed.back() == '*' && !is_glob(stem) && fixed.starts_with(stem) && (allowed[0] != '/' || wish.find('/', stem.size()) == std::string::npos);
}

bool covers_name(const std::string& allowed, const std::string& wish) {
    if (allowed == wish || allowed == "*") return true;
    if (!allowed.ends_with(".*")) return false;
    const std::string stem = allowed.substr(0, allowed.size() - 2);
    return wish == stem || wish.starts_with(stem + ".");
}

} // namespace profile
