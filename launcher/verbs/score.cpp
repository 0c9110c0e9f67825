#include "launcher/verbs/score.hpp"

#include "launcher/base/json.hpp"
#include "launcher/base/text.hpp"
#include "launcher/profile/exposure.hpp"
#include "launcher/verbs/profiles.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <optional>

namespace verbs {
namespace {

using base::Error;
using base::Result;

constexpr std::array rows{
    OptionRow{"--threshold", 0, "SCORE", "status 1 when the score is above it, as 4.5"},
    OptionRow{"--all", 'a', "", "also the rows that add nothing"},
    set_row, json_row,
};

std::string one_decimal(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", value);
    return text;
}

// "4" or "4.5", from 0 to 10.
std::optional<double> threshold(const std::string& text) {
    const auto point = text.find('.');
    const auto whole = base::whole_number(text.substr(0, point), 10);
    const std::string digits = point == std::string::npos ? "0" : text.substr(point + 1);
    if (!whole || digits.size() != 1 || digits[0] < '0' || digits[0] > '9') return std::nullopt;
    const double value = static_cast<double>(*whole) + (digits[0] - '0') / 10.0;
    return value <= 10 ? std::optional(value) : std::nullopt;
}

std::string_view verdict(double score) { return score < 2 ? "tight" : score < 4 ? "good" : score < 6 ? "fair" : score < 8 ? "wide" : "open"; }

std::string as_json(const std::string& name, std::span<const profile::Exposure> exposures, double score) {
    base::Json json;
    json.open('{');
    json.key("profile");
    json.string(name);
    json.key("score");
    json.number_or_string(one_decimal(score));
    json.key("verdict");
    json.string(verdict(score));
    json.key("rows");
    json.open('[');
    for (const profile::Exposure& one : exposures) {
        json.element();
        json.open('{');
        json.key("name");
        json.string(one.name);
        json.key("weight");
        json.number_or_string(one_decimal(one.weight / 10));
        json.key("exposure");
        json.number_or_string(one_decimal(one.weight * one.part / 10));
        json.key("reason");
        json.string(one.reason);
        json.key("origin");
        json.string(to_text(one.origin));
        json.close('}');
    }
    json.close(']');
    json.close('}');
    return json.take();
}

} // namespace

std::span<const OptionRow> score_options() { return rows; }

Result<Outcome> score(const World& world, const Parsed& parsed) {
    if (parsed.rest.size() != 1) return Error{.what = "expected one profile", .advice = "see sandbox score --help", .failure = base::Failure::usage};
    const auto most = parsed.has("--threshold") ? threshold(parsed.last("--threshold")) : std::optional(10.0);
    if (!most) return Error{.what = "--threshold: expected a number from 0 to 10, as 4.5", .advice = "0 is the tightest", .failure = base::Failure::usage};
    const auto exposures = profile::exposures(TRY(profile::load(TRY(profile_request(world, parsed.rest[0], parsed)))));
    // What is printed is what is compared.
    const double total = std::round(profile::score(exposures) * 10) / 10;
    Outcome outcome;
    outcome.status = total > *most ? 1 : 0;
    if (parsed.has("--json")) {
        outcome.output = as_json(parsed.rest[0], exposures, total);
        return outcome;
    }
    for (const profile::Exposure& one : exposures) {
        const std::string points = one_decimal(one.weight * one.part / 10);
        if (points == "0.0" && !parsed.has("--all")) continue;
        std::string line = points + " of " + one_decimal(one.weight / 10) + "  " + std::string(one.name);
        line.resize(std::max<std::size_t>(line.size() + 2, 32), ' ');
        outcome.output += line + base::escaped(one.reason) + (one.origin.file.empty() ? "" : " [" + base::escaped(to_text(one.origin)) + "]") + "\n";
    }
    outcome.output += one_decimal(total) + " of 10: " + std::string(verdict(total)) + "\n";
    return outcome;
}

} // namespace verbs
