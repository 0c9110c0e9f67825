// Any text with ${…}, and as a path.

#include "launcher/base/path.hpp"
#include "launcher/profile/expand.hpp"
#include "tests/fuzz/require.hpp"

int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    const profile::Places places{{"HOME", "/home/user"}, {"DOWNLOADS", "/home/user/Downloads"}, {"APP", "${HOME}"}, {"EMPTY", ""}};
    const auto expanded = profile::expand(text, places);
    if (!expanded) return 0;
    // A place is not expanded again, and what holds none is left as it is.
    fuzz::require(text.find("${") != std::string::npos || expanded.value() == text, "text without a place stays");
    const auto path = base::normalised(expanded.value());
    if (!path) return 0;
    fuzz::require(path.value().starts_with('/') && (path.value() + "/").find("/../") == std::string::npos, "a path is absolute and leads down");
    fuzz::require(base::normalised(path.value()).value() == path.value(), "a normalised path is its own normal form");
    return 0;
}
