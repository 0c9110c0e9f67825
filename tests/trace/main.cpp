// trace [OPTIONS] -- PROGRAM [ARG…]: README.md.

#include "launcher/base/text.hpp"
#include "tests/probes/json.hpp"
#include "tests/trace/calls.hpp"
#include "tests/trace/tracer.hpp"

#include <array>
#include <climits>
#include <cstdio>
#include <optional>

namespace {

using probes::Object;

struct Row {
    std::string_view name;
    std::string_view words; ///< what follows it
    std::size_t count;
    std::optional<trace::Deed> deed;
};

const std::array rows{
    Row{"--fail", "STOP ERROR", 2, trace::Deed::fail},
    Row{"--kill", "STOP PROCESS", 2, trace::Deed::kill},
    Row{"--swap", "STOP PATH PATH", 3, trace::Deed::swap},
    Row{"--run", "STOP COMMAND", 2, trace::Deed::run},
    Row{"--stop", "STOP", 1, trace::Deed::stop},
    Row{"--uid", "N", 1, {}},
    Row{"--gid", "N", 1, {}},
    Row{"--ours", "NAME", 1, {}},
    Row{"--call", "NAME", 1, {}},
    Row{"--grace", "MILLISECONDS", 1, {}},
    Row{"--limit", "MILLISECONDS", 1, {}},
    Row{"--output", "FILE", 1, {}},
};

int usage(const std::string& problem) {
    std::fprintf(stderr, "trace: %s\nusage: trace [OPTION…] -- PROGRAM [ARG…]\n", problem.c_str());
    for (const Row& row : rows) std::fprintf(stderr, "  %s %s\n", std::string(row.name).c_str(), std::string(row.words).c_str());
    return 2;
}

struct Command {
    trace::Options options;
    std::string output;
    std::string problem;
};

void take(Command& command, const Row& row, std::vector<std::string> words) {
    trace::Options& options = command.options;
    if (row.deed) {
        const std::string stop = words.front();
        words.erase(words.begin());
        if (row.deed == trace::Deed::fail && words[0] != "0" && trace::error_number(words[0]) == 0) command.problem = "unknown error " + words[0];
        options.actions.push_back({stop, *row.deed, std::move(words)});
        return;
    }
    if (row.name == "--ours") options.ours.push_back(words[0]);
    else if (row.name == "--call") options.calls.push_back(words[0]);
    else if (row.name == "--output") command.output = words[0];
    else if (const auto number = base::whole_number(words[0], INT_MAX); !number) command.problem = "not a number: " + words[0];
    else if (row.name == "--uid") options.uid = static_cast<long>(*number);
    else if (row.name == "--gid") options.gid = static_cast<long>(*number);
    else if (row.name == "--grace") options.grace = static_cast<int>(*number);
    else options.limit = static_cast<int>(*number);
}

Command read_command(int count, char** arguments) {
    Command command;
    const std::vector<std::string> words(arguments + 1, arguments + count);
    std::size_t at = 0;
    for (; at < words.size() && words[at] != "--" && command.problem.empty(); ++at) {
        const Row* found = nullptr;
        for (const Row& row : rows)
            if (row.name == words[at]) found = &row;
        if (!found || at + found->count >= words.size()) {
            command.problem = "unknown or incomplete: " + words[at];
            return command;
        }
        const auto first = words.begin() + static_cast<std::ptrdiff_t>(at) + 1;
        take(command, *found, {first, first + static_cast<std::ptrdiff_t>(found->count)});
        at += found->count;
    }
    if (at + 1 >= words.size()) command.problem = command.problem.empty() ? "no program is named" : command.problem;
    else command.options.program.assign(words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end());
    return command;
}

std::string quoted_all(const std::vector<std::string>& texts) {
    std::vector<std::string> values;
    for (const std::string& text : texts) values.push_back(probes::quoted(text));
    return probes::array_of(values);
}

std::string document_of(const trace::Options& options, const trace::Report& report) {
    std::vector<std::string> stops;
    for (const trace::Stop& stop : report.stops) {
        Object object;
        object.add_text("stop", stop.name);
        object.add_text("process", stop.process);
        object.add_text("call", stop.call);
        object.add("paths", quoted_all(stop.paths));
        if (stop.returned) object.add_number("result", stop.result);
        stops.push_back(object.text());
    }
    std::vector<std::string> actions;
    for (const trace::Action& action : options.actions) {
        Object object;
        object.add_text("stop", action.stop);
        object.add("done", action.done ? "true" : "false");
        object.add_number("result", action.result);
        actions.push_back(object.text());
    }
    Object document;
    document.add_number("status", report.status);
    document.add("actions", probes::array_of(actions));
    document.add("processes", quoted_all(report.processes));
    document.add("survivors", quoted_all(report.survivors));
    document.add("stops", probes::array_of(stops));
    return document.text();
}

} // namespace

int main(int count, char** arguments) {
    Command command = read_command(count, arguments);
    if (!command.problem.empty()) return usage(command.problem);
    const trace::Report report = trace::run(command.options);
    if (!report.problem.empty()) {
        std::fprintf(stderr, "trace: %s\n", report.problem.c_str());
        return 125;
    }
    const std::string text = document_of(command.options, report) + "\n";
    std::FILE* const file = command.output.empty() ? stdout : std::fopen(command.output.c_str(), "we");
    if (!file || std::fputs(text.c_str(), file) < 0 || std::fflush(file) != 0) {
        std::fprintf(stderr, "trace: cannot write '%s'\n", command.output.c_str());
        return 125;
    }
    return report.status < 0 ? 124 : report.status;
}
