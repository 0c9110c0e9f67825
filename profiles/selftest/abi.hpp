#pragma once
// System calls as each ABI of the processor makes them.

#include <array>
#include <cstdint>

namespace selftest {

enum class Abi { native, x86, x32 };

using Arguments = std::array<std::uint64_t, 6>;

/// The call of that number; its result, or the errno as a negative number. x86 takes 32 bits of each argument.
long make_call(Abi abi, long number, const Arguments& arguments);

/// Memory that 32-bit code can name; zeroed.
void* low_memory();

} // namespace selftest
