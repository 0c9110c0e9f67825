#include "launcher/base/io.hpp"

#include "launcher/base/sys.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

base::UniqueFd memory_file(std::string_view bytes) {
    base::UniqueFd file = base::sys::memfd_create("test", 0);
    REQUIRE(base::write_all(file, bytes).ok());
    REQUIRE(lseek(file.get(), 0, SEEK_SET) == 0);
    return file;
}

struct Pipe {
    base::UniqueFd read, write;
};

Pipe make_pipe() {
    int ends[2];
    REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
    return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
}

} // namespace

TEST_CASE("A file is read whole up to its limit and not beyond", "[base]") {
    const std::string bytes(100'000, 'x');
    const auto exact = base::read_all(memory_file(bytes), bytes.size());
    REQUIRE(exact.ok());
    CHECK(exact.value() == bytes);

    const auto over = base::read_all(memory_file(bytes), bytes.size() - 1);
    REQUIRE_FALSE(over.ok());
    CHECK(over.error().code == EFBIG);
    CHECK_THAT(base::to_text(over.error()), Catch::StartsWith("the file is too large: read: "));

    const auto empty = base::read_all(memory_file(""), 0);
    REQUIRE(empty.ok());
    CHECK(empty.value().empty());
}

TEST_CASE("A stream that tells no size is read up to its limit and not beyond", "[base]") {
    Pipe first = make_pipe();
    REQUIRE(base::write_all(first.write, "0123456789").ok());
    first.write.reset();
    const auto exact = base::read_all(first.read, 10);
    REQUIRE(exact.ok());
    CHECK(exact.value() == "0123456789");

    Pipe second = make_pipe();
    REQUIRE(base::write_all(second.write, "0123456789").ok());
    second.write.reset();
    const auto over = base::read_all(second.read, 9);
    REQUIRE_FALSE(over.ok());
    CHECK(over.error().code == EFBIG);
}

TEST_CASE("Short reads, short writes and interrupts lose nothing", "[base][L4]") {
    Pipe pipe = make_pipe();
    std::string wanted;
    for (int number = 0; number < 300'000; ++number) wanted += static_cast<char>('a' + number % 23); // several times what a pipe holds
    struct sigaction interrupting {};
    struct sigaction before {};
    interrupting.sa_handler = [](int) {}; // without SA_RESTART: calls end with EINTR or short
    REQUIRE(sigaction(SIGALRM, &interrupting, &before) == 0);
    const pid_t child = fork();
    if (child == 0) {
        const itimerval often{{0, 500}, {0, 500}};
        setitimer(ITIMER_REAL, &often, nullptr);
        const bool done = static_cast<bool>(base::write_all(pipe.write, wanted));
        _exit(done ? 0 : 1);
    }
    pipe.write.reset();
    const itimerval often{{0, 700}, {0, 700}};
    const itimerval never{};
    setitimer(ITIMER_REAL, &often, nullptr);
    const auto found = base::read_all(pipe.read, 1U << 20);
    setitimer(ITIMER_REAL, &never, nullptr);
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    REQUIRE(sigaction(SIGALRM, &before, nullptr) == 0);
    CHECK(status == 0);
    REQUIRE(found);
    CHECK(found.value() == wanted);
}

TEST_CASE("A read that fails tells the call and the errno", "[base]") {
    const base::UniqueFd folder = base::sys::open("/", O_RDONLY | O_DIRECTORY);
    const auto result = base::read_all(folder, 10);
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().code == EISDIR);
    CHECK(base::to_text(result.error()) == "cannot read: read: Is a directory");
}

TEST_CASE("A sealed memory file can be read and never be changed", "[base]") {
    const auto made = base::sealed_memfd("test", "sealed bytes");
    REQUIRE(made.ok());
    const base::UniqueFd& file = made.value();
    CHECK((fcntl(file.get(), F_GETFD) & FD_CLOEXEC) != 0);

    CHECK(fcntl(file.get(), F_GET_SEALS) == (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE));
    CHECK((pwrite(file.get(), "x", 1, 0) == -1 && errno == EPERM));
    CHECK((ftruncate(file.get(), 0) == -1 && errno == EPERM));
    CHECK((ftruncate(file.get(), 4096) == -1 && errno == EPERM));
    CHECK((mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0) == MAP_FAILED && errno == EPERM));
    CHECK((fcntl(file.get(), F_ADD_SEALS, F_SEAL_GROW) == -1 && errno == EPERM));
    // Not through another open file either.
    const base::UniqueFd again = base::sys::open(("/proc/self/fd/" + std::to_string(file.get())).c_str(), O_RDWR);
    REQUIRE(again.valid());
    CHECK((write(again.get(), "x", 1) == -1 && errno == EPERM));

    REQUIRE(lseek(file.get(), 0, SEEK_SET) == 0);
    const auto bytes = base::read_all(file, 100);
    REQUIRE(bytes.ok());
    CHECK(bytes.value() == "sealed bytes");
}

TEST_CASE("Who listens at a local socket is told from one that is gone, and from what is no socket", "[base]") {
    std::string folder = "/tmp/sandbox-listens.XXXXXX";
    REQUIRE(mkdtemp(folder.data()));
    const std::string path = folder + "/socket";
    CHECK_FALSE(base::is_listened_to(path));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, path.size());
    base::UniqueFd listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    CHECK_FALSE(base::is_listened_to(path));
    REQUIRE(listen(listener.get(), 0) == 0);
    CHECK(base::is_listened_to(path));
    CHECK(base::is_listened_to(path)); // its queue is full now
    CHECK(base::is_listened_to(path));
    listener.reset();
    CHECK_FALSE(base::is_listened_to(path));
    CHECK_FALSE(base::is_listened_to(folder));
    CHECK_FALSE(base::is_listened_to(""));
    CHECK_FALSE(base::is_listened_to("/" + std::string(200, 'x')));
    REQUIRE(unlink(path.c_str()) == 0);
    REQUIRE(rmdir(folder.c_str()) == 0);
}
