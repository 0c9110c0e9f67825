#include "launcher/plan/mount.hpp"

namespace plan {

const base::InsidePath& target_of(const Mount& mount) {
    return std::visit([](const auto& kind) -> const base::InsidePath& { return kind.target; }, mount);
}

const base::Origin& origin_of(const Mount& mount) {
    return std::visit([](const auto& kind) -> const base::Origin& { return kind.origin; }, mount);
}

const char* kind_of(const Mount& mount) {
    return std::visit([](const auto& kind) { return kind.kind; }, mount);
}

} // namespace plan
