#pragma once
// A promise that a fuzzer holds its target to; libFuzzer keeps the input for which it does not hold.

#include <cstdio>
#include <cstdlib>

namespace fuzz {

inline void require(bool holds, const char* promise) {
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}

} // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size);
