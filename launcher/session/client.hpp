#pragma once
// The launcher's side of sandbox-session, the program that talks to the user's bus: linking and starting GIO costs more
// than everything that the kernel does for a sandbox, so it runs beside parse and resolve, in a process of its own.
//
// The talk is one message each way over a SOCK_SEQPACKET pair, as often as it takes: words, each ended by a NUL. Asked:
// "scope" UNIT DESCRIPTION PID [NAME VALUE]…, "attach" UNIT LEAF PID, "limits" UNIT [NAME VALUE]… or "stop" UNIT, the pairs under the names of the
// cgroup files; "documents". Answered: "ok", or "failed" WHAT ADVICE.

#include "launcher/base/path.hpp"
#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/limits.hpp"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace session {

/// Words as one message, and back; what is not ended by a NUL is no word and is dropped.
std::string to_message(const std::vector<std::string>& words);
std::vector<std::string> words_in(std::string_view message);

/// The unit of an instance: app-sandbox-INSTANCE.scope (Desktop environments, systemd.io), "-" of the instance escaped as
/// systemd-escape(1) does it, so that the id reads back from the name.
std::string unit_of(const std::string& instance);

class Session {
public:
    /// Starts it, with the bus's address and nothing else of `environment`. Nothing: socketpair(2) or posix_spawn(3) failed.
    static std::optional<Session> start(const base::HostPath& program, const std::vector<std::string>& environment);
    Session(Session&&) noexcept = default;
    Session& operator=(Session&&) = delete;
    /// It ends when the pair is closed, and is reaped here.
    ~Session();

    /// A scope below app.slice with this process in it. Errors of the first four: what the manager said, or that it said nothing
    /// for `deadline` milliseconds; it may still act then, and the caller must look where it is.
    base::Result<void> make_scope(const std::string& unit, const std::string& description, const plan::Limits& limits, int deadline) const;
    /// Moves this process into the group `leaf` ("/supervisor") of a scope.
    base::Result<void> attach(const std::string& unit, const std::string& leaf, int deadline) const;
    /// Other limits for a running scope, until it ends: the manager would put its own back when it is told to reload.
    base::Result<void> set_limits(const std::string& unit, const std::vector<plan::Limit>& limits, int deadline) const;
    /// Ends a scope; one that is not there is no error.
    base::Result<void> stop(const std::string& unit, int deadline) const;
    /// Has the bus start the portal of documents, if it can, and waits for it: its folder is there then (org.freedesktop.portal.Documents,
    /// GetMountPoint). Errors: `deadline` has passed; there is no bus.
    base::Result<void> wake_documents(int deadline) const;

private:
    Session(base::UniqueFd socket, pid_t pid) : socket_(std::move(socket)), pid_(pid) {}
    base::Result<void> ask(const std::vector<std::string>& words, int deadline) const;
    base::UniqueFd socket_;
    pid_t pid_;
};

} // namespace session
