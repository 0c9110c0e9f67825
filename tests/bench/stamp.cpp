// bench-stamp: says when it ends, in nanoseconds of CLOCK_MONOTONIC, and ends.

#include <cstdio>
#include <ctime>
#include <unistd.h>

int main() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    char text[32];
    const int size = std::snprintf(text, sizeof text, "%lld", static_cast<long long>(now.tv_sec) * 1'000'000'000 + now.tv_nsec);
    (void)!write(1, text, static_cast<std::size_t>(size));
    _exit(0);
}
