#include "tests/support/bpf.hpp"

#include <cstdlib>
#include <cstring>

namespace support {

namespace {

base::Error bad(std::size_t index, std::string_view why) {
    return {.what = "instruction " + std::to_string(index) + ": " + std::string(why)};
}

bool is_jump(const sock_filter& instruction) {
    return BPF_CLASS(instruction.code) == BPF_JMP;
}

base::Result<void> check(const sock_filter& instruction, std::size_t index, std::size_t count) {
    const std::size_t left = count - index - 1;
    switch (instruction.code) {
    case BPF_LD | BPF_W | BPF_ABS:
        if (instruction.k % 4 != 0 || instruction.k >= sizeof(seccomp_data)) return bad(index, "loads from nowhere");
        return {};
    case BPF_ALU | BPF_AND | BPF_K:
    case BPF_RET | BPF_K: return {};
    case BPF_JMP | BPF_JA:
        if (instruction.k >= left) return bad(index, "jumps past the end");
        return {};
    case BPF_JMP | BPF_JEQ | BPF_K:
    case BPF_JMP | BPF_JGE | BPF_K:
    case BPF_JMP | BPF_JGT | BPF_K:
    case BPF_JMP | BPF_JSET | BPF_K:
        if (instruction.jt >= left || instruction.jf >= left) return bad(index, "jumps past the end");
        return {};
    default: return bad(index, "unknown code " + std::to_string(instruction.code));
    }
}

bool holds(const sock_filter& instruction, std::uint32_t accumulator) {
    switch (BPF_OP(instruction.code)) {
    case BPF_JEQ: return accumulator == instruction.k;
    case BPF_JGE: return accumulator >= instruction.k;
    case BPF_JGT: return accumulator > instruction.k;
    case BPF_JSET: return (accumulator & instruction.k) != 0;
    default: std::abort(); // check let it through
    }
}

} // namespace

base::Result<BpfProgram> BpfProgram::make(std::string_view bytes) {
    if (bytes.size() % sizeof(sock_filter) != 0) return base::Error{.what = "not a whole number of instructions"};
    const std::size_t count = bytes.size() / sizeof(sock_filter);
    if (count == 0 || count > BPF_MAXINSNS) return base::Error{.what = std::to_string(count) + " instructions"};
    BpfProgram program;
    program.code_.resize(count);
    std::memcpy(program.code_.data(), bytes.data(), bytes.size());
    for (std::size_t index = 0; index < count; ++index) TRY(check(program.code_[index], index, count));
    if (BPF_CLASS(program.code_.back().code) != BPF_RET) return bad(count - 1, "the end is no return");
    return program;
}

BpfProgram::Outcome BpfProgram::run(const seccomp_data& data) const {
    std::uint32_t accumulator = 0;
    std::size_t steps = 0;
    // Every jump leads forward and inside, and the last instruction returns: the loop ends.
    for (std::size_t index = 0;; ++index) {
        const sock_filter& instruction = code_.at(index);
        ++steps;
        if (instruction.code == (BPF_RET | BPF_K)) return {instruction.k, steps};
        if (instruction.code == (BPF_JMP | BPF_JA))
            index += instruction.k;
        else if (is_jump(instruction))
            index += holds(instruction, accumulator) ? instruction.jt : instruction.jf;
        else if (BPF_CLASS(instruction.code) == BPF_ALU)
            accumulator &= instruction.k;
        else
            std::memcpy(&accumulator, reinterpret_cast<const char*>(&data) + instruction.k, sizeof accumulator);
    }
}

std::uint32_t BpfProgram::action(std::uint32_t arch, std::uint32_t number,
                                 std::array<std::uint64_t, 6> arguments) const {
    seccomp_data data{};
    data.nr = static_cast<int>(number);
    data.arch = arch;
    for (std::size_t index = 0; index < arguments.size(); ++index) data.args[index] = arguments[index];
    return run(data).action;
}

std::vector<std::uint32_t> BpfProgram::returns() const {
    std::vector<std::uint32_t> values;
    for (const sock_filter& instruction : code_)
        if (BPF_CLASS(instruction.code) == BPF_RET) values.push_back(instruction.k);
    return values;
}

std::string shown_action(std::uint32_t action) {
    switch (action & SECCOMP_RET_ACTION_FULL) {
    case SECCOMP_RET_ALLOW: return "allow";
    case SECCOMP_RET_ERRNO: return "errno " + std::to_string(action & SECCOMP_RET_DATA);
    case SECCOMP_RET_KILL_PROCESS:
    case SECCOMP_RET_KILL_THREAD: return "kill";
    default: return "action " + std::to_string(action);
    }
}

} // namespace support
