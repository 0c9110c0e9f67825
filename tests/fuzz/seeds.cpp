// seeds FOLDER: plans and a record, as bytes, for the fuzzer of the wire form.

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/plan/wire.hpp"
#include "tests/support/plans.hpp"

#include <fcntl.h>

int main(int count, char** arguments) {
    const std::string folder = count == 2 ? arguments[1] : ".";
    std::vector<std::string> seeds{plan::encode(support::small_plan()), plan::encode(plan::State{})};
    for (std::uint32_t seed = 0; seed < 6; ++seed) {
        support::Filler filler(seed);
        plan::Plan plan = support::small_plan();
        for (plan::Mount& mount : filler.every_kind()) plan.mounts.push_back(std::move(mount));
        seeds.push_back(plan::encode(plan));
    }
    for (std::size_t at = 0; at < seeds.size(); ++at) {
        const base::UniqueFd file = base::sys::open((folder + "/" + std::to_string(at)).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
        if (!file.valid() || !base::write_all(file, seeds[at])) return 1;
    }
    return 0;
}
