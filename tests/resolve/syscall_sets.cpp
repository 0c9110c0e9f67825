#include "launcher/resolve/syscall_sets.hpp"

#include "launcher/base/text.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <seccomp.h>
#include <set>
#include <string>

using resolve::calls_of;
using resolve::find_syscall_set;

namespace {

bool has(std::string_view set, std::string_view call) {
    const auto* found = find_syscall_set(set);
    REQUIRE(found);
    const auto calls = calls_of(*found);
    return std::find(calls.begin(), calls.end(), call) != calls.end();
}

} // namespace

TEST_CASE("every set of system calls is named once, explained, and names only calls and sets before it") {
    std::set<std::string_view> before;
    for (const auto& set : resolve::syscall_sets()) {
        CAPTURE(set.name);
        CHECK(set.name.starts_with('@'));
        CHECK(set.help.size() > 4);
        CHECK_FALSE(calls_of(set).empty());
        std::set<std::string_view> members;
        for (const auto member : base::split(set.members, ' ')) {
            CAPTURE(member);
            CHECK_FALSE(member.empty());
            CHECK(members.insert(member).second);
            if (member.starts_with('@')) CHECK(before.contains(member));
        }
        CHECK(before.insert(set.name).second);
    }
}

TEST_CASE("every call of the sets exists: libseccomp knows it, or it is younger than libseccomp") {
    const std::set<std::string_view> young{
        "cachestat",        "file_getattr",      "file_setattr",     "futex_requeue", "futex_wait",
        "futex_wake",       "getxattrat",        "listmount",        "listxattrat",   "lsm_get_self_attr",
        "lsm_list_modules", "lsm_set_self_attr", "map_shadow_stack", "mseal",         "open_tree_attr",
        "removexattrat",    "setxattrat",        "statmount",        "fchmodat2",     "uprobe",
        "uretprobe",        "riscv_hwprobe"};
    for (const auto call : calls_of(*find_syscall_set("@known"))) {
        CAPTURE(call);
        CHECK((young.contains(call) || seccomp_syscall_resolve_name(std::string(call).c_str()) != __NR_SCMP_ERROR));
    }
}

TEST_CASE("every call of any set is known") {
    const auto known = calls_of(*find_syscall_set("@known"));
    for (const auto& set : resolve::syscall_sets())
        for (const auto call : calls_of(set)) {
            CAPTURE(set.name, call);
            CHECK(std::binary_search(known.begin(), known.end(), call));
        }
}

TEST_CASE("every call of this machine that libseccomp knows is known to the sets") {
    std::vector<std::string> missing;
    for (int number = 0; number < 512; ++number) {
        char* name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
        if (name && !has("@known", name)) missing.push_back(name);
        std::free(name);
    }
    CHECK(missing == std::vector<std::string>{});
}

TEST_CASE("the sets hold what their names promise") {
    CHECK(has("@basic-io", "read"));
    CHECK(has("@file-system", "openat2"));
    CHECK(has("@network-io", "socket"));
    CHECK(has("@process", "clone"));
    CHECK(has("@debug", "ptrace"));
    CHECK(has("@mount", "move_mount"));
    CHECK(has("@privileged", "init_module"));
    CHECK(has("@privileged", "bpf"));
    CHECK(has("@system-service", "epoll_wait"));
    CHECK_FALSE(has("@system-service", "mount"));
    CHECK_FALSE(has("@aio", "io_uring_setup"));
    CHECK_FALSE(has("@process", "unshare"));
    CHECK_FALSE(find_syscall_set("@nothing"));
    CHECK_FALSE(find_syscall_set("debug"));
}

TEST_CASE("no base list allows what administers or inspects") {
    for (const auto& list : resolve::base_lists()) {
        CHECK(list.help.size() > 4);
        for (const char* refused : {"@bpf", "@clock", "@debug", "@fanotify", "@handles", "@io-uring", "@keyring",
                                    "@module", "@mount", "@namespaces", "@numa", "@page-faults", "@quota", "@raw-io",
                                    "@reboot", "@swap", "@system", "@cpu-emulation"})
            for (const auto call : calls_of(*find_syscall_set(refused))) {
                CAPTURE(list.name, call);
                CHECK_FALSE(has(list.allowed, call));
            }
    }
}

TEST_CASE("the strict list is a part of the desktop list") {
    const auto desktop = calls_of(*find_syscall_set(resolve::base_lists()[0].allowed));
    const auto strict = calls_of(*find_syscall_set(resolve::base_lists()[1].allowed));
    CHECK(std::includes(desktop.begin(), desktop.end(), strict.begin(), strict.end()));
    CHECK(strict.size() < desktop.size());
}
