#include "launcher/plan/wire.hpp"

#include "launcher/base/wire.hpp"

namespace plan {
namespace {

constexpr base::wire::Form plan_form{"SBXPLAN1", "the plan", wire_limit};
constexpr base::wire::Form state_form{"SBXSTAT1", "the record", wire_limit};

} // namespace

std::size_t encoded_size(const Plan& plan) {
    return base::wire::encoded_size(plan);
}

std::string encode(const Plan& plan) { return base::wire::encode_as(plan_form, plan); }
base::Result<Plan> decode(std::string_view bytes) { return base::wire::decode_as<Plan>(plan_form, bytes); }
std::string encode(const State& state) { return base::wire::encode_as(state_form, state); }
base::Result<State> decode_state(std::string_view bytes) { return base::wire::decode_as<State>(state_form, bytes); }

} // namespace plan
