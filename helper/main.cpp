// sandbox-helper PLAN [RECORD CGROUP TARGET NOTIFY JOURNAL], descriptors: runs a Plan. Not for people: sandbox(1) becomes this program by execveat(2).

#include "helper/receive.hpp"
#include "helper/supervise.hpp"
#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"

#include <span>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace {

base::Result<int> run(int argc, char** argv) {
    if (getauxval(AT_SECURE) != 0) return base::Error{.what = "this program must not be installed setuid", .advice = "it needs no privileges"};
    return helper::supervise(TRY(helper::receive_start(std::span(argv + 1, static_cast<std::size_t>(argc > 1 ? argc - 1 : 0)))));
}

} // namespace

int main(int argc, char** argv) {
    // Started from a sealed copy, the kernel would call us after the memory file.
    (void)prctl(PR_SET_NAME, "sandbox-helper", 0, 0, 0);
    const base::Result<int> result = run(argc, argv);
    if (result) _exit(result.value()); // somebody waits for it, and nothing is left to be put in order
    const std::string line = "sandbox: " + base::to_text(result.error()) + "\n";
    (void)!write(2, line.data(), line.size()); // nowhere else to say it
    return base::exit_status(result.error().failure);
}
