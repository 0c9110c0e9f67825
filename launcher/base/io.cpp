#include "launcher/base/io.hpp"

#include "launcher/base/sys.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

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

Result<UniqueFd> sealed_memfd(const char* name, std::string_view bytes) {
    UniqueFd file = sys::memfd_create(name, MFD_ALLOW_SEALING);
    if (!file.valid()) return system_error("memfd_create", std::string("cannot make the memory file '") + name + "'");
    TRY(write_all(file, bytes));
    if (fcntl(file.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0)
        return system_error("fcntl(F_ADD_SEALS)", std::string("cannot seal the memory file '") + name + "'");
    return file;
}

} // namespace base
