#pragma once
// A sandbox that is built ahead: by a Plan that was kept, while the launcher still proves that it is the one that would be made
// now. Nothing of the app runs before the order `run`, which `supervise` alone gives; a Plan that proves stale costs a child
// that is ended. Until then it has done no more than mount, in namespaces of its own, what it found to be the very files
// that the Plan names.

#include "helper/birth.hpp"

#include <memory>

namespace helper {

class Ahead {
public:
    /// Whether that is all that building this Plan does: no file is made outside of the sandbox's own memory (an overlay makes
    /// some), no other program is started (sidecars, a network stack, newuidmap), nothing of a record is needed, and no
    /// namespace is joined, as there is no way back.
    static bool fits(const plan::Plan& plan);

    /// The Plan is checked, and has its own copy in the child: `plan` is not needed after. Signals are blocked, the child is born
    /// without a control group and builds. `memory` as in Start.
    /// Errors: those that the same start would meet later.
    static base::Result<Ahead> begin(const plan::Plan& plan, std::span<char> memory);

    Ahead(Ahead&&) noexcept = default;
    /// Unless it was taken over, the child is ended, and the mask of signals is as before.
    ~Ahead();

    /// What a supervisor goes on with: once.
    struct Standing {
        base::UniqueFd signals;
        Born born;
        base::Result<void> mapped; ///< of map_ids
    };
    Standing take_over();

private:
    struct Begun {
        Signals signals;
        Born born;
        base::Result<void> mapped;
    };
    explicit Ahead(std::unique_ptr<Begun> begun) : begun_(std::move(begun)) {}
    std::unique_ptr<Begun> begun_; ///< null: taken over
};

} // namespace helper
