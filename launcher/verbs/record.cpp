#include "launcher/verbs/record.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"
#include "launcher/resolve/seccomp.hpp"
#include "launcher/verbs/tally.hpp"
#include "launcher/verbs/why.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <optional>
#include <set>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace verbs {
namespace {

using base::Error;
using base::Result;

constexpr std::size_t most_kept = 20'000;
constexpr std::size_t most_answers = 1000; // more than there are calls

/// While it lives SIGALRM interrupts what blocks (EINTR), four times a second, where `wanted`.
class Quarters {
public:
    explicit Quarters(bool wanted) {
        struct sigaction action{};
        action.sa_handler = [](int) { passed_ = 1; }; // without SA_RESTART
        if (wanted && sigaction(SIGALRM, &action, nullptr) == 0) (void)setitimer(ITIMER_REAL, &quarter, nullptr); // without it nothing is told but at the end
    }
    ~Quarters() { (void)setitimer(ITIMER_REAL, &never, nullptr); }
    Quarters(const Quarters&) = delete;
    Quarters& operator=(const Quarters&) = delete;

    /// Whether one has passed since this was asked last.
    static bool passed() { return std::exchange(passed_, 0) != 0; }

private:
    static constexpr itimerval quarter{{0, 250'000}, {0, 250'000}}, never{};
    static inline volatile std::sig_atomic_t passed_ = 0;
};

/// A call that takes a path: where, and which argument says that it writes.
struct PathCall {
    long number;
    int folder;  ///< argument with the folder's descriptor; -1: none
    int path;    ///< argument with the path
    int flags;   ///< argument with flags of open(2); -1: none
    bool writes; ///< always
};
constexpr std::array path_calls{
    PathCall{SYS_openat, 0, 1, 2, false},      PathCall{SYS_newfstatat, 0, 1, -1, false}, PathCall{SYS_statx, 0, 1, -1, false},   PathCall{SYS_faccessat, 0, 1, -1, false},
    PathCall{SYS_faccessat2, 0, 1, -1, false}, PathCall{SYS_execve, -1, 0, -1, false},    PathCall{SYS_readlinkat, 0, 1, -1, false}, PathCall{SYS_chdir, -1, 0, -1, false},
    PathCall{SYS_mkdirat, 0, 1, -1, true},     PathCall{SYS_unlinkat, 0, 1, -1, true},    PathCall{SYS_renameat2, 2, 3, -1, true}, PathCall{SYS_linkat, 2, 3, -1, true},
    PathCall{SYS_symlinkat, 1, 2, -1, true},   PathCall{SYS_truncate, -1, 0, -1, true},   PathCall{SYS_fchmodat, 0, 1, -1, true},
#ifdef SYS_open // the older calls, which other machines never had
    PathCall{SYS_open, -1, 0, 1, false},       PathCall{SYS_creat, -1, 0, -1, true},      PathCall{SYS_stat, -1, 0, -1, false},   PathCall{SYS_lstat, -1, 0, -1, false},
    PathCall{SYS_access, -1, 0, -1, false},    PathCall{SYS_readlink, -1, 0, -1, false},  PathCall{SYS_mkdir, -1, 0, -1, true},   PathCall{SYS_unlink, -1, 0, -1, true},
    PathCall{SYS_rename, -1, 1, -1, true},
#endif
};

// Programs of ours and their helpers run between the start and the app; they are followed, and not looked at.
constexpr std::array<std::string_view, 8> not_the_app{"sandbox", "sandbox-helper", "sandbox-session", "pasta", "pasta.avx2", "slirp4netns", "newuidmap", "xdg-dbus-proxy"};

struct Tracee {
    bool app = false;
    bool beside = false; ///< a sidecar, or a child of one
    bool inside_call = false;
    __u64 number = 0;
    std::string path;  ///< of the call that is being made
    std::string peer;
    bool writes = false;
};

std::string link_of(const std::string& path) {
    std::array<char, PATH_MAX> text{};
    const ssize_t length = readlink(path.c_str(), text.data(), text.size());
    return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : std::string();
}

std::string proc(pid_t pid, const std::string& file) { return "/proc/" + std::to_string(pid) + "/" + file; }

// Whether a process is number 1 of its pid namespace (proc_pid_status(5), NSpid). A sidecar is; of the sandbox's that is the helper,
// which never becomes another program.
bool is_first(pid_t pid) {
    const base::UniqueFd file = base::sys::open(proc(pid, "status").c_str(), O_RDONLY);
    const auto text = base::read_all(file, 1U << 16);
    if (!text) return false; // it is gone
    const auto line = text.value().find("\nNSpid:");
    const auto end = text.value().find('\n', line + 1);
    return line != std::string::npos && end != std::string::npos && text.value().substr(line, end - line).ends_with("\t1");
}

// Bytes of a tracee's memory, up to `size` or to the page that is not there.
std::string memory(pid_t pid, __u64 address, std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const std::size_t piece = std::min<std::size_t>(size - done, 4096 - (address + done) % 4096);
        const iovec ours{bytes.data() + done, piece}, theirs{reinterpret_cast<void*>(address + done), piece};
        const ssize_t count = process_vm_readv(pid, &ours, 1, &theirs, 1, 0);
        if (count <= 0) break;
        done += static_cast<std::size_t>(count);
        if (std::memchr(bytes.data(), 0, done) && size == PATH_MAX) break;
    }
    bytes.resize(done);
    return bytes;
}

