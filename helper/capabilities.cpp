#include "helper/capabilities.hpp"

#include <array>
#include <cap-ng.h>
#include <cerrno>
#include <grp.h>
#include <linux/securebits.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// The library's capng_change_id, which nothing here calls, shares an object with what is called. These keep the name service
// switch that it wants out of a static program that holds capabilities.
passwd* getpwuid(uid_t) { return nullptr; }
int initgroups(const char*, gid_t) {
    errno = ENOSYS;
    return -1;
}

namespace helper {

using base::Error;
using base::Result;

namespace {

// The kernel's word, not the library's own copy; and not through /proc, which is still the host's at this point. The ambient
// set never holds more than the inheritable one (capabilities(7)).
Result<void> only_these_are_left(std::uint64_t kept) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> sets{};
    if (syscall(SYS_capget, &header, sets.data()) != 0) return base::system_error("capget", "cannot read the capabilities back");
    const auto whole = [](std::uint32_t low, std::uint32_t high) { return static_cast<std::uint64_t>(high) << 32 | low; };
    const std::uint64_t left = whole(sets[0].effective, sets[1].effective) | whole(sets[0].permitted, sets[1].permitted) |
                               whole(sets[0].inheritable, sets[1].inheritable);
    bool more = (left & ~kept) != 0;
    for (unsigned number = 0; number < 64; ++number) {
        const int bounding = prctl(PR_CAPBSET_READ, number, 0, 0, 0);
        if (bounding < 0) break; // the kernel knows no such capability, nor any above
        if ((kept >> number & 1) == 0 && bounding == 1) more = true;
    }
    return more ? Error{.what = "capabilities are left after they were dropped", .advice = "the kernel did not do what it promised; nothing was started"} : Result<void>();
}

} // namespace

Result<void> keep_only_capabilities(std::uint64_t kept) {
    unsigned long bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED |
                         SECBIT_KEEP_CAPS_LOCKED;
    if (kept == 0) bits |= SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
    if (prctl(PR_SET_SECUREBITS, bits, 0, 0, 0) != 0)
        return base::system_error("prctl(PR_SET_SECUREBITS)", "cannot lock the securebits");
    capng_clear(CAPNG_SELECT_ALL);
    constexpr auto every_set = static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_INHERITABLE |
                                                         CAPNG_BOUNDING_SET | CAPNG_AMBIENT);
    for (unsigned number = 0; number < 64; ++number)
        if ((kept >> number & 1) != 0 && capng_update(CAPNG_ADD, every_set, number) != 0)
            return Error{.what = "capability " + std::to_string(number) + " is not known to this kernel", .advice = "take it out of process.caps, or run a newer kernel"};
    if (const int code = capng_apply(CAPNG_SELECT_ALL); code != 0)
        return Error{.what = "cannot drop the capabilities (capng_apply: " + std::to_string(code) + ")"};
    return only_these_are_left(kept);
}

} // namespace helper
