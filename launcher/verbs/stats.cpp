#include "launcher/verbs/stats.hpp"

#include "launcher/base/text.hpp"
#include "launcher/instance/cgroup.hpp"
#include "launcher/instance/control.hpp"
#include "launcher/instance/figures.hpp"
#include "launcher/verbs/lookup.hpp"
#include "launcher/verbs/measures.hpp"

#include <array>
#include <cerrno>
#include <ctime>
#include <memory>

namespace verbs {
namespace {

using base::Error;
using base::Result;
using instance::Figures;

constexpr std::array rows{
    OptionRow{"--json", 0, "", "every figure under the kernel's name, one JSON document a line"},
    OptionRow{"--interval", 0, "SECONDS", "print them again each so many seconds, until the app ends"},
};

struct Watched {
    instance::Instance found;
    instance::Connection connection;
};

std::vector<Figures> read_all(const Watched& watched) {
    std::vector<Figures> figures;
    if (auto group = instance::group_figures(watched.found.state)) figures = std::move(group).value();
    if (auto network = instance::network_figures(watched.connection.app); network && !network->values.empty())
        figures.push_back(std::move(*network));
    return figures;
}

std::string as_json(const Watched& watched, const std::vector<Figures>& figures) {
    base::Json json(base::Json::Layout::one_line);
    json.open('{');
    json.key("instance");
    json.string(watched.found.state.instance);
    json.key("time");
    json.number(static_cast<std::uint64_t>(time(nullptr)));
    instance::add_to(json, figures);
    json.close('}');
    return json.take();
}

// ", limit 100M", or nothing.
std::string limit(const std::string& value, bool is_bytes) {
    const auto number = base::whole_number(value);
    return number ? ", limit " + (is_bytes ? bytes(*number) : value) : "";
}

std::string processor_limit(const std::string& value) {
    const auto parts = base::split(value, ' ');
    const auto quota = base::whole_number(parts[0]);
    const auto period = base::whole_number(parts.back());
    return quota && period && *period > 0 ? ", limit " + std::to_string(*quota * 100 / *period) + "% of a processor" : "";
}

/// The figures that tell most, a line for each subject; a subject without figures has no line.
std::string as_text(const std::vector<Figures>& figures) {
    const auto number = [&](std::string_view name, std::string_view key = {}, std::string_view line = {}) { return instance::number_in(figures, name, key, line); };
    const auto text = [&](std::string_view name, std::string_view key = {}, std::string_view line = {}) { return instance::text_in(figures, name, key, line); };
    std::string out;
    const auto line = [&](std::string subject, const std::string& words) {
        subject.resize(10, ' ');
        out += subject + words + "\n";
    };
    if (const auto now = number("memory.current")) {
        const auto peak = number("memory.peak");
        line("memory", bytes(*now) + " now" + (peak ? ", " + bytes(*peak) + " at most" : "") + limit(text("memory.max"), true));
        line("", "limit met " + text("memory.events", "max") + " times, processes killed for it: " + text("memory.events", "oom_kill"));
    }
    if (const auto used = number("cpu.stat", "usage_usec")) {
        const auto held = number("cpu.stat", "throttled_usec");
        line("cpu", seconds(*used) + " used" + processor_limit(text("cpu.max")) + (held && *held > 0 ? ", held back for " + seconds(*held) : ""));
    }
    if (const auto now = number("pids.current")) {
        const auto peak = number("pids.peak");
        line("pids", std::to_string(*now) + " now" + (peak ? ", " + std::to_string(*peak) + " at most" : "") + limit(text("pids.max"), false));
    }
    for (const Figures& file : figures) {
        if (file.name != "io.stat" && file.name != "network") continue;
        const bool io = file.name == "io.stat";
        for (const instance::Figure& figure : file.values) {
            if (figure.key != (io ? "rbytes" : "rx_bytes")) continue;
            const std::string_view other = io ? "wbytes" : "tx_bytes";
            line(io ? "io" : "network", base::escaped(figure.line) + ": " + bytes(base::whole_number(figure.value).value_or(0)) + (io ? " read, " : " received, ") +
                                            bytes(number(file.name, other, figure.line).value_or(0)) + (io ? " written" : " sent"));
        }
    }
    std::string pressure;
    for (const char* file : {"cpu.pressure", "memory.pressure", "io.pressure"})
        if (const std::string share = text(file, "avg10", "some"); !share.empty())
            pressure += (pressure.empty() ? "" : ", ") + std::string(file).substr(0, std::string(file).find('.')) + " " + share + "%";
    if (!pressure.empty()) line("waiting", pressure + " of the last ten seconds");
    return out;
}

} // namespace

std::span<const OptionRow> stats_options() { return rows; }

Result<Outcome> stats(const World& world, const Parsed& parsed) {
    const bool json = parsed.has("--json");
    std::optional<std::uint64_t> interval;
    if (parsed.has("--interval")) {
        interval = base::whole_number(parsed.last("--interval"), 86'400);
        if (!interval || *interval == 0) return Error{.what = "--interval: expected a whole number of seconds from 1 to 86400", .advice = "as --interval 5", .failure = base::Failure::usage};
    }
    instance::Instance found = TRY(find_instance(world, parsed));
    instance::Connection connection = TRY(instance::connect(found, 10'000));
    Outcome outcome;
    if (const auto leaf = instance::leaf_of(found.state); !leaf) {
        if (!found.state.cgroup.empty()) return leaf.error();
        outcome.warnings.push_back(to_text(leaf.error()) + "; there are figures of the network alone");
    }
    const auto watched = std::make_shared<Watched>(Watched{std::move(found), std::move(connection)});
    const auto show = [watched, json] {
        const std::vector<Figures> figures = read_all(*watched);
        return json ? as_json(*watched, figures) : as_text(figures);
    };
    outcome.output = show();
    if (interval)
        outcome.more = [watched, show, json, wait = static_cast<int>(*interval) * 1000]() -> Result<std::optional<std::string>> {
            const auto ended = instance::wait_end(watched->connection, wait);
            if (ended || ended.error().code != ETIMEDOUT) return std::optional<std::string>();
            return std::optional((json ? "" : "\n") + show());
        };
    return outcome;
}

} // namespace verbs
