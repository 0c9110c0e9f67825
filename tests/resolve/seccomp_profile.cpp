#include "tests/support/seccomp_wish.hpp"

#include <sys/syscall.h>

using namespace support;

TEST_CASE("allow adds sets and calls to the base") {
    const BpfProgram program = program_of({.allow = {"@debug", "keyctl"}});
    CHECK(verdict(program, SYS_ptrace) == allowed);
    CHECK(verdict(program, SYS_process_vm_readv) == allowed);
    CHECK(verdict(program, SYS_keyctl) == allowed);
    CHECK(verdict(program, SYS_add_key) == eperm);
}

TEST_CASE("a set never opens what a rule about arguments closes; naming the call does") {
    const BpfProgram set = program_of({.allow = {"@known"}});
    CHECK(verdict(set, SYS_mount) == allowed);
    CHECK(verdict(set, SYS_ioctl, {0, 0x5412}) == eperm);
    CHECK(verdict(set, SYS_socket, {38}) == eafnosupport);
    CHECK(verdict(set, SYS_clone, {0x10000011}) == eperm);
    CHECK(verdict(set, SYS_clone3) == enosys);
    CHECK(verdict(set, SYS__sysctl) == enosys);
    CHECK(verdict(set, 9999) == enosys);
    const BpfProgram named = program_of({.allow = {"ioctl", "clone3", "_sysctl"}});
    CHECK(verdict(named, SYS_ioctl, {0, 0x5412}) == allowed);
    CHECK(verdict(named, SYS_clone3) == allowed);
    CHECK(verdict(named, SYS__sysctl) == allowed);
}

TEST_CASE("allow with arguments opens just that") {
    const BpfProgram program = program_of(
        {.allow = {"socket(arg0 == 31)", "ptrace(arg0 == 0, arg1 == 0)", "ioctl(arg1 & 0xffffffff == 0x5412)"}});
    CHECK(verdict(program, SYS_socket, {31, 3, 0}) == allowed);
    CHECK(verdict(program, SYS_socket, {31 | high_bit}) == eafnosupport); // allow is exact on 64 bits unless masked
    CHECK(verdict(program, SYS_socket, {38}) == eafnosupport);
    CHECK(verdict(program, SYS_socket, {1}) == allowed);
    CHECK(verdict(program, SYS_ptrace, {0, 0}) == allowed);
    CHECK(verdict(program, SYS_ptrace, {0, 1}) == eperm);
    CHECK(verdict(program, SYS_ptrace, {16, 0}) == eperm);
    CHECK(verdict(program, SYS_ioctl, {0, 0x5412 | high_bit}) == allowed);
    CHECK(verdict(program, SYS_ioctl, {0, 0x541c}) == eperm);
}

TEST_CASE("deny takes sets and calls from the base, and wins over allow") {
    const BpfProgram program =
        program_of({.allow = {"ptrace", "@mount", "socket(arg0 == 2)"}, .deny = {"ptrace", "@mount", "@network-io"}});
    CHECK(verdict(program, SYS_ptrace) == eperm);
    CHECK(verdict(program, SYS_mount) == eperm);
    CHECK(verdict(program, SYS_socket, {2}) == eperm);
    CHECK(verdict(program, SYS_socket, {1}) == eperm);
    CHECK(verdict(program, SYS_connect) == eperm);
    CHECK(verdict(program, SYS_read) == allowed);
}

TEST_CASE("deny with arguments closes just that, also with higher bits set, and wins over allow with arguments") {
    const BpfProgram program =
        program_of({.allow = {"socket(arg0 == 10)"},
                    .deny = {"socket(arg0 == 10)", "prctl(arg0 >= 38, arg1 != 1)", "kill(arg1 & 0x1f == 9)"}});
    CHECK(verdict(program, SYS_socket, {10}) == eperm);
    CHECK(verdict(program, SYS_socket, {10 | high_bit}) == eperm);
    CHECK(verdict(program, SYS_socket, {2}) == allowed);
    CHECK(verdict(program, SYS_prctl, {38, 2}) == eperm);
    CHECK(verdict(program, SYS_prctl, {38, 1}) == allowed);
    CHECK(verdict(program, SYS_prctl, {37, 2}) == allowed);
    CHECK(verdict(program, SYS_prctl, {37 | high_bit, 2}) == eperm);
    CHECK(verdict(program, SYS_prctl, {38, 1 | high_bit}) == eperm);
    CHECK(verdict(program, SYS_kill, {1, 9}) == eperm);
    CHECK(verdict(program, SYS_kill, {1, 15}) == allowed);
}

TEST_CASE("errno is what denied calls give; absent calls and families keep theirs") {
    const BpfProgram program = program_of({.deny = {"bind"}, .error = "EACCES"});
    CHECK(verdict(program, SYS_bind) == "errno 13");
    CHECK(verdict(program, SYS_ptrace) == "errno 13");
    CHECK(verdict(program, SYS_ioctl, {0, 0x5412}) == "errno 13");
    CHECK(verdict(program, SYS_clone, {0x10000000}) == "errno 13");
    CHECK(verdict(program, SYS_clone3) == enosys);
    CHECK(verdict(program, SYS_socket, {38}) == eafnosupport);
    CHECK(verdict(program, 9999) == enosys);
}

