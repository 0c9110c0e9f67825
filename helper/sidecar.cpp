#include "helper/sidecar.hpp"

#include "helper/capabilities.hpp"
#include "helper/channel.hpp"
#include "helper/complaint.hpp"
#include "helper/idmap.hpp"
#include "helper/lockdown.hpp"
#include "helper/mount.hpp"
#include "launcher/base/descriptors.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;
namespace sys = base::sys;

// Its ids are the caller's own: what it makes belongs to the user, and the bus sees whom it expects.
plan::Ids own_ids() {
    plan::Ids ids;
    ids.uid = geteuid();
    ids.gid = getegid();
    ids.uid_map = {{ids.uid, ids.uid, 1}};
    ids.gid_map = {{ids.gid, ids.gid, 1}};
    ids.groups = plan::Groups::keep;
    return ids;
}

Result<void> tie_to_parent(const UniqueFd& channel) {
    (void)setsid(); // a ^C of the caller's terminal is not for it; a fresh process always may
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return system_error("prctl(PR_SET_PDEATHSIG)", "cannot tie it to the sandbox");
    // The maps are written: whoever did so may have died since.
    plan::OrderMessage order;
    const Received got = TRY(receive(channel, order, 0));
    if (got != Received::message || order.order != plan::Order::maps_written) _exit(125);
    char byte = 0;
    if (recv(channel.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) _exit(125);
    return {};
}

// Its stdin and stderr are the null device, its stdout is the pipe; the channel closes by the exec.
Result<void> arrange_descriptors(const UniqueFd& null, const UniqueFd& ready) {
    const UniqueFd null_copy(fcntl(null.get(), F_DUPFD_CLOEXEC, 16)), ready_copy(fcntl(ready.get(), F_DUPFD_CLOEXEC, 16));
    if (dup2(null_copy.get(), 0) < 0 || dup2(ready_copy.get(), ready_fd) < 0 || dup2(null_copy.get(), 2) < 0 ||
        sys::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
        return system_error("dup2", "cannot arrange its descriptors");
    return {};
}

Result<void> enter_own_root(const plan::Sidecar& wish, plan::RootChange change, const Exchange& exchange) {
    const plan::Root root{.size = 16U << 20, .inodes = 4096, .access = plan::Access::read_only, .change = change};
    umask(0);
    Landmarks landmarks;
    landmarks.null = TRY(verified_null());
    Tree tree = TRY(Tree::make(root, {}));
    const plan::Ids ids = own_ids();
    const std::string no_label;
    Building building{tree, landmarks, ids, exchange, no_label};
    int item = -1;
    TRY(apply_all(building, wish.mounts, item));
    TRY(tree.enter(root));
    umask(077);
    return {};
}

// The instance as a part of a bus name: letters and digits, all else as "_XX".
std::string element_of(const std::string& instance) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : instance) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (plain) text += c;
        else ((text += '_') += digits[static_cast<unsigned char>(c) >> 4]) += digits[static_cast<unsigned char>(c) & 15];
    }
    return text;
}

Result<void> exec(const plan::Sidecar& wish, const std::string& instance) {
    std::vector<std::string> words = wish.argv;
    const auto fill = [](std::string& word, std::string_view place, const std::string& value) {
        if (const auto at = word.find(place); at != std::string::npos) word.replace(at, place.size(), value);
    };
    for (std::string& word : words) {
        fill(word, "{ready-fd}", std::to_string(ready_fd));
        fill(word, "{instance}", element_of(instance));
    }
    std::vector<char*> argv, environment;
    for (std::string& word : words) argv.push_back(word.data());
    for (const std::string& entry : wish.environment) environment.push_back(const_cast<char*>(entry.c_str()));
    argv.push_back(nullptr);
    environment.push_back(nullptr);
    execve(argv[0], argv.data(), environment.data());
    return system_error("execve", "cannot run '" + words[0] + "'");
}

