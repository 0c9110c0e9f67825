#pragma once
// What an app reaches for, and what it is refused: by following every process of its start with ptrace(2), from this process,
// which started it and sees its paths as the app names them. Slow, and for looking alone: nothing rests on it.

#include "launcher/base/result.hpp"
#include "launcher/plan/plan.hpp"
#include "launcher/verbs/world.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace verbs {

/// How a path, peer or call was used, over the whole run.
struct Use {
    bool read = false;    ///< opened, looked at, executed: and it was there
    bool written = false;
    bool refused = false; ///< not shown, read-only, no network, denied by the filter
    bool refused_write = false; ///< of those: to write
    int code = 0;         ///< the errno of the first refusal
};

struct Recording {
    int status = 0;                       ///< of the app, as a shell gives it
    std::map<std::string, Use> paths;     ///< absolute, inside; only those that the host has, or that were there inside
    std::map<std::string, Use> peers;     ///< "192.0.2.1:443", "[::1]:80"
    std::map<std::string, Use> calls;     ///< denied by the filter of the Plan
    std::map<std::string, Use> names;     ///< on the busses; written: to own it
    bool cut_off = false;                 ///< more was used than is kept
    std::set<std::string> told;           ///< lines that were told live
};

/// What is told while it goes on.
struct Telling {
    Say refused = nullptr;  ///< each refusal when it first happens; it is not among denials() then
    Say progress = nullptr; ///< how much was used so far (tally.hpp)
    std::string doing = {}; ///< the begin of that line; empty: signals of the caller are handed on to the app
};

/// What the app asked of which name, by the log of xdg-dbus-proxy(1) as it grows. What is no name is passed over: the words of a
/// log are in part the app's.
class BusLog {
public:
    void read(std::string_view more); ///< what was written since; a line that is not at its end yet is kept
    const std::map<std::string, Use>& names() const { return names_; }

private:
    void line(std::string_view text);
    Use* kept(std::string_view name);

    std::map<std::string, Use> names_;
    Use* called_ = nullptr; ///< what the last message was for
    std::string rest_;      ///< the begin of a line
};

/// Forks. In the child it comes back with nothing, to go on and become the app. In the parent it comes back when every
/// process of the child has ended. `plan` is what the child is going to start, with `bus_log` as its Invocation::bus_log.
/// Errors: of fork(2) and ptrace(2); the log cannot be opened.
base::Result<std::optional<Recording>> record(const plan::Plan& plan, const base::HostPath& bus_log, const Telling& telling);

/// The refusals, one line each, in words.
std::vector<std::string> denials(const Recording& recording);

} // namespace verbs
