#include "launcher/base/sys.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

// Newer than the kernel headers of the oldest system that we build on.
#ifndef __NR_open_tree_attr
#define __NR_open_tree_attr 467 // NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp): the kernel's own name
#endif

namespace base::sys {

UniqueFd open_tree(int directory, const char* path, unsigned flags) {
    return UniqueFd(static_cast<int>(syscall(__NR_open_tree, directory, path, flags | OPEN_TREE_CLOEXEC)));
}

UniqueFd open_tree_attr(int directory, const char* path, unsigned flags, const mount_attr& attributes) {
    return UniqueFd(static_cast<int>(syscall(__NR_open_tree_attr, directory, path, flags | OPEN_TREE_CLOEXEC,
                                             &attributes, sizeof attributes)));
}

int move_mount(int from_directory, const char* from, int to_directory, const char* to, unsigned flags) {
    return static_cast<int>(syscall(__NR_move_mount, from_directory, from, to_directory, to, flags));
}

int mount_setattr(int directory, const char* path, unsigned flags, const mount_attr& attributes) {
    return static_cast<int>(syscall(__NR_mount_setattr, directory, path, flags, &attributes, sizeof attributes));
}

UniqueFd fsopen(const char* type) {
    return UniqueFd(static_cast<int>(syscall(__NR_fsopen, type, FSOPEN_CLOEXEC)));
}

int fsconfig(const UniqueFd& context, unsigned command, const char* key, const char* value, int aux) {
    return static_cast<int>(syscall(__NR_fsconfig, context.get(), command, key, value, aux));
}

UniqueFd fsmount(const UniqueFd& context, unsigned attributes) {
    return UniqueFd(static_cast<int>(syscall(__NR_fsmount, context.get(), FSMOUNT_CLOEXEC, attributes)));
}

UniqueFd openat2(int directory, const char* path, std::uint64_t flags, std::uint64_t resolve, std::uint64_t mode) {
    open_how how{};
    how.flags = flags | O_CLOEXEC;
    how.mode = mode;
    how.resolve = resolve;
    return UniqueFd(static_cast<int>(syscall(__NR_openat2, directory, path, &how, sizeof how)));
}

UniqueFd open(const char* path, int flags, mode_t mode) {
    return UniqueFd(::open(path, flags | O_CLOEXEC, mode));
}

pid_t clone3(const clone_args& arguments) {
    return static_cast<pid_t>(syscall(__NR_clone3, &arguments, sizeof arguments));
}

UniqueFd pidfd_open(pid_t pid) {
    return UniqueFd(static_cast<int>(syscall(__NR_pidfd_open, pid, 0)));
}

int pidfd_send_signal(const UniqueFd& pidfd, int signal) {
    return static_cast<int>(syscall(__NR_pidfd_send_signal, pidfd.get(), signal, nullptr, 0));
}

int close_range(unsigned first, unsigned last, unsigned flags) {
    return static_cast<int>(syscall(__NR_close_range, first, last, flags));
}

int pivot_root(const char* new_root, const char* put_old) {
    return static_cast<int>(syscall(__NR_pivot_root, new_root, put_old));
}

UniqueFd memfd_create(const char* name, unsigned flags) {
    return UniqueFd(::memfd_create(name, flags | MFD_CLOEXEC));
}

int execveat(const UniqueFd& file, const char* const* argv, const char* const* envp) {
    return static_cast<int>(syscall(__NR_execveat, file.get(), "", argv, envp, AT_EMPTY_PATH));
}

} // namespace base::sys
