#pragma once
// Defences that tests take away one at a time, to see the attack succeed without it (tests/attacks). In the program that is
// installed `on` is true at compile time, and nothing of the switch is left: tests/lint/defences looks into the program.

#include "launcher/plan/report.hpp"

namespace helper {

/// What is checked within a stage; a whole stage is named by itself.
enum class Defence {
    source_identity, ///< a source is what the Plan saw
    target_links,    ///< no link is followed below the new root
    own_folders,     ///< mount points are made in file systems of ours alone
    masks,
    read_only,       ///< flags and covers that forbid writing
    undumpable,      ///< nothing inside looks into a process of ours
    own_session,     ///< of process 1; the app's is a stage
    procfs,          ///< what is written to below /proc is a procfs
    alive,           ///< whose ids are mapped is still our child
    reaped_here,     ///< the number of a child that died is nobody else's until we have waited for it
    record_itself,   ///< what is removed at the end is the record, not what has its name by then
    sealed,          ///< nobody can change the Plan that was checked
    checked,         ///< the Plan is checked again
    nothing_open,    ///< no descriptor of the host is in the processes inside, not even up to their exec
};

#ifdef SANDBOX_DEFENCES_OFF
bool on(Defence defence); // of tests/attacks/undefended
bool on(plan::Stage stage);
#else
constexpr bool on(Defence) { return true; }
constexpr bool on(plan::Stage) { return true; }
#endif

} // namespace helper
