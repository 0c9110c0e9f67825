#pragma once
// A symbolic link in a folder that we made.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"
#include "launcher/plan/access.hpp"
#include "launcher/plan/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

struct Symlink {
    static constexpr const char* kind = "symlink";
    base::InsidePath target;
    std::string text; ///< what the link says; never followed by us
    base::Origin origin;

    bool operator==(const Symlink&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"target", &Symlink::target}, Field{"text", &Symlink::text},
                          Field{"origin", &Symlink::origin}};
    }
};

} // namespace plan
