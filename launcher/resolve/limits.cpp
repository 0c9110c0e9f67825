// [limits], [rlimits] and [sysctl]: each by a row, each value read strictly.

#include "launcher/resolve/limits.hpp"

#include "launcher/base/text.hpp"
#include "launcher/resolve/builder.hpp"

#include <algorithm>

namespace resolve {
namespace {

using base::Error;
using base::Result;
using profile::Item;

Error bad(const std::string& name, const Item<std::string>& item, std::string advice) {
    return Error{.what = "limits." + name + ": '" + item.value.substr(0, 100) + "' is no value of it",
                 .advice = std::move(advice), .origin = item.origin()};
}

// --- One function a kind of value; what it returns is written to the file of that name.

Result<std::string> bytes(const std::string& name, const Item<std::string>& item) {
    if (item.value == "max") return item.value;
    const auto value = bytes_of(item.value, item.origin());
    if (!value.ok()) return bad(name, item, "write a whole number with K, M, G or T, or \"max\"");
    return std::to_string(value.value());
}

Result<std::string> count(const std::string& name, const Item<std::string>& item) {
    if (item.value == "max") return item.value;
    const auto value = base::whole_number(item.value, INT64_MAX);
    if (!value || *value == 0) return bad(name, item, "write a whole number from 1, or \"max\"");
    return std::to_string(*value);
}

Result<std::string> weight(const std::string& name, const Item<std::string>& item) {
    const auto value = base::whole_number(item.value, 10000);
    if (!value || *value == 0) return bad(name, item, "write a whole number from 1 to 10000; 100 is the usual one");
    return std::to_string(*value);
}

// "150%" of one processor, "1.5" processors, or the kernel's own "QUOTA PERIOD" in microseconds.
Result<std::string> processor_time(const std::string& name, const Item<std::string>& item) {
    constexpr std::uint64_t period = 100000, most = 100000 * std::uint64_t{4096};
    const auto refuse = [&] { return bad(name, item, "write \"150%\" of one processor, \"1.5\" processors, or \"max\""); };
    std::string_view text = item.value;
    if (text == "max") return "max " + std::to_string(period);
    const auto parts = base::split(text, ' ');
    if (parts.size() == 2) {
        const auto quota = base::whole_number(parts[0], most), of = base::whole_number(parts[1], 1000000);
        if ((!quota && parts[0] != "max") || (quota && *quota < 1000) || !of || *of < 1000) return refuse();
        return item.value;
    }
    std::uint64_t quota = 0;
    if (text.ends_with('%')) {
        const auto percent = base::whole_number(text.substr(0, text.size() - 1), 409600);
        if (!percent) return refuse();
        quota = *percent * (period / 100);
    } else {
        const auto point = text.find('.');
        const auto whole = base::whole_number(text.substr(0, point), 4096);
        if (!whole) return refuse();
        quota = *whole * period;
        if (point != std::string_view::npos) {
            std::string digits(text.substr(point + 1));
            if (digits.empty() || digits.size() > 5 || !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
                return refuse();
            digits.resize(5, '0');
            for (std::uint64_t unit = period / 10; const char digit : digits) {
                quota += static_cast<std::uint64_t>(digit - '0') * unit;
                unit /= 10;
            }
        }
    }
    if (quota < 1000) return refuse(); // the kernel takes no less than a millisecond
    return std::to_string(quota) + " " + std::to_string(period);
}

Result<std::string> processors(const std::string& name, const Item<std::string>& item) {
    for (const std::string_view range : base::split(item.value, ',')) {
        const auto ends = base::split(range, '-');
        const auto first = base::whole_number(ends[0], 8191), last = base::whole_number(ends.back(), 8191);
        if (ends.size() > 2 || !first || !last || *first > *last) return bad(name, item, "write \"0-3,6\"");
    }
    return item.value;
}

// "MAJOR:MINOR KEY=VALUE …", one device.
Result<std::string> device_bandwidth(const std::string& name, const Item<std::string>& item) {
    const auto refuse = [&] { return bad(name, item, "write \"8:0 rbps=1048576 wiops=120\""); };
    const auto words = base::split(item.value, ' ');
    const auto device = base::split(words[0], ':');
    if (device.size() != 2 || !base::whole_number(device[0], 4095) || !base::whole_number(device[1], 1U << 20) || words.size() < 2)
        return refuse();
    for (std::size_t at = 1; at < words.size(); ++at) {
        const auto sides = base::split(words[at], '=');
        const bool known = sides[0] == "rbps" || sides[0] == "wbps" || sides[0] == "riops" || sides[0] == "wiops";
        if (sides.size() != 2 || !known || (sides[1] != "max" && !base::whole_number(sides[1]))) return refuse();
    }
    return item.value;
}

Result<std::string> yes_or_no(const std::string& name, const Item<std::string>& item) {
    if (item.value == "true" || item.value == "1") return std::string("1");
    if (item.value == "false" || item.value == "0") return std::string("0");
    return bad(name, item, "write true or false");
}

struct LimitRow {
    std::string_view name;
    const char* file;
    Result<std::string> (*read)(const std::string&, const Item<std::string>&);
};
constexpr LimitRow limit_rows[] = {
    {"memory.max", "memory.max", bytes},
    {"memory.high", "memory.high", bytes},
    {"memory.low", "memory.low", bytes},
    {"memory.swap.max", "memory.swap.max", bytes},
    {"cpu.max", "cpu.max", processor_time},
    {"cpu.weight", "cpu.weight", weight},
    {"pids.max", "pids.max", count},
    {"io.weight", "io.weight", weight},
    {"io.max", "io.max", device_bandwidth},
    {"cpuset.cpus", "cpuset.cpus", processors},
    {"oom.group", "memory.oom.group", yes_or_no},
};

bool is_sysctl_key(const std::string& key) {
    return !key.empty() && key.size() < 128 && key.find("..") == std::string::npos &&
           std::all_of(key.begin(), key.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
           });
}

} // namespace

Result<plan::Limit> limit_of(const std::string& name, const Item<std::string>& item) {
    std::vector<std::string_view> names;
    for (const LimitRow& row : limit_rows) {
        names.push_back(row.name);
        if (row.name != name) continue;
        auto value = TRY(row.read(name, item));
        return plan::Limit{row.file, std::move(value), item.origin()};
    }
    return Error{.what = "unknown limit '" + name + "'", .advice = base::did_you_mean(name, names), .origin = item.origin()};
}

Result<void> resolve_limits(Builder& builder) {
    plan::Limits& limits = builder.plan.limits;
    for (const auto& [name, item] : builder.profile.limits) {
        if (name != "required") limits.values.push_back(TRY(limit_of(name, item)));
        else if (item.value == "true") limits.requirement = plan::Requirement::required;
        else if (item.value == "off") limits.requirement = plan::Requirement::off;
        else if (item.value != "false") return bad(name, item, "write true, false or \"off\"");
    }
    return {};
}

Result<void> resolve_sysctls(Builder& builder) {
    for (const auto& entry : builder.profile.sysctl) {
        // clang 14 captures no structured binding in a lambda.
        const std::string& key = entry.first;
        const auto& item = entry.second;
        const plan::SysctlSpace* row = plan::sysctl_space(key);
        if (!is_sysctl_key(key) || row == nullptr)
            return Error{.what = "the sysctl '" + key.substr(0, 100) + "' belongs to the whole host",
                         .advice = "net.*, kernel.shm*, kernel.msg*, kernel.sem, fs.mqueue.*, kernel.hostname and "
                                   "kernel.domainname can be set",
                         .origin = item.origin()};
        if ((builder.plan.namespaces.*row->space).mode != plan::NamespaceMode::fresh)
            return Error{.what = "the sysctl '" + key + "' needs a new " + row->name + " namespace",
                         .advice = "it would change the host's; set namespaces." + std::string(row->name) + " = \"new\", or remove it",
                         .origin = item.origin()};
        // A line feed or a NUL would be a second value (CVE-2022-0811).
        if (item.value.empty() || item.value.size() > 1024 ||
            !std::all_of(item.value.begin(), item.value.end(), [](char c) { return c == '\t' || (c >= ' ' && c < 127); }))
            return Error{.what = "the value of the sysctl '" + key + "' is not one printable line", .advice = "write it as sysctl(8) prints it", .origin = item.origin()};
        builder.plan.sysctls.push_back({key, item.value, item.origin()});
    }
    return {};
}

Result<void> resolve_rlimits(Builder& builder) {
    for (const auto& [name, item] : builder.profile.rlimits) {
        const auto* row = std::find(plan::rlimit_names.begin(), plan::rlimit_names.end(), name);
        if (row == plan::rlimit_names.end())
            return Error{.what = "unknown rlimit '" + name + "'", .advice = base::did_you_mean(name, plan::rlimit_names),
                         .origin = item.origin()};
        const auto resource = static_cast<std::uint32_t>(row - plan::rlimit_names.begin());
        auto [soft, hard] = item.value;
        // Nobody asked for as much: a ceiling takes, and never gives.
        if (item.history.size() == 1 && item.history[0].layer == profile::Layer::ceiling)
            soft = std::min(soft, builder.host.rlimit(resource).soft);
        if (soft > hard)
            return Error{.what = "rlimits." + name + ": the soft limit is above the hard one", .advice = "as [soft, hard], the smaller first", .origin = item.origin()};
        const std::uint64_t highest = builder.host.rlimit(resource).hard;
        if (hard > highest) {
            // Infinity says "as much as there is"; a number says more, and is worth a word.
            if (hard != UINT64_MAX)
                builder.warnings.push_back({item.origin(), "rlimits." + name + ": the hard limit here is " +
                                                               std::to_string(highest) + "; it cannot be raised, and stays"});
            hard = highest;
            soft = std::min(soft, hard);
        }
        builder.plan.process.rlimits.push_back({resource, soft, hard, item.origin()});
    }
    std::sort(builder.plan.process.rlimits.begin(), builder.plan.process.rlimits.end(),
              [](const plan::Rlimit& a, const plan::Rlimit& b) { return a.resource < b.resource; });
    return {};
}

} // namespace resolve
