#include "helper/residence.hpp"

#include <cstddef>
#include <cstdint>
#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

namespace helper {
namespace {

// Of the parts of the program itself, which are told first, those that cannot be written: they are in the file.
int let_go(dl_phdr_info* program, std::size_t, void*) {
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    for (int at = 0; at < program->dlpi_phnum; ++at) {
        const ElfW(Phdr)& part = program->dlpi_phdr[at];
        if (part.p_type != PT_LOAD || (part.p_flags & PF_W) != 0) continue;
        const std::uintptr_t begin = (program->dlpi_addr + part.p_vaddr) & ~(page - 1);
        const std::uintptr_t end = (program->dlpi_addr + part.p_vaddr + part.p_memsz + page - 1) & ~(page - 1);
        (void)madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED); // else the pages stay, as before
    }
    return 1;
}

} // namespace

void let_go_of_code() { (void)dl_iterate_phdr(let_go, nullptr); }

} // namespace helper
