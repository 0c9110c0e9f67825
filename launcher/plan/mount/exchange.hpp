#pragma once
// A folder between a sidecar and the app, in which the sidecar makes its socket. The helper makes it in the record of the
// instance, empty and 0700; the sidecar writes there, the app only looks.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"
#include "launcher/plan/access.hpp"

#include <string>

namespace plan {

struct Exchange {
    static constexpr const char* kind = "exchange";
    std::string name; ///< the folder's; the same name is the same folder
    base::InsidePath target;
    Access access = Access::read_only;
    base::Origin origin;

    bool operator==(const Exchange&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"name", &Exchange::name}, Field{"target", &Exchange::target},
                          Field{"access", &Exchange::access}, Field{"origin", &Exchange::origin}};
    }
};

} // namespace plan
