// Any message between the launcher and sandbox-session, and any instance id as a unit.

#include "launcher/session/client.hpp"
#include "tests/fuzz/require.hpp"

#include <algorithm>
#include <cctype>

int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    const auto words = session::words_in(text);
    fuzz::require(session::words_in(session::to_message(words)) == words, "words come back as they were");
    const std::string unit = session::unit_of(text);
    fuzz::require(unit.starts_with("app-sandbox-") && unit.ends_with(".scope"), "a unit is a scope of ours");
    fuzz::require(std::all_of(unit.begin(), unit.end(), [](unsigned char c) { return (c < 128 && std::isalnum(c)) || c == '-' || c == '_' || c == '.' || c == ':' || c == '\\'; }),
                  "a unit holds only what systemd takes");
    return 0;
}
