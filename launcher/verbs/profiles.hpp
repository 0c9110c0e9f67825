#pragma once
// `profile`: the profiles themselves, and what they say.

#include "launcher/profile/expand.hpp"
#include "launcher/verbs/verb.hpp"

namespace verbs {

/// The verbs of `profile`.
std::span<const Verb> profile_verbs();

/// The folders, the one profile that the words name, and the overrides of `--set`.
base::Result<profile::Request> profile_request(const World& world, const std::string& name, const Parsed& parsed);

/// The profile as one file of the user's, which read again over the base gives the same values. `places`: of this host.
/// Errors: the base, or a service that `profile` names, cannot be read.
base::Result<std::string> as_one_file(const profile::Request& request, profile::Profile profile, const profile::Places& places);

/// `--json` of any verb.
inline constexpr OptionRow json_row{"--json", 0, "", "print JSON"};
inline constexpr OptionRow set_row{"--set", 0, "KEY=VALUE", "as if the command line of 'run' said so"};

std::span<const OptionRow> check_options();
/// `profile check`: status 1 when something is wrong.
base::Result<Outcome> profile_check(const World& world, const Parsed& parsed);

} // namespace verbs
