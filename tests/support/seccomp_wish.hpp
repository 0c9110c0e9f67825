#pragma once
// Wishes about system calls in one expression, and what the filter made of them says about a call.

#include "launcher/resolve/seccomp.hpp"
#include "tests/support/bpf.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <string>
#include <vector>

namespace support {

inline constexpr std::uint32_t allow = SECCOMP_RET_ALLOW;
inline constexpr std::uint32_t amd64 = AUDIT_ARCH_X86_64, i386 = AUDIT_ARCH_I386, x32_bit = 0x40000000;
inline constexpr std::uint64_t high_bit = std::uint64_t{1} << 32;
using Arguments = std::array<std::uint64_t, 6>;

inline profile::Item<std::string> item(const std::string& text, std::uint32_t line = 1) {
    return {text, {{profile::Layer::user, {"app.toml", line, 1}, text}}};
}

struct Wish {
    std::string base = {};
    std::vector<std::string> allow = {}, deny = {}, arch = {};
    std::string error = {};
    plan::Nested nested = plan::Nested::denied;
};

inline base::Result<plan::Seccomp> resolved(const Wish& wish) {
    profile::Seccomp seccomp;
    if (!wish.base.empty()) seccomp.base = item(wish.base, 2);
    for (const auto& text : wish.allow) seccomp.allow.push_back(item(text, 3));
    for (const auto& text : wish.deny) seccomp.deny.push_back(item(text, 4));
    for (const auto& text : wish.arch) seccomp.arch.push_back(item(text, 5));
    if (!wish.error.empty()) seccomp.errno_ = item(wish.error, 6);
    return resolve::seccomp(seccomp, {wish.nested});
}

inline BpfProgram program_of(const Wish& wish) {
    const auto seccomp = resolved(wish);
    INFO((seccomp.ok() ? "" : base::to_text(seccomp.error())));
    REQUIRE(seccomp.ok());
    const auto program = BpfProgram::make(seccomp.value().program);
    INFO((program.ok() ? "" : program.error().what));
    REQUIRE(program.ok());
    return program.value();
}

inline std::string error_of(const Wish& wish) {
    const auto seccomp = resolved(wish);
    REQUIRE_FALSE(seccomp.ok());
    return base::to_text(seccomp.error());
}

inline std::string verdict(const BpfProgram& program, std::uint32_t number, Arguments arguments = {},
                           std::uint32_t arch = amd64) {
    return support::shown_action(program.action(arch, number, arguments));
}

inline const std::string allowed = "allow", eperm = "errno 1", enosys = "errno 38", eafnosupport = "errno 97";

inline const Wish nested{.nested = plan::Nested::allowed};

} // namespace support
