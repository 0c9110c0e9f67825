#include "helper/app.hpp"

#include "helper/capabilities.hpp"
#include "helper/channel.hpp"
#include "helper/console.hpp"
#include "helper/defence.hpp"
#include "helper/lockdown.hpp"
#include "helper/network.hpp"
#include "launcher/base/descriptors.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;
namespace sys = base::sys;

struct App {
    const plan::Plan& plan;
    Guest guest;
    int item = -1;          ///< of the list that the stage walks
    std::string executable; ///< found by lookup
};

struct Step {
    plan::Stage stage;
    Result<void> (*run)(App& app);
};

Result<void> own_session(App&) {
    // Its own session and process group: kill(0) inside reaches nobody outside (CVE-2026-97029).
    if (setsid() < 0) return system_error("setsid", "cannot make a session");
    return {};
}

Result<void> own_network(App& app) {
    if (!app.guest.is && app.plan.namespaces.net.mode == plan::NamespaceMode::fresh && !network_first(app.plan) && unshare(CLONE_NEWNET) != 0) {
        Error error = system_error("unshare", "cannot make a network namespace");
        if (error.code == ENOSPC) error.advice = "raise /proc/sys/user/max_net_namespaces";
        return error;
    }
    return {};
}

Result<void> loopback(App& app) {
    const bool wanted = app.plan.network.mode == plan::NetworkMode::loopback || app.plan.network.mode == plan::NetworkMode::user;
    return wanted && !app.guest.is ? loopback_up() : Result<void>();
}

