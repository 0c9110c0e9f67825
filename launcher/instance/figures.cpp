#include "launcher/instance/figures.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/process.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"
#include "launcher/instance/cgroup.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace instance {
namespace {

using base::Result;
using base::UniqueFd;

// The three forms of cgroup-v2.rst: one value; "KEY VALUE" a line; "LINE KEY=VALUE …" a line.
enum class Form { single, flat, nested };

struct FileRow {
    const char* name;
    Form form;
};
constexpr std::array file_rows{
    FileRow{"memory.current", Form::single},  FileRow{"memory.peak", Form::single},       FileRow{"memory.max", Form::single},
    FileRow{"memory.high", Form::single},     FileRow{"memory.events", Form::flat},       FileRow{"memory.stat", Form::flat},
    FileRow{"memory.swap.current", Form::single}, FileRow{"memory.swap.max", Form::single},
    FileRow{"cpu.stat", Form::flat},          FileRow{"cpu.max", Form::single},           FileRow{"cpu.weight", Form::single},
    FileRow{"pids.current", Form::single},    FileRow{"pids.peak", Form::single},         FileRow{"pids.max", Form::single},
    FileRow{"pids.events", Form::flat},       FileRow{"io.stat", Form::nested},           FileRow{"io.max", Form::nested},
    FileRow{"cpuset.cpus.effective", Form::single},
    FileRow{"cpu.pressure", Form::nested},    FileRow{"memory.pressure", Form::nested},   FileRow{"io.pressure", Form::nested},
    
};

std::vector<Figure> parsed(const std::string& text, Form form) {
    std::vector<Figure> values;
    if (form == Form::single) return {{"", "", text}};
    for (const std::string_view line : base::split(text, '\n')) {
        const auto words = base::split(line, ' ');
        if (form == Form::flat && words.size() == 2) values.push_back({"", std::string(words[0]), std::string(words[1])});
        if (form != Form::nested) continue;
        for (std::size_t at = 1; at < words.size(); ++at)
            if (const auto equals = words[at].find('='); equals != std::string_view::npos)
                values.push_back({std::string(words[0]), std::string(words[at].substr(0, equals)), std::string(words[at].substr(equals + 1))});
    }
    return values;
}

// Each counter to that of the same name in `text` where that one is higher.
void raise(std::vector<Figure>& counters, const std::string& text) {
    for (Figure& counter : counters) {
        const auto other = value_in(text, counter.key);
        if (other && *other > base::whole_number(counter.value).value_or(0)) counter.value = std::to_string(*other);
    }
}

// The columns of /proc/PID/net/dev, of those that are kept.
struct Column {
    std::size_t index;
    const char* key;
};
constexpr std::array columns{
    Column{0, "rx_bytes"}, Column{1, "rx_packets"}, Column{2, "rx_errors"}, Column{3, "rx_dropped"},
    Column{8, "tx_bytes"}, Column{9, "tx_packets"}, Column{10, "tx_errors"}, Column{11, "tx_dropped"},
};

std::vector<Figure> interfaces(const std::string& text) {
    std::vector<Figure> values;
    for (const std::string_view line : base::split(text, '\n')) {
        const auto colon = line.find(':'); // the two lines of the heading have none
        if (colon == std::string_view::npos) continue;
        const std::string name(line.substr(line.find_first_not_of(' '), colon - line.find_first_not_of(' ')));
        std::vector<std::string_view> numbers;
        for (const std::string_view word : base::split(line.substr(colon + 1), ' '))
            if (!word.empty()) numbers.push_back(word);
        for (const Column& column : columns)
            if (column.index < numbers.size()) values.push_back({name, column.key, std::string(numbers[column.index])});
    }
    return values;
}

const Figure* find(const std::vector<Figures>& figures, std::string_view name, std::string_view key, std::string_view line) {
    for (const Figures& file : figures) {
        if (file.name != name) continue;
        for (const Figure& figure : file.values)
            if (figure.key == key && figure.line == line) return &figure;
    }
    return nullptr;
}

} // namespace

Result<std::vector<Figures>> group_figures(const plan::State& state) {
    const UniqueFd leaf = TRY(leaf_of(state));
    const Result<UniqueFd> scope = scope_of(state);
    std::vector<Figures> figures;
    for (const FileRow& row : file_rows) {
        const auto text = read_file(leaf, row.name);
        if (!text) continue;
        Figures file{row.name, parsed(text.value(), row.form)};
        if (scope && scope.value().valid() && file.name.ends_with(".events"))
            if (const auto whole = read_file(scope.value(), row.name)) raise(file.values, whole.value());
        figures.push_back(std::move(file));
    }
    return figures;
}

std::optional<Figures> network_figures(const UniqueFd& app) {
    const auto pid = base::pid_of(app);
    if (!pid) return std::nullopt;
    const std::string folder = "/proc/" + std::to_string(pid.value());
    struct stat own{};
    struct stat other{};
    if (stat("/proc/self/ns/net", &own) != 0 || stat((folder + "/ns/net").c_str(), &other) != 0 || own.st_ino == other.st_ino) return std::nullopt;
    const auto text = base::read_all(base::sys::open((folder + "/net/dev").c_str(), O_RDONLY), 256U << 10);
    if (!text || !base::pid_of(app)) return std::nullopt; // while it lives, the number was its own
    return Figures{"network", interfaces(text.value())};
}

std::optional<std::uint64_t> number_in(const std::vector<Figures>& figures, std::string_view name, std::string_view key, std::string_view line) {
    const Figure* figure = find(figures, name, key, line);
    return figure ? base::whole_number(figure->value) : std::nullopt;
}

std::string text_in(const std::vector<Figures>& figures, std::string_view name, std::string_view key, std::string_view line) {
    const Figure* figure = find(figures, name, key, line);
    return figure ? figure->value : "";
}

void add_to(base::Json& json, const std::vector<Figures>& figures) {
    for (const Figures& file : figures) {
        json.key(file.name);
        if (file.values.size() == 1 && file.values[0].key.empty()) {
            json.number_or_string(file.values[0].value);
            continue;
        }
        json.open('{');
        const Figure* before = nullptr;
        for (const Figure& figure : file.values) {
            if (!figure.line.empty() && (!before || before->line != figure.line)) {
                if (before) json.close('}');
                json.key(figure.line);
                json.open('{');
            }
            json.key(figure.key);
            json.number_or_string(figure.value);
            before = &figure;
        }
        if (before && !before->line.empty()) json.close('}');
        json.close('}');
    }
}

} // namespace instance
