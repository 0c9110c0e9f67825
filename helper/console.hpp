#pragma once
// The sandbox's own terminal: a pair of its own devpts, /dev/console, and descriptors 0-2 of the app.

#include "helper/mount.hpp"
#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"

namespace helper {

struct Console {
    base::UniqueFd master;
    base::UniqueFd terminal; ///< kept open by init, or the master would read "hung up" whenever no app has it open
};

/// Opens a pair on the devpts of the Plan and binds its terminal side on /dev/console (CVE-2025-52565: by descriptor, and
/// only once it is proven to be of that devpts). Before the pivot and before /dev is sealed.
base::Result<Console> make_console(Building& building);

/// The same for a guest, inside the root of the running sandbox: a pair of its devpts, bound nowhere.
base::Result<Console> make_guest_console();

/// In the app's process: which of 0-2 are to be the terminal. If none of them is a terminal, all are.
/// Then makes `terminal`, or without one /dev/console, the controlling terminal and puts it there. Needs a new session.
base::Result<void> take_console(const base::UniqueFd* terminal);

/// Descriptors 0-2 that are the host's null device become the sandbox's own; closed ones too.
base::Result<void> replace_null();

} // namespace helper
