// Kinds that are made in file systems of ours: symlink, data, directory.

#include "helper/mount.hpp"
#include "launcher/base/io.hpp"
#include "launcher/base/path.hpp"
#include "launcher/base/sys.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;
namespace sys = base::sys;

Error not_ours(const base::InsidePath& target) {
    return Error{.what = "cannot make '" + target.text + "' inside",
                 .advice = "its folder is one of the host or of the app, where nothing is created"};
}

} // namespace

Result<void> apply(Building& building, const plan::Symlink& mount) {
    const Tree::Folder& parent = *TRY(building.tree.folder(base::parent_of(mount.target.text)));
    if (!parent.ours) return not_ours(mount.target);
    const std::string name(base::name_in(mount.target.text));
    if (symlinkat(mount.text.c_str(), parent.fd.get(), name.c_str()) != 0)
        return system_error("symlinkat", "cannot make the link '" + mount.target.text + "' inside");
    return {};
}

Result<void> apply(Building& building, const plan::Data& mount) {
    const Tree::Folder& parent = *TRY(building.tree.folder(base::parent_of(mount.target.text)));
    if (!parent.ours) return not_ours(mount.target);
    const std::string name(base::name_in(mount.target.text));
    const UniqueFd file = sys::openat2(parent.fd.get(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
                                       RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS, mount.mode);
    if (!file.valid()) return system_error("openat2", "cannot make '" + mount.target.text + "' inside");
    if (auto written = base::write_all(file, mount.contents); !written) {
        written.error().what = "cannot write '" + mount.target.text + "' inside";
        return std::move(written).error();
    }
    if (fchmod(file.get(), mount.mode) != 0) return system_error("fchmod", "cannot make '" + mount.target.text + "' inside");
    return {};
}

Result<void> apply(Building& building, const plan::Directory& mount) {
    const Tree::Folder& parent = *TRY(building.tree.folder(base::parent_of(mount.target.text)));
    const std::string name(base::name_in(mount.target.text));
    if (parent.ours) {
        if (mkdirat(parent.fd.get(), name.c_str(), mount.mode) == 0) return {};
        if (errno != EEXIST) return system_error("mkdirat", "cannot make '" + mount.target.text + "' inside");
    }
    (void)*TRY(building.tree.folder(mount.target.text)); // there already: it only has to be a folder
    return {};
}

} // namespace helper
