#include "tests/trace/tracer.hpp"

#include "tests/trace/calls.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <optional>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace trace {
namespace {

struct Task {
    std::string name;
    bool known = false;   ///< its parent's event has named it
    bool waiting = false; ///< it stopped before that
    bool ours = false;
    bool inside = false;  ///< of a call: its entry was seen
    bool thread = false;
    std::optional<int> error{}; ///< the call is not made, and returns this error
    int children = 0;
    std::map<std::string, int> counts;
    std::optional<std::size_t> listed; ///< the stop that the call is
};

std::int64_t now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1'000'000;
}

/// Text of another process; `?` where it cannot be read.
std::string text_at(pid_t pid, std::uint64_t address) {
    if (address == 0) return "";
    std::string text;
    char part[256];
    while (text.size() < PATH_MAX) {
        // To the end of a page at most: the next one may not be there.
        const std::size_t size = std::min<std::size_t>(sizeof part, 4096 - (address & 4095));
        const iovec local{part, size};
        const iovec remote{reinterpret_cast<void*>(address), size};
        const ssize_t got = process_vm_readv(pid, &local, 1, &remote, 1, 0);
        if (got <= 0) return "?";
        const std::size_t length = strnlen(part, static_cast<std::size_t>(got));
        text.append(part, length);
        if (length < static_cast<std::size_t>(got)) return text;
        address += static_cast<std::uint64_t>(got);
    }
    return text;
}

std::string program_of(pid_t pid) {
    char target[PATH_MAX];
    const ssize_t length = readlink(("/proc/" + std::to_string(pid) + "/exe").c_str(), target, sizeof target);
    std::string name = length < 0 ? "?" : std::string(target, static_cast<std::size_t>(length));
    name = name.substr(name.rfind('/') + 1);
    if (const auto end = name.find(" (deleted)"); end != std::string::npos) name.resize(end);
    return name.starts_with("memfd:") ? name.substr(6) : name;
}

class Tracer {
public:
    explicit Tracer(Options& options) : options_(options) {}
    Report run();

private:
    bool start();
    void on_stop(pid_t pid, int status);
    void adopt_orphans();
    void on_event(pid_t pid, Task& task, int event);
    void on_call(pid_t pid, Task& task);
    void begin(Task& task, const std::string& name);
    void enter(pid_t pid, Task& task, std::uint64_t number, const std::uint64_t* arguments);
    void act(Task& task, Action& action);
    void resume(pid_t pid, Task& task, int signal = 0);
    void kill_all();
    bool stepped(const Task& task) const { return task.ours && !task.thread; }

    Options& options_;
    Report report_;
    std::map<pid_t, Task> tasks_;
    pid_t first_ = -1;
    sigset_t before_{}; ///< the signals that the caller had blocked
};

bool Tracer::start() {
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &children, &before_); // read by sigtimedwait
    // Orphans come to us, and are reaped.
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    int gate[2];
    if (pipe2(gate, O_CLOEXEC) != 0) return false;
    first_ = fork();
    if (first_ == 0) {
        (void)sigprocmask(SIG_SETMASK, &before_, nullptr);
        char byte = 0;
        close(gate[1]);
        if (options_.gid >= 0) {
            const gid_t gid = static_cast<gid_t>(options_.gid);
            if (setgroups(0, nullptr) != 0 || setresgid(gid, gid, gid) != 0) _exit(120);
        }
        if (options_.uid >= 0) {
            const uid_t uid = static_cast<uid_t>(options_.uid);
            if (setresuid(uid, uid, uid) != 0) _exit(120);
        }
        (void)!read(gate[0], &byte, 1); // the tracer is attached
        std::vector<char*> argv;
        for (std::string& word : options_.program) argv.push_back(word.data());
        argv.push_back(nullptr);
        execvp(argv[0], argv.data());
        _exit(127);
    }
    close(gate[0]);
    const long wanted = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                        PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    const bool seized = first_ > 0 && ptrace(PTRACE_SEIZE, first_, nullptr, wanted) == 0;
    close(gate[1]);
    if (!seized) return false;
    Task& task = tasks_[first_];
    task.known = true;
    task.name = "first";
    report_.processes.push_back(task.name);
    return true;
}

