#pragma once
// From a document to what one file wishes: strict, every key by the lists of fields(), every error with its position.

#include "launcher/base/result.hpp"
#include "launcher/profile/document.hpp"
#include "launcher/profile/profile.hpp"

#include <map>
#include <string>

namespace profile {

/// What a file of apps/ or class/, base.toml, a drop-in or an override says. Each value has one Setting; "!x" still
/// stands in the sets. Keys `x-…` are passed over.
/// Errors: an unknown key (with the near match), a wrong type ("expected text, found an integer"), a value out of
/// range, one thing said twice with other values.
base::Result<Profile> read_profile(const Table& document, Layer layer);

/// `schema = 1`, which every file must say. Errors: missing, another number.
base::Result<void> check_schema(const Table& document, const std::string& file);

/// services/NAME.toml: a fragment of a profile, and more of it behind options and modes.
struct Service {
    Profile always;
    std::map<std::string, std::string>
        options;                          ///< name → what it is when the wish does not say; "true", "false" or text
    std::map<std::string, Profile> when;  ///< folded when the option of that name is "true"
    std::map<std::string, Profile> modes; ///< folded when the wish is that word
};

/// Errors: as read_profile; [app], [services] or [require]; [when.X] of an option that is not declared, or is text.
base::Result<Service> read_service(const Table& document, Layer layer);

} // namespace profile
