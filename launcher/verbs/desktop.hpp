#pragma once
// sandbox-desktop, the program that reads and writes .desktop files with GLib (launcher/session/desktop_main.cpp).

#include "launcher/base/result.hpp"
#include "launcher/verbs/world.hpp"

#include <string>
#include <vector>

namespace verbs {

/// Adds a pair to a question.
void add(std::vector<std::string>& question, std::string name, std::string value);

/// Asks it and waits. Its words go into `answer`, or to our stdout where that is null. Its exit status. Errors: it cannot be
/// started, or was ended by a signal.
base::Result<int> run_desktop(const World& world, const std::vector<std::string>& question, std::vector<std::string>* answer);

/// What an entry tells of its application (session::describe). Errors: what it said.
base::Result<std::vector<std::string>> describe_entry(const World& world, const std::string& name);

} // namespace verbs
