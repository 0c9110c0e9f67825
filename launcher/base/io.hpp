#pragma once
// Whole reads and whole writes; who listens.

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace base {

/// All bytes up to the end of the file. Errors: read(2); EFBIG when there are more than `limit` bytes.
Result<std::string> read_all(const UniqueFd& file, std::size_t limit);

/// Writes every byte, going on after short writes and EINTR (write(2)).
Result<void> write_all(const UniqueFd& file, std::string_view bytes);

/// Removes all that is in `folder`, by descriptor and without following a link, sixteen levels deep at most; folders below that are closed to
/// their owner are opened. What cannot be removed stays, and so do the folders above it.
void remove_contents(const UniqueFd& folder);

/// Whether somebody listens at the local socket `path` now (connect(2), without waiting). One whose owner died gives ECONNREFUSED; one
/// whose owner has more to do than it takes is listened to.
bool is_listened_to(const std::string& path);

/// A memfd that holds `bytes` and can never change again (F_SEAL_SEAL|SHRINK|GROW|WRITE; memfd_create(2)).
Result<UniqueFd> sealed_memfd(const char* name, std::string_view bytes);

} // namespace base
