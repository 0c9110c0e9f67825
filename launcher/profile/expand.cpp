#include "launcher/profile/expand.hpp"

#include "launcher/base/path.hpp"
#include "launcher/base/text.hpp"

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
        if (close == std::string_view::npos) return Error{.what = "'${" + std::string(text) + "' has no closing '}'"};
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

} // namespace profile
