#include "launcher/profile/faults.hpp"

#include "launcher/profile/read.hpp"

#include <algorithm>

namespace profile {
namespace {

bool take_out_of(Node& node, const base::Origin& origin) {
    if (auto* table = std::get_if<Table>(&node.value)) return take_out(*table, origin);
    auto* array = std::get_if<Array>(&node.value);
    if (!array) return false;
    if (std::any_of(array->begin(), array->end(), [&](Node& item) { return take_out_of(item, origin); })) return true;
    return std::erase_if(*array, [&](const Node& item) { return item.origin == origin; }) != 0;
}

} // namespace

bool take_out(Table& document, const base::Origin& origin) {
    // The innermost first: a table may begin where its first key does.
    if (std::any_of(document.begin(), document.end(), [&](Entry& entry) { return take_out_of(entry.value, origin); })) return true;
    return std::erase_if(document, [&](const Entry& entry) { return entry.origin == origin || entry.value.origin == origin; }) != 0;
}

Profile read_each(Table document, Layer layer, std::vector<base::Error>& faults) {
    for (;;) {
        auto profile = read_profile(document, layer);
        if (profile.ok()) return std::move(profile).value();
        const base::Origin wrong = profile.error().origin;
        faults.push_back(std::move(profile).error());
        if (!take_out(document, wrong)) return {};
    }
}

bool take_out(Profile& profile, const base::Origin& origin) {
    bool found = false;
    const auto stands_there = [&](const auto& item) { return item.set() && item.origin() == origin; };
    base::for_each_leaf("", [&]<class T>(const std::string&, T& member) {
        if constexpr (requires { member.history; }) {
            if (!stands_there(member)) return;
            member = T{};
            found = true;
        } else if constexpr (requires { member.begin()->history; }) {
            found = std::erase_if(member, stands_there) != 0 || found;
        } else {
            found = std::erase_if(member, [&](const auto& entry) { return stands_there(entry.second); }) != 0 || found;
        }
    }, profile);
    return found;
}

} // namespace profile
