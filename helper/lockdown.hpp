#pragma once
// What is taken away, one function a thing. Each is fatal when it fails.

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/plan.hpp"

namespace helper {

/// Sets user.max_user_namespaces to 0 in our user namespace: nothing inside can make one again, whatever the filter
/// says. `proc_sys` is sys/ of a procfs that we mounted ourselves, or invalid: the host's then. Needs CAP_SYS_RESOURCE.
base::Result<void> forbid_user_namespaces(const base::UniqueFd& proc_sys);

/// Writes one namespaced key below sys/ of a procfs that we mounted ourselves.
base::Result<void> write_sysctl(const base::UniqueFd& proc_sys, const plan::Sysctl& sysctl);

/// Every signal gets its standard action. Every signal is still blocked: one that was ignored by our caller waits, and then
/// counts.
void reset_dispositions();
void unblock_signals();

/// prlimit(2). Errors: EPERM above the hard limit that the caller has.
base::Result<void> set_rlimit(const plan::Rlimit& rlimit);

/// The ids of the app, when they are others than the caller's (setresuid(2)); setgroups(0) when groups are dropped.
base::Result<void> become(const plan::Ids& ids);

/// A session keyring of our own, so that the caller's keys are out of reach (keyctl(2)). A kernel without keyrings is no error, nor,
/// where `filtered` says that a filter will forbid keyctl, an exhausted quota.
base::Result<void> new_session_keyring(bool filtered);

/// PR_SET_NO_NEW_PRIVS.
base::Result<void> forbid_new_privileges();

/// landlock_restrict_self(2), its rules opened below the new root. Files that are handed over open, on the first `descriptors`,
/// may be opened anew as they were given: what came for reading is not written. Needs no_new_privs.
base::Result<void> restrict_by_landlock(const plan::Landlock& landlock, int descriptors);

/// Writes the label that the next exec takes, to attr/ of a procfs that we mounted ourselves.
base::Result<void> label_next_exec(const plan::Lsm& lsm);

/// seccomp(2) SECCOMP_SET_MODE_FILTER with the compiled program. Needs no_new_privs.
base::Result<void> load_filter(const plan::Seccomp& seccomp);

} // namespace helper
