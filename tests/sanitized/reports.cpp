// Linked into each program of a sanitized build, and into no other: what a sanitizer finds is also put where the runner of the cases
// looks. A process that has entered a sandbox opens no file of ours any more, and its stderr is the app's; a page that was
// mapped before goes along through every clone.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

extern "C" {
// Of sanitizer/common_interface_defs.h and sanitizer/asan_interface.h; the defaults hold where no variable is handed on.
void __sanitizer_set_death_callback(void (*callback)());
void __asan_set_error_report_callback(void (*callback)(const char* text));
const char* __asan_default_options();
const char* __ubsan_default_options();
}

const char* __asan_default_options() { return "detect_leaks=1:detect_stack_use_after_return=0:exitcode=99:allow_user_segv_handler=1"; }
const char* __ubsan_default_options() { return "halt_on_error=1:print_stacktrace=1"; }

namespace {

struct Page {
    std::atomic<std::uint32_t> used; ///< of `text`
    char text[65532];
};
Page* page = nullptr;

void say(const char* text) {
    if (page == nullptr) return;
    const std::size_t size = std::strlen(text);
    const std::uint32_t at = page->used.fetch_add(static_cast<std::uint32_t>(size));
    if (at < sizeof page->text) std::memcpy(page->text + at, text, std::min(size, sizeof page->text - at));
}

void died() { say("a process was ended by a sanitizer\n"); }

// Where nobody made the file of this user, nobody reads it.
[[gnu::constructor]] void begin() {
    const int file = open(("/run/sandbox-sanitized/" + std::to_string(getuid())).c_str(), O_RDWR | O_CLOEXEC);
    struct stat status{};
    if (file >= 0 && fstat(file, &status) == 0 && status.st_size == static_cast<off_t>(sizeof(Page)))
        if (void* const mapped = mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0); mapped != MAP_FAILED) page = static_cast<Page*>(mapped);
    if (file >= 0) close(file);
    __sanitizer_set_death_callback(died);
    __asan_set_error_report_callback(say);
}

} // namespace
