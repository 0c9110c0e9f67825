#include "launcher/profile/expand.hpp"

#include "launcher/base/path.hpp"
#include "launcher/base/text.hpp"
#include "launcher/profile/print.hpp"
#include "launcher/profile/width.hpp"

#include <algorithm>
#include <vector>

namespace profile {

using base::Error;
using base::Result;

namespace {

Layer layer_of(const Item<FileGrant>& grant) {
    return grant.history.empty() ? Layer::builtin : grant.history.back().layer;
}

Result<std::string> expanded_path(const std::string& text, const Places& places) {
    return base::normalised(TRY(expand(text, places)));
}

// `weaker` and `stronger` are grants of one path; all of their history is kept.
Item<FileGrant> joined(const Item<FileGrant>& weaker, Item<FileGrant> stronger) {
    stronger.history.insert(stronger.history.begin(), weaker.history.begin(), weaker.history.end());
    return stronger;
}

} // namespace

Result<std::string> expand(std::string_view text, const Places& places) {
    std::string out;
    for (;;) {
        const auto open = text.find("${");
        out += text.substr(0, open);
        if (open == std::string_view::npos) return out;
        text.remove_prefix(open + 2);
        const auto close = text.find('}');
        if (close == std::string_view::npos) return Error{.what = "'${" + std::string(text) + "' has no closing '}'", .advice = "as \"${HOME}/notes\""};
        const std::string_view name = text.substr(0, close);
        const auto place = places.find(name);
        if (place == places.end()) {
            std::vector<std::string_view> known;
            for (const auto& [each, path] : places) known.push_back(each);
            return Error{.what = "unknown place '" + std::string(name) + "'",
                         .advice = base::did_you_mean(name, known)};
        }
        out += place->second;
        text.remove_prefix(close + 1);
    }
}

Result<Map<FileGrant>> expand_files(const Map<FileGrant>& files, const Places& places) {
    Map<FileGrant> expanded;
    for (const auto& [text, grant] : files) {
        auto path = expanded_path(text, places);
        if (!path.ok()) {
            path.error().origin = grant.origin();
            return std::move(path).error();
        }
        const auto [present, added] = expanded.emplace(path.value(), grant);
        if (added) continue;
        Item<FileGrant>& other = present->second;
        if (layer_of(other) == layer_of(grant) && other.value != grant.value)
            return Error{.what = "'" + text + "' is '" + path.value() + "', which has another value at " +
                                 to_text(other.origin()),
                         .advice = "remove one of the two",
                         .origin = grant.origin()};
        other = layer_of(other) > layer_of(grant) ? joined(grant, other) : joined(other, grant);
    }
    return expanded;
}

const Item<FileGrant>* nearest(const Map<FileGrant>& files, std::string_view path) {
    for (;;) {
        if (const auto found = files.find(std::string(path)); found != files.end()) return &found->second;
        if (path == "/" || path.find('/') == std::string_view::npos) return nullptr; // a place, "${HOME}", stands at the top
        path = base::parent_of(path);
    }
}

Map<FileGrant> bounded_files(Map<FileGrant> files, const Map<FileGrant>& ceiling, std::vector<Limitation>& limited) {
    if (ceiling.empty()) return files;
    const auto setting = [](const Item<FileGrant>& most) { return Setting{Layer::ceiling, most.origin(), most.history.back().value}; };
    Map<FileGrant> bounded = files;
    for (auto& [path, item] : bounded) {
        const Item<FileGrant>* most = nearest(ceiling, path);
        if (!most) continue;
        const FileGrant low = lowest(*find_key("files.*"), item.value, most->value);
        if (low == item.value) continue;
        limited.push_back({key_text("files", path), item.history.back(), value_text(low), most->origin()});
        item.value = low;
        item.history.push_back(setting(*most));
    }
    for (const auto& [path, most] : ceiling) {
        if (bounded.contains(path)) continue;
        const Item<FileGrant>* above = nearest(files, path);
        // Denied is denied by whatever it would be shown; the rest only needs a word below a wider grant.
        const bool wider = above && width(*find_key("files.*"), most.value, above->value) != Width::narrower && above->value.access != FileAccess::deny;
        if (most.value.access != FileAccess::deny && !wider) continue;
        FileGrant low = above && most.value.access != FileAccess::deny ? lowest(*find_key("files.*"), above->value, most.value) : most.value;
        low.optional = true;
        low.create = false;
        if (above && !above->value.target.empty()) {
            // Seen elsewhere with the folder above it, and so narrowed there.
            const auto owner = std::find_if(files.begin(), files.end(), [&](const auto& entry) { return &entry.second == above; });
            low.target = above->value.target + path.substr(owner->first == "/" ? 0 : owner->first.size());
        }
        bounded.emplace(path, Item<FileGrant>{low, {setting(most)}});
    }
    return bounded;
}

} // namespace profile
