#include "launcher/session/scope.hpp"

#include "launcher/base/text.hpp"

#include <array>
#include <cstring>

namespace session {
namespace {

constexpr const char* manager = "org.freedesktop.systemd1";
constexpr const char* path = "/org/freedesktop/systemd1";
constexpr const char* interface = "org.freedesktop.systemd1.Manager";

void add_number(GVariantBuilder* properties, const char* name, std::uint64_t value) {
    g_variant_builder_add(properties, "(sv)", name, g_variant_new_uint64(value));
}

std::uint64_t number_or_max(std::string_view text) {
    const auto number = base::whole_number(text);
    return number ? *number : G_MAXUINT64; // "max": CGROUP_LIMIT_MAX
}

void add_plain(GVariantBuilder* properties, const char* name, const std::string& value) { add_number(properties, name, number_or_max(value)); }

// "QUOTA PERIOD" in microseconds: systemd has the quota a second.
void add_quota(GVariantBuilder* properties, const char* name, const std::string& value) {
    const auto parts = base::split(value, ' ');
    const auto quota = base::whole_number(parts[0]);
    const auto period = base::whole_number(parts.back()).value_or(100'000);
    add_number(properties, name, quota && period > 0 ? *quota * 1'000'000 / period : G_MAXUINT64);
    add_number(properties, "CPUQuotaPeriodUSec", period);
}

// "0-3,6" as a bit mask, the lowest byte first.
void add_mask(GVariantBuilder* properties, const char* name, const std::string& value) {
    std::vector<guint8> mask;
    for (const std::string_view range : base::split(value, ',')) {
        const auto ends = base::split(range, '-');
        const auto first = base::whole_number(ends[0], 8191), last = base::whole_number(ends.back(), 8191);
        for (auto cpu = first.value_or(1); cpu <= last.value_or(0); ++cpu) {
            if (mask.size() <= cpu / 8) mask.resize(cpu / 8 + 1);
            mask[cpu / 8] = static_cast<guint8>(mask[cpu / 8] | 1U << cpu % 8);
        }
    }
    g_variant_builder_add(properties, "(sv)", name, g_variant_new_fixed_array(G_VARIANT_TYPE_BYTE, mask.data(), mask.size(), 1));
}

struct LimitRow {
    const char* file;
    const char* property;
    void (*add)(GVariantBuilder*, const char*, const std::string&);
};
constexpr std::array limit_rows{
    LimitRow{"memory.max", "MemoryMax", add_plain},          LimitRow{"memory.high", "MemoryHigh", add_plain},
    LimitRow{"memory.low", "MemoryLow", add_plain},          LimitRow{"memory.min", "MemoryMin", add_plain},
    LimitRow{"memory.swap.max", "MemorySwapMax", add_plain}, LimitRow{"cpu.max", "CPUQuotaPerSecUSec", add_quota},
    LimitRow{"cpu.weight", "CPUWeight", add_plain},          LimitRow{"pids.max", "TasksMax", add_plain},
    LimitRow{"io.weight", "IOWeight", add_plain},            LimitRow{"cpuset.cpus", "AllowedCPUs", add_mask},
};

struct Job {
    std::string path;   ///< empty until the manager has named it
    std::string unit;
    std::string result; ///< "done", "failed", "canceled", "timeout", … once it is over
};

// (u id, o job, s unit, s result); it may come before the call has returned.
void on_removed(GDBusConnection*, const char*, const char*, const char*, const char*, GVariant* parameters, gpointer data) {
    Job& job = *static_cast<Job*>(data);
    const char* unit = nullptr;
    const char* result = nullptr;
    g_variant_get(parameters, "(u&o&s&s)", nullptr, nullptr, &unit, &result);
    if (job.unit == unit) job.result = result;
}

GVariant* request(const Scope& scope) {
    GVariantBuilder properties;
    g_variant_builder_init(&properties, G_VARIANT_TYPE("a(sv)"));
    const guint32 pid = scope.pid;
    g_variant_builder_add(&properties, "(sv)", "PIDs", g_variant_new_fixed_array(G_VARIANT_TYPE_UINT32, &pid, 1, sizeof pid));
    g_variant_builder_add(&properties, "(sv)", "Slice", g_variant_new_string("app.slice"));
    g_variant_builder_add(&properties, "(sv)", "Description", g_variant_new_string(scope.description.c_str()));
    g_variant_builder_add(&properties, "(sv)", "Delegate", g_variant_new_boolean(TRUE));
    g_variant_builder_add(&properties, "(sv)", "CollectMode", g_variant_new_string("inactive-or-failed"));
    for (const auto& [name, value] : scope.limits) add_limit(&properties, name, value);
    return g_variant_new("(ssa(sv)a(sa(sv)))", scope.unit.c_str(), "fail", &properties, nullptr);
}

std::string text_of(GError* error) {
    g_dbus_error_strip_remote_error(error);
    std::string text = error->message;
    g_error_free(error);
    return text;
}

} // namespace

void add_limit(GVariantBuilder* properties, const std::string& name, const std::string& value) {
    for (const LimitRow& row : limit_rows)
        if (name == row.file) row.add(properties, row.property, value);
}

std::string start(GDBusConnection* bus, const Scope& scope) {
    Job job{{}, scope.unit, {}};
    // Before the call, or a fast job's end would be missed; and the manager tells only those who asked to be told.
    g_dbus_connection_signal_subscribe(bus, manager, interface, "JobRemoved", path, nullptr, G_DBUS_SIGNAL_FLAGS_NONE, on_removed, &job, nullptr);
    GError* error = nullptr;
    for (const char* method : {"Subscribe", "StartTransientUnit"}) {
        const bool last = std::strcmp(method, "StartTransientUnit") == 0;
        GVariant* answer = g_dbus_connection_call_sync(bus, manager, path, interface, method, last ? request(scope) : nullptr,
                                                       last ? G_VARIANT_TYPE("(o)") : nullptr, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, nullptr, &error);
        if (!answer) return text_of(error);
        g_variant_unref(answer);
    }
    while (job.result.empty() && !g_dbus_connection_is_closed(bus)) g_main_context_iteration(nullptr, TRUE);
    if (job.result.empty()) return "the bus closed the connection";
    return job.result == "done" ? "" : "the job for " + scope.unit + " ended with '" + job.result + "'";
}

} // namespace session
