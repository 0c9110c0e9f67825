#pragma once
// `doctor`: what this host allows, by trying it; for each thing that is missing what it costs, and the one change that
// mends it.

#include "launcher/verbs/verb.hpp"

#include <string>
#include <string_view>

namespace verbs {

enum class Health {
    fine,
    costs,    ///< something of ours will not work, or is weaker
    forbids,  ///< no app can be started, or none should be: the installation is broken
};

struct Diagnosis {
    Health health = Health::fine;
    std::string says; ///< what was found
    std::string cost; ///< what that means for apps; empty when fine
    std::string mend; ///< the one change; empty when fine
};

struct DoctorRow {
    std::string_view name;
    Diagnosis (*examine)(const World& world);
};

/// What the kernel can do (doctor_kernel.cpp) and what the session has (doctor_session.cpp).
std::span<const DoctorRow> kernel_rows();
std::span<const DoctorRow> session_rows();

std::span<const OptionRow> doctor_options();
/// Status 1 when anything forbids.
base::Result<Outcome> doctor(const World& world, const Parsed& parsed);

} // namespace verbs

template <>
struct base::EnumNames<verbs::Health> {
    static constexpr std::array<std::string_view, 3> names{"fine", "costs", "forbids"};
};
