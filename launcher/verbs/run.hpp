#pragma once
// `run` and `explain`: from the command line to a checked Plan.

#include "launcher/resolve/resolve.hpp"
#include "launcher/verbs/verb.hpp"

namespace verbs {

/// The options of `run`; `explain` takes the same.
std::span<const OptionRow> run_options();

/// What the command line of `run` asks: a profile with overrides, and a command or arguments.
struct Words {
    profile::Request request;
    resolve::Invocation invocation;
};

/// Errors (usage): an option whose value cannot be. No word at all leaves request.profile empty.
base::Result<Words> read_words(const World& world, const Parsed& parsed);

/// One line for a warning of resolve.
std::string to_line(const resolve::Warning& warning);

/// The Plan that `run` with these words would carry out; nothing is made. Errors: all that stop a start before that.
base::Result<plan::Plan> planned(const World& world, const Parsed& parsed);

base::Result<Outcome> run(const World& world, const Parsed& parsed);
base::Result<Outcome> explain(const World& world, const Parsed& parsed);

} // namespace verbs
