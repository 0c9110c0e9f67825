#include "launcher/verbs/features.hpp"

#include "launcher/base/json.hpp"
#include "launcher/plan/plan.hpp"

#include <array>
#include <utility>

#ifndef SANDBOX_VERSION
#error "meson defines the version"
#endif

namespace verbs {
namespace {

using base::Error;
using base::Result;

constexpr std::array rows{OptionRow{"--json", 0, "", "as one JSON document"}};

/// What stands behind one Plan: the same Plan runs with each of them, as the host has it.
constexpr std::array<std::string_view, 3> group_backends{"systemd", "delegated", "none"};
constexpr std::array<std::string_view, 2> network_stacks{"pasta", "slirp4netns"};
constexpr std::array<std::string_view, 8> namespaces{"user", "mount", "pid", "ipc", "uts", "cgroup", "net", "time"};
constexpr std::array<std::string_view, 4> defences{"capabilities", "landlock", "no_new_privs", "seccomp"};

template <std::size_t... index>
std::vector<std::string_view> mount_kinds(std::index_sequence<index...>) {
    return {std::variant_alternative_t<index, plan::Mount>::kind...};
}

struct Feature {
    std::string_view name;
    std::vector<std::string_view> values;
};

template <class List>
std::vector<std::string_view> listed(const List& list) {
    return {list.begin(), list.end()};
}

std::vector<Feature> all() {
    std::vector<std::string_view> verbs;
    for (const Verb& verb : all_verbs()) verbs.push_back(verb.name);
    return {
        {"control-groups", listed(group_backends)},
        {"limits", listed(base::EnumNames<plan::Requirement>::names)},
        {"networks", listed(base::EnumNames<plan::NetworkMode>::names)},
        {"network-stacks", listed(network_stacks)},
        {"namespaces", listed(namespaces)},
        {"namespace-modes", listed(base::EnumNames<plan::NamespaceMode>::names)},
        {"mounts", mount_kinds(std::make_index_sequence<std::variant_size_v<plan::Mount>>())},
        {"defences", listed(defences)},
        {"verbs", std::move(verbs)},
    };
}

} // namespace

std::span<const OptionRow> features_options() { return rows; }

Result<Outcome> features(const World&, const Parsed& parsed) {
    if (!parsed.rest.empty())
        return Error{.what = "'" + parsed.rest[0] + "': features takes no argument", .advice = "see sandbox features --help", .failure = base::Failure::usage};
    Outcome outcome;
    base::Json json;
    std::string text = "type sandbox\nversion " SANDBOX_VERSION "\n";
    json.open('{');
    json.key("type");
    json.string("sandbox");
    json.key("version");
    json.string(SANDBOX_VERSION);
    for (const Feature& feature : all()) {
        json.key(feature.name);
        json.open('[');
        text += feature.name;
        for (const std::string_view value : feature.values) {
            json.element();
            json.string(value);
            (text += ' ') += value;
        }
        json.close(']');
        text += '\n';
    }
    json.close('}');
    outcome.output = parsed.has("--json") ? json.take() : text;
    return outcome;
}

} // namespace verbs
