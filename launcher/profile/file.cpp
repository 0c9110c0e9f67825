#include "launcher/profile/file.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/profile/document.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>

namespace profile {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;

namespace {

std::uint64_t nanoseconds(const timespec& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(time.tv_nsec);
}

Standing standing_in(const struct stat& status) {
    return {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim),
            nanoseconds(status.st_ctim)};
}

} // namespace

Standing standing_of(const std::string& path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 ? standing_in(status) : Standing{};
}

Result<std::optional<std::string>> Files::read(const std::string& path) {
    // O_NONBLOCK: opening a fifo for reading would wait for a writer.
    const UniqueFd file = base::sys::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (!file.valid()) {
        if (errno != ENOENT && errno != ENOTDIR) return system_error("open", "cannot read the profile '" + path + "'");
        // Somebody has put it there, perhaps to forbid something: without what it names nobody can tell.
        struct stat link {};
        if (lstat(path.c_str(), &link) == 0)
            return Error{.what = "the profile '" + path + "' is a link to nothing", .advice = "make what it names, or remove it"};
        looked_.push_back({path, {}});
        return std::optional<std::string>{};
    }
    struct stat status {};
    if (fstat(file.get(), &status) != 0) return system_error("fstat", "cannot read the profile '" + path + "'");
    if (!S_ISREG(status.st_mode))
        return Error{.what = "the profile '" + path + "' is not a file", .advice = "a profile is a regular file"};
    looked_.push_back({path, standing_in(status)});
    auto bytes = base::read_all(file, file_limit);
    if (bytes.ok()) return std::optional(std::move(bytes).value());
    bytes.error().what = "cannot read the profile '" + path + "'";
    if (bytes.error().code == EFBIG) bytes.error().advice = "a profile has at most 1 MiB";
    return std::move(bytes).error();
}

Result<std::vector<std::string>> Files::names_in(const std::string& folder) {
    std::vector<std::string> names;
    UniqueFd file = base::sys::open(folder.c_str(), O_RDONLY | O_DIRECTORY);
    if (!file.valid()) {
        if (errno != ENOENT && errno != ENOTDIR) return system_error("open", "cannot read the folder '" + folder + "'");
        looked_.push_back({folder, {}});
        return names;
    }
    struct stat status {};
    if (fstat(file.get(), &status) != 0) return system_error("fstat", "cannot read the folder '" + folder + "'");
    looked_.push_back({folder, standing_in(status)}); // before its names are read: one that comes meanwhile is seen as a change
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(fdopendir(file.get()), closedir);
    if (!entries) return system_error("fdopendir", "cannot read the folder '" + folder + "'");
    (void)file.release(); // the stream owns it now
    for (;;) {
        errno = 0;
        const dirent* entry = readdir(entries.get());
        if (!entry) break;
        const std::string_view name = entry->d_name;
        if (name.ends_with(".toml") && !name.starts_with('.')) names.emplace_back(name.substr(0, name.size() - 5));
    }
    if (errno != 0) return system_error("readdir", "cannot read the folder '" + folder + "'");
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace profile
