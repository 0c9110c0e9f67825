#include "launcher/verbs/draft.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace verbs {

Draft::Draft(std::string path) : path_(std::move(path)), owner_(getpid()) {}

Draft::~Draft() {
    if (getpid() == owner_) (void)unlink(path_.c_str()); // gone already: as wanted
}

base::Result<void> Draft::write(std::string_view text) const {
    const base::UniqueFd file = base::sys::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
    if (!file.valid()) return base::system_error("open", "cannot write '" + path_ + "'");
    return base::write_all(file, text);
}

} // namespace verbs
