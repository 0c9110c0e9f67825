#include "launcher/base/process.hpp"

#include "launcher/base/sys.hpp"

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

TEST_CASE("Of a process that is gone it is said that it has ended, by its descriptor and by its number", "[base][process]") {
    const pid_t child = fork();
    if (child == 0) _exit(0);
    const base::UniqueFd pidfd = base::sys::pidfd_open(child);
    REQUIRE(pidfd.valid());
    REQUIRE(waitpid(child, nullptr, 0) == child);
    const auto number = base::pid_of(pidfd);
    const auto began = base::start_time(child);
    REQUIRE_FALSE(number.ok());
    REQUIRE_FALSE(began.ok());
    CHECK(base::to_text(number.error()) == "the process has ended: No such process");
    CHECK(base::to_text(began.error()) == "the process has ended: No such process");
}
