// faulty KIND: makes the mistake that a sanitizer, or memcheck, must find. The control of tests/sanitized.

#include <climits>
#include <cstdlib>
#include <string_view>

namespace {

// Many, as one that still stands in a register or on the stack is not lost.
[[gnu::noinline]] void leak() {
    for (int number = 0; number < 100; ++number) *static_cast<volatile int*>(std::malloc(sizeof(int))) = number;
}

} // namespace

int main(int count, char** words) {
    const std::string_view kind = count > 1 ? words[1] : "";
    volatile int number = INT_MAX;
    auto* const cell = static_cast<volatile int*>(std::malloc(sizeof(int)));
    if (kind == "read" && *cell == 3) return 3; // not written yet
    *cell = 1;
    if (kind == "overflow") number = number + *cell;
    if (kind == "leak") leak();
    else std::free(const_cast<int*>(cell));
    if (kind == "freed") return *cell;
    return number == 0 ? 1 : 0;
}
