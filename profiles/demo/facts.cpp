// What the process finds: identity, privileges, processes, descriptors, mounts, environment, network.

#include "profiles/demo/row.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <net/if.h>
#include <unistd.h>

extern char** environ;

namespace demo {
namespace {

/// The lines of a small file; empty when it cannot be read.
std::vector<std::string> lines_of(const char* path) {
    std::vector<std::string> lines;
    std::FILE* file = std::fopen(path, "re");
    if (file == nullptr) return lines;
    char* line = nullptr;
    std::size_t size = 0;
    while (getline(&line, &size, file) > 0) {
        line[std::strcspn(line, "\n")] = '\0';
        lines.emplace_back(line);
    }
    std::free(line);
    std::fclose(file);
    return lines;
}

/// A field of /proc/self/status without its blanks; "?" when it is not there.
std::string status_field(const std::vector<std::string>& status, const std::string& name) {
    for (const std::string& line : status)
        if (line.compare(0, name.size() + 1, name + ":") == 0) {
            const std::size_t start = line.find_first_not_of(" \t", name.size() + 1);
            return start == std::string::npos ? "" : line.substr(start);
        }
    return "?";
}

Row wanted(std::string subject, const std::string& outcome, const std::string& expected) {
    return {std::move(subject), outcome == expected ? outcome : outcome + " (should be " + expected + ")",
            outcome == expected ? Verdict::good : Verdict::bad};
}

/// Names in a folder that are numbers.
std::vector<long> numbers_in(const char* path) {
    std::vector<long> numbers;
    DIR* folder = opendir(path);
    if (folder == nullptr) return numbers;
    while (const dirent* entry = readdir(folder)) {
        char* end = nullptr;
        const long number = std::strtol(entry->d_name, &end, 10);
        if (end != entry->d_name && *end == '\0' && number != dirfd(folder)) numbers.push_back(number);
    }
    closedir(folder);
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

Row identity() {
    return {"user and group", std::to_string(getuid()) + ":" + std::to_string(getgid()),
            getuid() == geteuid() && getgid() == getegid() ? Verdict::told : Verdict::bad};
}

Row processes() {
    const std::vector<std::string> first = lines_of("/proc/1/comm");
    const std::size_t count = numbers_in("/proc").size();
    const std::string name = first.empty() ? "?" : first.front();
    // PID 1, this process, and perhaps one that started it.
    return {"processes that it can see", std::to_string(count) + ", the first is " + name + ", it is " + std::to_string(getpid()),
            count >= 1 && count <= 4 ? Verdict::good : Verdict::bad};
}

Row descriptors() {
    std::string extra;
    for (const long number : numbers_in("/proc/self/fd"))
        if (number > 2) extra += (extra.empty() ? "" : " ") + std::to_string(number);
    return {"open descriptors above 2", extra.empty() ? "none" : extra, extra.empty() ? Verdict::good : Verdict::bad};
}

Row environment() {
    std::vector<std::string> names;
    bool loader = false;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        names.emplace_back(*entry, std::strcspn(*entry, "="));
        if (names.back().compare(0, 3, "LD_") == 0) loader = true;
    }
    std::sort(names.begin(), names.end());
    return {"environment", joined(names), loader ? Verdict::bad : Verdict::good};
}

Row interfaces() {
    std::vector<std::string> names;
    if (struct if_nameindex* list = if_nameindex()) {
        for (const struct if_nameindex* entry = list; entry->if_index != 0; ++entry) names.emplace_back(entry->if_name);
        if_freenameindex(list);
    }
    return {"network interfaces", names.empty() ? "none" : joined(names),
            names.empty() || (names.size() == 1 && names.front() == "lo") ? Verdict::good : Verdict::bad};
}

Row home() {
    const char* path = std::getenv("HOME");
    std::vector<std::string> names;
    if (DIR* folder = path == nullptr ? nullptr : opendir(path)) {
        while (const dirent* entry = readdir(folder))
            if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
                names.emplace_back(entry->d_name);
        closedir(folder);
    }
    std::sort(names.begin(), names.end());
    return {"home", std::string(path == nullptr ? "?" : path) + ": " + (names.empty() ? "empty" : joined(names)), Verdict::told};
}

} // namespace

std::vector<Row> facts() {
    const std::vector<std::string> status = lines_of("/proc/self/status");
    char hostname[256] = "?";
    (void)gethostname(hostname, sizeof hostname - 1); // the "?" stands then
    char cwd[4096] = "?";
    if (getcwd(cwd, sizeof cwd) == nullptr) std::strcpy(cwd, "?");

    std::vector<Row> rows{identity(),
                          {"host name", hostname, Verdict::told},
                          {"current directory", cwd, cwd[0] == '/' ? Verdict::told : Verdict::bad},
                          home(),
                          processes()};
    const std::string none = "0000000000000000";
    rows.push_back(wanted("capabilities, effective", status_field(status, "CapEff"), none));
    rows.push_back(wanted("capabilities, permitted", status_field(status, "CapPrm"), none));
    rows.push_back(wanted("capabilities, inheritable", status_field(status, "CapInh"), none));
    rows.push_back(wanted("capabilities, bounding", status_field(status, "CapBnd"), none));
    rows.push_back(wanted("capabilities, ambient", status_field(status, "CapAmb"), none));
    rows.push_back(wanted("no new privileges", status_field(status, "NoNewPrivs"), "1"));
    rows.push_back(wanted("system call filter", status_field(status, "Seccomp"), "2"));
    rows.push_back(descriptors());
    rows.push_back({"mounts", std::to_string(lines_of("/proc/self/mountinfo").size()), Verdict::told});
    rows.push_back(environment());
    rows.push_back(interfaces());
    return rows;
}

} // namespace demo