std::string path_at(pid_t pid, __u64 address) {
    const std::string bytes = memory(pid, address, PATH_MAX);
    return bytes.substr(0, bytes.find('\0'));
}

// As the app means it: absolute, inside. Empty: it cannot be told.
std::string absolute(pid_t pid, const PathCall& call, const std::uint64_t (&arguments)[6]) {
    std::string path = path_at(pid, arguments[call.path]);
    if (path.empty() || path.starts_with('/')) return path;
    const int folder = call.folder < 0 ? AT_FDCWD : static_cast<int>(arguments[call.folder]);
    const std::string from = link_of(folder == AT_FDCWD ? proc(pid, "cwd") : proc(pid, "fd/" + std::to_string(folder)));
    return from.starts_with('/') ? base::joined(from, path) : "";
}

std::string peer_at(pid_t pid, __u64 address, __u64 length, std::string& path) {
    const std::string bytes = memory(pid, address, std::min<__u64>(length, sizeof(sockaddr_un)));
    sockaddr_storage storage{};
    std::memcpy(&storage, bytes.data(), std::min(bytes.size(), sizeof storage));
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (storage.ss_family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, &storage, sizeof four);
        inet_ntop(AF_INET, &four.sin_addr, text.data(), text.size());
        return std::string(text.data()) + ":" + std::to_string(ntohs(four.sin_port));
    }
    if (storage.ss_family == AF_INET6) {
        sockaddr_in6 six{};
        std::memcpy(&six, &storage, sizeof six);
        inet_ntop(AF_INET6, &six.sin6_addr, text.data(), text.size());
        return "[" + std::string(text.data()) + "]:" + std::to_string(ntohs(six.sin6_port));
    }
    if (storage.ss_family == AF_UNIX && bytes.size() > offsetof(sockaddr_un, sun_path)) path = bytes.substr(offsetof(sockaddr_un, sun_path), bytes.find('\0', offsetof(sockaddr_un, sun_path)) - offsetof(sockaddr_un, sun_path));
    return {};
}

std::string error_name(int code) {
    const char* name = strerrorname_np(code);
    return name ? name : std::to_string(code);
}

// A refusal in words; empty: it was none.
std::string path_denial(const std::string& path, const Use& use) {
    if (!use.refused) return {};
    const bool shown = use.read || use.code == EROFS;
    if (use.refused_write && shown) return "denied: to write '" + path + "' (" + error_name(use.code) + "): it is shown read-only";
    if (use.read || use.written) return {};
    if (use.refused_write) return "denied: to write '" + path + "' (" + error_name(use.code) + "): the app is not shown its folder";
    return "denied: '" + path + "' (" + error_name(use.code) + "): the host has it, the app is not shown it";
}
std::string peer_denial(const std::string& peer, const Use& use) { return use.refused ? "denied: to connect to " + peer + " (" + error_name(use.code) + ")" : ""; }
std::string name_denial(const std::string& name, const Use& use) {
    return use.refused ? std::string("denied: ") + (use.refused_write ? "to own " : "") + "the bus name '" + name + "'" : "";
}
std::string call_denial(const std::string& name, const Use& use) {
    // As of a kernel that does not have it: the C library goes on with an older call (clone3(2) with clone(2)).
    return "denied: the system call " + name + " (" + error_name(use.code) + ")" + (use.code == ENOSYS ? ": programs take an older one instead" : "");
}

