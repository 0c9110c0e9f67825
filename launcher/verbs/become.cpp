#include "helper/supervise.hpp"
#include "launcher/base/descriptors.hpp"
#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/instance/record.hpp"
#include "launcher/plan/check.hpp"
#include "launcher/plan/wire.hpp"
#include "launcher/verbs/verb.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;

// Whether somebody beside root may write the file, this user and so what runs inside under the same id before all: then the app
// could reach it as the program of a process of ours (CVE-2019-5736). An installed one belongs to root.
// What cannot be known counts as so: only a refusal says that this user may not.
bool may_be_written(const UniqueFd& file) {
    struct stat status{};
    if (fstat(file.get(), &status) != 0 || status.st_uid != 0 || geteuid() == 0 || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) return true;
    // By a list of rights, or by a file system of this user's.
    return faccessat(file.get(), "", W_OK, AT_EMPTY_PATH | AT_EACCESS) == 0 || (errno != EACCES && errno != EROFS);
}

// A sealed copy, if the file may be written.
Result<UniqueFd> helper_file(const World& world) {
    UniqueFd file = base::sys::open(world.helper.text.c_str(), O_RDONLY);
    if (!file.valid()) return system_error("open", "cannot open '" + world.helper.text + "'");
    if (!may_be_written(file)) return file;
    return base::sealed_memfd("sandbox-helper", TRY(base::read_all(file, 256U << 20)));
}

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

// What the caller left open ends here, but for what it asked to hand on and what the helper takes over.
Result<void> close_all_but(const Launch& launch) {
    const std::array kept{launch.record.get(), launch.cgroup.get(), launch.target.get(), launch.notify.get(), launch.journal.get()};
    if (base::close_all_but(3 + launch.plan.process.preserved_fds, kept) != 0) return system_error("close_range", "cannot close the caller's descriptors");
    return {};
}

// What ps(1) shows, inside too, as of the program of that name.
Result<void> take_its_name() {
    if (prctl(PR_SET_NAME, "sandbox-helper", 0, 0, 0) != 0) return system_error("prctl(PR_SET_NAME)", "cannot take the helper's name");
    return {};
}

bool is_ours_alone() {
    const UniqueFd program = base::sys::open("/proc/self/exe", O_PATH);
    return program.valid() && !may_be_written(program);
}

} // namespace

Result<Ahead> begin_ahead(const World& world, const plan::Plan& plan) {
    if (!helper::Ahead::fits(plan) || !is_ours_alone()) return Ahead();
    TRY(take_its_name());
    if (base::sys::close_range(3 + plan.process.preserved_fds, ~0U, 0) != 0) return system_error("close_range", "cannot close the caller's descriptors");
    return Ahead(std::make_shared<helper::Ahead>(TRY(helper::Ahead::begin(plan, world.memory))));
}

namespace {

Result<int> go_on_as_helper(const World& world, Launch& launch) {
    TRY(take_its_name());
    TRY(plan::check(launch.plan));
    std::optional<helper::Ahead> ahead;
    if (launch.ahead) ahead.emplace(std::move(*static_cast<helper::Ahead*>(launch.ahead.get()))); // the caller's descriptors are closed since it was begun
    else TRY(close_all_but(launch));
    return helper::supervise({.plan = std::move(launch.plan), .record = std::move(launch.record), .cgroup = std::move(launch.cgroup),
                              .target = std::move(launch.target), .notify = std::move(launch.notify), .journal = std::move(launch.journal), .memory = world.memory}, std::move(ahead));
}

} // namespace

Result<int> become_helper(const World& world, Launch launch) {
    const std::string instance = launch.plan.instance;
    const bool ours_alone = launch.ahead || is_ours_alone(); // what was begun ahead has looked
    Result<int> status = ours_alone ? go_on_as_helper(world, launch) : Result<int>(replace_by_helper(world, launch));
    if (launch.record.valid()) instance::remove(launch.record, instance); // it was not taken over
    return status;
}

} // namespace verbs
