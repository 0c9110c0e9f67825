#pragma once
// The process that becomes the app.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

/// none: descriptors 0-2 are handed on as they are. pty: those of 0-2 that are terminals are replaced by a pseudo
/// terminal of the sandbox's own, which is also its /dev/console.
enum class Terminal { none, pty };

struct Rlimit {
    std::uint32_t resource = 0; ///< RLIMIT_*, see rlimit_names
    std::uint64_t soft = 0;     ///< UINT64_MAX: infinity
    std::uint64_t hard = 0;
    base::Origin origin;

    bool operator==(const Rlimit&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"resource", &Rlimit::resource}, Field{"soft", &Rlimit::soft},
                          Field{"hard", &Rlimit::hard}, Field{"origin", &Rlimit::origin}};
    }
};

/// The sixteen names of getrlimit(2), in the order of their numbers on Linux.
inline constexpr std::array<std::string_view, 16> rlimit_names{
    "cpu", "fsize",   "data",  "stack",      "core",     "rss",  "nproc",  "nofile",
    "memlock", "as", "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime"};

struct Process {
    std::vector<std::string> argv;        ///< at least one; argv[0] is looked up in PATH inside unless it holds a '/'
    std::vector<std::string> environment; ///< NAME=VALUE, complete: nothing is inherited
    base::InsidePath cwd;
    std::uint32_t umask = 022;
    Terminal terminal = Terminal::none;
    std::uint32_t preserved_fds = 0; ///< descriptors 3 … 2+N are handed on; all above are closed
    std::uint32_t parent_death_signal = 9; ///< to the app when its sandbox's init dies (init always gets SIGKILL)
    std::vector<Rlimit> rlimits;
    base::Origin origin; ///< who named the command

    bool operator==(const Process&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"argv", &Process::argv},
                          Field{"environment", &Process::environment},
                          Field{"cwd", &Process::cwd},
                          Field{"umask", &Process::umask, "permission bits"},
                          Field{"terminal", &Process::terminal},
                          Field{"preserved-fds", &Process::preserved_fds},
                          Field{"parent-death-signal", &Process::parent_death_signal},
                          Field{"rlimits", &Process::rlimits},
                          Field{"origin", &Process::origin}};
    }
};

} // namespace plan

template <>
struct base::EnumNames<plan::Terminal> {
    static constexpr std::array<std::string_view, 2> names{"none", "pty"};
};