Result<void> identity(App& app) {
    TRY(become(app.plan.ids));
    // A change of ids may make a process dumpable again (fs.suid_dumpable, proc(5)). Until the capabilities are dropped, below, the app beside
    // which a guest starts has fewer, and may not look into it.
    if (app.guest.is && on(Defence::undumpable) && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return system_error("prctl(PR_SET_DUMPABLE)", "cannot protect the guest's process");
    // After the last change of ids, which clears it. Then the parent is looked at again: it may have died before.
    if (prctl(PR_SET_PDEATHSIG, app.plan.process.parent_death_signal, 0, 0, 0) != 0)
        return system_error("prctl(PR_SET_PDEATHSIG)", "cannot set the parent-death signal");
    // A guest's parent stands in another pid namespace, and reads as 0; its death shows at the gate.
    if (!app.guest.is && getppid() != 1) return Error{.what = "the sandbox's init died", .code = ESRCH};
    return {};
}

Result<void> capabilities(App& app) { return keep_only_capabilities(app.plan.security.capabilities); }

Result<void> privileges(App& app) {
    return app.plan.security.new_privileges == plan::NewPrivileges::denied ? forbid_new_privileges() : Result<void>();
}

Result<void> keyring(App& app) {
    // With nothing added to its base list the filter forbids keyctl.
    const plan::Seccomp& seccomp = app.plan.security.seccomp;
    return new_session_keyring(!seccomp.program.empty() && seccomp.base != "none" && seccomp.allow.empty());
}

Result<void> landlock(App& app) { return restrict_by_landlock(app.plan.security.landlock, 3 + static_cast<int>(app.plan.process.preserved_fds)); }

Result<void> lsm(App& app) { return label_next_exec(app.plan.security.lsm); }

Result<void> terminal(App& app) {
    // A folder of the host as stdin would be a way back to it (CVE-2024-21626).
    for (int fd = 0; fd < 3 + static_cast<int>(app.plan.process.preserved_fds); ++fd) {
        struct stat status{};
        const int flags = fcntl(fd, F_GETFL);
        if ((fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) || (flags >= 0 && (flags & O_PATH) != 0))
            return Error{.what = "descriptor " + std::to_string(fd) + " is a folder of the host, or a mere path", .advice = "grant it in [files] instead"};
    }
    if (app.plan.process.terminal == plan::Terminal::pty) TRY(take_console(app.guest.terminal));
    return replace_null();
}

Result<void> cwd(App& app) {
    const std::string& folder = app.plan.process.cwd.text;
    if (chdir(folder.c_str()) != 0) {
        Error error = system_error("chdir", "cannot enter the working folder '" + folder + "' inside");
        error.advice = "grant it in [files], or choose another by --cwd";
        return error;
    }
    std::array<char, PATH_MAX> where{};
    // "(unreachable)…" or an error: the folder is not below the new root (CVE-2024-21626).
    if (getcwd(where.data(), where.size()) == nullptr || where[0] != '/')
        return Error{.what = "the working folder '" + folder + "' lies outside the sandbox", .advice = "the folder was moved meanwhile: start it from another, or say process.cwd"};
    return {};
}

// Whether `path` can be run: 0, or the errno that says why not. A magic link such as /proc/self/exe would be the helper
// itself, and is refused (CVE-2019-5736).
int executable_at(const std::string& path) {
    const UniqueFd file = sys::openat2(AT_FDCWD, path.c_str(), O_PATH, RESOLVE_NO_MAGICLINKS);
    struct stat status{};
    if (!file.valid() || fstat(file.get(), &status) != 0) return errno;
    if (S_ISDIR(status.st_mode)) return EISDIR;
    if (!S_ISREG(status.st_mode)) return EACCES;
    return faccessat(file.get(), "", X_OK, AT_EMPTY_PATH | AT_EACCESS) == 0 ? 0 : errno;
}

Result<void> lookup(App& app) {
    const std::string& name = app.plan.process.argv[0];
    const auto missing = [&](int code) {
        Error error{.what = "cannot run '" + name + "'", .call = "", .code = code};
        if (code == ENOENT || code == ENOTDIR) error.advice = "it is not inside the sandbox: is it installed, and granted by the profile?";
        if (code == ELOOP) error.advice = "it is a link of /proc, or a loop of links";
        return error;
    };
    if (name.find('/') != std::string::npos) {
        app.executable = name;
        const int code = executable_at(name);
        return code == 0 ? Result<void>() : missing(code);
    }
    std::string_view path = "/usr/local/bin:/usr/bin:/bin";
    for (const std::string& entry : app.plan.process.environment)
        if (entry.starts_with("PATH=")) path = std::string_view(entry).substr(5);
    int worst = ENOENT; // as a shell does: one that may not be run is told only if none may
    for (const std::string_view folder : base::split(path, ':')) {
        if (folder.empty() || folder[0] != '/') continue; // never from the current directory
        app.executable = std::string(folder) + '/' + name;
        const int code = executable_at(app.executable);
        if (code == 0) return {};
        if (code != ENOENT && code != ENOTDIR) worst = code;
    }
    return missing(worst);
}

Result<void> rlimits(App& app) {
    for (const plan::Rlimit& rlimit : app.plan.process.rlimits) {
        ++app.item;
        TRY(set_rlimit(rlimit));
    }
    app.item = -1;
    return {};
}

Result<void> seccomp(App& app) { return load_filter(app.plan.security.seccomp); }

// By name once more: a script's interpreter opens it by the name that the kernel gives it, and a descriptor that closes on exec has
// none (execveat(2), BUGS); the app would be called after a number, too. Whoever can put another file there is the app itself
// or the user: what runs then is confined the same. No folder of the host is open for the first line of a script to lead through,
// and our own program, by a link of /proc, is sealed or root's.
Result<void> exec(App& app) {
    std::vector<char*> argv;
    std::vector<char*> environment;
    for (const std::string& word : app.plan.process.argv) argv.push_back(const_cast<char*>(word.c_str()));
    for (const std::string& entry : app.plan.process.environment) environment.push_back(const_cast<char*>(entry.c_str()));
    argv.push_back(nullptr);
    environment.push_back(nullptr);
    execve(app.executable.c_str(), argv.data(), environment.data());
    Error error = system_error("execve", "cannot run '" + app.executable + "'");
    if (error.code == ENOENT) error.advice = "the interpreter that its first line names is not inside the sandbox";
    return error;
}

// Beside the writing of the id maps and the building of the root. Each stands where it does because of what the later ones
// take away.
constexpr std::array first{
    Step{plan::Stage::session, own_session},
    Step{plan::Stage::network, own_network},       // needs CAP_SYS_ADMIN
    Step{plan::Stage::loopback, loopback},         // needs CAP_NET_ADMIN
};

// Once this process has ids of its own.
constexpr std::array early{
    Step{plan::Stage::identity, identity},         // needs CAP_SETUID, CAP_SETGID
    Step{plan::Stage::keyring, keyring},
    Step{plan::Stage::capabilities, capabilities}, // needs CAP_SETPCAP; from here on nothing can be regained
    Step{plan::Stage::privileges, privileges},     // before Landlock and seccomp, which need it
};

// Inside the new root, beside what process 1 still gives up.
constexpr std::array late{
    Step{plan::Stage::terminal, terminal},
    Step{plan::Stage::cwd, cwd},
    Step{plan::Stage::lookup, lookup},
    Step{plan::Stage::landlock, landlock},
    Step{plan::Stage::lsm, lsm},         // the label is for the next exec only
    Step{plan::Stage::rlimits, rlimits}, // late: a limit of descriptors must not stop the stages before
};

// When process 1 has nothing left that could be taken from it.
constexpr std::array last{
    Step{plan::Stage::seccomp, seccomp}, // every call before it need not be allowed
    Step{plan::Stage::exec, exec},
};

void run_or_report(const Step& step, App& app, const UniqueFd& channel) {
    if (!on(step.stage)) return;
    const Result<void> result = step.run(app);
    if (result) return;
    (void)send(channel, failure(step.stage, app.item, result.error())); // if nobody hears it, they are dead
    _exit(125);
}

// Process 1 at the other end is dead: nobody need be told.
[[noreturn]] void give_up(const UniqueFd& channel, std::string_view call) {
    if (errno == EPIPE || errno == ECONNRESET) _exit(125);
    const Error error = system_error(call, "cannot talk to the sandbox's init");
    (void)send(channel, failure(plan::Stage::exec, -1, error)); // if nobody hears it, they are dead
    _exit(125);
}

// The end of the gate is the end of process 1, which nobody need be told of.
void wait_for(const UniqueFd& gate, Gate wanted, const UniqueFd& channel) {
    Gate word{};
    const ssize_t got = read(gate.get(), &word, 1);
    if (got < 0) give_up(channel, "read");
    if (got != 1 || word != wanted) _exit(125);
}

} // namespace

