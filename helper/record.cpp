#include "helper/record.hpp"

#include "helper/defence.hpp"
#include "launcher/base/io.hpp"
#include "launcher/base/process.hpp"
#include "launcher/plan/print.hpp"
#include "launcher/plan/wire.hpp"

#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace helper {

using base::Result;
using base::system_error;
using base::UniqueFd;

Result<Record> Record::open(UniqueFd folder) {
    const UniqueFd file(openat(folder.get(), "state", O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.valid()) return system_error("open", "cannot read the record of the instance");
    const std::string bytes = TRY(base::read_all(file, plan::wire_limit));
    plan::State state = TRY(plan::decode_state(bytes));
    return Record(std::move(folder), std::move(state));
}

Result<void> Record::write(const char* name, std::string_view bytes) const {
    const std::string fresh = std::string(".") + name;
    const UniqueFd file(openat(folder_.get(), fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.valid()) return system_error("open", "cannot write the record of the instance");
    TRY(base::write_all(file, bytes));
    if (renameat(folder_.get(), fresh.c_str(), folder_.get(), name) != 0) return system_error("rename", "cannot write the record of the instance");
    return {};
}

Result<void> Record::running(const UniqueFd& app) {
    struct stat identity{};
    if (fstat(app.get(), &identity) != 0) return system_error("fstat", "cannot identify the app");
    state_.app_pid = static_cast<std::uint32_t>(TRY(base::pid_of(app)));
    state_.app_start = TRY(base::start_time(static_cast<pid_t>(state_.app_pid)));
    state_.app_pidfd = identity.st_ino;
    state_.status = plan::Status::running;
    TRY(write("state", plan::encode(state_)));
    return write("state.json", plan::to_json(state_));
}

// By name: to read the folder takes as long as to remove what is in it.
void Record::clear() const {
    for (const char* name : {"control", "plan", "state", "state.json"}) (void)unlinkat(folder_.get(), name, 0);
}

void Record::remove() {
    if (!folder_.valid()) return;
    const UniqueFd above(openat(folder_.get(), "..", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!on(Defence::record_itself)) folder_.reset(openat(above.get(), state_.instance.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (unlinkat(above.get(), state_.instance.c_str(), AT_REMOVEDIR) != 0) { // it was not cleared before, or holds more
        base::remove_contents(folder_);
        (void)unlinkat(above.get(), state_.instance.c_str(), AT_REMOVEDIR);
    }
    folder_.reset();
}

} // namespace helper
