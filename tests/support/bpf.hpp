#pragma once
// Runs a seccomp program without a kernel: the instructions of classic BPF that seccomp(2) takes, over a seccomp_data.

#include "launcher/base/result.hpp"

#include <array>
#include <cstdint>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// A program that the kernel would take.
class BpfProgram {
public:
    /// Errors: not whole instructions, none or more than BPF_MAXINSNS, an instruction that seccomp does not take, a
    /// load that is not of an aligned word inside seccomp_data, a jump past the end, an end that is no return.
    static base::Result<BpfProgram> make(std::string_view bytes);

    struct Outcome {
        std::uint32_t action = 0; ///< SECCOMP_RET_*
        std::size_t steps = 0;    ///< instructions run
    };
    Outcome run(const seccomp_data& data) const;

    /// What run returns for a call; the addresses of data and of the instruction are 0.
    std::uint32_t action(std::uint32_t arch, std::uint32_t number, std::array<std::uint64_t, 6> arguments = {}) const;

    /// The value of every return instruction.
    std::vector<std::uint32_t> returns() const;
    std::size_t size() const { return code_.size(); }

private:
    std::vector<sock_filter> code_;
};

/// "allow", "errno 1", "kill" … as messages of tests show it.
std::string shown_action(std::uint32_t action);

} // namespace support
