#pragma once
// System calls and errors by name: x86-64 numbers as libseccomp has them, and which arguments are paths.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trace {

/// The name of a native system call; `call_N` for one that has none.
std::string name_of_call(std::uint64_t number);

/// Positions (0 to 5) of the arguments that are paths; none for most calls.
std::vector<unsigned> path_arguments(std::string_view call);

/// `EPERM` or `1` to 1; 0 for what is no error.
int error_number(std::string_view text);

} // namespace trace
