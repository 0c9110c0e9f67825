#pragma once
// What the inner half of the helper, and the app's process before its exec, tell the outer half: fixed size, one
// SEQPACKET message each. The outer half holds the Plan and makes the sentence.

#include "launcher/base/fields.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace plan {

enum class ReportKind : std::uint8_t {
    app,      ///< the app's process exists: its pidfd rides along
    ready,    ///< the root stands, the lock-down of init is done; with a terminal, its descriptor rides along
    failed,   ///< a stage failed: `stage`, `code`, `item`
    started,  ///< the app's process has become the app: nothing of a start can fail any more
    exited,   ///< the app ended: `value` is its wait status (wait(2))
};

enum class Order : std::uint8_t {
    maps_written, ///< the id maps stand: go on
    network_ready, ///< the user-mode stack is attached: the sandbox's init may close itself off
    run,          ///< the record is written: run the app
};

/// The stages of the helper; the names are used in error reports.
enum class Stage : std::uint8_t {
    receive, clone, join, maps, sidecar, root, mount, console, nested, pivot, hostname, sysctl, init, // outer half and init
    session, network, loopback, identity, capabilities, privileges, keyring,                    // the app, early
    landlock, lsm, terminal, cwd, lookup, rlimits, seccomp, exec,                               // the app, late
};

struct Report {
    ReportKind kind = ReportKind::failed;
    Stage stage = Stage::receive;
    std::int32_t code = 0;  ///< errno
    std::int32_t item = -1; ///< index into the list that the stage walks (mounts, rlimits, sysctls), or -1
    std::int32_t value = 0;
    std::array<char, 32> call{};    ///< the system call, NUL terminated
    std::array<char, 1000> detail{}; ///< "WHAT\x1fADVICE", NUL terminated
};

/// What the supervisor tells whoever connects to the control socket of the instance.
enum class NoticeKind : std::uint8_t {
    running, ///< the app's pidfd rides along
    ended,   ///< `status` is the app's exit status, 128+N for signal N
};

struct Notice {
    NoticeKind kind = NoticeKind::running;
    std::int32_t status = 0;
    std::uint32_t oom_kills = 0; ///< at the end: processes that the kernel killed for the memory limit
};

struct OrderMessage {
    Order order = Order::run;
};

} // namespace plan

template <>
struct base::EnumNames<plan::Stage> {
    static constexpr std::array<std::string_view, 28> names{
        "receive", "clone",    "join",     "maps",     "sidecar",  "root",         "mount",      "console",
        "nested",  "pivot",    "hostname", "sysctl",   "init",         "session",    "network",
        "loopback", "identity", "capabilities", "privileges", "keyring", "landlock", "lsm",
        "terminal", "cwd",     "lookup",   "rlimits",  "seccomp",      "exec"};
};
