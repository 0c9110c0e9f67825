#pragma once
// How much of everything is tried.

#include <cstddef>

namespace support {

#if defined(__SANITIZE_ADDRESS__)
#define SUPPORT_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SUPPORT_SANITIZED
#endif
#endif

/// The step through all the inputs of a test: 1, but where sanitizers look at every access, which takes tens of times as long.
#ifdef SUPPORT_SANITIZED
inline constexpr std::size_t pace = 13;
#else
inline constexpr std::size_t pace = 1;
#endif

} // namespace support
