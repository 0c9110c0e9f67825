// probe: prints what a process inside the sandbox sees of itself and its surroundings, as one JSON document.
//
//   probe                    the document
//   probe exit N             ends with status N
//   probe signal N           ends by signal N
//   probe arguments ARG…     the arguments, one JSON array
//   probe open PATH…         for each path the errno of open(O_RDONLY), of open(O_WRONLY), 0 when it opened

#include "tests/probes/json.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

extern char** environ;

namespace {

using probes::array_of;
using probes::Object;
using probes::quoted;

std::vector<std::string> lines_of(const char* path) {
    std::vector<std::string> lines;
    std::FILE* file = std::fopen(path, "re");
    if (file == nullptr) return lines;
    char* line = nullptr;
    std::size_t size = 0;
    ssize_t length = 0;
    while ((length = getline(&line, &size, file)) > 0) {
        lines.emplace_back(line, static_cast<std::size_t>(length));
        if (lines.back().back() == '\n') lines.back().pop_back();
    }
    std::free(line);
    std::fclose(file);
    return lines;
}

std::string quoted_lines(const char* path) {
    std::vector<std::string> values;
    for (const std::string& line : lines_of(path)) values.push_back(quoted(line));
    return array_of(values);
}

std::string link_text(const std::string& path) {
    char text[4096];
    const ssize_t length = readlink(path.c_str(), text, sizeof text);
    return length < 0 ? "" : std::string(text, static_cast<std::size_t>(length));
}

/// Names in a folder, sorted, without those of the folder's own descriptor.
std::vector<std::string> names_in(const char* path) {
    std::vector<std::string> names;
    DIR* folder = opendir(path);
    if (folder == nullptr) return names;
    const std::string own = std::to_string(dirfd(folder));
    const bool descriptors = std::strcmp(path, "/proc/self/fd") == 0;
    while (const dirent* entry = readdir(folder)) {
        const std::string name = entry->d_name;
        if (name != "." && name != ".." && !(descriptors && name == own)) names.push_back(name);
    }
    closedir(folder);
    std::sort(names.begin(), names.end());
    return names;
}

std::string quoted_names(const char* path) {
    std::vector<std::string> values;
    for (const std::string& name : names_in(path)) values.push_back(quoted(name));
    return array_of(values);
}

void add_status(Object& document) {
    Object status;
    for (const std::string& line : lines_of("/proc/self/status")) {
        const std::size_t colon = line.find(':');
        const std::size_t start = colon == std::string::npos ? colon : line.find_first_not_of(" \t", colon + 1);
        if (colon != std::string::npos)
            status.add_text(line.substr(0, colon), start == std::string::npos ? "" : line.substr(start));
    }
    document.add("status", status.text());
}

void add_identity(Object& document) {
    uid_t real = 0, effective = 0, saved = 0;
    getresuid(&real, &effective, &saved);
    document.add("uid", array_of({std::to_string(real), std::to_string(effective), std::to_string(saved)}));
    gid_t real_group = 0, effective_group = 0, saved_group = 0;
    getresgid(&real_group, &effective_group, &saved_group);
    document.add("gid", array_of({std::to_string(real_group), std::to_string(effective_group), std::to_string(saved_group)}));
    std::vector<gid_t> groups(static_cast<std::size_t>(std::max(0, getgroups(0, nullptr))));
    groups.resize(static_cast<std::size_t>(std::max(0, getgroups(static_cast<int>(groups.size()), groups.data()))));
    std::vector<std::string> numbers;
    for (const gid_t group : groups) numbers.push_back(std::to_string(group));
    document.add("groups", array_of(numbers));
    document.add_number("pid", getpid());
    document.add_number("ppid", getppid());
    document.add_number("sid", getsid(0));
    document.add_number("pgrp", getpgrp());
    document.add_number("sid_of_init", getsid(1));
    document.add_number("securebits", prctl(PR_GET_SECUREBITS));
    int death_signal = 0;
    document.add_number("parent_death_signal", prctl(PR_GET_PDEATHSIG, &death_signal) == 0 ? death_signal : -1);
    document.add_number("dumpable", prctl(PR_GET_DUMPABLE));
}

void add_descriptors(Object& document) {
    Object descriptors;
    for (const std::string& name : names_in("/proc/self/fd"))
        descriptors.add_text(name, link_text("/proc/self/fd/" + name));
    document.add("fds", descriptors.text());
    Object terminals;
    for (int number = 0; number < 3; ++number) {
        Object terminal;
        terminal.add("isatty", isatty(number) == 1 ? "true" : "false");
        winsize size{};
        if (ioctl(number, TIOCGWINSZ, &size) == 0)
            terminal.add("size", array_of({std::to_string(size.ws_row), std::to_string(size.ws_col)}));
        if (const char* name = ttyname(number)) terminal.add_text("name", name);
        struct stat information {};
        if (fstat(number, &information) == 0) {
            terminal.add_number("device", static_cast<long long>(information.st_dev));
            terminal.add_number("inode", static_cast<long long>(information.st_ino));
        }
        terminals.add(std::to_string(number), terminal.text());
    }
    document.add("terminals", terminals.text());
    const int control = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    document.add("controlling_terminal", control >= 0 ? "true" : "false");
    if (control >= 0) close(control);
}

void add_processes(Object& document) {
    Object processes;
    for (const std::string& name : names_in("/proc"))
        if (name.find_first_not_of("0123456789") == std::string::npos) {
            const std::vector<std::string> comm = lines_of(("/proc/" + name + "/comm").c_str());
            processes.add_text(name, comm.empty() ? "" : comm.front());
        }
    document.add("processes", processes.text());
}

void add_namespaces(Object& document) {
    Object namespaces;
    for (const char* name : {"user", "mnt", "pid", "ipc", "uts", "cgroup", "net", "time"})
        namespaces.add_text(name, link_text(std::string("/proc/self/ns/") + name));
    document.add("namespaces", namespaces.text());
    document.add("uid_map", quoted_lines("/proc/self/uid_map"));
    document.add("gid_map", quoted_lines("/proc/self/gid_map"));
    document.add("setgroups", quoted_lines("/proc/self/setgroups"));
    document.add("cgroup", quoted_lines("/proc/self/cgroup"));
}

void add_limits(Object& document) {
    static const std::pair<const char*, int> names[] = {
        {"cpu", RLIMIT_CPU}, {"fsize", RLIMIT_FSIZE}, {"data", RLIMIT_DATA}, {"stack", RLIMIT_STACK},
        {"core", RLIMIT_CORE}, {"rss", RLIMIT_RSS}, {"nproc", RLIMIT_NPROC}, {"nofile", RLIMIT_NOFILE},
        {"memlock", RLIMIT_MEMLOCK}, {"as", RLIMIT_AS}, {"locks", RLIMIT_LOCKS}, {"sigpending", RLIMIT_SIGPENDING},
        {"msgqueue", RLIMIT_MSGQUEUE}, {"nice", RLIMIT_NICE}, {"rtprio", RLIMIT_RTPRIO}, {"rttime", RLIMIT_RTTIME}};
    Object limits;
    for (const auto& [name, number] : names) {
        rlimit limit{};
        if (getrlimit(static_cast<__rlimit_resource>(number), &limit) == 0)
            limits.add(name, array_of({std::to_string(limit.rlim_cur), std::to_string(limit.rlim_max)}));
    }
    document.add("limits", limits.text());
}

void add_signals(Object& document) {
    sigset_t blocked;
    std::vector<std::string> blocked_numbers, ignored;
    (void)sigprocmask(SIG_BLOCK, nullptr, &blocked); // only asks; cannot fail
    for (int number = 1; number < 65; ++number) {
        if (sigismember(&blocked, number) == 1) blocked_numbers.push_back(std::to_string(number));
        struct sigaction action {};
        if (sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) ignored.push_back(std::to_string(number));
    }
    document.add("signals_blocked", array_of(blocked_numbers));
    document.add("signals_ignored", array_of(ignored));
}

void add_surroundings(Object& document) {
    std::vector<std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) variables.push_back(quoted(*entry));
    document.add("env", array_of(variables));
    char cwd[4096];
    document.add_text("cwd", getcwd(cwd, sizeof cwd) == nullptr ? "" : cwd);
    utsname system{};
    document.add_text("hostname", uname(&system) == 0 ? system.nodename : "");
    document.add_text("domainname", system.domainname);
    const mode_t mask = umask(0);
    umask(mask);
    document.add_number("umask", static_cast<long long>(mask));
    document.add("mounts", quoted_lines("/proc/self/mountinfo"));
    document.add("root", quoted_names("/"));
    document.add("dev", quoted_names("/dev"));
    document.add("etc", quoted_names("/etc"));
    std::vector<std::string> interfaces;
    for (const std::string& line : lines_of("/proc/net/dev")) {
        const std::size_t colon = line.find(':');
        if (colon != std::string::npos) interfaces.push_back(quoted(line.substr(line.find_first_not_of(' '), colon - line.find_first_not_of(' '))));
    }
    document.add("interfaces", array_of(interfaces));
    document.add("unix_sockets", quoted_lines("/proc/net/unix"));
    document.add_text("executable", link_text("/proc/self/exe"));
}