void Tracer::resume(pid_t pid, Task& task, int signal) {
    // One that was killed meanwhile is told by waitpid.
    (void)ptrace(stepped(task) ? PTRACE_SYSCALL : PTRACE_CONT, pid, nullptr, signal);
}

void Tracer::kill_all() {
    for (const auto& [pid, task] : tasks_) (void)kill(pid, SIGKILL); // some are gone already
}

void Tracer::act(Task& task, Action& action) {
    action.done = true;
    switch (action.deed) {
    case Deed::fail:
        task.error = error_number(action.words[0]);
        break;
    case Deed::kill: {
        const auto victim = std::find_if(tasks_.begin(), tasks_.end(), [&](const auto& one) { return one.second.name == action.words[0]; });
        action.result = victim == tasks_.end() ? ESRCH : kill(victim->first, SIGKILL) == 0 ? 0 : errno;
        break;
    }
    case Deed::swap:
        action.result = renameat2(AT_FDCWD, action.words[0].c_str(), AT_FDCWD, action.words[1].c_str(), RENAME_EXCHANGE) == 0 ? 0 : errno;
        break;
    case Deed::run: {
        const pid_t child = fork();
        if (child == 0) {
            (void)sigprocmask(SIG_SETMASK, &before_, nullptr);
            execl("/bin/sh", "sh", "-c", action.words[0].c_str(), nullptr);
            _exit(127);
        }
        int status = 0;
        while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
        action.result = child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 128;
        break;
    }
    case Deed::stop:
        kill_all();
        break;
    }
}

// From here on the process is the program of that name: what it did before does not shift the numbers.
void Tracer::begin(Task& task, const std::string& name) {
    const auto taken = [&](const std::string& one) {
        return std::find(report_.processes.begin(), report_.processes.end(), one) != report_.processes.end();
    };
    task.name = name;
    for (int number = 2; taken(task.name); ++number) task.name = name + '~' + std::to_string(number);
    report_.processes.push_back(task.name);
    task.counts.clear();
    task.children = 0;
}

void Tracer::enter(pid_t pid, Task& task, std::uint64_t number, const std::uint64_t* arguments) {
    // The launcher goes on as the helper without an exec where it may, and then says so.
    if (number == SYS_prctl && arguments[0] == PR_SET_NAME)
        if (const std::string name = text_at(pid, arguments[1]); name.starts_with(task.name + '-')) begin(task, name);
    Stop stop{.name = {}, .process = task.name, .call = name_of_call(number), .paths = {}};
    stop.name = task.name + '/' + stop.call + '#' + std::to_string(++task.counts[stop.call]);
    for (const unsigned position : path_arguments(stop.call)) stop.paths.push_back(text_at(pid, arguments[position]));
    for (Action& action : options_.actions)
        if (!action.done && action.stop == stop.name) act(task, action);
    if (task.error) {
        user_regs_struct registers{};
        if (ptrace(PTRACE_GETREGS, pid, nullptr, &registers) == 0) {
            registers.orig_rax = ~0ULL; // no such call
            (void)ptrace(PTRACE_SETREGS, pid, nullptr, &registers);
        }
    }
    task.listed.reset();
    const auto& wanted = options_.calls;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), stop.call) == wanted.end()) return;
    task.listed = report_.stops.size();
    report_.stops.push_back(std::move(stop));
}

void Tracer::on_call(pid_t pid, Task& task) {
    __ptrace_syscall_info information{};
    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof information, &information) < 0) return; // it was killed meanwhile
    if (information.op == PTRACE_SYSCALL_INFO_ENTRY) {
        task.inside = true;
        enter(pid, task, information.entry.nr, reinterpret_cast<const std::uint64_t*>(information.entry.args));
    } else if (information.op == PTRACE_SYSCALL_INFO_EXIT && task.inside) {
        task.inside = false;
        std::int64_t result = information.exit.rval;
        if (task.error) {
            user_regs_struct registers{};
            result = -*task.error;
            if (ptrace(PTRACE_GETREGS, pid, nullptr, &registers) == 0) {
                registers.rax = static_cast<unsigned long long>(result);
                (void)ptrace(PTRACE_SETREGS, pid, nullptr, &registers);
            }
            task.error.reset();
        }
        if (task.listed) {
            report_.stops[*task.listed].result = result;
            report_.stops[*task.listed].returned = true;
        }
    }
}

