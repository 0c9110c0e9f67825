#include "tests/trace/calls.hpp"

#include <cstdlib>
#include <cstring>
#include <seccomp.h>

namespace trace {
namespace {

struct Row {
    std::string_view call;
    std::vector<unsigned> paths;
};

const std::array rows{
    Row{"access", {0}},        Row{"chdir", {0}},          Row{"chmod", {0}},         Row{"chown", {0}},
    Row{"chroot", {0}},        Row{"creat", {0}},          Row{"execve", {0}},        Row{"execveat", {1}},
    Row{"faccessat", {1}},     Row{"faccessat2", {1}},     Row{"fchmodat", {1}},      Row{"fchownat", {1}},
    Row{"fstatat64", {1}},     Row{"getxattr", {0}},       Row{"inotify_add_watch", {1}}, Row{"lchown", {0}},
    Row{"lgetxattr", {0}},     Row{"link", {0, 1}},        Row{"linkat", {1, 3}},     Row{"lstat", {0}},
    Row{"mkdir", {0}},         Row{"mkdirat", {1}},        Row{"mknod", {0}},         Row{"mknodat", {1}},
    Row{"mount", {0, 1}},      Row{"mount_setattr", {1}},  Row{"move_mount", {1, 3}}, Row{"name_to_handle_at", {1}},
    Row{"newfstatat", {1}},    Row{"open", {0}},           Row{"open_tree", {1}},     Row{"open_tree_attr", {1}},
    Row{"openat", {1}},        Row{"openat2", {1}},        Row{"pivot_root", {0, 1}}, Row{"readlink", {0}},
    Row{"readlinkat", {1}},    Row{"rename", {0, 1}},      Row{"renameat", {1, 3}},   Row{"renameat2", {1, 3}},
    Row{"rmdir", {0}},         Row{"setxattr", {0}},       Row{"stat", {0}},          Row{"statfs", {0}},
    Row{"statx", {1}},         Row{"symlink", {1}},        Row{"symlinkat", {2}},     Row{"truncate", {0}},
    Row{"umount2", {0}},       Row{"unlink", {0}},         Row{"unlinkat", {1}},      Row{"utimensat", {1}},
};

} // namespace

std::string name_of_call(std::uint64_t number) {
    // Numbers that are newer than the library.
    if (number == 467) return "open_tree_attr";
    char* const name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86_64, static_cast<int>(number));
    std::string found = name ? name : "call_" + std::to_string(number);
    std::free(name);
    return found;
}

std::vector<unsigned> path_arguments(std::string_view call) {
    for (const Row& row : rows)
        if (row.call == call) return row.paths;
    return {};
}

int error_number(std::string_view text) {
    for (int number = 1; number < 134; ++number)
        if (const char* name = strerrorname_np(number); text == std::to_string(number) || (name && text == name)) return number;
    return 0;
}

} // namespace trace
