#pragma once
// A host that does not exist: its files, user and environment are told by lines of text.
//
//     user 1000 1000 user users /home/user    uid, gid, names, home
//     cwd /home/user                          the current directory
//     suffix abcd                             what random_suffix says
//     terminals 0 1                           the descriptors that are terminals
//     landlock 0x1fff 0x3                     LANDLOCK_ACCESS_FS_* and LANDLOCK_SCOPE_* of its kernel
//     rlimit 7 1024 4096                      a limit that stands: number, soft, hard
//     libexec /usr/libexec/sandbox
//     env NAME=VALUE
//     dir /path                               the folders above are made too
//     file /path TEXT                         the rest of the line, `\n` for a line's end
//     socket /path
//     fifo /path
//     char /path 1:3                          block likewise
//     link /path TEXT
//     planted /path                           the link there is another user's, in a folder that everybody may write
//     closed /path                            looking at it or below it is EACCES
//     gone /path                              takes back what an earlier line made, with all below it
//
// Everything lies on device 8:1; an inode number is made of the path alone, so that one more file changes no other.

#include "launcher/resolve/host.hpp"

#include <map>

namespace support {

class FakeHost final : public resolve::Host {
public:
    /// Reads more lines. Errors: a line that cannot be read, with its number.
    base::Result<void> tell(std::string_view lines, const std::string& file);

    resolve::User user() const override { return user_; }
    resolve::Kernel kernel() const override { return kernel_; }
    std::vector<std::string> variables() const override { return resolve::names_of(environment_); }
    std::optional<std::string> variable(std::string_view name) const override { return resolve::value_of(environment_, name); }
    base::Result<std::optional<plan::Source>> look(const base::HostPath& path,
                                                   resolve::FollowLinks links) const override;
    base::Result<std::optional<plan::Source>> look_beneath(const base::HostPath& folder,
                                                           std::string_view relative) const override;
    std::optional<std::string> link_text(const base::HostPath& path) const override;
    bool is_planted(const base::HostPath& link) const override;
    base::Result<std::optional<std::string>> read(const base::HostPath& path, std::size_t limit) const override;
    std::vector<base::HostPath> matches(const std::string& pattern) const override;
    std::vector<std::string> entries(const base::HostPath& folder) const override;
    /// Makes nothing, as when a Plan is only printed.
    base::Result<plan::Source> own_folder(const base::HostPath& base, std::string_view relative) override;
    resolve::RlimitNow rlimit(std::uint32_t resource) const override;
    std::array<bool, 3> terminals() const override { return terminals_; }
    std::string cwd() const override { return cwd_; }
    base::HostPath libexec() const override { return libexec_; }
    std::string random_suffix() override { return suffix_; }

private:
    enum class Kind { directory, regular, socket, fifo, character, block, link };
    struct Node {
        Kind kind = Kind::directory;
        std::string text;         ///< contents, or what the link says
        std::uint64_t number = 0; ///< of a device
        bool closed = false;
        bool planted = false;
    };
    using Words = std::vector<std::string_view>;

    bool tell_fact(std::string_view line);
    bool tell_file(const Words& words, std::string_view line);
    void add(const std::string& path, Node node);
    void remove(const std::string& path);

    /// The canonical path of what is at `path`; empty optional: nothing. Errors: ELOOP, EACCES.
    base::Result<std::optional<std::string>> walk(const std::string& path, resolve::FollowLinks links) const;
    plan::Source identify(const std::string& path) const;

    std::map<std::string, Node> nodes_{{"/", {}}};
    resolve::User user_{1000, 1000, "user", "user", {"/home/user"}};
    resolve::Kernel kernel_;
    std::vector<std::string> environment_;
    std::map<std::uint32_t, resolve::RlimitNow> rlimits_;
    std::array<bool, 3> terminals_{};
    std::string cwd_ = "/home/user";
    base::HostPath libexec_{"/usr/libexec/sandbox"};
    std::string suffix_ = "abcd";
};

} // namespace support
