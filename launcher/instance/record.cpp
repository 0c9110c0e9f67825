#include "launcher/instance/record.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/instance/cgroup.hpp"
#include "launcher/plan/check.hpp"
#include "launcher/plan/print.hpp"
#include "launcher/plan/wire.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace instance {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;

UniqueFd open_folder(const UniqueFd& above, const char* name) {
    return UniqueFd(openat(above.get(), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool is_private(const UniqueFd& folder, mode_t forbidden) {
    struct stat status{};
    return fstat(folder.get(), &status) == 0 && status.st_uid == geteuid() && (status.st_mode & forbidden) == 0;
}

Result<void> put(const UniqueFd& folder, const std::string& name, std::string_view bytes) {
    const std::string fresh = "." + name;
    const UniqueFd file(openat(folder.get(), fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.valid()) return system_error("open", "cannot write the record of the instance");
    TRY(base::write_all(file, bytes));
    if (renameat(folder.get(), fresh.c_str(), folder.get(), name.c_str()) != 0)
        return system_error("rename", "cannot write the record of the instance");
    return {};
}

Result<std::string> fetch(const UniqueFd& folder, const char* name) {
    const UniqueFd file(openat(folder.get(), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file.valid()) return system_error("open", std::string("cannot read '") + name + "' of the record");
    return base::read_all(file, plan::wire_limit);
}

Result<plan::State> state_of(const UniqueFd& record) {
    const std::string bytes = TRY(fetch(record, "state"));
    return plan::decode_state(bytes);
}

// Shared: two who look at once both find it stale.
bool is_stale(const UniqueFd& record) { return flock(record.get(), LOCK_SH | LOCK_NB) == 0; }

// A new folder stands unlocked for a moment. Who makes one shares the lock of the folder of all records for that moment; who
// gets that lock alone knows that every unlocked folder is stale. Neither depends on whether a process of some number lives.
class Making {
public:
    explicit Making(const UniqueFd& records) : records_(records) { (void)flock(records.get(), LOCK_SH); } // without it: as before a crash
    ~Making() { (void)flock(records_.get(), LOCK_UN); }
    Making(const Making&) = delete;
    Making& operator=(const Making&) = delete;

private:
    const UniqueFd& records_;
};

std::vector<std::string> names_in(const UniqueFd& folder) {
    std::vector<std::string> names;
    const int copy = openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(copy >= 0 ? fdopendir(copy) : nullptr, closedir);
    while (const dirent* entry = stream ? readdir(stream.get()) : nullptr) names.emplace_back(entry->d_name);
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace

Result<UniqueFd> records(const base::HostPath& runtime) {
    const UniqueFd above = base::sys::open(runtime.text.c_str(), O_RDONLY | O_DIRECTORY);
    if (!above.valid()) {
        Error error = system_error("open", "cannot open the runtime folder '" + runtime.text + "'");
        if (error.code == ENOENT || error.code == ENOTDIR) error.advice = "make it, or see XDG_RUNTIME_DIR";
        return error;
    }
    if (!is_private(above, 0022))
        return Error{.what = "the runtime folder '" + runtime.text + "' is not this user's own", .advice = "see XDG_RUNTIME_DIR"};
    if (mkdirat(above.get(), "sandbox", 0700) != 0 && errno != EEXIST)
        return system_error("mkdir", "cannot make '" + runtime.text + "/sandbox'");
    UniqueFd folder = open_folder(above, "sandbox");
    if (!folder.valid()) return system_error("open", "cannot open '" + runtime.text + "/sandbox'");
    if (!is_private(folder, 0077)) return Error{.what = "'" + runtime.text + "/sandbox' is open to others", .advice = "chmod 0700 it"};
    return folder;
}

Result<UniqueFd> create(const UniqueFd& records, const plan::State& state, const plan::Plan& plan) {
    const std::string fresh = "." + state.instance + "." + std::to_string(getpid());
    UniqueFd record;
    const auto begin = [&]() -> Result<void> {
        const Making making(records);
        if (mkdirat(records.get(), fresh.c_str(), 0700) != 0) return system_error("mkdir", "cannot make the record of the instance");
        record = open_folder(records, fresh.c_str());
        if (record.valid() && flock(record.get(), LOCK_EX | LOCK_NB) == 0) return {};
        Error error = system_error("flock", "cannot lock the record of the instance");
        (void)unlinkat(records.get(), fresh.c_str(), AT_REMOVEDIR); // empty, and ours alone
        return error;
    };
    const auto fill = [&]() -> Result<void> {
        TRY(put(record, "plan", plan::encode(plan)));
        TRY(update(record, state));
        // A name whose owner is dead is free again.
        if (const UniqueFd before = open_folder(records, state.instance.c_str()); before.valid() && is_stale(before))
            remove(before, state.instance);
        if (renameat2(records.get(), fresh.c_str(), records.get(), state.instance.c_str(), RENAME_NOREPLACE) == 0) return {};
        if (errno == EEXIST)
            return Error{.what = "an instance with the id '" + state.instance + "' is running already", .code = EEXIST,
                         .advice = "choose another --id, or end it: sandbox kill " + state.instance};
        return system_error("rename", "cannot make the record of the instance");
    };
    TRY(begin());
    Result<void> filled = fill();
    if (filled) return record;
    remove(record, fresh);
    (void)unlinkat(records.get(), fresh.c_str(), AT_REMOVEDIR); // where no descriptor was left for the way above
    return std::move(filled).error();
}

Result<void> update(const UniqueFd& record, const plan::State& state) {
    TRY(put(record, "state", plan::encode(state)));
    return put(record, "state.json", plan::to_json(state));
}

void remove(const UniqueFd& record, const std::string& name) {
    const UniqueFd records(openat(record.get(), "..", O_PATH | O_DIRECTORY | O_CLOEXEC));
    base::remove_contents(record);
    (void)unlinkat(records.get(), name.c_str(), AT_REMOVEDIR);
}

Result<Listing> list(const UniqueFd& records) {
    Listing found;
    const bool alone = flock(records.get(), LOCK_EX | LOCK_NB) == 0;
    for (const std::string& name : names_in(records)) {
        if (name == "." || name == "..") continue;
        if (name[0] == '.' && !alone) continue; // one may be in the making
        UniqueFd record = open_folder(records, name.c_str());
        if (!record.valid()) continue;
        Result<plan::State> state = state_of(record);
        if (is_stale(record)) {
            if (state && state.value().instance == name && clean_group(state.value()) == Cleaned::unit_may_stand) found.units.push_back(state.value().unit);
            remove(record, name);
            continue;
        }
        if (name[0] == '.' || !state || state.value().instance != name || state.value().schema != 1) continue;
        found.running.push_back({std::move(record), std::move(state).value()});
    }
    if (alone) (void)flock(records.get(), LOCK_UN); // the caller keeps the descriptor
    return found;
}

Result<Instance> find(std::vector<Instance> running, const std::string& name) {
    std::string matches;
    Instance* only = nullptr;
    std::size_t count = 0;
    for (Instance& one : running) {
        // cppcheck-suppress returnStdMoveLocal ; not elided: it becomes a Result
        if (one.state.instance == name) return std::move(one);
        const bool is_app = one.state.app == name || one.state.app.ends_with("." + name); // "firefox" of org.mozilla.firefox
        if (name.empty() || !(is_app || one.state.instance.starts_with(name))) continue;
        matches += (matches.empty() ? "" : ", ") + one.state.instance;
        only = &one;
        ++count;
    }
    if (count == 0)
        return Error{.what = "no running instance is called '" + name + "'", .advice = "see sandbox ps", .origin = {}, .failure = base::Failure::ours};
    if (count > 1) return Error{.what = "'" + name + "' fits several: " + matches, .advice = "write more of the name"};
    return std::move(*only);
}

Result<plan::Plan> plan_of(const Instance& instance) {
    const std::string bytes = TRY(fetch(instance.record, "plan"));
    plan::Plan plan = TRY(plan::decode(bytes));
    TRY(plan::check(plan));
    return plan;
}

Result<UniqueFd> lock_for_change(const Instance& instance) {
    // Of the files of a record, the one that is not replaced any more once the app runs.
    UniqueFd file(openat(instance.record.get(), "state.json", O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.valid()) return system_error("open", "cannot lock the record of '" + instance.state.instance + "'");
    constexpr int tries = 100, pause = 100'000; // ten seconds in all: whoever holds it may be stopped
    for (int turn = 0; flock(file.get(), LOCK_EX | LOCK_NB) != 0; ++turn) {
        if (errno == EWOULDBLOCK && turn == tries)
            return Error{.what = "the record of '" + instance.state.instance + "' is being changed by another process", .code = ETIMEDOUT, .advice = "is a sandbox update or a start of the same app stopped? end it, and try again"};
        if (errno != EWOULDBLOCK && errno != EINTR) return system_error("flock", "cannot lock the record of '" + instance.state.instance + "'");
        (void)usleep(pause);
    }
    return file;
}

Result<void> change_plan(const Instance& instance, const plan::Plan& plan) { return put(instance.record, "plan", plan::encode(plan)); }

} // namespace instance