int print_document() {
    Object document;
    add_descriptors(document); // first: nothing else is open yet
    add_identity(document);
    add_status(document);
    add_processes(document);
    add_namespaces(document);
    add_limits(document);
    add_signals(document);
    add_surroundings(document);
    std::printf("%s\n", document.text().c_str());
    return std::fflush(stdout) == 0 ? 0 : 1;
}

int print_arguments(int count, char** arguments) {
    std::vector<std::string> values;
    for (int index = 0; index < count; ++index) values.push_back(quoted(arguments[index]));
    std::printf("%s\n", array_of(values).c_str());
    return 0;
}

int open_error(const char* path, int flags) {
    const int file = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0) return errno;
    close(file);
    return 0;
}

int print_opened(int count, char** paths) {
    Object document;
    for (int index = 0; index < count; ++index) {
        Object result;
        result.add_number("read", open_error(paths[index], O_RDONLY));
        result.add_number("write", open_error(paths[index], O_WRONLY));
        struct stat information {};
        result.add_number("type", lstat(paths[index], &information) == 0 ? static_cast<long long>(information.st_mode & S_IFMT) : 0);
        result.add_number("rdev", static_cast<long long>(information.st_rdev));
        document.add(paths[index], result.text());
    }
    std::printf("%s\n", document.text().c_str());
    return 0;
}

int end_by_signal(int number) {
    signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    const rlimit no_core{};
    (void)setrlimit(RLIMIT_CORE, &no_core); // a core file is only clutter
    kill(getpid(), number);
    return 99;
}

} // namespace

int main(int count, char** arguments) {
    const std::string verb = count > 1 ? arguments[1] : "";
    if (verb.empty()) return print_document();
    if (verb == "exit" && count == 3) return std::atoi(arguments[2]);
    if (verb == "signal" && count == 3) return end_by_signal(std::atoi(arguments[2]));
    if (verb == "arguments") return print_arguments(count - 2, arguments + 2);
    if (verb == "open") return print_opened(count - 2, arguments + 2);
    std::fprintf(stderr, "probe: unknown verb %s\n", verb.c_str());
    return 2;
}
