#pragma once
// The Plan as bytes, for the sealed memfd between launcher and helper and for the record of a running instance.
//
// Form: launcher/base/wire.hpp, under "SBXPLAN1". A State is the same under "SBXSTAT1".

#include "launcher/base/result.hpp"
#include "launcher/plan/plan.hpp"
#include "launcher/plan/state.hpp"

#include <string>
#include <string_view>

namespace plan {

/// No Plan is larger; a larger one is refused by both sides (CVE-2021-43784: lengths that wrap).
inline constexpr std::size_t wire_limit = 16U << 20;

/// The length of encode(plan), without encoding; check refuses a Plan whose length is above wire_limit.
std::size_t encoded_size(const Plan& plan);

std::string encode(const Plan& plan);

/// Errors: not a Plan, another version, truncated, a count that cannot fit in the bytes that are left, an enum or a
/// variant out of range, bytes left over. Never reads outside `bytes`, never allocates more than a small multiple of it.
base::Result<Plan> decode(std::string_view bytes);

/// The record of an instance, likewise; the same errors.
std::string encode(const State& state);
base::Result<State> decode_state(std::string_view bytes);

} // namespace plan
