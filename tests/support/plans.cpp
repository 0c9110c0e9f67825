#include "tests/support/plans.hpp"

namespace support {

plan::Plan small_plan() {
    plan::Plan plan;
    plan.app = "org.example.editor";
    plan.profile = "/usr/share/sandbox/apps/org.example.editor.toml";
    plan.instance = "org.example.editor-ABCD";
    plan.ids.uid = 1000;
    plan.ids.gid = 1000;
    plan.ids.uid_map = {{1000, 1000, 1}};
    plan.ids.gid_map = {{1000, 1000, 1}};
    plan.hostname = "sandbox";
    plan.root = {.size = 16U << 20, .inodes = 4096};
    const base::Origin origin{"editor.toml", 12, 1};
    plan.mounts = {
        plan::Bind{.source = {.path = {"/usr"}, .device = 0x802, .inode = 917, .type = plan::FileType::directory},
                   .target = {"/usr"},
                   .origin = origin},
        plan::Tmpfs{.target = {"/tmp"}, .size = 64U << 20, .inodes = 65536, .mode = 01777, .origin = origin},
        plan::Symlink{.target = {"/bin"}, .text = "usr/bin", .origin = origin},
    };
    plan.security.seccomp.base = "desktop";
    plan.security.seccomp.program = std::string(16, '\6');
    plan.process.argv = {"/usr/bin/editor", "notes.txt"};
    plan.process.environment = {"PATH=/usr/bin", "HOME=/home/user"};
    plan.process.cwd = {"/home/user"};
    plan.process.rlimits = {{.resource = 7, .soft = 1024, .hard = 4096, .origin = origin}};
    return plan;
}

} // namespace support
