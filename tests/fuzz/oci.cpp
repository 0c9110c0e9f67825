// Any text as a config.json of OCI: a profile that can be asked for, or one line of error.

#include "launcher/oci/oci.hpp"
#include "tests/fuzz/require.hpp"

int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    const auto read = oci::read({reinterpret_cast<const char*>(bytes), size}, "config.json", "/bundle");
    if (!read) fuzz::require(to_text(read.error()).find('\n') == std::string::npos, "an error is one line");
    return 0;
}