// Each step stands where it does because of what the later ones take away, as for the app.
Result<void> become(const plan::Sidecar& wish, const plan::Plan& plan, const Exchange& exchange, const UniqueFd& channel, const UniqueFd& ready) {
    TRY(tie_to_parent(channel));
    if (const std::array kept{channel.get(), ready.get()}; base::close_all_but(3, kept) != 0) return system_error("close_range", "cannot close the host's descriptors");
    TRY(forbid_user_namespaces(UniqueFd()));
    const int network = wish.network == plan::SidecarNetwork::own ? CLONE_NEWNET : 0;
    if (unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | network) != 0) return system_error("unshare", "cannot make its namespaces");
    const UniqueFd null = sys::open("/dev/null", O_RDWR);
    if (!null.valid()) return system_error("open", "cannot open /dev/null");
    TRY(enter_own_root(wish, plan.root.change, exchange));
    TRY(arrange_descriptors(null, ready));
    reset_dispositions();
    unblock_signals();
    TRY(new_session_keyring(true));
    TRY(keep_only_capabilities(0));
    TRY(forbid_new_privileges());
    TRY(load_filter(wish.seccomp));
    return exec(wish, plan.instance);
}

} // namespace

Result<Pipe> make_pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return system_error("pipe2", "cannot make a pipe for a sidecar");
    return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Result<Sidecar> Sidecar::start(const plan::Sidecar& wish, const plan::Plan& plan, const Exchange& exchange) {
    Channel channel = TRY(make_channel());
    Pipe ready = TRY(make_pipe());
    int pidfd = -1;
    clone_args arguments{};
    arguments.flags = CLONE_PIDFD | CLONE_NEWUSER | CLONE_NEWPID;
    arguments.pidfd = reinterpret_cast<std::uintptr_t>(&pidfd);
    arguments.exit_signal = SIGCHLD;
    const pid_t pid = sys::clone3(arguments);
    if (pid < 0) return complaint(plan::Stage::clone, system_error("clone3", "cannot make the namespaces of " + wish.name));
    if (pid == 0) {
        channel.outer.reset();
        ready.read.reset();
        const Result<void> failed = become(wish, plan, exchange, channel.inner, ready.write);
        (void)send(channel.inner, failure(plan::Stage::sidecar, -1, failed.error())); // if nobody hears it, they are dead
        _exit(125);
    }
    Sidecar sidecar;
    sidecar.process_ = UniqueFd(pidfd);
    sidecar.ready_ = std::move(ready.read);
    sidecar.life_ = std::move(channel.outer);
    sidecar.name_ = wish.name;
    sidecar.program_ = base::name_in(wish.argv.front());
    Result<void> mapped = write_id_maps(own_ids(), pid, sidecar.process_);
    if (mapped) mapped = send(sidecar.life_, plan::OrderMessage{plan::Order::maps_written});
    if (!mapped) return sidecar.own_word(std::move(mapped).error());
    return sidecar;
}

// Who has failed already is no process to write maps for, and has said why.
Error Sidecar::own_word(Error otherwise) const {
    plan::Report report;
    UniqueFd none;
    const auto told = receive(life_, report, none, MSG_DONTWAIT);
    if (!told || told.value() != Received::message) return otherwise;
    Error error = sentence(report);
    error.what = name_ + ": " + error.what;
    return error;
}

// One write of theirs is one read of ours (pipe(7)).
Result<void> Sidecar::check_word() const {
    if (ready_word_ == ReadyWord::any_byte) return {};
    std::array<char, 32> bytes{};
    const ssize_t got = read(ready_.get(), bytes.data(), bytes.size());
    const std::string_view word(bytes.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    const bool ready = ready_word_ == ReadyWord::one ? word == "1" : word.ends_with('\n') && base::whole_number(word.substr(0, word.size() - 1));
    if (ready) return {};
    return Error{.what = name_ + " ('" + program_ + "') said something else than that it is ready", .advice = "its version is not known here: install that of your distribution again"};
}

Result<void> Sidecar::wait_ready(const UniqueFd& signals) {
    constexpr int deadline = 10'000; // milliseconds
    std::array<pollfd, 3> watched{pollfd{ready_.get(), POLLIN, 0}, pollfd{process_.get(), POLLIN, 0}, pollfd{signals.get(), POLLIN, 0}};
    const int count = poll(watched.data(), watched.size(), deadline);
    if ((watched[0].revents & POLLIN) != 0) return check_word();
    if (count > 0 && watched[2].revents != 0) return Error{.what = "interrupted", .code = EINTR};
    if (count == 0) return Error{.what = name_ + " ('" + program_ + "') was not ready after ten seconds"};
    return own_word(Error{.what = name_ + " ('" + program_ + "') ended before it was ready"});
}

} // namespace helper
