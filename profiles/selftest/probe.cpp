// sandbox-probe [KIND=BAIT… | busses]: tries from inside what a sandbox has to refuse, and prints a line for each: the class of the
// attack, what was tried, the ABI, how it ended. `sandbox selftest` starts it and compares that with the plan. What gets
// through is undone. `busses`: those alone, which is how it is told outside who is there at all.

#include "profiles/selftest/row.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

namespace selftest {

Row row(int attack, std::string key, int code, std::string abi) {
    const bool absent = code == EAFNOSUPPORT && key.starts_with("socket:AF_") ? false : code == ENODEV && key.starts_with("ioctl:");
    const char* const name = code == 0 ? "" : strerrorname_np(code);
    return Row{attack, std::move(key), std::move(abi), code == 0 ? Outcome::through : absent ? Outcome::absent : Outcome::blocked, name ? name : std::to_string(code)};
}

int apart(int (*attempt)(const void*), const void* argument) {
    int ends[2];
    if (pipe(ends) != 0) return EINTR;
    const pid_t child = fork();
    if (child < 0) return EINTR;
    if (child == 0) {
        const int code = attempt(argument);
        (void)!write(ends[1], &code, sizeof code); // unheard it counts as killed
        _exit(0);
    }
    close(ends[1]);
    int code = EINTR;
    if (read(ends[0], &code, sizeof code) != static_cast<ssize_t>(sizeof code)) code = EINTR;
    close(ends[0]);
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {}
    return code;
}

} // namespace selftest

int main(int count, char** words) {
    using namespace selftest;
    Baits baits;
    const bool outside = count == 2 && std::string_view(words[1]) == "busses";
    for (int at = 1; at < count && !outside; ++at) {
        const std::string word = words[at];
        const auto equals = word.find('=');
        if (equals == std::string::npos) {
            std::fprintf(stderr, "sandbox-probe: '%s' is no bait\n", words[at]);
            return 2;
        }
        baits.emplace_back(word.substr(0, equals), word.substr(equals + 1));
    }
    Rows rows;
    if (!outside) {
        try_processes(rows); // first: nothing else is open yet
        try_files(baits, rows);
        try_sockets(baits, rows);
        try_terminal(rows);
        try_calls(rows);
    }
    try_busses(rows);
    constexpr const char* names[] = {"blocked", "through", "absent"};
    for (const Row& one : rows)
        std::printf("%d\t%s\t%s\t%s\t%s\n", one.attack, one.key.c_str(), one.abi.c_str(), names[static_cast<int>(one.outcome)], one.detail.c_str());
    std::printf("end\n");
    return std::fflush(stdout) == 0 ? 0 : 1;
}
