#pragma once
// A Profile as text again: key by key for `profile show` and the like, and as a whole file.

#include "launcher/profile/keys.hpp"
#include "launcher/profile/profile.hpp"

#include <string>
#include <vector>

namespace profile {

/// A value as it stands in a file.
std::string value_text(const std::string& value);
std::string value_text(bool value);
std::string value_text(std::uint32_t value);
std::string value_text(const std::vector<std::string>& value);
std::string value_text(const std::vector<IdRange>& value);
std::string value_text(const FileGrant& value);
std::string value_text(const BusRule& value);
std::string value_text(const MountWish& value);
std::string value_text(const RlimitWish& value);
std::string value_text(const ServiceWish& value);
template <base::NamedEnum T>
std::string value_text(T value) {
    return value_text(std::string(base::name_of(value)));
}

/// One value that somebody set.
struct Leaf {
    std::string key;   ///< as it is written: `home.mode`, `root.etc`, `files."/opt/x"`
    std::string value; ///< TOML; of a set: one item, of which each is a leaf
    const KeyRow* row; ///< never null
    std::vector<Setting> history; ///< never empty; the last is the one that holds
};

/// All of them, in the order of fields().
std::vector<Leaf> leaves(const Profile& profile);

/// `key` of the table `table` as it is written, quoted where it must be: `files."/opt/x"`.
std::string key_text(const std::string& table, const std::string& key);

/// The profile as one file, from `schema = 1`: what is set and no more; `app.extends` is left out, as it is folded in
/// already. Read again over `ground`, it gives the same values: its sets say with "!x" what `ground` has and `profile` has not.
std::string to_toml(const Profile& profile, const Profile& ground = {});

} // namespace profile
