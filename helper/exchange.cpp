#include "helper/exchange.hpp"

#include <array>
#include <climits>
#include <fcntl.h>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;

std::set<std::string> names_of(const plan::Plan& plan) {
    std::set<std::string> names;
    const auto add = [&](const std::vector<plan::Mount>& mounts) {
        for (const plan::Mount& mount : mounts)
            if (const auto* exchange = std::get_if<plan::Exchange>(&mount)) names.insert(exchange->name);
    };
    add(plan.mounts);
    for (const plan::Sidecar& sidecar : plan.sidecars) add(sidecar.mounts);
    return names;
}

Result<UniqueFd> fresh_folder(const UniqueFd& above, const char* name) {
    if (mkdirat(above.get(), name, 0700) != 0) return system_error("mkdirat", "cannot make a folder for sockets");
    UniqueFd folder(openat(above.get(), name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder.valid()) return system_error("openat", "cannot open the folder for sockets");
    return folder;
}

// The mount namespaces to come are made later, and take no descriptor from before: they need the path.
Result<std::string> path_of(const UniqueFd& folder) {
    std::array<char, PATH_MAX> text{};
    const ssize_t length = readlink(("/proc/self/fd/" + std::to_string(folder.get())).c_str(), text.data(), text.size());
    if (length <= 0 || text[0] != '/') return system_error("readlink", "cannot find the folder for sockets");
    return std::string(text.data(), static_cast<std::size_t>(length));
}

} // namespace

Result<Exchange> Exchange::make(const UniqueFd& record, const plan::Plan& plan) {
    Exchange exchange;
    const std::set<std::string> names = names_of(plan);
    if (names.empty()) return exchange;
    if (!record.valid())
        return Error{.what = "the services of this app need a runtime folder for their sockets, and there is none",
                     .advice = "set XDG_RUNTIME_DIR to a folder of yours with mode 0700"};
    const UniqueFd above = TRY(fresh_folder(record, "exchange"));
    for (const std::string& name : names) {
        const UniqueFd folder = TRY(fresh_folder(above, name.c_str()));
        struct stat status{};
        if (fstat(folder.get(), &status) != 0) return system_error("fstat", "cannot look at the folder for sockets");
        exchange.folders_[name] = plan::Source{.path = {TRY(path_of(folder))}, .device = status.st_dev, .inode = status.st_ino,
                                               .type = plan::FileType::directory};
    }
    return exchange;
}

plan::Source Exchange::folder(const std::string& name) const {
    const auto found = folders_.find(name);
    return found != folders_.end() ? found->second : plan::Source();
}

} // namespace helper
