#pragma once
// How far a recording has come, in one line on the terminal. The app may use the same terminal, through one of its own: it goes
// first. Nothing is drawn while it reads from it or has left a line unfinished, and what stands there is cleared before it writes.

#include "launcher/verbs/world.hpp"

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace verbs {

class Tally {
public:
    /// `say`: null: nothing is drawn. `doing`: the begin of the line.
    Tally(Say say, std::string doing);
    ~Tally(); ///< clears the line
    Tally(const Tally&) = delete;
    Tally& operator=(const Tally&) = delete;

    /// Draws what was counted, if it is something new and nobody else was at the terminal since the last tick. To be called some
    /// times a second.
    void tick(std::size_t files, std::size_t peers);

    /// The entry of a call of the app, before it is let go: its number and its first three arguments.
    void call(pid_t pid, std::uint64_t number, const std::uint64_t* arguments);

private:
    void clear();

    Say say_;
    std::string doing_, drawn_;
    bool others_ = false;     ///< the app wrote since the last tick
    bool unfinished_ = false; ///< what it wrote last does not end its line: that may be a question
    bool reads_ = false;      ///< it has read: the terminal is its own from then on
};

} // namespace verbs
