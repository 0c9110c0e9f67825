#pragma once
// cgroup v2 limits, under the kernel's own file names.

#include "launcher/base/origin.hpp"

#include <string>
#include <vector>

namespace plan {

enum class Requirement { off, best_effort, required };

struct Limit {
    std::string name;  ///< "memory.max"
    std::string value; ///< as it is written to the file: bytes as a number, "max", "200000 100000"
    base::Origin origin;
    bool operator==(const Limit&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"name", &Limit::name}, Field{"value", &Limit::value}, Field{"origin", &Limit::origin}};
    }
};

struct Limits {
    Requirement requirement = Requirement::best_effort;
    std::vector<Limit> values;
    bool operator==(const Limits&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"requirement", &Limits::requirement}, Field{"values", &Limits::values}};
    }
};

} // namespace plan

template <>
struct base::EnumNames<plan::Requirement> {
    static constexpr std::array<std::string_view, 3> names{"off", "best-effort", "required"};
};
