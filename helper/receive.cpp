#include "helper/receive.hpp"

#include "helper/defence.hpp"
#include "launcher/base/text.hpp"
#include "launcher/plan/check.hpp"
#include "launcher/plan/wire.hpp"

#include <array>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace helper {

using base::Error;
using base::Result;

namespace {

Error by_itself() {
    return Error{.what = "this program is started by sandbox(1), with a sealed plan; it is of no use by itself",
                 .failure = base::Failure::usage};
}

Result<plan::Plan> receive_plan(const base::UniqueFd& file) {
    constexpr int every_seal = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    const int seals = fcntl(file.get(), F_GET_SEALS);
    if (seals < 0 && errno != EBADF && errno != EINVAL) return base::system_error("fcntl(F_GET_SEALS)", "cannot read the plan");
    if (on(Defence::sealed) && (seals < 0 || (seals & every_seal) != every_seal)) return by_itself();
    struct stat status{};
    if (fstat(file.get(), &status) != 0) return base::system_error("fstat", "cannot read the plan");
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > plan::wire_limit) return Error{.what = "the plan is too large", .advice = "the profile grants more than can be handed on: grant whole folders instead of their files"};
    void* const bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (bytes == MAP_FAILED) return base::system_error("mmap", "cannot read the plan");
    Result<plan::Plan> decoded = plan::decode(std::string_view(static_cast<const char*>(bytes), size));
    (void)munmap(bytes, size); // cannot fail for what was just mapped
    if (decoded && on(Defence::checked)) TRY(plan::check(decoded.value()));
    return decoded;
}

} // namespace

Result<Start> receive_start(std::span<char* const> words) {
    // Descriptors 0-2 are always open here: what is opened later must not become one of them.
    std::array<base::UniqueFd, 6> files;
    if (words.empty() || words.size() > files.size()) return by_itself();
    for (std::size_t at = 0; at < words.size(); ++at) {
        const auto number = base::whole_number(words[at], INT_MAX);
        if (number && *number > 2) files[at].reset(static_cast<int>(*number));
        else if (std::string_view(words[at]) != "-") return by_itself();
        if (files[at].valid() && fcntl(files[at].get(), F_SETFD, FD_CLOEXEC) != 0) return by_itself();
    }
    Start start{.plan = {}, .record = std::move(files[1]), .cgroup = std::move(files[2]), .target = std::move(files[3]), .notify = std::move(files[4]), .journal = std::move(files[5]), .memory = {}};
    start.plan = TRY(receive_plan(files[0]));
    return start;
}

} // namespace helper
