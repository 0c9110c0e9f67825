#pragma once
// Pseudo terminals of our own (newinstance, ptmxmode=0666), with the links /dev/ptmx beside it.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"
#include "launcher/plan/access.hpp"
#include "launcher/plan/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

struct Devpts {
    static constexpr const char* kind = "devpts";
    base::InsidePath target;
    base::Origin origin;

    bool operator==(const Devpts&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"target", &Devpts::target}, Field{"origin", &Devpts::origin}};
    }
};

} // namespace plan
