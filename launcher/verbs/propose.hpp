#pragma once
// From what an app used to the smallest profile that covers it. What is sensitive is never part of it, and told instead.

#include "launcher/profile/profile.hpp"
#include "launcher/verbs/record.hpp"

#include <string>
#include <vector>

namespace verbs {

/// One thing that was observed, and what became of it.
struct Observed {
    std::string what;    ///< "read ${HOME}/notes/a.txt"
    std::string granted; ///< the key and value that cover it; empty: nothing does
    std::string why;     ///< why nothing does
    std::string path;    ///< absolute, where it is one
    std::string name;    ///< on the session bus, where it is one
};

struct Proposal {
    std::string text; ///< the profile, as a file
    std::vector<Observed> rows;
};

/// What a proposal starts from.
struct Ground {
    std::string app; ///< the table [app] of the profile
    std::string shown; ///< a key of [files] that is granted, to read, before anything is looked at; or empty
    std::string home, runtime;
    std::string network; ///< the mode that is to be had here: "user" or "host"
    std::map<std::string, std::string> services; ///< name on the session bus ("org.example.*" too) → the service that opens it
};

Proposal propose(const Ground& ground, const Recording& recording);

/// What of the proposal did not hold in a run under it: something that it grants was refused. Empty: it holds.
std::vector<std::string> broken(const Proposal& proposal, const Recording& first, const Recording& second);

} // namespace verbs
