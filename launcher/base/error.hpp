#pragma once
// What went wrong, so that it can be told in one line: what failed, on what, who asked for it, what to do about it.

#include "launcher/base/origin.hpp"

#include <string>
#include <string_view>

namespace base {

/// The exit status that an error leads to (the contract of the command line).
enum class Failure {
    ours,           ///< 125: nothing was started, or what was started is ended
    usage,          ///< 2: the command line itself is wrong
    not_executable, ///< 126: the application is there and cannot be executed
    not_found,      ///< 127: the application is not there
};

struct Error {
    std::string what;     ///< a clause that names the operand: "cannot read '/etc/x'", "unknown service 'waylend'"
    std::string call = {};   ///< the system call that failed, or empty
    int code = 0;            ///< its errno, or 0
    std::string advice = {}; ///< what to do about it, without a full stop: "did you mean 'wayland'?"
    Origin origin = {};      ///< who asked for it
    Failure failure = Failure::ours;
};

/// `ORIGIN: WHAT: CALL: ERRNO TEXT; ADVICE`, one line; control characters and terminal escapes are shown escaped.
std::string to_text(const Error& error);

/// An error of a system call, with errno as it stands now.
Error system_error(std::string_view call, std::string what, Origin origin = {});

int exit_status(Failure failure);

} // namespace base
