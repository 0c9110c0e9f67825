#pragma once
// Numbers as people read them.

#include <cstdint>
#include <string>

namespace verbs {

/// "512", "1.5K", "20.1M": of 1024, three digits or so.
std::string bytes(std::uint64_t value);

/// "0.25 s", "3 min 20 s", "2 h 5 min", from microseconds.
std::string seconds(std::uint64_t microseconds);

/// "14s", "90m", "3h", "2d": how long it is since that second of 1970.
std::string age(std::uint64_t since);

} // namespace verbs
