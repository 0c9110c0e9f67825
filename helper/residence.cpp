#include "helper/residence.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <elf.h>
#include <link.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace helper {
namespace {

struct Range {
    std::uintptr_t begin, end;
};
constexpr int most_parts = 8;
struct Program {
    Range parts[most_parts];
    int count = 0;
    std::uintptr_t page = 0;
};

// Of the parts of the program itself, which are told first, those that cannot be written: they are in the file.
int note_code(dl_phdr_info* info, std::size_t, void* data) {
    Program& program = *static_cast<Program*>(data);
    for (int at = 0; at < info->dlpi_phnum && program.count < most_parts; ++at) {
        const ElfW(Phdr)& part = info->dlpi_phdr[at];
        if (part.p_type != PT_LOAD || (part.p_flags & PF_W) != 0) continue;
        const std::uintptr_t begin = info->dlpi_addr + part.p_vaddr;
        program.parts[program.count++] = {begin & ~(program.page - 1), (begin + part.p_memsz + program.page - 1) & ~(program.page - 1)};
    }
    return 1;
}

[[gnu::always_inline]] inline long call(long number, unsigned long a, unsigned long b, unsigned long c) {
#ifdef __x86_64__
    long result;
    asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result;
#else
    return syscall(number, a, b, c);
#endif
}

Program program_itself() {
    Program program;
    program.page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    (void)dl_iterate_phdr(note_code, &program);
    return program;
}

// The last that runs before the sleep, and the first after it, in one page that is mapped alone: the kernel maps the
// neighbours of a page with it, up to the end of its mapping, and a page with an advice of its own is a mapping of its own.
// No call leaves the page where the machine's own way into the kernel is known here.
[[gnu::section(".text.resident"), gnu::aligned(4096), gnu::noinline]] __attribute__((no_stack_protector)) // clang knows this one in no other spelling
void drop_and_sleep(const Program& program, pollfd* watched, unsigned long count) {
    for (int at = 0; at < program.count; ++at)
        (void)call(SYS_madvise, program.parts[at].begin, program.parts[at].end - program.parts[at].begin, MADV_DONTNEED); // else they stay
#ifdef SYS_poll
    (void)call(SYS_poll, reinterpret_cast<unsigned long>(watched), count, static_cast<unsigned long>(-1L)); // interrupted: the caller looks itself
#else
    (void)poll(watched, count, -1);
#endif
}

} // namespace

void let_go_of_pages() {
    (void)malloc_trim(0); // or there is nothing to give back
    const Program program = program_itself();
    for (int at = 0; at < program.count; ++at)
        (void)madvise(reinterpret_cast<void*>(program.parts[at].begin), program.parts[at].end - program.parts[at].begin, MADV_DONTNEED); // else they stay
}

// All but the C library's own variables, which a static program has at the start of its heap: errno is one, and less than a page
// of them lies behind what pthread_self(3) points to.
void drop_heap() {
    constexpr std::uintptr_t most = 64U << 20;
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    const std::uintptr_t own = std::max(reinterpret_cast<std::uintptr_t>(&errno), static_cast<std::uintptr_t>(pthread_self())) + page;
    const std::uintptr_t begin = (own & ~(page - 1)) + page;
    const std::uintptr_t end = (reinterpret_cast<std::uintptr_t>(sbrk(0)) + page - 1) & ~(page - 1);
    if (begin < end && end - begin < most) (void)madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED); // else it stays
}

void rest(std::span<pollfd> watched, Heap heap) {
    const Program program = program_itself();
    if (heap == Heap::trimmed) (void)malloc_trim(0); // or there is nothing to give back
    // What is below this frame was used by calls that have returned. The kernel makes it anew when it is needed.
    constexpr std::uintptr_t deepest = 256U << 10;
    const std::uintptr_t here = (reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) - 2 * program.page) & ~(program.page - 1);
    (void)madvise(reinterpret_cast<void*>(here - deepest), deepest, MADV_DONTNEED); // says that not all of it is there, and does the rest
    const auto resident = reinterpret_cast<std::uintptr_t>(&drop_and_sleep) & ~(program.page - 1);
    (void)madvise(reinterpret_cast<void*>(resident), program.page, MADV_RANDOM);
    drop_and_sleep(program, watched.data(), watched.size());
}

} // namespace helper
