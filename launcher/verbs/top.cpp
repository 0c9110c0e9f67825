#include "launcher/base/text.hpp"
#include "launcher/instance/cgroup.hpp"
#include "launcher/instance/control.hpp"
#include "launcher/instance/figures.hpp"
#include "launcher/verbs/lookup.hpp"
#include "launcher/verbs/measures.hpp"
#include "launcher/verbs/stats.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <poll.h>
#include <unistd.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;
using instance::Figures;

constexpr std::array rows{OptionRow{"--interval", 0, "SECONDS", "how often it is drawn anew (default: 2)"}};

using Clock = std::chrono::steady_clock;

/// What the share of a processor is measured from.
struct Sample {
    std::uint64_t used = 0; ///< microseconds
    Clock::time_point at;
};

struct View {
    World world;
    std::map<std::string, Sample> before = {}; ///< by instance
};

struct Row {
    std::array<std::string, 8> columns;
    std::uint64_t share = 0; ///< of a processor, in tenths of a percent
};

std::string share_text(std::uint64_t tenths) { return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10); }

Row row_of(View& view, const instance::Instance& one) {
    std::vector<Figures> figures;
    if (auto group = instance::group_figures(one.state)) figures = std::move(group).value();
    if (const auto connection = instance::connect(one, 200)) // one that is only starting has no network yet
        if (auto network = instance::network_figures(connection.value().app)) figures.push_back(std::move(*network));
    Row row{{base::escaped(one.state.instance), std::string(status_of(one.state)), "-", "-", "-", "-", "-", age(one.state.created)}};
    if (const auto used = instance::number_in(figures, "cpu.stat", "usage_usec")) {
        const Sample now{*used, Clock::now()};
        const auto before = view.before.find(one.state.instance);
        if (before != view.before.end()) {
            const auto passed = std::chrono::duration_cast<std::chrono::microseconds>(now.at - before->second.at).count();
            if (passed > 0 && now.used >= before->second.used) row.share = (now.used - before->second.used) * 1000 / static_cast<std::uint64_t>(passed);
            row.columns[2] = share_text(row.share);
        }
        view.before[one.state.instance] = now;
    }
    if (const auto memory = instance::number_in(figures, "memory.current")) row.columns[3] = bytes(*memory);
    if (const auto pids = instance::number_in(figures, "pids.current")) row.columns[4] = std::to_string(*pids);
    else if (const auto leaf = instance::leaf_of(one.state)) row.columns[4] = std::to_string(instance::processes(leaf.value()).size());
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
    bool counted = false;
    for (const Figures& file : figures)
        for (const instance::Figure& figure : file.values) {
            if (file.name != "network" || figure.line == "lo") continue;
            counted = true;
            if (figure.key == "rx_bytes") received += base::whole_number(figure.value).value_or(0);
            if (figure.key == "tx_bytes") sent += base::whole_number(figure.value).value_or(0);
        }
    if (counted) {
        row.columns[5] = bytes(received);
        row.columns[6] = bytes(sent);
    }
    return row;
}

Result<std::string> table(View& view, std::string_view line_end) {
    std::vector<Row> all{{{"INSTANCE", "STATUS", "CPU%", "MEMORY", "PIDS", "RECEIVED", "SENT", "AGE"}, UINT64_MAX}};
    for (const instance::Instance& one : TRY(running_instances(view.world))) all.push_back(row_of(view, one));
    std::stable_sort(all.begin(), all.end(), [](const Row& a, const Row& b) { return a.share > b.share; });
    constexpr std::array<std::size_t, 8> widths{34, 10, 8, 10, 7, 10, 10, 0};
    std::string text;
    for (const Row& row : all) {
        for (std::size_t at = 0; at < widths.size(); ++at) {
            std::string column = row.columns[at];
            if (widths[at] > 0) column.resize(std::max(column.size() + 1, widths[at]), ' ');
            text += column;
        }
        text.append(line_end) += "\n";
    }
    return text;
}

} // namespace

std::span<const OptionRow> top_options() { return rows; }

Result<Outcome> top(const World& world, const Parsed& parsed) {
    if (!parsed.rest.empty())
        return Error{.what = "'" + parsed.rest[0] + "': top takes no instance", .advice = "see sandbox stats", .failure = base::Failure::usage};
    const auto interval = parsed.has("--interval") ? base::whole_number(parsed.last("--interval"), 3600) : std::optional<std::uint64_t>(2);
    if (!interval || *interval == 0) return Error{.what = "--interval: expected a whole number of seconds from 1 to 3600", .advice = "as --interval 2", .failure = base::Failure::usage};
    const auto view = std::make_shared<View>(View{world});
    (void)TRY(table(*view, "")); // a share needs two looks
    (void)poll(nullptr, 0, 300);
    Outcome outcome;
    if (isatty(1) != 1) {
        outcome.output = TRY(table(*view, ""));
        return outcome;
    }
    // From the top left corner, each line's rest and all below erased (ECMA-48 CUP, EL, ED): nothing has to be put back when ^C
    // ends it.
    outcome.output = "\x1b[2J";
    outcome.more = [view, pause = static_cast<int>(*interval) * 1000, first = true]() mutable -> Result<std::optional<std::string>> {
        if (!std::exchange(first, false)) (void)poll(nullptr, 0, pause);
        return std::optional("\x1b[H" + TRY(table(*view, "\x1b[K")) + "\x1b[J");
    };
    return outcome;
}

} // namespace verbs
