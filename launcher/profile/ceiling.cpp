#include "launcher/profile/ceiling.hpp"

#include "launcher/profile/check.hpp"
#include "launcher/profile/find.hpp"
#include "launcher/profile/print.hpp"
#include "launcher/profile/read.hpp"
#include "launcher/profile/services.hpp"
#include "launcher/profile/width.hpp"

#include <algorithm>
#include <array>

namespace profile {
namespace {

using base::Error;
using base::Result;

// The keys of [max], with dots. A value that is a table is entered only where it is one of ours.
void collect(const std::string& prefix, const Table& table, std::map<std::string, base::Origin>& said) {
    for (const Entry& entry : table) {
        const std::string key = prefix.empty() ? entry.key : prefix + "." + entry.key;
        const auto* inner = std::get_if<Table>(&entry.value.value);
        if (inner && !find_key(key)) collect(key, *inner, said);
        else said.emplace(key, entry.origin);
    }
}

Result<void> refuse_unbounded(const std::string& key, const base::Origin& origin) {
    const KeyRow* row = find_key(key);
    if (!row || (row->wider != Wider::neither && row->wider != Wider::unknown)) return {};
    return Error{.what = "'" + key + "' cannot have a ceiling: no value of it is known to be wider than another",
                 .advice = "remove it from [max]", .origin = origin};
}

Result<void> refuse_removals(const Profile& max) {
    Result<void> result;
    base::for_each_leaf("", [&]<class T>(const std::string& key, const T& member) {
        if constexpr (std::is_same_v<T, Set>)
            for (const auto& item : member)
                if (item.value.starts_with('!') && result.ok())
                    result = Error{.what = "'" + key + "': a ceiling takes nothing out, found '" + item.value + "'", .origin = item.origin()};
    }, max);
    return result;
}

// One pass over a profile and its ceiling, key by key.
class Bound {
public:
    Bound(const Ceiling& ceiling, std::vector<Limitation>& limited) : ceiling_(ceiling), limited_(limited) {}

    template <class T>
    void operator()(const std::string& key, Item<T>& item, const Item<T>& max) {
        const KeyRow* row = find_key(key);
        if (!row || !max.set()) return;
        // Unset, it has the value of the row: said aloud, so that no other key can mean something else by it.
        if (!item.set() && !row->unset.empty()) item.value = unset_value<T>(*row);
        lower(key, *row, item, max);
    }

    void operator()(const std::string& key, Set& set, const Set& max) {
        const KeyRow* row = find_key(key);
        const auto said = ceiling_.said.find(key);
        if (!row || said == ceiling_.said.end()) return;
        if (row->wider == Wider::less) return add(set, max);
        std::erase_if(set, [&](const Item<std::string>& item) {
            if (std::any_of(max.begin(), max.end(), [&](const auto& one) { return covers(one.value, item.value); })) return false;
            limited_.push_back({key, item.history.back(), "", said->second});
            return true;
        });
    }

    void operator()(const std::string& key, std::vector<Item<MountWish>>& mounts, const std::vector<Item<MountWish>>& max) {
        const auto said = ceiling_.said.find(key);
        if (said == ceiling_.said.end()) return;
        std::erase_if(mounts, [&](const Item<MountWish>& item) {
            if (std::any_of(max.begin(), max.end(), [&](const auto& one) { return one.value == item.value; })) return false;
            limited_.push_back({key, item.history.back(), "", said->second});
            return true;
        });
    }

    template <class T>
    void operator()(const std::string& key, Map<T>& map, const Map<T>& max) {
        if (key == "files") return; // by where its paths lead: see the header
        if constexpr (std::is_same_v<T, BusRule>) {
            bus(key, map, max);
        } else {
            for (const auto& [name, most] : max) {
                const KeyRow* row = find_key(key + "." + name);
                const auto found = map.find(name);
                if (found != map.end()) lower(key_text(key, name), *row, found->second, most);
                else if (is_bound_absent(key)) map.emplace(name, Item<T>{most.value, {as_ceiling(most)}});
            }
        }
    }

private:
    static Setting as_ceiling(const auto& max) { return {Layer::ceiling, max.origin(), max.history.back().value}; }

