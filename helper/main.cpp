// sandbox-helper PLAN-FD: runs a Plan. Not for people: sandbox(1) becomes this program by execveat(2).

#include "helper/receive.hpp"
#include "helper/supervise.hpp"
#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"

#include <climits>
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace {

base::Result<int> run(int argc, char** argv) {
    const auto number = argc == 2 ? base::whole_number(argv[1], INT_MAX) : std::nullopt;
    // Descriptors 0-2 are always open here: what is opened later must not become one of them.
    base::UniqueFd plan_file(number && *number > 2 ? static_cast<int>(*number) : -1);
    const plan::Plan plan = TRY(helper::receive_plan(plan_file));
    plan_file.reset();
    return helper::supervise(plan);
}

} // namespace

int main(int argc, char** argv) {
    // Started from a sealed copy, the kernel would call us after the memory file.
    (void)prctl(PR_SET_NAME, "sandbox-helper", 0, 0, 0);
    const base::Result<int> result = run(argc, argv);
    if (result) return result.value();
    const std::string line = "sandbox: " + base::to_text(result.error()) + "\n";
    (void)!write(2, line.data(), line.size()); // nowhere else to say it
    return base::exit_status(result.error().failure);
}
