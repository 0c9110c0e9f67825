#include "launcher/profile/merge.hpp"

#include <algorithm>

namespace profile {
namespace {

void remember(std::vector<Setting>& history, const std::vector<Setting>& more) {
    history.insert(history.end(), more.begin(), more.end());
}

template <class T>
void replace(T& into, const T& over) {
    into = over;
}

// `audio = { microphone = true }` tunes; `audio = true` starts afresh.
void replace(ServiceWish& into, const ServiceWish& over) {
    if (over.options.empty()) {
        into = over;
        return;
    }
    into.enabled = over.enabled;
    if (!over.mode.empty()) into.mode = over.mode;
    for (const auto& option : over.options) {
        const auto found = std::find_if(into.options.begin(), into.options.end(),
                                        [&](const auto& present) { return present.first == option.first; });
        if (found == into.options.end())
            into.options.push_back(option);
        else
            found->second = option.second;
    }
    std::sort(into.options.begin(), into.options.end());
}

// A word says all about a name; a table that says no access adds to what a weaker layer said.
void replace(BusRule& into, const BusRule& over) {
    if (over.access != BusAccess::none || (over.call.empty() && over.broadcast.empty())) {
        into = over;
        return;
    }
    const auto add = [](std::vector<std::string>& to, const std::vector<std::string>& from) {
        for (const std::string& rule : from)
            if (std::find(to.begin(), to.end(), rule) == to.end()) to.push_back(rule);
    };
    add(into.call, over.call);
    add(into.broadcast, over.broadcast);
}

template <class T>
void fold(Item<T>& into, const Item<T>& over) {
    if (!over.set()) return;
    replace(into.value, over.value);
    remember(into.history, over.history);
}

void fold(Set& into, const Set& over) {
    for (const Item<std::string>& item : over) {
        const bool removes = item.value.starts_with('!');
        const std::string_view word = std::string_view(item.value).substr(removes ? 1 : 0);
        const auto found =
            std::find_if(into.begin(), into.end(), [&](const auto& present) { return present.value == word; });
        if (removes && found != into.end()) into.erase(found);
        if (removes) continue;
        if (found == into.end())
            into.push_back(item);
        else
            remember(found->history, item.history);
    }
}

template <class T>
void fold(Map<T>& into, const Map<T>& over) {
    for (const auto& [key, item] : over) fold(into[key], item);
}

void fold(std::vector<Item<MountWish>>& into, const std::vector<Item<MountWish>>& over) {
    for (const Item<MountWish>& item : over) {
        const auto same =
            std::find_if(into.begin(), into.end(), [&](const auto& present) { return present.value == item.value; });
        if (same == into.end())
            into.push_back(item);
        else
            remember(same->history, item.history);
    }
}

template <base::HasFields T>
void fold(T& into, const T& over) {
    std::apply([&](const auto&... field) { (fold(into.*(field.member), over.*(field.member)), ...); }, T::fields());
}

} // namespace

void merge(Profile& into, const Profile& over) {
    if (!over.file.empty()) into.file = over.file;
    fold(into, over);
}

void merge(Map<ServiceWish>& into, const Map<ServiceWish>& over) {
    fold(into, over);
}

} // namespace profile
