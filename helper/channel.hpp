#pragma once
// The socket between the halves of the helper: SOCK_SEQPACKET, so that a message comes whole or not at all, and the end
// of file means that the other half is dead. AF_UNIX pairs cross every namespace (unix(7)).

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/report.hpp"

namespace helper {

struct Channel {
    base::UniqueFd outer;
    base::UniqueFd inner;
};

/// Errors: of socketpair(2).
base::Result<Channel> make_channel();

enum class Received { message, nothing, closed };

/// One message each way. send: errors of sendmsg(2), EPIPE when the peer is dead; a descriptor may ride along (SCM_RIGHTS), without
/// one it is a write(2), and SIGPIPE has to be blocked or ignored. receive: `closed` at the end of file; `nothing` only with
/// MSG_DONTWAIT in `flags`; EPROTO for a message of another size.
base::Result<void> send(const base::UniqueFd& end, const plan::Report& report, int descriptor = -1);
base::Result<void> send(const base::UniqueFd& end, const plan::OrderMessage& order);
base::Result<void> send(const base::UniqueFd& end, const plan::Notice& notice, int descriptor);
base::Result<Received> receive(const base::UniqueFd& end, plan::Report& report, base::UniqueFd& descriptor, int flags);
base::Result<Received> receive(const base::UniqueFd& end, plan::OrderMessage& order, int flags);

/// An Error of a stage as a Report; `item` is the index in the list that the stage walks, or -1.
plan::Report failure(plan::Stage stage, int item, const base::Error& error);

} // namespace helper
