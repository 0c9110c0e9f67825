#pragma once
// The record of the instance, of which the launcher made the folder: completed here before the app may run, removed at
// the end. The descriptor of the folder holds the lock (flock(2)) that says "alive"; it ends with this process.

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/state.hpp"

namespace helper {

class Record {
public:
    /// `folder`: the record's, locked, with a readable `state`. Errors: of reading it.
    static base::Result<Record> open(base::UniqueFd folder);
    Record(Record&&) noexcept = default;
    Record& operator=(Record&&) noexcept = default;
    ~Record() { remove(); }

    const base::UniqueFd& folder() const { return folder_; }
    const plan::State& state() const { return state_; }
    /// Writes that the app runs, both files anew and each by rename(2). Errors: of writing.
    base::Result<void> running(const base::UniqueFd& app);
    /// Removes the files that every record has, once the app has ended. The folder, and with it the lock, stays until `remove`.
    void clear() const;
    /// Takes the record away. What cannot be removed is left to the next verb that meets it.
    void remove();

private:
    Record(base::UniqueFd folder, plan::State state) : folder_(std::move(folder)), state_(std::move(state)) {}
    base::Result<void> write(const char* name, std::string_view bytes) const;

    base::UniqueFd folder_;
    plan::State state_;
};

} // namespace helper
