// Process 1, the launcher's processes, and the rights of the probe itself.

#include "profiles/selftest/row.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <fstream>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace selftest {
namespace {

int opened(const std::string& path, int flags) {
    const int file = open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return errno;
    close(file);
    return 0;
}

// Where a link of /proc leads to tells whether what is behind it may be used.
int followed(const std::string& path) {
    char text[4096];
    return readlink(path.c_str(), text, sizeof text) >= 0 ? 0 : errno;
}

// One of the five sets of /proc/self/status, or NoNewPrivs, Seccomp.
std::string status_field(std::string_view name) {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(name) && line.size() > name.size() && line[name.size()] == ':') return line.substr(line.find_first_not_of(" \t", name.size() + 1));
    return {};
}

int is(bool as_promised) { return as_promised ? EPERM : 0; }

// A signal to the group, the session and everything: the launcher outside counts what arrives. SIGURG harms nobody.
int signalled(const void*) {
    (void)signal(SIGURG, SIG_IGN);
    (void)kill(0, SIGURG);
    (void)kill(-1, SIGURG);
    if (getppid() > 0) (void)kill(getppid(), SIGURG);
    return getpgrp() == 0 || getsid(0) == 0 ? 0 : EPERM; // 0: a group of another pid namespace
}

// A file of the launcher's, by way of any process that is seen here.
int write_executable(const void*) {
    DIR* const processes = opendir("/proc");
    int code = EACCES;
    while (const dirent* entry = processes ? readdir(processes) : nullptr) {
        const long number = std::strtol(entry->d_name, nullptr, 10);
        if (number <= 0 || number == getpid() || number == getppid()) continue;
        if (opened("/proc/" + std::to_string(number) + "/exe", O_WRONLY) == 0) code = 0;
    }
    if (processes) closedir(processes);
    return code;
}

} // namespace

void try_processes(Rows& rows) {
    for (const char* name : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"})
        rows.push_back(row(18, std::string("right:") + name, is(status_field(name).find_first_not_of('0') == std::string::npos)));
    rows.push_back(row(18, "right:new privileges", is(status_field("NoNewPrivs") == "1")));
    rows.push_back(row(18, "right:no filter", is(status_field("Seccomp") == "2")));
    rows.push_back(row(1, "file:/proc/1/exe", followed("/proc/1/exe")));
    rows.push_back(row(1, "file:/proc/PID/exe for writing", apart(write_executable, nullptr)));
    for (const char* name : {"mem", "environ", "maps"}) rows.push_back(row(30, std::string("file:/proc/1/") + name, opened(std::string("/proc/1/") + name, O_RDONLY)));
    for (const char* name : {"fd/0", "root", "cwd", "ns/mnt"}) rows.push_back(row(30, std::string("file:/proc/1/") + name, followed(std::string("/proc/1/") + name)));
    rows.push_back(row(21, "signal:the group, the session, everything", apart(signalled, nullptr)));
    char folder[4096];
    rows.push_back(row(13, "folder:the working folder is inside", is(getcwd(folder, sizeof folder) != nullptr && folder[0] == '/')));
    // 3 is this folder's own descriptor.
    DIR* const descriptors = opendir("/proc/self/fd");
    std::string left;
    while (const dirent* entry = descriptors ? readdir(descriptors) : nullptr)
        if (const long number = std::strtol(entry->d_name, nullptr, 10); number > 2 && number != dirfd(descriptors)) left += std::string(" ") + entry->d_name;
    rows.push_back(row(2, "descriptor:above 2", is(descriptors != nullptr && left.empty())));
    if (!left.empty()) rows.back().detail = "open:" + left;
    if (descriptors) closedir(descriptors);
}

} // namespace selftest
