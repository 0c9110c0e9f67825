#pragma once
// Further processes in a running sandbox: of `exec`, and of an app that runs once at a time.

#include "launcher/instance/record.hpp"
#include "launcher/verbs/verb.hpp"

#include <optional>

namespace verbs {

/// The launch of a guest in a running instance, under its recorded Plan and in its control group. `deadline`: milliseconds
/// for it to be running. Errors: ESRCH: it has ended, or listens not yet; ETIMEDOUT.
base::Result<Launch> guest_of(const World& world, const instance::Instance& host, int deadline);

/// Whether it is there because an argument of the command line names the file (resolve/mount/arguments.cpp).
bool is_argument(const plan::Mount& mount);

struct Guest {
    Launch launch; ///< its Plan is that of `host`, with the mounts, and another command
    instance::Instance host;
};

/// A guest that runs the command of `wanted` in the instance of its name, on its terminal; of the confinement nothing is
/// taken from it. Waits for an instance that is starting. Nothing: none runs. Errors: it does not come up in ten seconds.
base::Result<std::optional<Guest>> join_running(const World& world, const plan::Plan& wanted);

/// The launch of that guest, with the files that the last `words` of its command name: one that the instance sees is left, another is
/// recorded as shown by it, named in the command by the path where it will be, and mounted by the helper. Errors: the instance was
/// started without a place for such files, or by an older version; there are too many; of reading and writing the record.
base::Result<Launch> with_files(Guest guest, const plan::Plan& wanted, std::size_t words);

} // namespace verbs
