#pragma once
// The invariants of a Plan. Run by the launcher on what it made, and again by the helper on what it decoded: the helper
// trusts nothing until this has passed.

#include "launcher/base/result.hpp"
#include "launcher/plan/plan.hpp"

namespace plan {

/// Errors: one that names the item and its origin:
/// - texts: a NUL byte (bytes of data and filter aside); any enum out of range
/// - app and instance id: characters that a path or unit name cannot hold
/// - namespaces: user or mount not new; a path where nothing is joined, or none where something is
/// - id maps: empty, overlapping, wrapping past 2^32-2, or without the app's own ids
/// - targets: relative, not normalised, "/"; two mounts on one (masks, read-only and directories may repeat it)
/// - sources: not absolute or not normalised; a device that is none
/// - mounts: set-id bits, memory without bounds, data above 8 MiB, proc, sysfs or mqueue without their namespace
/// - hostname: not of letters, digits, '-', '.', or without a uts namespace
/// - network: a mode that does not fit the net namespace, or lacks its sidecar
/// - sysctls and limits: a name that leaves its folder, a value that is not one line
/// - capabilities: a bit without a name; any, or user namespaces inside, with a root by chroot
/// - seccomp: empty (unless its base is "none"), not a multiple of 8 bytes, longer than BPF_MAXINSNS
/// - process: an empty argv; an environment entry without a name, or twice; numbers out of range
/// - rlimits: unknown, twice, soft above hard
/// - size: more than 100000 mounts, or more than wire_limit bytes
base::Result<void> check(const Plan& plan);

} // namespace plan