class Follower {
public:
    /// `log`: of the proxy; not valid: there is none.
    Follower(const plan::Plan& plan, base::UniqueFd log, const Telling& telling)
        : plan_(plan), tell_(telling.refused), tally_(telling.progress, telling.doing), quarters_(telling.progress || telling.refused), log_(std::move(log)),
          own_space_(link_of("/proc/self/ns/pid")) {}

    Recording recording;

    Result<void> follow(pid_t first) {
        tracees_[first] = {};
        while (!tracees_.empty()) {
            int status = 0;
            const pid_t pid = waitpid(-1, &status, __WALL);
            const int code = errno;
            if (Quarters::passed()) {
                tally_.tick(recording.paths.size(), recording.peers.size());
                hear();
            }
            errno = code;
            if (pid < 0 && errno == EINTR) continue;
            if (pid < 0 && errno == ECHILD) break;
            if (pid < 0) return base::system_error("waitpid", "cannot follow the app");
            if (!WIFSTOPPED(status)) {
                if (pid == first) recording.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
                tracees_.erase(pid);
                if (pid == first) break; // the rest dies with it: its process 1 has ended
                continue;
            }
            stopped(pid, status);
        }
        hear();
        recording.names = bus_log_.names();
        return {};
    }

private:
    // What the proxy wrote since.
    void hear() {
        std::array<char, 1U << 16> bytes{};
        for (ssize_t count = 1; log_.valid() && count > 0;) {
            count = read(log_.get(), bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) count = 1;
            else if (count > 0) bus_log_.read({bytes.data(), static_cast<std::size_t>(count)});
        }
        for (const auto& [name, use] : bus_log_.names()) live(name_denial(name, use));
    }

