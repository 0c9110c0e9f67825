#include "launcher/profile/services.hpp"

#include "launcher/profile/check.hpp"
#include "launcher/profile/find.hpp"
#include "launcher/profile/read.hpp"

#include <algorithm>

namespace profile {
namespace {

using base::Error;
using base::Result;

template <class T>
std::vector<std::string_view> keys_of(const std::map<std::string, T>& map) {
    std::vector<std::string_view> keys;
    keys.reserve(map.size());
    for (const auto& [key, value] : map) keys.push_back(key);
    return keys;
}

Error unknown_service(Files& files, const std::vector<SearchFolder>& folders, const std::string& name, const base::Origin& origin) {
    std::vector<std::string> known;
    // Only for the near match: a folder that cannot be read has none.
    if (auto names = names_of(files, folders, "services"); names.ok()) known = std::move(names).value();
    return unknown("service", name, std::vector<std::string_view>(known.begin(), known.end()), origin);
}

Result<Service> open_service(Files& files, const std::vector<SearchFolder>& folders, const std::string& name,
                             const base::Origin& origin) {
    if (!is_name(name)) return unknown_service(files, folders, name, origin);
    const auto source = TRY(strongest(files, folders, "services/" + name));
    if (!source) return unknown_service(files, folders, name, origin);
    return read_service(source->document, source->layer);
}

Error no_switch(const std::string& service, const std::string& option, const std::string& value,
                const base::Origin& origin) {
    return {.what = "'" + option + "' of the service '" + service + "': expected true or false, found '" + value + "'",
            .origin = origin};
}

// The options of the wish over the defaults of the service.
Result<void> complete(ServiceWish& wish, const Service& service, const std::string& name, const base::Origin& origin) {
    std::map<std::string, std::string> options = service.options;
    for (const auto& [option, value] : wish.options) {
        const auto found = options.find(option);
        if (found == options.end())
            return unknown("option", option, keys_of(service.options), origin, " of the service '" + name + "'");
        const bool is_switch = found->second == "true" || found->second == "false";
        if (is_switch && value != "true" && value != "false") return no_switch(name, option, value, origin);
        found->second = value;
    }
    wish.options.assign(options.begin(), options.end());
    return {};
}

} // namespace

Result<std::vector<Profile>> load_services(Files& files, const std::vector<SearchFolder>& folders, Map<ServiceWish>& wishes) {
    std::vector<Profile> fragments;
    for (auto& [name, item] : wishes) {
        // Read also when it is off: a misspelt name must not pass because it says false.
        Service service = TRY(open_service(files, folders, name, item.origin()));
        ServiceWish& wish = item.value;
        TRY(complete(wish, service, name, item.origin()));
        const auto mode = service.modes.find(wish.mode);
        if (!wish.mode.empty() && mode == service.modes.end())
            return service.modes.empty() ? Error{.what = "the service '" + name + "' has no modes, and '" + wish.mode + "' is one", .advice = "write true or false", .origin = item.origin()}
                                         : unknown("mode", wish.mode, keys_of(service.modes), item.origin(), " of the service '" + name + "'");
        if (!wish.enabled) continue;
        fragments.push_back(std::move(service.always));
        if (mode != service.modes.end()) fragments.push_back(std::move(mode->second));
        for (const auto& [option, value] : wish.options)
            if (value == "true" && service.when.contains(option))
                fragments.push_back(std::move(service.when.at(option)));
    }
    return fragments;
}

Result<void> check_required(Files& files, const std::vector<SearchFolder>& folders, const Profile& profile) {
    for (const Item<std::string>& required : profile.require.services)
        if (!profile.services.contains(required.value)) TRY(open_service(files, folders, required.value, required.origin()));
    return {};
}

} // namespace profile
