// Any bytes as an Xauthority file.

#include "launcher/resolve/xauthority.hpp"
#include "tests/fuzz/require.hpp"

int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    const std::string_view file(reinterpret_cast<const char*>(bytes), size);
    const auto cookies = resolve::cookies_for(file, "0", "host", "1000");
    if (!cookies) return 0;
    fuzz::require(cookies.value().size() <= 2 * file.size() + 64, "no more cookies than there were");
    const auto again = resolve::cookies_for(cookies.value(), "1000", "another", "1000");
    fuzz::require(again.ok() && again.value() == cookies.value(), "what was written can be read, and holds for any host");
    return 0;
}