    void stopped(pid_t pid, int status) {
        const int signal = WSTOPSIG(status), event = status >> 16;
        if (!tracees_.contains(pid)) {
            early_.insert(pid); // it stops before its parent tells of it, and waits for that
            return;
        }
        Tracee& tracee = tracees_[pid];
        if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_CLONE) {
            unsigned long child = 0;
            if (ptrace(PTRACE_GETEVENTMSG, pid, nullptr, &child) == 0) {
                const bool app = tracee.app, beside = tracee.beside;
                Tracee& fresh = tracees_[static_cast<pid_t>(child)];
                fresh.app = app;
                fresh.beside = beside;
                if (early_.erase(static_cast<pid_t>(child)) != 0) go_on(static_cast<pid_t>(child), 0);
            }
            return go_on(pid, 0);
        }
        if (event == PTRACE_EVENT_EXEC) {
            if (!tracee.app && !tracee.beside && is_inside(pid)) (is_first(pid) ? tracee.beside : tracee.app) = true;
            return go_on(pid, 0);
        }
        if (event == PTRACE_EVENT_STOP) {
            // A stop of job control is left as it is; a new process just begins.
            if (signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU) (void)ptrace(PTRACE_LISTEN, pid, nullptr, nullptr);
            else go_on(pid, 0);
            return;
        }
        if (signal == (SIGTRAP | 0x80)) {
            call(pid, tracee);
            return go_on(pid, 0);
        }
        go_on(pid, event == 0 ? signal : 0);
    }

    // A tracee that has died meanwhile is told by waitpid.
    void go_on(pid_t pid, int signal) { (void)ptrace(tracees_[pid].app ? PTRACE_SYSCALL : PTRACE_CONT, pid, nullptr, signal); }

    // A program in another pid namespace that is none of ours.
    bool is_inside(pid_t pid) const {
        const std::string program = link_of(proc(pid, "exe"));
        const bool ours = std::find(not_the_app.begin(), not_the_app.end(), base::name_in(program)) != not_the_app.end() || program.starts_with("/memfd:sandbox-helper");
        return !ours && link_of(proc(pid, "ns/pid")) != own_space_;
    }

    void call(pid_t pid, Tracee& tracee) {
        __ptrace_syscall_info info{};
        if (ptrace(static_cast<__ptrace_request>(PTRACE_GET_SYSCALL_INFO), pid, sizeof info, &info) <= 0) return;
        if (info.op == PTRACE_SYSCALL_INFO_ENTRY) begin(pid, tracee, info);
        else if (info.op == PTRACE_SYSCALL_INFO_EXIT && tracee.inside_call) end(tracee, info.exit.rval);
    }

    void begin(pid_t pid, Tracee& tracee, const __ptrace_syscall_info& info) {
        tracee.inside_call = true;
        tracee.number = info.entry.nr;
        tracee.path.clear();
        tracee.peer.clear();
        tracee.writes = false;
        tally_.call(pid, info.entry.nr, info.entry.args);
        arch_ = info.arch;
        const auto row = std::find_if(path_calls.begin(), path_calls.end(), [&](const PathCall& one) { return static_cast<__u64>(one.number) == info.entry.nr; });
        if (row != path_calls.end()) {
            tracee.path = absolute(pid, *row, info.entry.args);
            const auto flags = row->flags < 0 ? 0 : info.entry.args[row->flags];
            tracee.writes = row->writes || (row->flags >= 0 && ((flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT) != 0));
        } else if (info.entry.nr == SYS_connect) {
            tracee.peer = peer_at(pid, info.entry.args[1], info.entry.args[2], tracee.path);
        }
    }

    void end(Tracee& tracee, __s64 result) {
        tracee.inside_call = false;
        const int code = result < 0 && result > -4096 ? static_cast<int>(-result) : 0;
        if (!tracee.path.empty()) note_path(tracee, code);
        else if (!tracee.peer.empty()) note_peer(tracee.peer, code);
        if (code != 0) note_call(tracee, code);
    }

    Use* kept(std::map<std::string, Use>& uses, const std::string& name) {
        if (uses.size() >= most_kept && !uses.contains(name)) {
            recording.cut_off = true;
            return nullptr;
        }
        return &uses[name];
    }

    // Not there inside, and there outside; or there, and not to be written.
    void note_path(const Tracee& tracee, int code) {
        const auto path = base::normalised(tracee.path);
        if (!path.ok()) return;
        const bool done = code == 0 || code == EINPROGRESS || code == EEXIST || code == EAGAIN;
        bool refused = code == EROFS || code == EACCES || code == EPERM || (code == EBUSY && tracee.writes);
        if (code == ENOENT || code == ENOTDIR || code == ECONNREFUSED) {
            struct stat status{};
            refused = lstat(path.value().c_str(), &status) == 0;
            if (!refused && tracee.writes) refused = lstat(std::string(base::parent_of(path.value())).c_str(), &status) == 0 && code == ENOENT;
        }
        if (!done && !refused) return;
        Use* use = kept(recording.paths, path.value());
        if (!use) return;
        if (done) (tracee.writes ? use->written : use->read) = true;
        if (!refused) return;
        if (!use->refused) use->code = code;
        use->refused = true;
        use->refused_write = use->refused_write || tracee.writes;
        live(path_denial(path.value(), *use));
    }

    void live(const std::string& line) {
        if (tell_ && !line.empty() && recording.told.insert(line).second) tell_(base::escaped(line));
    }

    void note_peer(const std::string& peer, int code) {
        Use* use = kept(recording.peers, peer);
        if (!use) return;
        const bool refused = code == ENETUNREACH || code == EHOSTUNREACH || code == EACCES || code == EPERM || code == ECONNREFUSED || code == EADDRNOTAVAIL;
        if (!refused) use->read = true;
        else if (!use->refused) use->code = code;
        use->refused = use->refused || refused;
        live(peer_denial(peer, *use));
    }

    // The kernel refuses for many reasons: here only what the filter would say.
    void note_call(const Tracee& tracee, int code) {
        const std::pair asked(arch_, static_cast<std::uint32_t>(tracee.number)); // as the filter sees it
        if (answers_.size() >= most_answers) answers_.clear(); // whoever makes numbers up asks for no more memory
        auto found = answers_.find(asked);
        if (found == answers_.end()) found = answers_.emplace(asked, outcomes(plan_.security.seccomp.program, asked.first, asked.second)).first;
        const auto& answers = found->second;
        if (!answers.contains(SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(code))) return;
        if (answers.contains(SECCOMP_RET_ALLOW) && (!tracee.path.empty() || !tracee.peer.empty())) return;
        Use* use = kept(recording.calls, resolve::call_name(static_cast<std::uint32_t>(tracee.number)));
        if (!use) return;
        use->refused = true;
        use->code = code;
        live(call_denial(resolve::call_name(static_cast<std::uint32_t>(tracee.number)), *use));
    }

    const plan::Plan& plan_;
    Say tell_;
    Tally tally_;
    Quarters quarters_;
    base::UniqueFd log_;
    BusLog bus_log_;
    std::string own_space_;
    std::uint32_t arch_ = 0;
    std::map<pid_t, Tracee> tracees_;
    std::set<pid_t> early_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::set<std::uint32_t>> answers_; ///< by architecture and number
};

