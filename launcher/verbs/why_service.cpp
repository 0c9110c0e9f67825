// [services]: what a preset gives as a whole, or one option of it.

#include "launcher/profile/check.hpp"
#include "launcher/profile/find.hpp"
#include "launcher/profile/print.hpp"
#include "launcher/profile/read.hpp"
#include "launcher/verbs/why.hpp"

#include <algorithm>

namespace verbs {
namespace {

using base::Error;
using base::Result;

Result<std::optional<profile::Service>> service_of(const World& world, const std::string& name) {
    profile::Files files;
    if (!profile::is_name(name)) return std::optional<profile::Service>{};
    const auto source = TRY(profile::strongest(files, search_folders(world), "services/" + name));
    if (!source) return std::optional<profile::Service>{};
    return std::optional(TRY(profile::read_service(source->document, source->layer)));
}

std::vector<std::string> names_of_services(const World& world) {
    profile::Files files;
    auto names = profile::names_of(files, search_folders(world), "services");
    return names ? std::move(names).value() : std::vector<std::string>(); // what is asked about is none of them then
}

Error unknown(std::string_view kind, const std::string& name, const std::vector<std::string>& known, const std::string& context) {
    Error error = profile::unknown(kind, name, std::vector<std::string_view>(known.begin(), known.end()), {}, context);
    error.failure = base::Failure::usage;
    return error;
}

} // namespace

bool is_service(const World& world, const std::string& word) {
    const auto names = names_of_services(world);
    return std::find(names.begin(), names.end(), word) != names.end();
}

std::string service_with_option(const World& world, const std::string& option) {
    for (const std::string& name : names_of_services(world))
        if (const auto service = service_of(world, name); service && service.value() && service.value()->options.contains(option)) return name;
    return {};
}

Result<Answer> why_service(const Question& question) {
    const auto dot = question.what.find('.');
    const std::string name = question.what.substr(0, dot), option = dot == std::string::npos ? "" : question.what.substr(dot + 1);
    const auto service = TRY(service_of(question.world, name));
    if (!service) return unknown("service", name, names_of_services(question.world), "");
    if (dot != std::string::npos && !service->options.contains(option)) {
        std::vector<std::string> options;
        for (const auto& [known, value] : service->options) options.push_back(known);
        return unknown("option", option, options, " of the service '" + name + "'");
    }
    if (!question.profile)
        return Error{.what = "of a running sandbox the plan is known, and no plan names a service", .advice = "ask about its app, or about a path, a name on a bus or a variable", .failure = base::Failure::usage};
    Answer answer;
    if (const auto wish = question.profile->services.find(name); wish != question.profile->services.end()) {
        const auto& options = wish->second.value.options; // with the service's own defaults
        const auto said = std::find_if(options.begin(), options.end(), [&](const auto& one) { return one.first == option; });
        answer.granted = wish->second.value.enabled && (option.empty() || (said != options.end() && said->second != "false"));
        answer.key = profile::key_text("services", name) + " = " + profile::value_text(wish->second.value);
        answer.origin = wish->second.origin();
    }
    answer.verdict = answer.granted ? "granted" : "denied";
    const std::string part = "what services/" + name + ".toml shows" + (option.empty() ? "" : " for '" + option + "'");
    answer.sees = answer.granted ? part + ", as far as this host has it" : "nothing of " + part + ", but what another line grants of it";
    const std::string key = "services." + question.what, value = answer.granted ? "false" : "true";
    answer.change = ways_to(question, "--set " + key + "=" + value, key + " = " + value);
    return answer;
}

} // namespace verbs
