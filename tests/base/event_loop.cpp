#include "launcher/base/event_loop.hpp"

#include "launcher/base/sys.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

struct Pair {
    base::UniqueFd ours, theirs;
};

Pair make_pair() {
    int ends[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0);
    return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

base::EventLoop make_loop() {
    auto loop = base::EventLoop::make();
    REQUIRE(loop.ok());
    return std::move(loop).value();
}

} // namespace

TEST_CASE("What is readable runs its callback as long as bytes are left", "[base][loop][E4][E11]") {
    auto loop = make_loop();
    const Pair pair = make_pair();
    int ran = 0;
    REQUIRE(loop.add(pair.ours.get(), EPOLLIN, [&](std::uint32_t events) { ran += (events & EPOLLIN) != 0 ? 1 : 100; }).ok());
    CHECK(loop.wait(0).value() == 0);
    REQUIRE(write(pair.theirs.get(), "ab", 2) == 2);
    CHECK(loop.wait(1000).value() == 1);
    CHECK(loop.wait(1000).value() == 1); // level-triggered: nothing was read
    char bytes[2];
    REQUIRE(read(pair.ours.get(), bytes, 2) == 2);
    CHECK(loop.wait(0).value() == 0);
    CHECK(ran == 2);
}

TEST_CASE("Processes, signals, sockets and terminals are watched alike", "[base][loop][E2]") {
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGUSR1);
    sigset_t before;
    REQUIRE(sigprocmask(SIG_BLOCK, &wanted, &before) == 0);
    const base::UniqueFd signals(signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
    int ends[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
    const base::UniqueFd near(ends[0]);
    const base::UniqueFd far(ends[1]);
    const base::UniqueFd terminal(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    REQUIRE(grantpt(terminal.get()) == 0);
    REQUIRE(unlockpt(terminal.get()) == 0);
    const base::UniqueFd peer(open(ptsname(terminal.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
    const pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    const base::UniqueFd process = base::sys::pidfd_open(child);
    base::EventLoop loop = make_loop();
    std::string heard;
    const auto watch = [&](const base::UniqueFd& file, char name) { REQUIRE(loop.add(file.get(), EPOLLIN, [&heard, &loop, &file, name](std::uint32_t) {
        heard += name;
        loop.remove(file.get());
    })); };
    watch(signals, 's');
    watch(near, 'c');
    watch(terminal, 't');
    watch(process, 'p');
    CHECK(loop.wait(0).value() == 0); // the control: nothing is ready yet
    REQUIRE(raise(SIGUSR1) == 0);
    CHECK(loop.wait(5000).value() == 1);
    REQUIRE(send(far.get(), "x", 1, 0) == 1);
    CHECK(loop.wait(5000).value() == 1);
    REQUIRE(write(peer.get(), "x", 1) == 1);
    CHECK(loop.wait(5000).value() == 1);
    REQUIRE(kill(child, SIGKILL) == 0);
    CHECK(loop.wait(5000).value() == 1);
    CHECK(heard == "sctp");
    CHECK(waitpid(child, nullptr, 0) == child);
    signalfd_siginfo taken;
    CHECK(read(signals.get(), &taken, sizeof taken) == static_cast<ssize_t>(sizeof taken));
    REQUIRE(sigprocmask(SIG_SETMASK, &before, nullptr) == 0);
}

TEST_CASE("The end of a peer is an event", "[base][loop][E5]") {
    auto loop = make_loop();
    Pair pair = make_pair();
    std::uint32_t seen = 0;
    REQUIRE(loop.add(pair.ours.get(), EPOLLIN | EPOLLRDHUP, [&](std::uint32_t events) { seen = events; }).ok());
    pair.theirs.reset();
    CHECK(loop.wait(1000).value() == 1);
    CHECK((seen & EPOLLRDHUP) != 0);
}

TEST_CASE("Write interest is there only while it is asked for", "[base][loop][E6][E10]") {
    auto loop = make_loop();
    const Pair pair = make_pair();
    int ran = 0;
    REQUIRE(loop.add(pair.ours.get(), 0, [&](std::uint32_t) { ++ran; }).ok());
    CHECK(loop.wait(0).value() == 0);
    REQUIRE(loop.change(pair.ours.get(), EPOLLOUT).ok());
    CHECK(loop.wait(1000).value() == 1);
    REQUIRE(loop.change(pair.ours.get(), 0).ok());
    CHECK(loop.wait(0).value() == 0);
    CHECK(ran == 1);
}

TEST_CASE("What was removed runs no more, and its number may be used again", "[base][loop][E3][E8]") {
    auto loop = make_loop();
    Pair first = make_pair();
    Pair second = make_pair();
    int old_runs = 0, new_runs = 0;
    const int number = second.ours.get();
    // Both are ready in one batch; whichever runs first removes the other and puts a new descriptor under its number.
    const auto replace = [&](std::uint32_t) {
        loop.remove(number);
        Pair fresh = make_pair();
        REQUIRE(dup2(fresh.ours.get(), number) == number);
        REQUIRE(loop.add(number, EPOLLIN, [&](std::uint32_t) { ++new_runs; }).ok());
        loop.remove(first.ours.get());
    };
    REQUIRE(loop.add(first.ours.get(), EPOLLIN, replace).ok());
    REQUIRE(loop.add(number, EPOLLIN, [&](std::uint32_t) { ++old_runs; }).ok());
    REQUIRE(write(first.theirs.get(), "x", 1) == 1);
    REQUIRE(write(second.theirs.get(), "x", 1) == 1);
    REQUIRE(loop.wait(1000).ok());
    CHECK(old_runs == 0);
    CHECK(new_runs == 0);
    CHECK(loop.change(first.ours.get(), EPOLLIN).error().what == "cannot change what is not watched");
}

TEST_CASE("A wait ends at its deadline, and a regular file is refused", "[base][loop][E7]") {
    auto loop = make_loop();
    CHECK(loop.wait(1).value() == 0);
    std::FILE* const file = std::tmpfile();
    REQUIRE(file != nullptr);
    const auto added = loop.add(fileno(file), EPOLLIN, [](std::uint32_t) {});
    REQUIRE_FALSE(added.ok());
    CHECK(added.error().code == EPERM);
    (void)std::fclose(file);
}

TEST_CASE("What is not watched, or is gone, cannot be watched otherwise", "[base][loop]") {
    auto loop = make_loop();
    Pair pair = make_pair();
    CHECK(base::to_text(loop.change(pair.ours.get(), EPOLLOUT).error()).find("cannot change what is not watched") == 0);
    const int number = pair.ours.get();
    REQUIRE(loop.add(number, EPOLLIN, [](std::uint32_t) {}).ok());
    pair.ours.reset();
    const auto changed = loop.change(number, EPOLLOUT);
    REQUIRE_FALSE(changed.ok());
    CHECK(base::to_text(changed.error()) == "cannot change what is watched: epoll_ctl: Bad file descriptor");
}
