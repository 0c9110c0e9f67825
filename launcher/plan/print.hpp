#pragma once
// The Plan for people (`explain`) and for programs (`explain --json`).

#include "launcher/base/json.hpp"
#include "launcher/plan/plan.hpp"
#include "launcher/plan/state.hpp"

#include <string>

namespace plan {

/// One line an item, each with its origin in brackets; deterministic.
std::string to_text(const Plan& plan);

/// One JSON document with the names of fields(); 64-bit numbers as numbers, bytes (data, seccomp) as their length.
std::string to_json(const Plan& plan);
std::string to_json(const State& state, base::Json::Layout layout = base::Json::Layout::indented);

} // namespace plan