TEST_CASE("what stands between the filter and the application's first instruction cannot be denied") {
    CHECK(error_of({.deny = {"execve"}}) ==
          "app.toml:4:1: system call 'execve' cannot be denied: starting the application needs it; remove it from "
          "process.seccomp.deny");
    CHECK_FALSE(resolved({.deny = {"execve(arg0 == 1)"}}).ok());
    const BpfProgram program = program_of({.deny = {"@known"}});
    for (const long number : {SYS_execve, SYS_close_range, SYS_exit_group, SYS_write})
        CHECK(verdict(program, number) == allowed);
    CHECK(verdict(program, SYS_read) == eperm);
}

TEST_CASE("base 'none' filters nothing, or only what is denied") {
    const auto nothing = resolved({.base = "none", .allow = {}});
    REQUIRE(nothing.ok());
    CHECK(nothing.value().program.empty());
    CHECK(nothing.value().base == "none");
    const BpfProgram program = program_of({.base = "none", .deny = {"ptrace", "socket(arg0 == 38)"}});
    CHECK(verdict(program, SYS_ptrace) == eperm);
    CHECK(verdict(program, SYS_socket, {38}) == eperm);
    CHECK(verdict(program, SYS_socket, {17}) == allowed);
    CHECK(verdict(program, SYS_mount) == allowed);
    CHECK(verdict(program, SYS_ptrace, {}, i386) == enosys);
    CHECK(verdict(program, x32_bit | 521) == enosys);
}

TEST_CASE("a name that does not exist is an error at its place, with the nearest that does") {
    CHECK(error_of({.base = "dekstop"}) ==
          "app.toml:2:1: unknown base list 'dekstop' of system calls; did you mean 'desktop'?");
    CHECK(error_of({.base = "all"}) ==
          "app.toml:2:1: unknown base list 'all' of system calls; it may be desktop, strict or none");
    CHECK(error_of({.allow = {"@debig"}}) ==
          "app.toml:3:1: unknown set of system calls '@debig'; did you mean '@debug'?");
    CHECK(error_of({.deny = {"pidfd_opn"}}) ==
          "app.toml:4:1: unknown system call 'pidfd_opn'; did you mean 'pidfd_open'?");
    CHECK(error_of({.deny = {"nothing_like_that"}}) == "app.toml:4:1: unknown system call 'nothing_like_that'");
    CHECK(error_of({.arch = {"x68"}}) == "app.toml:5:1: unknown foreign ABI 'x68'; did you mean 'x86'?");
    CHECK(error_of({.arch = {"arm"}}) == "app.toml:5:1: unknown foreign ABI 'arm'; it may be x86 or x32");
    CHECK_THAT(error_of({.error = "EPRM"}), Catch::Contains("app.toml:6:1: unknown error name 'EPRM'"));
    CHECK_THAT(error_of({.allow = {"ptrace("}}), Catch::Contains("app.toml:3:1: system call rule 'ptrace('"));
}

TEST_CASE("a call of a foreign ABI is a name only where that ABI is asked for") {
    CHECK_THAT(error_of({.allow = {"socketcall"}}), Catch::Contains("unknown system call 'socketcall'"));
    const BpfProgram program = program_of({.allow = {"socketcall"}, .arch = {"x86"}});
    CHECK(verdict(program, 102, {1}, i386) == allowed);
}

TEST_CASE("calls that the sets do not name can still be named") {
    // spu_run is a name of another machine; there is no such call here.
    CHECK_THAT(error_of({.allow = {"spu_run"}}), Catch::Contains("unknown system call 'spu_run'"));
    // A number that came after the tables of libseccomp has a name all the same.
    CHECK(verdict(program_of({.allow = {"open_tree_attr"}}), 467) == allowed);
    CHECK(verdict(program_of({.deny = {"mseal"}}), 462) == eperm);
}

TEST_CASE("the plan tells what the profile said and where") {
    const auto seccomp =
        resolved({.base = "strict", .allow = {"@debug"}, .deny = {"bind", "kill(arg1 == 9)"}, .arch = {"x86"}});
    REQUIRE(seccomp.ok());
    CHECK(seccomp.value().base == "strict");
    CHECK(seccomp.value().allow == std::vector<std::string>{"@debug"});
    CHECK(seccomp.value().deny == std::vector<std::string>{"bind", "kill(arg1 == 9)"});
    CHECK(seccomp.value().architectures == std::vector<std::string>{"x86"});
    CHECK(seccomp.value().origin == base::Origin{"app.toml", 2, 1});
    CHECK(resolved({}).value().base == "desktop");
    CHECK(resolved({}).value().origin == base::Origin{});
    CHECK(resolved({.deny = {"bind"}}).value().origin == base::Origin{"app.toml", 4, 1});
}

TEST_CASE("the same wishes give the same program, byte for byte") {
    for (const Wish& wish : {Wish{}, Wish{.base = "strict"}, nested, Wish{.allow = {"@debug"}, .arch = {"x86", "x32"}}})
        CHECK(resolved(wish).value().program == resolved(wish).value().program);
    CHECK(resolved({.arch = {"x86", "x32"}}).value().program ==
          resolved({.arch = {"x86", "x32", "x86"}}).value().program);
}
