// linux.resources: control groups of version 2, under the kernel's names.

#include "launcher/base/text.hpp"
#include "launcher/oci/reader.hpp"

#include <algorithm>

namespace oci {
namespace {

using base::Result;

std::string or_max(const std::optional<std::uint64_t>& value) { return value ? std::to_string(*value) : "max"; }

constexpr std::string_view version_1 = "it is of control groups version 1";
constexpr std::string_view root_only = "this controller is not delegated to users";

Result<void> memory(Reader& reader, const std::string& place, const Json& json) {
    std::optional<std::uint64_t> limit;
    for (const auto& [name, value] : *TRY(reader.object(place, json))) {
        const std::string at = place + "." + name;
        if (name == "limit") {
            limit = TRY(reader.limit(at, value));
            reader.put(reader.profile.limits, "memory.max", or_max(limit));
        } else if (name == "reservation") {
            reader.put(reader.profile.limits, "memory.low", or_max(TRY(reader.limit(at, value))));
        } else if (name != "swap") {
            reader.leave(at, version_1);
        }
    }
    // There it is memory and swap together.
    for (const auto& [name, value] : *TRY(reader.object(place, json))) {
        if (name != "swap") continue;
        const auto both = TRY(reader.limit(place + ".swap", value));
        if (both && (!limit || *both < *limit)) reader.leave(place + ".swap", "it is memory and swap together, and has no meaning without a lower limit of memory");
        else reader.put(reader.profile.limits, "memory.swap.max", both ? std::to_string(*both - *limit) : "max");
    }
    return {};
}

Result<void> cpu(Reader& reader, const std::string& place, const Json& json) {
    std::optional<std::uint64_t> quota, period;
    for (const auto& [name, value] : *TRY(reader.object(place, json))) {
        const std::string at = place + "." + name;
        if (name == "shares") {
            // 2 to 262144 of version 1 onto 1 to 10000.
            const std::uint64_t shares = std::clamp<std::uint64_t>(TRY(reader.number(at, value, UINT32_MAX)), 2, 262'144);
            reader.put(reader.profile.limits, "cpu.weight", std::to_string(1 + (shares - 2) * 9999 / 262'142));
        } else if (name == "quota") {
            quota = TRY(reader.limit(at, value));
        } else if (name == "period") {
            period = TRY(reader.number(at, value, INT64_MAX));
        } else if (name == "cpus") {
            reader.put(reader.profile.limits, "cpuset.cpus", TRY(reader.text(at, value)));
        } else {
            reader.leave(at, name == "mems" ? root_only : version_1);
        }
    }
    if (quota) reader.put(reader.profile.limits, "cpu.max", std::to_string(*quota) + " " + std::to_string(period.value_or(100'000)));
    return {};
}

Result<void> pids(Reader& reader, const std::string& place, const Json& json) {
    for (const auto& [name, value] : *TRY(reader.object(place, json))) {
        if (name != "limit") {
            reader.leave(place + "." + name, "there is no such limit");
            continue;
        }
        const auto limit = TRY(reader.limit(place + ".limit", value));
        reader.put(reader.profile.limits, "pids.max", or_max(limit));
    }
    return {};
}

Result<void> unified(Reader& reader, const std::string& place, const Json& json) {
    constexpr std::string_view ours[] = {"memory.max", "memory.high", "memory.low", "memory.swap.max", "cpu.max", "cpu.weight",
                                         "pids.max",   "io.weight",   "io.max",     "cpuset.cpus",     "memory.oom.group"};
    for (const auto& [name, value] : *TRY(reader.object(place, json))) {
        const std::string text = TRY(reader.text(place + "." + name, value));
        if (std::find(std::begin(ours), std::end(ours), name) == std::end(ours)) reader.leave(place + "." + name, "a profile has no such limit");
        else reader.put(reader.profile.limits, name == "memory.oom.group" ? "oom.group" : name, text);
    }
    return {};
}

constexpr std::array members{
    Member{"memory", memory},
    Member{"cpu", cpu},
    Member{"pids", pids},
    Member{"unified", unified},
    Member{"devices", nullptr, "what is not named in 'devices' is not there at all"},
    Member{"blockIO", nullptr, version_1},
    Member{"hugepageLimits", nullptr, root_only},
    Member{"network", nullptr, version_1},
    Member{"rdma", nullptr, root_only},
};

} // namespace

Result<void> read_resources(Reader& reader, const std::string& place, const Json& json) {
    TRY(read_members(reader, place, json, members));
    // A runtime that cannot apply a limit starts nothing.
    if (!reader.profile.limits.empty()) reader.put(reader.profile.limits, "required", std::string("true"));
    return {};
}

} // namespace oci
