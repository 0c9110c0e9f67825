#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/instance/record.hpp"
#include "launcher/plan/wire.hpp"
#include "launcher/verbs/verb.hpp"

#include <array>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;

// A helper that its own user may write is run from a sealed copy: what runs inside could reach the file itself through
// /proc/self/exe (CVE-2019-5736). An installed one belongs to root and needs no copy.
Result<UniqueFd> helper_file(const World& world) {
    UniqueFd file = base::sys::open(world.helper.text.c_str(), O_RDONLY);
    struct stat status{};
    if (!file.valid() || fstat(file.get(), &status) != 0) return system_error("open", "cannot open '" + world.helper.text + "'");
    if (status.st_uid != geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0) return file;
    return base::sealed_memfd("sandbox-helper", TRY(base::read_all(file, 256U << 20)));
}

} // namespace

namespace {

// Only returns when it failed.
Error replace_by_helper(const World& world, const Launch& launch) {
    const plan::Plan& plan = launch.plan;
    const auto prepare = [&]() -> Result<std::array<UniqueFd, 2>> {
        UniqueFd program = TRY(helper_file(world));
        return std::array{std::move(program), TRY(base::sealed_memfd("sandbox-plan", plan::encode(plan)))};
    };
    Result<std::array<UniqueFd, 2>> files = prepare();
    if (!files) return std::move(files).error();
    const auto& [program, sealed] = files.value();
    // What the caller left open ends here, but for what it asked to hand on.
    if (base::sys::close_range(3 + plan.process.preserved_fds, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
        return system_error("close_range", "cannot close the caller's descriptors");
    std::array<std::string, 6> numbers;
    std::size_t at = 0;
    for (const UniqueFd* file : {&sealed, &launch.record, &launch.cgroup, &launch.target, &launch.notify, &launch.journal}) {
        if (file->valid() && fcntl(file->get(), F_SETFD, 0) != 0) return system_error("fcntl(F_SETFD)", "cannot hand the plan on");
        numbers[at++] = file->valid() ? std::to_string(file->get()) : "-";
    }
    const std::array<const char*, 8> argv{"sandbox-helper",   numbers[0].c_str(), numbers[1].c_str(), numbers[2].c_str(),
                                          numbers[3].c_str(), numbers[4].c_str(), numbers[5].c_str(), nullptr};
    const std::array<const char*, 1> environment{nullptr}; // the app's is in the plan, and the helper needs none
    (void)base::sys::execveat(program, argv.data(), environment.data());
    return system_error("execveat", "cannot run '" + world.helper.text + "'");
}

} // namespace

Error become_helper(const World& world, const Launch& launch) {
    Error error = replace_by_helper(world, launch);
    if (launch.record.valid()) instance::remove(launch.record, launch.plan.instance);
    return error;
}

} // namespace verbs