bool network_first(const plan::Plan& plan) {
    const auto is = [&](auto wanted) {
        return std::any_of(plan.mounts.begin(), plan.mounts.end(), [&](const plan::Mount& mount) {
            return std::holds_alternative<decltype(wanted)>(mount);
        });
    };
    // Process 1 comes in through the /proc folder of the app's process, which other ids would close to it.
    const bool other_ids = plan.ids.uid_map.size() != 1 || plan.ids.uid_map[0].count != 1 || plan.ids.gid_map.size() != 1 ||
                           plan.ids.gid_map[0].count != 1;
    return plan.network.mode == plan::NetworkMode::user || other_ids || is(plan::Sysfs{}) || !is(plan::Proc{}) ||
           std::any_of(plan.sysctls.begin(), plan.sysctls.end(),
                       [](const plan::Sysctl& sysctl) { return sysctl.key.starts_with("net"); });
}

void become_app(const plan::Plan& plan, const UniqueFd& channel, const UniqueFd& gate, Guest guest) {
    App app{.plan = plan, .guest = guest, .item = -1, .executable = {}};
    for (const Step& step : first) run_or_report(step, app, channel);
    wait_for(gate, Gate::maps_written, channel);
    for (const Step& step : early) run_or_report(step, app, channel);
    reset_dispositions();
    if (const Gate done = Gate::early_done; write(gate.get(), &done, 1) != 1) give_up(channel, "write");
    wait_for(gate, Gate::root_entered, channel);
    for (const Step& step : late) run_or_report(step, app, channel);
    wait_for(gate, Gate::go, channel);
    unblock_signals();
    umask(plan.process.umask);
    // Nothing that we opened, and nothing that the caller left open, is there at the exec but these two, which close with it.
    const std::array kept{channel.get(), gate.get()};
    const unsigned first_closed = 3 + plan.process.preserved_fds;
    if ((on(Defence::nothing_open) && base::close_all_but(first_closed, kept) != 0) || sys::close_range(first_closed, ~0U, CLOSE_RANGE_CLOEXEC) != 0) {
        (void)send(channel, failure(plan::Stage::exec, -1, system_error("close_range", "cannot close the descriptors")));
        _exit(125);
    }
    for (const Step& step : last) run_or_report(step, app, channel);
    _exit(125);
}

} // namespace helper
