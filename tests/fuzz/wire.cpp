// Any bytes as a Plan and as the record of an instance: what is accepted is exactly what would be written.

#include "launcher/plan/check.hpp"
#include "launcher/plan/wire.hpp"
#include "tests/fuzz/require.hpp"

int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    if (const auto plan = plan::decode(text)) {
        fuzz::require(plan::encode(plan.value()) == text, "an accepted plan has no other bytes");
        if (const auto checked = plan::check(plan.value()); !checked) fuzz::require(!checked.error().what.empty(), "a refusal has a reason");
    }
    if (const auto state = plan::decode_state(text)) fuzz::require(plan::encode(state.value()) == text, "an accepted record has no other bytes");
    return 0;
}
