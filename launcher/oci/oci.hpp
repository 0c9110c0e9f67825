#pragma once
// Between our words and those of the OCI runtime specification (config.json, version 1.0.2 of
// https://github.com/opencontainers/runtime-spec): a Plan can be written as one, and one can be read as a profile.
// Neither language says all that the other does. What is left behind is listed, each item with the reason.

#include "launcher/oci/json.hpp"
#include "launcher/plan/plan.hpp"
#include "launcher/profile/profile.hpp"
#include "launcher/resolve/seccomp.hpp"

#include <string>
#include <vector>

namespace oci {

/// A thing that the other language has no word for: one line of "what: why".
using Lost = std::vector<std::string>;

struct Written {
    Json config;
    Lost lost;
    std::size_t made_in_root = 0; ///< links and files of the root itself, for which config.json has no word
};

/// The Plan as a config.json whose root is the folder "rootfs" beside it. `calls` are the decisions of the Plan's filter
/// (seccomp_decisions): the Plan itself has them compiled only. What OCI cannot say is refused rather than let through.
Written write(const plan::Plan& plan, const std::vector<resolve::CallDecision>& calls);

/// `linux.seccomp` of config.json; null without a filter.
Json write_seccomp(const plan::Seccomp& seccomp, const std::vector<resolve::CallDecision>& calls, Lost& lost);

/// Makes `folder`, which must not be there, with config.json and a rootfs that holds the links, folders and files which
/// the Plan makes in its root; what it would make in a file system that is mounted later is added to `lost`. config.json
/// comes last: a bundle that is not whole has none. Errors: of the system; a text that JSON cannot hold.
base::Result<void> write_bundle(const std::string& folder, const plan::Plan& plan, Written& written);

struct Read {
    profile::Profile profile;
    Lost lost;
};

/// A profile of what a config.json says. `file` is its name for errors; `folder`, absolute, is where it lies, and so a
/// relative root and relative sources. What the specification has and a profile has not is narrower in the profile, never
/// wider, but for what `lost` says.
/// Errors: not JSON; a member of another type than the specification gives it, out of range, or there twice, named by its
/// path in the document.
base::Result<Read> read(std::string_view text, const std::string& file, const std::string& folder);

} // namespace oci
