#pragma once
// Runs a program under ptrace(2) with all that it starts, counts its system calls, and acts at the ones it was told.
//
// Every process has a name that is the same in each run: that of its program, or that which the program gives itself by
// prctl(PR_SET_NAME) behind its own (sandbox, sandbox-helper), and for one that was forked its parent's name
// with a number (`sandbox-helper.1` is the first child of the helper). A stop is PROCESS/CALL#N: the N-th time that this image
// of the process enters that call. Numbers of other processes and calls do not shift it.

#include <cstdint>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace trace {

enum class Deed {
    fail,   ///< the call is not made; it returns the error `words[0]`; 0: as if it had been
    kill,   ///< SIGKILL to the process named `words[0]`, before the call
    swap,   ///< renameat2(EXCHANGE) of the paths `words[0]` and `words[1]`, before the call
    run,    ///< `words[0]` by /bin/sh, before the call; the process waits for it
    stop,   ///< SIGKILL to every process, before the call: what a power cut would leave
};

struct Action {
    std::string stop;
    Deed deed;
    std::vector<std::string> words;
    bool done = false;
    int result = 0; ///< the errno of what was done, 0 when it went well; of `run` the status
};

struct Options {
    std::vector<std::string> ours{"sandbox"}; ///< programs whose name begins so are stepped through; others only followed
    std::vector<std::string> calls;           ///< list these calls alone; none: all
    std::vector<std::string> program;
    std::vector<Action> actions;
    long uid = -1, gid = -1;                  ///< whom the program runs as; -1: as the tracer
    int grace = 5000;                         ///< milliseconds that the others have once the first process ended
    int limit = 30'000;                       ///< milliseconds for all
};

struct Stop {
    std::string name, process, call;
    std::vector<std::string> paths;
    std::int64_t result = 0;
    bool returned = false;
};

struct Report {
    int status = -1;                    ///< of the program, as a shell gives it; -1: it had to be ended
    std::vector<Stop> stops;            ///< of the programs that are stepped through, in their order
    std::vector<std::string> processes; ///< each that was ever there
    std::vector<std::string> survivors; ///< still there after the grace; they were ended
    std::string problem;                ///< why nothing was traced; else empty
};

/// Ends when every process has. What was started is killed when the tracer is.
Report run(Options& options);

} // namespace trace
