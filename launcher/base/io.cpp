#include "launcher/base/io.hpp"

#include "launcher/base/sys.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace base {

Result<std::string> read_all(const UniqueFd& file, std::size_t limit) {
    std::string bytes;
    struct stat status{};
    std::size_t room = 4096;
    if (fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
        if (static_cast<std::uint64_t>(status.st_size) > limit)
            return Error{.what = "the file is too large", .call = "read", .code = EFBIG};
        room = static_cast<std::size_t>(status.st_size) + 1;
    }
    for (;;) {
        const std::size_t before = bytes.size();
        bytes.resize(before + room);
        const ssize_t count = read(file.get(), bytes.data() + before, room);
        bytes.resize(before + static_cast<std::size_t>(count > 0 ? count : 0));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error("read", "cannot read");
        if (count == 0) return bytes;
        if (bytes.size() > limit) return Error{.what = "the file is too large", .call = "read", .code = EFBIG};
        room = std::max<std::size_t>(4096, bytes.size()); // zeroed before it is read into: no more than needed
    }
}

Result<void> write_all(const UniqueFd& file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = write(file.get(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error("write", "cannot write");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

bool is_listened_to(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path) return false;
    path.copy(address.sun_path, path.size());
    const UniqueFd file(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    return file.valid() && (connect(file.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 || errno == EAGAIN);
}

Result<UniqueFd> sealed_memfd(const char* name, std::string_view bytes) {
    UniqueFd file = sys::memfd_create(name, MFD_ALLOW_SEALING);
    if (!file.valid()) return system_error("memfd_create", std::string("cannot make the memory file '") + name + "'");
    TRY(write_all(file, bytes));
    if (fcntl(file.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0)
        return system_error("fcntl(F_ADD_SEALS)", std::string("cannot seal the memory file '") + name + "'");
    return file;
}

namespace {

void remove_contents(const UniqueFd& folder, int levels);

// One that is closed to its owner is opened first: what made it may have meant to keep it (and overlayfs closes its own).
void remove_folder(const UniqueFd& above, const char* name, int levels) {
    const UniqueFd place(openat(above.get(), name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat status {};
    if (fstat(place.get(), &status) == 0 && (status.st_mode & S_IRWXU) != S_IRWXU)
        (void)chmod(("/proc/self/fd/" + std::to_string(place.get())).c_str(), S_IRWXU); // another's: it stays
    const UniqueFd folder(openat(place.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.valid()) remove_contents(folder, levels);
    (void)unlinkat(above.get(), name, AT_REMOVEDIR);
}

void remove_contents(const UniqueFd& folder, int levels) {
    const int copy = openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(copy >= 0 ? fdopendir(copy) : nullptr, closedir);
    while (const dirent* entry = stream ? readdir(stream.get()) : nullptr) {
        const std::string_view name = entry->d_name;
        if (name == "." || name == "..") continue;
        if (unlinkat(folder.get(), entry->d_name, 0) != 0 && errno == EISDIR && levels != 0) remove_folder(folder, entry->d_name, levels - 1);
    }
}

} // namespace

void remove_contents(const UniqueFd& folder) { remove_contents(folder, 16); }

} // namespace base