void Tracer::on_event(pid_t pid, Task& task, int event) {
    unsigned long message = 0;
    (void)ptrace(PTRACE_GETEVENTMSG, pid, nullptr, &message);
    if (event == PTRACE_EVENT_EXEC) {
        // Of several threads the one that lives on has the number of the process.
        task.thread = false;
        std::string name = program_of(pid);
        task.ours = std::any_of(options_.ours.begin(), options_.ours.end(), [&](const std::string& one) { return name.starts_with(one); });
        begin(task, name);
        task.inside = false;
        return;
    }
    Task& child = tasks_[static_cast<pid_t>(message)];
    child.known = true;
    child.ours = task.ours;
    // A thread stands below the same process; only its calls are not counted, as the order of threads is nobody's.
    const std::string entry = "/proc/" + std::to_string(pid) + "/task/" + std::to_string(message);
    child.thread = event == PTRACE_EVENT_CLONE && access(entry.c_str(), F_OK) == 0;
    child.name = task.name + (child.thread ? "+" : ".") + std::to_string(++task.children);
    report_.processes.push_back(child.name);
    if (child.waiting) {
        child.waiting = false;
        resume(static_cast<pid_t>(message), child);
    }
}

// Who was killed in a fork tells of no child: that would wait for ever for its event.
void Tracer::adopt_orphans() {
    for (auto& [pid, task] : tasks_) {
        if (!task.waiting) continue;
        std::ifstream file("/proc/" + std::to_string(pid) + "/status");
        pid_t parent = -1;
        for (std::string line; std::getline(file, line);)
            if (line.starts_with("PPid:")) parent = static_cast<pid_t>(std::strtol(line.c_str() + 5, nullptr, 10));
        if (parent < 0 || tasks_.count(parent) != 0) continue;
        task.known = true;
        task.waiting = false;
        task.name = "orphan";
        resume(pid, task);
    }
}

void Tracer::on_stop(pid_t pid, int status) {
    Task& task = tasks_[pid];
    const int signal = WSTOPSIG(status);
    const int event = status >> 16;
    if (!task.known) {
        task.waiting = true; // until its parent's event comes
        return;
    }
    if (signal == (SIGTRAP | 0x80)) {
        on_call(pid, task);
        return resume(pid, task);
    }
    if (event == PTRACE_EVENT_STOP) {
        // A group stop, or the first stop of a new process.
        if (signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU) (void)ptrace(PTRACE_LISTEN, pid, nullptr, nullptr);
        else resume(pid, task);
        return;
    }
    if (event != 0) {
        on_event(pid, task, event);
        return resume(pid, tasks_[pid]);
    }
    resume(pid, task, signal);
}

Report Tracer::run() {
    if (!start()) {
        report_.problem = std::string("cannot trace: ") + strerror(errno);
        if (first_ > 0) (void)kill(first_, SIGKILL);
        return report_;
    }
    const std::int64_t end_of_all = now() + options_.limit;
    std::int64_t deadline = end_of_all;
    bool ended_by_us = false;
    for (;;) {
        int status = 0;
        const pid_t pid = waitpid(-1, &status, __WALL | WNOHANG);
        if (pid < 0 && errno == ECHILD) break;
        if (pid > 0 && WIFSTOPPED(status)) {
            on_stop(pid, status);
        } else if (pid > 0) {
            if (pid == first_) {
                report_.status = ended_by_us ? -1 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
                deadline = std::min(end_of_all, now() + options_.grace);
            }
            tasks_.erase(pid);
        } else if (!ended_by_us && now() > deadline) {
            for (const auto& [number, task] : tasks_) report_.survivors.push_back(task.name);
            ended_by_us = true;
            kill_all();
        } else {
            adopt_orphans();
            // Everyone runs or waits: look again soon, or at once when a child changed.
            sigset_t children;
            sigemptyset(&children);
            sigaddset(&children, SIGCHLD);
            const timespec pause{0, 20'000'000};
            (void)sigtimedwait(&children, nullptr, &pause);
        }
    }
    return report_;
}

} // namespace

Report run(Options& options) { return Tracer(options).run(); }

} // namespace trace
