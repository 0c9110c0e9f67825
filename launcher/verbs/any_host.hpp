#pragma once
// A machine of which nothing is asked: whatever a profile names is there. So `profile check --no-host` finds what is wrong with a
// profile by itself, on a machine that builds packages and has neither the programs nor the folders.

#include "launcher/profile/profile.hpp"
#include "launcher/resolve/host.hpp"

namespace verbs {

/// Below /dev all is a character device, the profile's programs are files, the rest folders; the user is uid 1000 with the home
/// /home/user. Nothing is made.
class AnyHost final : public resolve::Host {
public:
    explicit AnyHost(const profile::Set& programs) : programs_(programs) {}

    resolve::User user() const override;
    resolve::Kernel kernel() const override;
    std::vector<std::string> variables() const override;
    std::optional<std::string> variable(std::string_view name) const override;
    base::Result<std::optional<plan::Source>> look(const base::HostPath& path, resolve::FollowLinks links) const override;
    base::Result<std::optional<plan::Source>> look_beneath(const base::HostPath& folder, std::string_view relative) const override;
    std::optional<std::string> link_text(const base::HostPath& path) const override;
    bool is_planted(const base::HostPath& link) const override;
    base::Result<std::optional<std::string>> read(const base::HostPath& path, std::size_t limit) const override;
    std::vector<base::HostPath> matches(const std::string& pattern) const override;
    std::vector<std::string> entries(const base::HostPath& folder) const override;
    base::Result<plan::Source> own_folder(const base::HostPath& base, std::string_view relative) override;
    resolve::RlimitNow rlimit(std::uint32_t resource) const override;
    std::array<bool, 3> terminals() const override;
    std::string cwd() const override;
    base::HostPath libexec() const override;
    std::string random_suffix() override;

private:
    plan::Source source_of(std::string path) const;

    const profile::Set& programs_; ///< of app.exec
};

} // namespace verbs
