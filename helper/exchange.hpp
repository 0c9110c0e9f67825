#pragma once
// The folders in which sidecars make the sockets that the app may use: in the record of the instance, so that they go with
// it, whatever ends us.

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/plan.hpp"

#include <map>
#include <string>

namespace helper {

class Exchange {
public:
    Exchange() = default;
    /// Makes a folder for each name, 0700 and empty, below the new folder `exchange` of `record`. Errors: there is no
    /// record, and a folder is needed; EEXIST; of mkdir(2).
    static base::Result<Exchange> make(const base::UniqueFd& record, const plan::Plan& plan);

    /// What was made for that name: the mounts compare it with what they find. If nothing was, a source without
    /// a path, which they cannot open; a mount of the Plan that `make` was given always has its folder.
    plan::Source folder(const std::string& name) const;

private:
    std::map<std::string, plan::Source> folders_;
};

} // namespace helper
