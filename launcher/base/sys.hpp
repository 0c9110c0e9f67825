#pragma once
// System calls under their own names, nothing added: what they return is what the kernel returned, errno is its own.
// A descriptor comes back owned and close-on-exec; an invalid one means: see errno.

#include "launcher/base/unique_fd.hpp"

#include <cstdint>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <sys/types.h>

struct statx;

namespace base::sys {

// open_tree(2), move_mount(2), mount_setattr(2), fsopen(2), fsconfig(2), fsmount(2)
UniqueFd open_tree(int directory, const char* path, unsigned flags);
/// open_tree_attr (Linux 6.15): clone and restrict in one call; ENOSYS before.
UniqueFd open_tree_attr(int directory, const char* path, unsigned flags, const mount_attr& attributes);
int move_mount(int from_directory, const char* from, int to_directory, const char* to, unsigned flags);
int mount_setattr(int directory, const char* path, unsigned flags, const mount_attr& attributes);
UniqueFd fsopen(const char* type);
int fsconfig(const UniqueFd& context, unsigned command, const char* key, const char* value, int aux);
UniqueFd fsmount(const UniqueFd& context, unsigned attributes);

// openat2(2), open(2) with O_CLOEXEC added
UniqueFd openat2(int directory, const char* path, std::uint64_t flags, std::uint64_t resolve, std::uint64_t mode = 0);
UniqueFd open(const char* path, int flags, mode_t mode = 0);

// clone3(2) without a stack: as fork(2)
pid_t clone3(const clone_args& arguments);

// pidfd_open(2), pidfd_send_signal(2)
UniqueFd pidfd_open(pid_t pid);
int pidfd_send_signal(const UniqueFd& pidfd, int signal);

// close_range(2), pivot_root(2), memfd_create(2), execveat(2), seccomp(2), keyctl(2) join
int close_range(unsigned first, unsigned last, unsigned flags);
int pivot_root(const char* new_root, const char* put_old);
UniqueFd memfd_create(const char* name, unsigned flags);
int execveat(const UniqueFd& file, const char* const* argv, const char* const* envp);

} // namespace base::sys
