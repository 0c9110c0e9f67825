// replan PLAN [EDIT [WORD…]]… -- HELPER [RECORD CGROUP TARGET …]: starts the helper with a Plan that resolve would not make. PLAN is
// the file `plan` of an instance's record; what follows HELPER is handed on (descriptors, or "-"). Status 124: it was not started.

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/plan/wire.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fcntl.h>
#include <span>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace {

using Words = std::span<char* const>;

// No mount of that kind; "any": none at all.
void without(plan::Plan& plan, Words words) {
    const std::string_view kind = words[0];
    std::erase_if(plan.mounts, [&](const plan::Mount& mount) { return kind == "any" || kind == plan::kind_of(mount); });
}

// What is at one place inside goes to another.
void move(plan::Plan& plan, Words words) {
    for (plan::Mount& mount : plan.mounts)
        std::visit([&](auto& kind) { if (kind.target.text == words[0]) kind.target.text = words[1]; }, mount);
}

void data(plan::Plan& plan, Words words) { plan.mounts.emplace_back(plan::Data{.target = {words[0]}, .contents = words[1], .mode = 0444, .origin = {}}); }

void tmpfs(plan::Plan& plan, Words words) {
    plan::Tmpfs mount;
    mount.target.text = words[0];
    mount.size = 4096;
    mount.inodes = 10;
    plan.mounts.emplace_back(mount);
}

void exchange(plan::Plan& plan, Words words) { plan.mounts.emplace_back(plan::Exchange{.name = words[0], .target = {words[1]}, .access = plan::Access::read_only, .origin = {}}); }

void terminal(plan::Plan& plan, Words) { plan.process.terminal = plan::Terminal::pty; }
void apparmor(plan::Plan& plan, Words words) { plan.security.lsm.apparmor = words[0]; }
void selinux_mount(plan::Plan& plan, Words words) { plan.security.lsm.selinux_mount = words[0]; }

struct Edit {
    std::string_view name;
    std::size_t words;
    void (*apply)(plan::Plan& plan, Words words);
};
constexpr std::array edits{
    Edit{"without", 1, without}, Edit{"move", 2, move},         Edit{"data", 2, data},         Edit{"tmpfs", 1, tmpfs},
    Edit{"exchange", 2, exchange}, Edit{"terminal", 0, terminal}, Edit{"apparmor", 1, apparmor}, Edit{"selinux-mount", 1, selinux_mount},
};

int fail(const std::string& text) {
    (void)std::fprintf(stderr, "replan: %s\n", text.c_str());
    return 124;
}

} // namespace

int main(int argc, char** argv) {
    Words words(argv + 1, static_cast<std::size_t>(argc - 1));
    if (words.empty()) return fail("no plan is named");
    const base::UniqueFd file = base::sys::open(words[0], O_RDONLY);
    const auto bytes = base::read_all(file, plan::wire_limit);
    if (!bytes) return fail(base::to_text(bytes.error()));
    auto plan = plan::decode(bytes.value());
    if (!plan) return fail(base::to_text(plan.error()));
    for (words = words.subspan(1); !words.empty() && std::string_view(words[0]) != "--";) {
        const auto edit = std::find_if(edits.begin(), edits.end(), [&](const Edit& row) { return row.name == words[0]; });
        if (edit == edits.end() || words.size() <= edit->words) return fail("no such edit: " + std::string(words[0]));
        edit->apply(plan.value(), words.subspan(1, edit->words));
        words = words.subspan(1 + edit->words);
    }
    if (words.size() < 2) return fail("no helper is named");
    const auto sealed = base::sealed_memfd("sandbox-plan", plan::encode(plan.value()));
    if (!sealed || fcntl(sealed.value().get(), F_SETFD, 0) != 0) return fail("the plan cannot be handed on");
    std::string number = std::to_string(sealed.value().get());
    std::vector<char*> arguments{words[1], number.data()};
    arguments.insert(arguments.end(), words.begin() + 2, words.end());
    arguments.push_back(nullptr);
    const std::array<char*, 1> environment{nullptr}; // as the helper is always started
    (void)execve(words[1], arguments.data(), environment.data());
    return fail("cannot run the helper");
}
