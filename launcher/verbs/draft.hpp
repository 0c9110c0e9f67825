#pragma once
// A file of ours that is there for one run.

#include "launcher/base/result.hpp"

#include <string>
#include <string_view>
#include <sys/types.h>

namespace verbs {

/// Removed with this object by the process that made it, not by its children.
class Draft {
public:
    /// `path`: in a folder that only the user can write.
    explicit Draft(std::string path);
    ~Draft();
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    const std::string& path() const { return path_; }

    /// As all of the file, readable to the user alone. Errors: open(2), which follows no link; write(2).
    base::Result<void> write(std::string_view text) const;

private:
    std::string path_;
    pid_t owner_;
};

} // namespace verbs
