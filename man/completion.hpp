#pragma once
// Completion scripts of the shells, made of the rows of the verbs.

#include "launcher/verbs/verb.hpp"

#include <span>
#include <string>
#include <string_view>

namespace manual {

/// The whole script for bash, zsh or fish; empty for another shell.
std::string completion(std::span<const verbs::Verb> all, std::string_view shell);

} // namespace manual
