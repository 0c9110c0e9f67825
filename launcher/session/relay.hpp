#pragma once
// A socket of ours in front of a socket of the host: for each client one connection to the other side, and between them a
// filter that sees every byte of both directions. One thread, nothing blocks; what is slow is waited for, not stored.

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace session {

inline constexpr unsigned most_descriptors = 253; ///< in one message: SCM_MAX_FD of the kernel

/// Bytes with the descriptors that ride along with the first of them (SCM_RIGHTS).
struct Chunk {
    std::string bytes;
    std::vector<base::UniqueFd> descriptors;
};

/// One of the two ends of a connection.
struct End {
    base::UniqueFd socket;
    std::string in;                        ///< received, not yet taken by the filter
    std::deque<base::UniqueFd> received;   ///< descriptors that came with it
    std::deque<Chunk> out;                 ///< to be sent
    std::size_t waiting = 0;               ///< bytes in `out`
    void put(Chunk chunk) {
        waiting += chunk.bytes.size();
        out.push_back(std::move(chunk));
    }
};

enum class Side { client, server };

/// Takes what it can of `from.in` and puts what is to go on into `to`, or an answer into `from`. False: the connection
/// is to be closed. Made anew for each connection.
using Filter = std::function<bool(Side side, End& from, End& to)>;

/// Listens at `path`, tells that it is ready by a byte on descriptor 1, and serves until that descriptor breaks.
/// Errors: of socket(2), bind(2), listen(2), poll(2).
base::Result<void> serve(const std::string& path, const std::string& server, const std::function<Filter()>& make_filter);

} // namespace session
