#include "launcher/verbs/doctor.hpp"

#include "launcher/base/json.hpp"
#include "launcher/base/text.hpp"
#include "launcher/verbs/colour.hpp"
#include "launcher/verbs/profiles.hpp"

#include <algorithm>
#include <array>

namespace verbs {
namespace {

using base::Error;
using base::Result;

constexpr std::array rows{OptionRow{"--quiet", 'q', "", "only what is not fine"}, json_row};

struct Examined {
    std::string_view name;
    Diagnosis diagnosis;
};

Colour colour_of(Health health) {
    switch (health) {
    case Health::fine: return Colour::green;
    case Health::costs: return Colour::yellow;
    case Health::forbids: return Colour::red;
    }
    __builtin_unreachable();
}

std::string as_json(std::span<const Examined> all) {
    base::Json json;
    json.open('[');
    for (const Examined& one : all) {
        json.element();
        json.open('{');
        for (const auto& [key, value] : {std::pair<std::string_view, std::string_view>{"name", one.name}, {"health", base::name_of(one.diagnosis.health)},
                                         {"says", one.diagnosis.says}, {"cost", one.diagnosis.cost}, {"mend", one.diagnosis.mend}}) {
            json.key(key);
            json.string(value);
        }
        json.close('}');
    }
    json.close(']');
    return json.take();
}

std::string as_text(const World& world, const Examined& one) {
    std::string word(base::name_of(one.diagnosis.health));
    const std::string gap(9 - word.size(), ' ');
    std::string text = coloured(world, word, colour_of(one.diagnosis.health)) + gap + std::string(one.name) + ": " + base::escaped(one.diagnosis.says) + "\n";
    if (!one.diagnosis.cost.empty()) text += "         cost: " + base::escaped(one.diagnosis.cost) + "\n";
    if (!one.diagnosis.mend.empty()) text += "         mend: " + base::escaped(one.diagnosis.mend) + "\n";
    return text;
}

} // namespace

std::span<const OptionRow> doctor_options() { return rows; }

Result<Outcome> doctor(const World& world, const Parsed& parsed) {
    if (!parsed.rest.empty()) return Error{.what = "'" + parsed.rest[0] + "': doctor takes no name", .advice = "see sandbox doctor --help", .failure = base::Failure::usage};
    std::vector<Examined> all;
    for (const std::span<const DoctorRow> part : {kernel_rows(), session_rows()})
        for (const DoctorRow& row : part) {
            world.progress("looking at " + std::string(row.name));
            all.push_back({row.name, row.examine(world)});
        }
    const bool forbidden = std::any_of(all.begin(), all.end(), [](const Examined& one) { return one.diagnosis.health == Health::forbids; });
    if (parsed.has("--quiet")) std::erase_if(all, [](const Examined& one) { return one.diagnosis.health == Health::fine; });
    Outcome outcome;
    outcome.status = forbidden ? 1 : 0;
    if (parsed.has("--json")) outcome.output = as_json(all);
    else
        for (const Examined& one : all) outcome.output += as_text(world, one);
    return outcome;
}

} // namespace verbs
