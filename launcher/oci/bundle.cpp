// A bundle: config.json beside a rootfs with what the Plan makes in its root.

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/oci/oci.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace oci {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;
namespace sys = base::sys;

// What lies at or below a mount is covered by it.
bool is_covered(const plan::Plan& plan, std::string_view path) {
    return std::any_of(plan.mounts.begin(), plan.mounts.end(), [&](const plan::Mount& mount) {
        const bool made = std::holds_alternative<plan::Symlink>(mount) || std::holds_alternative<plan::Data>(mount) ||
                          std::holds_alternative<plan::Directory>(mount) || std::holds_alternative<plan::Mask>(mount) ||
                          std::holds_alternative<plan::ReadOnly>(mount);
        return !made && base::is_below(path, plan::target_of(mount).text);
    });
}

class Rootfs {
public:
    explicit Rootfs(const UniqueFd& root) : root_(root) {}

    // Nobody else knows of the folder yet; still no link of ours is followed.
    Result<UniqueFd> folder(std::string_view path, std::uint32_t mode = 0755) const {
        if (path == "/") return UniqueFd(fcntl(root_.get(), F_DUPFD_CLOEXEC, 0));
        const UniqueFd parent = TRY(folder(base::parent_of(path)));
        const std::string name(base::name_in(path));
        if (mkdirat(parent.get(), name.c_str(), mode) != 0 && errno != EEXIST) return failed("mkdirat", path);
        UniqueFd made = sys::openat2(parent.get(), name.c_str(), O_RDONLY | O_DIRECTORY, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
        if (!made.valid()) return failed("openat2", path);
        return made;
    }
    Result<void> link(const plan::Symlink& link) const {
        const UniqueFd parent = TRY(folder(base::parent_of(link.target.text)));
        if (symlinkat(link.text.c_str(), parent.get(), std::string(base::name_in(link.target.text)).c_str()) != 0) return failed("symlinkat", link.target.text);
        return {};
    }
    Result<void> file(const std::string& path, std::uint32_t mode, std::string_view bytes) const {
        const UniqueFd parent = TRY(folder(base::parent_of(path)));
        const UniqueFd made(openat(parent.get(), std::string(base::name_in(path)).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
        if (!made.valid()) return failed("openat", path);
        return base::write_all(made, bytes);
    }

private:
    static Error failed(const char* call, std::string_view path) { return system_error(call, "cannot make '" + std::string(path) + "' of the bundle"); }

    const UniqueFd& root_;
};

Result<void> fill(const Rootfs& root, const plan::Plan& plan, Lost& lost) {
    std::size_t covered = 0;
    for (const plan::Mount& mount : plan.mounts) {
        const std::string& target = plan::target_of(mount).text;
        if (is_covered(plan, target)) {
            if (std::holds_alternative<plan::Data>(mount)) ++covered;
            continue;
        }
        if (const auto* link = std::get_if<plan::Symlink>(&mount)) TRY(root.link(*link));
        if (const auto* data = std::get_if<plan::Data>(&mount)) TRY(root.file(target, data->mode, data->contents));
        if (const auto* directory = std::get_if<plan::Directory>(&mount)) TRY(root.folder(target, directory->mode));
    }
    if (covered != 0) lost.push_back(std::to_string(covered) + " files in a folder that is mounted at the start: a runtime makes it empty");
    return {};
}

} // namespace

Result<void> write_bundle(const std::string& folder, const plan::Plan& plan, Written& written) {
    const std::string config = TRY(to_text(written.config));
    if (mkdir(folder.c_str(), 0700) != 0) return system_error("mkdir", "cannot make the bundle '" + folder + "'");
    const UniqueFd bundle = sys::openat2(AT_FDCWD, folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
    if (!bundle.valid()) return system_error("openat2", "cannot open the bundle '" + folder + "'");
    const Rootfs beside(bundle);
    const UniqueFd rootfs = TRY(beside.folder("/rootfs"));
    TRY(fill(Rootfs(rootfs), plan, written.lost));
    return beside.file("/config.json", 0644, config); // last: a bundle without it is none
}

} // namespace oci
