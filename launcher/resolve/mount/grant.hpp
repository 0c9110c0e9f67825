#pragma once
// What [files] and [[mount]] have in common: where a path of the host leads, and where it is shown.

#include "launcher/resolve/builder.hpp"

namespace resolve {

/// Where `path` leads, link by link, whether anything is there or not. A link in a folder that an app may have written
/// is refused, as it could lead anywhere (CVE-2024-42472). Errors: such a link; too many links; with `origin`.
base::Result<base::HostPath> led(const Builder& builder, const std::string& path, const base::Origin& origin);

/// As led, for a path that came from anywhere: outside of the home no link is followed either, but for those that the
/// home itself lies behind. Parts of `..` are taken as the kernel takes them.
base::Result<base::HostPath> led_from_home(const Builder& builder, const std::string& path, const base::Origin& origin);

/// As led, for a place that is only compared with: every link is followed; `path` itself where there are too many.
base::HostPath end_of(const Builder& builder, const std::string& path);

/// What is at the end of that way now; empty: nothing. Errors: as led, and those of Host::look.
base::Result<std::optional<plan::Source>> source_at(const Builder& builder, const std::string& path,
                                                    const base::Origin& origin);

/// Where a path of the host is seen inside when nothing else is said: the same, but for the places that are elsewhere.
std::string inside_of(const Builder& builder, const std::string& path);

/// Errors: a source that is never shown as a whole (/, /proc, the folder of the sockets), with what to do instead.
base::Result<void> refuse_source(const Builder& builder, const std::string& path, const base::Origin& origin);
/// As above for what was found; the runtime folder, and our own in it, are known by device and inode as well: under a further name
/// they are the same.
base::Result<void> refuse_source(const Builder& builder, const plan::Source& found, const base::Origin& origin);

/// Errors: the ceiling of the administrator allows less than `access` at `end`, by whatever way it was reached; or, for
/// writing, somewhere below it.
base::Result<void> refuse_above_ceiling(const Builder& builder, const std::string& end, profile::FileAccess access,
                                        const base::Origin& origin);

/// Errors: a target that is ours alone (/, /proc and below, /dev, /sys, /run, /etc, /usr).
base::Result<void> refuse_target(const std::string& target, const std::string& source, const base::Origin& origin);

} // namespace resolve
