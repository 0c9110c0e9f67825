#include "launcher/base/process.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"

#include <cerrno>
#include <climits>
#include <fcntl.h>

namespace base {
namespace {

Result<std::string> proc_file(const std::string& path) {
    const UniqueFd file = sys::open(path.c_str(), O_RDONLY);
    if (!file.valid()) return system_error("open", "cannot read '" + path + "'");
    return read_all(file, 64U << 10);
}

} // namespace

Result<pid_t> pid_of(const UniqueFd& pidfd) {
    const std::string text = TRY(proc_file("/proc/self/fdinfo/" + std::to_string(pidfd.get())));
    for (const std::string_view line : split(text, '\n')) {
        if (!line.starts_with("Pid:\t")) continue;
        // "-1": it has ended; "0": it lives outside our pid namespace.
        if (const auto pid = whole_number(line.substr(5), INT_MAX); pid && *pid > 0) return static_cast<pid_t>(*pid);
    }
    return Error{.what = "the process has ended", .code = ESRCH};
}

Result<std::uint64_t> start_time(pid_t pid) {
    const std::string path = "/proc/" + std::to_string(pid) + "/stat";
    Result<std::string> read = proc_file(path);
    if (!read && read.error().code == ENOENT) read.error() = Error{.what = "the process has ended", .code = ESRCH};
    const std::string text = TRY(std::move(read));
    // The name may hold anything, also ")": the fields begin after the last one.
    const auto fields = split(std::string_view(text).substr(std::min(text.rfind(')') + 2, text.size())), ' ');
    const auto ticks = fields.size() > 19 ? whole_number(fields[19]) : std::nullopt;
    if (!ticks) return Error{.what = "cannot read '" + path + "'", .code = EPROTO};
    return *ticks;
}

} // namespace base
