#pragma once
// The probe of `sandbox selftest`: each row is one attack from inside, tried for real.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace selftest {

enum class Outcome {
    blocked, ///< refused
    through, ///< it got through
    absent,  ///< this kernel has no such thing: nothing was shown
};

struct Row {
    int attack;       ///< the number of its class (tests/attacks)
    std::string key;  ///< what was tried: "call:mount", "file:/proc/kcore"
    std::string abi;  ///< of a system call: "native", "x86", "x32"; else empty
    Outcome outcome;
    std::string detail; ///< the errno that refused it, or what came through
};

using Rows = std::vector<Row>;
/// What the launcher laid out on the host, by kind: "secret" → a path, "tcp" → a port.
using Baits = std::vector<std::pair<std::string, std::string>>;

/// `code` 0: through; else an errno. Errors that only the absence of a feature gives count as absent.
Row row(int attack, std::string key, int code, std::string abi = {});

void try_calls(Rows& rows);              ///< system calls under three ABIs
void try_terminal(Rows& rows);           ///< requests on a terminal, under them as well
void try_files(const Baits& baits, Rows& rows);
void try_processes(Rows& rows);          ///< process 1, signals, own rights
void try_sockets(const Baits& baits, Rows& rows);
void try_busses(Rows& rows);             ///< the D-Bus busses whose addresses are in the environment

/// Runs `attempt` in a process of its own and returns what it returned: 0 or an errno. Killed counts as EINTR.
int apart(int (*attempt)(const void*), const void* argument);

} // namespace selftest
