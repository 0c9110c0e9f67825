#pragma once
// What was asked of the host for a Plan, with the answers. The same Profile with the same answers gives the same Plan: who
// has the facts can tell later whether the Plan would still be the same, by asking again.

#include "launcher/base/fields.hpp"
#include "launcher/resolve/host.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace resolve {

enum class Question {
    user, kernel, variables, variable, look, look_following, look_beneath, link_text, is_planted, read, matches, entries, own_folder, rlimit,
    terminals, cwd, libexec
};

struct Fact {
    Question question = Question::user;
    std::string subject; ///< the path, the name
    std::string below;   ///< of look_beneath and own_folder
    std::uint64_t number = 0; ///< of rlimit and read
    std::string answer;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"question", &Fact::question}, Field{"subject", &Fact::subject}, Field{"below", &Fact::below},
                          Field{"number", &Fact::number}, Field{"answer", &Fact::answer}};
    }
};

/// Hands every question on to another Host, and keeps it with the answer. What random_suffix said is no fact.
class Witness final : public Host {
public:
    /// `host` must outlive it.
    explicit Witness(Host& host) : host_(host) {}

    const std::vector<Fact>& facts() const { return facts_; }
    /// What random_suffix said last; empty: it was not asked.
    const std::string& suffix() const { return suffix_; }
    /// When the youngest file that was read changed last (nanoseconds since 1970).
    std::uint64_t youngest() const { return youngest_; }

    User user() const override;
    Kernel kernel() const override;
    std::vector<std::string> variables() const override;
    std::optional<std::string> variable(std::string_view name) const override;
    base::Result<std::optional<plan::Source>> look(const base::HostPath& path, FollowLinks links) const override;
    base::Result<std::optional<plan::Source>> look_beneath(const base::HostPath& folder, std::string_view relative) const override;
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
    void note(Fact fact) const;

    Host& host_;
    mutable std::vector<Fact> facts_; ///< asking is const for who asks
    mutable std::uint64_t youngest_ = 0;
    std::string suffix_;
};

/// Whether the host still answers as it did.
bool still_so(Host& host, const Fact& fact);

} // namespace resolve

template <>
struct base::EnumNames<resolve::Question> {
    static constexpr std::array<std::string_view, 17> names{"user",  "kernel", "variables", "variable", "look", "look-following",
                                                            "look-beneath", "link-text", "is-planted", "read", "matches", "entries", "own-folder",
                                                            "rlimit", "terminals", "cwd", "libexec"};
};