    // What is not limited is as wide as can be; what is not granted is as narrow as can be.
    static bool is_bound_absent(const std::string& table) { return table == "limits" || table == "rlimits"; }

    template <class T>
    void lower(const std::string& key, const KeyRow& row, Item<T>& item, const Item<T>& max) {
        const T low = lowest(row, item.value, max.value);
        if (item.set() && low == item.value) return;
        if (item.set()) limited_.push_back({key, item.history.back(), value_text(low), max.origin()});
        item.value = low;
        item.history.push_back(as_ceiling(max));
    }

    // A ceiling on what narrows is a floor: each of its items holds, whoever took it out.
    static void add(Set& set, const Set& max) {
        for (const auto& most : max)
            if (std::none_of(set.begin(), set.end(), [&](const auto& item) { return item.value == most.value; }))
                set.push_back({most.value, {as_ceiling(most)}});
    }

    // By the nearest rule above the name, and by every one below it: what "org.*" says holds for each name in it.
    void bus(const std::string& key, Map<BusRule>& map, const Map<BusRule>& max) {
        for (auto& [name, item] : map) {
            const Item<BusRule>* nearest = nullptr;
            std::string nearest_name;
            for (const auto& [rule, most] : max) {
                if (covers_name(name, rule) && rule != name) lower(key_text(key, name), *find_key(key + "." + name), item, most);
                if (covers_name(rule, name) && (!nearest || rule.size() > nearest_name.size())) {
                    nearest = &most;
                    nearest_name = rule;
                }
            }
            if (nearest) lower(key_text(key, name), *find_key(key + "." + name), item, *nearest);
        }
    }

    const Ceiling& ceiling_;
    std::vector<Limitation>& limited_;
};

} // namespace

Result<std::optional<Ceiling>> read_ceiling(Files& files, const std::vector<SearchFolder>& folders) {
    const auto folder = std::find_if(folders.begin(), folders.end(), [](const SearchFolder& one) { return one.layer == Layer::administrator; });
    if (folder == folders.end()) return std::optional<Ceiling>{};
    const auto source = TRY(open_source(files, base::joined(folder->path.text, "policy.toml"), Layer::ceiling));
    if (!source) return std::optional<Ceiling>{};
    Ceiling ceiling;
    for (const Entry& entry : source->document) {
        if (entry.key == "schema" || entry.key.starts_with("x-")) continue;
        constexpr std::array<std::string_view, 2> known{"schema", "max"};
        const auto* table = std::get_if<Table>(&entry.value.value);
        if (entry.key != "max") return unknown("key", entry.key, known, entry.origin, " of a policy");
        if (!table) return Error{.what = "'max': expected a table, found " + std::string(kind_of(entry.value)), .advice = "as [max.limits] and its lines", .origin = entry.value.origin};
        ceiling.max = TRY(read_profile(*table, Layer::ceiling));
        collect("", *table, ceiling.said);
    }
    for (const auto& [key, origin] : ceiling.said) TRY(refuse_unbounded(key, origin));
    TRY(refuse_removals(ceiling.max));
    Map<ServiceWish> services = ceiling.max.services;
    TRY(load_services(files, folders, services)); // a misspelt one would forbid nothing
    return std::optional(std::move(ceiling));
}

void bound(Map<ServiceWish>& wishes, const Ceiling& ceiling, std::vector<Limitation>& limited) {
    Bound(ceiling, limited)("services", wishes, ceiling.max.services);
}

void bound(Profile& profile, const Ceiling& ceiling) {
    const Map<ServiceWish> services = profile.services; // bounded already, and told
    Bound bound(ceiling, profile.limited);
    base::for_each_leaf("", bound, profile, ceiling.max);
    profile.services = services;
    profile.files_ceiling = ceiling.max.files;
}

std::string to_text(const Limitation& limitation) {
    const std::string effect = limitation.effective.empty() ? ": " + limitation.wished.value + " is not let through by " : " is limited to " + limitation.effective + " by ";
    return limitation.key + effect + to_text(limitation.ceiling);
}

} // namespace profile
