#pragma once
// The facts of this machine. Nothing is cached but the environment and the user; the Plan carries what was seen.

#include "launcher/base/unique_fd.hpp"
#include "launcher/resolve/host.hpp"

namespace resolve {

/// Whether own_folder may make what is missing: a Plan that is only printed changes nothing.
enum class MayCreate { no, yes };

class HostLinux final : public Host {
public:
    /// `environment`: the caller's, NAME=VALUE (environ(7)).
    HostLinux(std::vector<std::string> environment, MayCreate may_create);

    User user() const override { return user_; }
    Kernel kernel() const override;
    std::vector<std::string> variables() const override { return names_of(environment_); }
    std::optional<std::string> variable(std::string_view name) const override { return value_of(environment_, name); }
    base::Result<std::optional<plan::Source>> look(const base::HostPath& path, FollowLinks links) const override;
    base::Result<std::optional<plan::Source>> look_beneath(const base::HostPath& folder,
                                                           std::string_view relative) const override;
    std::optional<std::string> link_text(const base::HostPath& path) const override;
    bool is_planted(const base::HostPath& link) const override;
    base::Result<std::optional<std::string>> read(const base::HostPath& path, std::size_t limit) const override;
    std::vector<base::HostPath> matches(const std::string& pattern) const override;
    std::vector<std::string> entries(const base::HostPath& folder) const override;
    base::Result<plan::Source> own_folder(const base::HostPath& base, std::string_view relative) override;
    RlimitNow rlimit(std::uint32_t resource) const override;
    std::array<bool, 3> terminals() const override;
    std::string cwd() const override;
    base::HostPath libexec() const override;
    std::string random_suffix() override;

private:
    std::vector<std::string> environment_;
    MayCreate may_create_;
    User user_;
};

} // namespace resolve
