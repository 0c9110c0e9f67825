#include "launcher/session/scope.hpp"

#include "launcher/base/text.hpp"

#include <array>

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

// (u id, o job, s unit, s result) of JobRemoved; it may come before the call that made the job has returned.
struct Job {
    std::string unit;
    std::string result; ///< "done", "failed", "canceled", "timeout", … once it is over
};

void on_removed(GDBusConnection*, const char*, const char*, const char*, const char*, GVariant* parameters, gpointer data) {
    Job& job = *static_cast<Job*>(data);
    const char* unit = nullptr;
    const char* result = nullptr;
    g_variant_get(parameters, "(u&o&s&s)", nullptr, nullptr, &unit, &result);
    if (job.unit == unit) job.result = result;
}

struct Failure {
    std::string text; ///< empty: it went well
    std::string name; ///< of the D-Bus error
};

Failure taken(GError* error) {
    gchar* name = g_dbus_error_get_remote_error(error);
    Failure failure{{}, name ? name : ""};
    g_free(name);
    g_dbus_error_strip_remote_error(error);
    failure.text = error->message;
    g_error_free(error);
    return failure;
}

/// Calls the manager; the answer, if it has the type `wanted` (null: whatever it is, and it is dropped).
Failure call(GDBusConnection* bus, const char* method, GVariant* arguments, const char* wanted = nullptr, GVariant** answer = nullptr) {
    GError* error = nullptr;
    GVariant* said = g_dbus_connection_call_sync(bus, manager, path, interface, method, arguments, wanted ? G_VARIANT_TYPE(wanted) : nullptr,
                                                 G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, nullptr, &error);
    if (!said) return taken(error);
    if (answer) *answer = said;
    else g_variant_unref(said);
    return {};
}

/// A call that makes a job for `unit`, and the end of the job.
Failure run_job(GDBusConnection* bus, const std::string& unit, const char* method, GVariant* arguments) {
    Job job{unit, {}};
    // Before the call, or a fast job's end would be missed.
    const guint watch = g_dbus_connection_signal_subscribe(bus, manager, interface, "JobRemoved", path, nullptr, G_DBUS_SIGNAL_FLAGS_NONE, on_removed, &job, nullptr);
    Failure failure = call(bus, method, arguments, "(o)");
    if (failure.text.empty()) {
        while (job.result.empty() && !g_dbus_connection_is_closed(bus)) g_main_context_iteration(nullptr, TRUE);
        if (job.result.empty()) failure.text = "the bus closed the connection";
        else if (job.result != "done") failure.text = "the job for " + unit + " ended with '" + job.result + "'";
    }
    g_dbus_connection_signal_unsubscribe(bus, watch);
    return failure;
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
    // One process of many that meets the memory limit is the app's affair, unless the profile says memory.oom.group.
    if (scope.oom_policy) g_variant_builder_add(&properties, "(sv)", "OOMPolicy", g_variant_new_string("continue"));
    for (const auto& [name, value] : scope.limits) add_limit(&properties, name, value);
    return g_variant_new("(ssa(sv)a(sa(sv)))", scope.unit.c_str(), "fail", &properties, nullptr);
}

bool is_empty(GDBusConnection* bus, const std::string& unit) {
    GVariant* answer = nullptr;
    if (!call(bus, "GetUnitProcesses", g_variant_new("(s)", unit.c_str()), "(a(sus))", &answer).text.empty()) return false;
    GVariant* processes = g_variant_get_child_value(answer, 0);
    const bool empty = g_variant_n_children(processes) == 0;
    g_variant_unref(processes);
    g_variant_unref(answer);
    return empty;
}

} // namespace

void add_limit(GVariantBuilder* properties, const std::string& name, const std::string& value) {
    for (const LimitRow& row : limit_rows)
        if (name == row.file) row.add(properties, row.property, value);
}

bool subscribe(GDBusConnection* bus) {
    const Failure failure = call(bus, "Subscribe", nullptr);
    // Which of both depends on whether some package has a service file for the name.
    return failure.name != "org.freedesktop.DBus.Error.NameHasNoOwner" && failure.name != "org.freedesktop.DBus.Error.ServiceUnknown";
}

bool knows_oom_policy(GDBusConnection* bus) {
    GError* error = nullptr;
    GVariant* policy = g_dbus_connection_call_sync(bus, manager, "/org/freedesktop/systemd1/unit/init_2escope", "org.freedesktop.DBus.Properties", "Get",
                                                   g_variant_new("(ss)", "org.freedesktop.systemd1.Scope", "OOMPolicy"), G_VARIANT_TYPE("(v)"),
                                                   G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, nullptr, &error);
    if (policy) g_variant_unref(policy);
    else g_error_free(error);
    return policy != nullptr;
}

std::string start(GDBusConnection* bus, const Scope& scope) {
    // A name that was used just now takes a moment to be free again, as its last processes are let go of.
    for (const gint64 end = g_get_monotonic_time() + G_USEC_PER_SEC;;) {
        const Failure failure = run_job(bus, scope.unit, "StartTransientUnit", request(scope));
        if (failure.name != "org.freedesktop.systemd1.UnitExists" || g_get_monotonic_time() > end) return failure.text;
        if (is_empty(bus, scope.unit)) (void)stop(bus, scope.unit); // if it fails, the next attempt tells
        else g_usleep(50'000);
    }
}

std::string set_limits(GDBusConnection* bus, const std::string& unit, const Limits& limits) {
    GVariantBuilder properties;
    g_variant_builder_init(&properties, G_VARIANT_TYPE("a(sv)"));
    for (const auto& [name, value] : limits) add_limit(&properties, name, value);
    return call(bus, "SetUnitProperties", g_variant_new("(sba(sv))", unit.c_str(), TRUE, &properties)).text;
}

std::string attach(GDBusConnection* bus, const std::string& unit, const std::string& leaf, std::uint32_t pid) {
    GVariant* pids = g_variant_new_fixed_array(G_VARIANT_TYPE_UINT32, &pid, 1, sizeof pid);
    return call(bus, "AttachProcessesToUnit", g_variant_new("(ss@au)", unit.c_str(), leaf.c_str(), pids)).text;
}

std::string stop(GDBusConnection* bus, const std::string& unit) {
    const Failure failure = run_job(bus, unit, "StopUnit", g_variant_new("(ss)", unit.c_str(), "replace"));
    return failure.name == "org.freedesktop.systemd1.NoSuchUnit" ? "" : failure.text;
}

} // namespace session