int watched = -1; ///< a pidfd, for the handler alone: it outlives the process, so that no other one is ever met

// Who sends the watcher a signal means the app.
class HandsOn {
public:
    explicit HandsOn(pid_t child) : child_(base::sys::pidfd_open(child)) {
        watched = child_.get();
        struct sigaction action{}, before{};
        action.sa_handler = [](int number) {
            const int code = errno;
            (void)syscall(SYS_pidfd_send_signal, watched, number, nullptr, 0);
            errno = code;
        };
        action.sa_flags = SA_RESTART;
        for (const int signal : signals)
            if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) (void)sigaction(signal, &action, nullptr); // nohup(1) means it
    }
    ~HandsOn() {
        for (const int signal : signals) (void)::signal(signal, SIG_DFL);
    }
    HandsOn(const HandsOn&) = delete;
    HandsOn& operator=(const HandsOn&) = delete;

private:
    static constexpr std::array signals{SIGHUP, SIGTERM, SIGUSR1, SIGUSR2};
    base::UniqueFd child_;
};

bool needs_ranges(const plan::Ids& ids) {
    return ids.uid_map.size() + ids.gid_map.size() > 2 || std::any_of(ids.uid_map.begin(), ids.uid_map.end(), [](const plan::IdRange& range) { return range.count > 1; });
}

} // namespace

Result<std::optional<Recording>> record(const plan::Plan& plan, const base::HostPath& bus_log, const Telling& telling) {
    // A program that is traced gets no privilege by its set-user-id bit, and newuidmap needs its own (ptrace(2), execve(2)).
    if (needs_ranges(plan.ids))
        return Error{.what = "an app with ranges of ids cannot be watched", .advice = "remove ids.uid-map and ids.gid-map for this run", .origin = plan.ids.origin};
    base::UniqueFd log = bus_log.text.empty() ? base::UniqueFd() : base::sys::open(bus_log.text.c_str(), O_RDONLY | O_NOFOLLOW);
    if (!log.valid() && !bus_log.text.empty()) return base::system_error("open", "cannot read '" + bus_log.text + "'");
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return base::system_error("pipe2", "cannot watch the app");
    base::UniqueFd wait(ends[0]), start(ends[1]);
    const pid_t child = fork();
    if (child < 0) return base::system_error("fork", "cannot watch the app");
    if (child == 0) {
        start = base::UniqueFd();
        log = base::UniqueFd();
        char byte = 0;
        if (read(wait.get(), &byte, 1) != 1) _exit(125); // the watcher is gone
        return std::optional<Recording>{};
    }
    // Signals of the terminal reach the app by itself; the watcher only waits. Who ends what learns, ends the watcher.
    for (const int signal : {SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU}) (void)::signal(signal, SIG_IGN);
    constexpr unsigned long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SEIZE, child, nullptr, options) != 0) {
        Error error = base::system_error("ptrace", "cannot watch the app");
        error.advice = "is /proc/sys/kernel/yama/ptrace_scope 3, or is this run below another tracer?";
        start = base::UniqueFd();
        (void)waitpid(child, nullptr, 0);
        return error;
    }
    if (write(start.get(), "x", 1) != 1) return base::system_error("write", "cannot start what is to be watched");
    std::optional<HandsOn> hands_on;
    if (telling.doing.empty()) hands_on.emplace(child);
    Follower follower(plan, std::move(log), telling);
    TRY(follower.follow(child));
    return std::optional(std::move(follower.recording));
}

std::vector<std::string> denials(const Recording& recording) {
    std::vector<std::string> lines;
    const auto add = [&](const std::string& line) {
        if (!line.empty() && !recording.told.contains(line)) lines.push_back(base::escaped(line));
    };
    for (const auto& [path, use] : recording.paths) add(path_denial(path, use));
    for (const auto& [peer, use] : recording.peers) add(peer_denial(peer, use));
    for (const auto& [name, use] : recording.names) add(name_denial(name, use));
    for (const auto& [name, use] : recording.calls) add(call_denial(name, use));
    if (recording.cut_off) lines.push_back("more was used than is kept here");
    return lines;
}

} // namespace verbs
