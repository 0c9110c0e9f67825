#include "launcher/base/error.hpp"

#include "launcher/base/text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace base {
namespace {

/// What can be done about an errno, whatever was called.
struct CodeRow {
    int code;
    const char* advice;
};
constexpr std::array by_code{
    CodeRow{EMFILE, "raise the limit of open files: ulimit -n"},
    CodeRow{ENFILE, "close other programs: the system has no more open files"},
    CodeRow{ENOMEM, "close other programs: memory is short"},
    CodeRow{ENOSPC, "make room there"},
    CodeRow{EDQUOT, "make room there: the quota is used up"},
    CodeRow{EROFS, "it lies on a file system that is read-only"},
    CodeRow{EIO, "look at the log of the kernel: dmesg"},
    CodeRow{ENOSYS, "this kernel does not have it, or a filter denies it: see sandbox doctor"},
};

std::string advice_of(const Error& error) {
    const auto row = std::find_if(by_code.begin(), by_code.end(), [&](const CodeRow& one) { return one.code == error.code; });
    return !error.advice.empty() || row == by_code.end() ? error.advice : row->advice;
}

} // namespace

std::string to_text(const Error& error) {
    std::string text;
    if (!error.origin.file.empty()) text += to_text(error.origin) + ": ";
    text += error.what;
    if (error.code != 0) {
        text += ": ";
        if (!error.call.empty()) text += error.call + ": ";
        text += strerror(error.code);
    }
    if (const std::string advice = advice_of(error); !advice.empty()) text += "; " + advice;
    return escaped(text);
}

Error system_error(std::string_view call, std::string what, Origin origin) {
    return Error{.what = std::move(what), .call = std::string(call), .code = errno, .origin = std::move(origin)};
}

int exit_status(Failure failure) {
    switch (failure) {
    case Failure::ours: return 125;
    case Failure::usage: return 2;
    case Failure::not_executable: return 126;
    case Failure::not_found: return 127;
    }
    __builtin_unreachable();
}

} // namespace base
