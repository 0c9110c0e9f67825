#pragma once
// A file or folder of the host, shown inside: open_tree(2), mount_setattr(2), move_mount(2).

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"
#include "launcher/plan/access.hpp"
#include "launcher/plan/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

struct Bind {
    static constexpr const char* kind = "bind";
    Source source;
    base::InsidePath target;
    Access access = Access::read_only;
    Execution execution = Execution::allowed;
    Subtree subtree = Subtree::recursive;
    Propagation propagation = Propagation::private_;
    base::Origin origin;

    bool operator==(const Bind&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"source", &Bind::source},   Field{"target", &Bind::target},
                          Field{"access", &Bind::access},   Field{"execution", &Bind::execution},
                          Field{"subtree", &Bind::subtree}, Field{"propagation", &Bind::propagation},
                          Field{"origin", &Bind::origin}};
    }
};

} // namespace plan
