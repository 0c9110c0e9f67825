// sandbox-demo: shows what a process in the sandbox finds, and what it tries to reach and is refused. Exit status 0 when
// everything that should be refused was, 1 otherwise. Harmless outside of a sandbox too, and then ends with 1.

#include "profiles/demo/row.hpp"

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace {

const char* mark(demo::Verdict verdict, bool colours) {
    switch (verdict) {
    case demo::Verdict::good: return colours ? "\033[32mok\033[0m " : "ok ";
    case demo::Verdict::bad: return colours ? "\033[31mBAD\033[0m" : "BAD";
    case demo::Verdict::told: return "   ";
    }
    return "";
}

/// What came from the host or a file is shown without its control characters.
std::string printable(const std::string& text) {
    std::string shown;
    for (const char character : text)
        shown += static_cast<unsigned char>(character) < 0x20 || character == 0x7f ? '?' : character;
    return shown;
}

std::size_t print_table(const char* title, const std::vector<demo::Row>& rows, std::size_t width, bool colours) {
    std::printf("\n%s\n", title);
    std::size_t bad = 0;
    for (const demo::Row& row : rows) {
        std::printf("  %s  %-*s  %s\n", mark(row.verdict, colours), static_cast<int>(width),
                    printable(row.subject).c_str(), printable(row.outcome).c_str());
        if (row.verdict == demo::Verdict::bad) ++bad;
    }
    return bad;
}

} // namespace

int main() {
    const bool colours = isatty(STDOUT_FILENO) == 1;
    const std::vector<demo::Row> found = demo::facts();
    const std::vector<demo::Row> tried = demo::attempts();
    std::size_t width = 0;
    for (const auto* rows : {&found, &tried})
        for (const demo::Row& row : *rows) width = std::max(width, row.subject.size());

    std::printf("sandbox demo: the view of a program that runs inside\n");
    std::size_t bad = print_table("What it found", found, width, colours);
    bad += print_table("What it tried", tried, width, colours);
    if (bad == 0)
        std::printf("\nEverything that should be refused was refused (%zu attempts).\n", tried.size());
    else
        std::printf("\n%zu of these are not as they should be inside a sandbox.\n", bad);
    return std::fflush(stdout) == 0 && bad == 0 ? 0 : 1;
}
