#include "launcher/verbs/tally.hpp"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>

namespace verbs {
namespace {

// Consoles, /dev/tty and the terminals of a devpts (Documentation/admin-guide/devices.txt).
bool is_terminal(pid_t pid, std::uint64_t number) {
    const std::string path = "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(number);
    struct stat status{};
    if (stat(path.c_str(), &status) != 0 || !S_ISCHR(status.st_mode)) return false;
    const unsigned kind = major(status.st_rdev);
    return kind == 4 || kind == 5 || (kind >= 136 && kind <= 143);
}

bool ends_line(pid_t pid, std::uint64_t address, std::uint64_t size) {
    char last = 0;
    if (size == 0) return true;
    const iovec ours{&last, 1}, theirs{reinterpret_cast<void*>(address + size - 1), 1};
    return process_vm_readv(pid, &ours, 1, &theirs, 1, 0) == 1 && last == '\n';
}

std::string counted(std::size_t number, const char* what) { return std::to_string(number) + " " + what + (number == 1 ? "" : "s"); }

} // namespace

Tally::Tally(Say say, std::string doing) : say_(say), doing_(std::move(doing)) {}

Tally::~Tally() { clear(); }

void Tally::clear() {
    if (!drawn_.empty()) say_("");
    drawn_.clear();
}

void Tally::tick(std::size_t files, std::size_t peers) {
    if (!say_ || reads_ || unfinished_) return;
    if (others_) {
        others_ = false;
        return;
    }
    const std::string line = doing_ + ": " + counted(files, "file") + " and " + counted(peers, "connection") + " so far";
    if (line == drawn_) return;
    say_(line);
    drawn_ = line;
}

void Tally::call(pid_t pid, std::uint64_t number, const std::uint64_t* arguments) {
    if (!say_ || reads_) return;
    const bool reads = number == SYS_read || number == SYS_readv;
    const bool writes = number == SYS_write || number == SYS_writev;
    if ((!reads && !writes) || !is_terminal(pid, arguments[0])) return;
    clear();
    others_ = true;
    reads_ = reads_ || reads;
    unfinished_ = writes && !(number == SYS_write && ends_line(pid, arguments[1], arguments[2]));
}

} // namespace verbs
