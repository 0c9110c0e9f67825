#include "launcher/base/error.hpp"

#include "launcher/base/text.hpp"

#include <cerrno>
#include <cstring>

namespace base {

std::string to_text(const Error& error) {
    std::string text;
    if (!error.origin.file.empty()) text += to_text(error.origin) + ": ";
    text += error.what;
    if (error.code != 0) {
        text += ": ";
        if (!error.call.empty()) text += error.call + ": ";
        text += strerror(error.code);
    }
    if (!error.advice.empty()) text += "; " + error.advice;
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
