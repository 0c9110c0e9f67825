// What types into a terminal as if the user had (ioctl_tty(2)), on a terminal of the probe's own, which it controls.

#include "profiles/selftest/abi.hpp"
#include "profiles/selftest/row.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace selftest {
namespace {

struct Request {
    const char* name;
    std::uint64_t number;
};
constexpr Request requests[] = {{"TIOCSTI", TIOCSTI}, {"TIOCLINUX", TIOCLINUX}, {"TIOCSETD", TIOCSETD}};

struct Attempt {
    Abi abi;
    std::uint64_t request;
    void* memory;
};

int attempted(const void* argument) {
    const Attempt& attempt = *static_cast<const Attempt*>(argument);
    const int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0 || unlockpt(master) != 0 || setsid() < 0) return ENODEV;
    const int terminal = ioctl(master, TIOCGPTPEER, O_RDWR | O_CLOEXEC); // becomes the controlling terminal
    if (terminal < 0) return ENODEV;
    const long number = attempt.abi == Abi::x86 ? 54 : attempt.abi == Abi::x32 ? 514 : SYS_ioctl;
    const long result = make_call(attempt.abi, number, {static_cast<std::uint64_t>(terminal), attempt.request, reinterpret_cast<std::uint64_t>(attempt.memory)});
    return result == -EPERM || result == -ENOSYS || result == -EACCES || result == -EIO ? static_cast<int>(-result) : 0; // EIO: legacy_tiocsti = 0
}

} // namespace

void try_terminal(Rows& rows) {
    void* const memory = low_memory();
    for (const Request& request : requests) {
        const auto attempt = [&](Abi abi, std::uint64_t number, const std::string& suffix, const char* name) {
            const Attempt one{abi, number, memory};
            rows.push_back(row(27, std::string("ioctl:") + request.name + suffix, apart(attempted, &one), name));
        };
        attempt(Abi::native, request.number, "", "native");
        for (const int bit : {32, 47, 63}) attempt(Abi::native, request.number | std::uint64_t{1} << bit, " with bit " + std::to_string(bit), "native");
#ifdef __x86_64__
        attempt(Abi::x86, request.number, "", "x86");
        attempt(Abi::x32, request.number, "", "x32");
#endif
    }
}

} // namespace selftest
