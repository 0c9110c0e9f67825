#include "profiles/selftest/abi.hpp"

#include <cerrno>
#include <sys/mman.h>
#include <unistd.h>

namespace selftest {
namespace {

#ifdef __x86_64__
// int $0x80 takes i386 numbers in 64-bit code too (arch/x86/entry): what a filter for one ABI forgets.
long call_x86(long number, const Arguments& a) {
    long result = number;
    const auto low = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
    asm volatile("push %%rbp\n\tmov %[last], %%ebp\n\tint $0x80\n\tpop %%rbp"
                 : "+a"(result)
                 : "b"(low(a[0])), "c"(low(a[1])), "d"(low(a[2])), "S"(low(a[3])), "D"(low(a[4])), [last] "r"(low(a[5]))
                 : "memory", "cc", "r8", "r9", "r10", "r11");
    return static_cast<int>(result);
}

long call_native(long number, const Arguments& a) {
    long result = number;
    register std::uint64_t r10 asm("r10") = a[3];
    register std::uint64_t r8 asm("r8") = a[4];
    register std::uint64_t r9 asm("r9") = a[5];
    asm volatile("syscall" : "+a"(result) : "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9) : "memory", "cc", "rcx", "r11");
    return result;
}
#endif

} // namespace

long make_call(Abi abi, long number, const Arguments& a) {
#ifdef __x86_64__
    constexpr long x32_bit = 0x40000000;
    switch (abi) {
    case Abi::native: return call_native(number, a);
    case Abi::x86: return call_x86(number, a);
    case Abi::x32: return call_native(number | x32_bit, a);
    }
    return -ENOSYS;
#else
    if (abi != Abi::native) return -ENOSYS;
    const long result = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    return result < 0 ? -errno : result;
#endif
}

void* low_memory() {
#ifdef MAP_32BIT
    constexpr int low = MAP_32BIT;
#else
    constexpr int low = 0;
#endif
    void* const page = mmap(nullptr, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | low, -1, 0);
    return page == MAP_FAILED ? nullptr : page;
}

} // namespace selftest
