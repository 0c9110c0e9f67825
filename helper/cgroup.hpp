#pragma once
// The control group of the app: a leaf that it is born in (CLONE_INTO_CGROUP), its limits, its end (cgroups(7),
// Documentation/admin-guide/cgroup-v2.rst).

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/limits.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace helper {

class Cgroup {
public:
    Cgroup() = default;
    /// In a scope of our own (`scope`), `folder`: moves this process into a leaf `supervisor`, hands every controller down
    /// and makes the leaf `app`. In a group that is merely ours to write, only the leaf `NAME`. Then writes the limits.
    /// A limit whose controller is not there is passed over, or with `required` an error that names it; where the controller is
    /// there and the kernel does not let it be handed down, it is told (`warnings`); a value that the kernel refuses is always an error. Other errors: of mkdir(2), open(2), write(2).
    static base::Result<Cgroup> make(base::UniqueFd folder, bool scope, const std::string& name, const plan::Limits& limits);
    Cgroup(Cgroup&&) noexcept = default;
    Cgroup& operator=(Cgroup&&) noexcept = default;
    ~Cgroup() { end(); }

    /// A line for each limit that was passed over though its controller is there.
    const std::vector<std::string>& warnings() const { return warnings_; }

    /// The leaf of the app, for clone_args::cgroup; -1: there is none.
    int leaf() const { return leaf_.get(); }
    /// How many processes of the leaf the kernel has killed for a memory limit (memory.events, oom_kill); 0 without one.
    std::uint32_t oom_kills() const;
    /// Kills what is left in the leaf (cgroup.kill) and, where systemd will not, removes it. A group that will not empty within a second stays for
    /// the next verb that meets the record.
    void end();

private:
    base::UniqueFd folder_;
    base::UniqueFd leaf_;
    std::string name_;
    std::vector<std::string> warnings_;
    bool scope_ = false;
};

} // namespace helper
