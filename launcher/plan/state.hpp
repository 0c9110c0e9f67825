#pragma once
// The record of a running instance: what `state` prints and what every verb on a running app checks before it acts.
// The launcher writes the first one before it becomes the helper; the helper completes it before the app may run.

#include "launcher/base/fields.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace plan {

enum class Status { created, running };

struct State {
    std::uint32_t schema = 1;
    std::string instance;
    std::string app;
    std::string profile;           ///< the file that the app's profile was read from
    Status status = Status::created;
    std::uint32_t supervisor = 0;  ///< pid, as the host sees it: for people; what acts, acts through descriptors
    std::uint64_t supervisor_start = 0; ///< clock ticks since boot (proc_pid_stat(5), field 22)
    std::uint32_t app_pid = 0;     ///< the app's first process, as the host sees it; 0: created
    std::uint64_t app_start = 0;
    std::uint64_t app_pidfd = 0;   ///< inode of its pidfd, unique since boot where pidfs exists (Linux 6.9)
    std::string unit;              ///< systemd's scope; empty: none
    std::string cgroup;            ///< the control group's folder on the host; empty: none
    std::uint64_t created = 0;     ///< seconds since 1970
    bool operator==(const State&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"schema", &State::schema},       Field{"instance", &State::instance},
                          Field{"app", &State::app},             Field{"profile", &State::profile},
                          Field{"status", &State::status},       Field{"supervisor-pid", &State::supervisor},
                          Field{"supervisor-start", &State::supervisor_start},
                          Field{"app-pid", &State::app_pid},     Field{"app-start", &State::app_start},
                          Field{"app-pidfd", &State::app_pidfd}, Field{"unit", &State::unit},
                          Field{"cgroup", &State::cgroup},       Field{"created", &State::created, "seconds since 1970"}};
    }
};

} // namespace plan

template <>
struct base::EnumNames<plan::Status> {
    static constexpr std::array<std::string_view, 2> names{"created", "running"};
};
