#pragma once
// The Plan under construction, and the stages that build it. A stage is a function and one row of the table in
// resolve.cpp.

#include "launcher/resolve/mount/tree.hpp"
#include "launcher/resolve/resolve.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace resolve {

/// An argument of the user's, as the application gets it.
struct Word {
    std::string as_given;
    std::string anywhere; ///< what stands for it where the current directory inside is not the caller's
};

struct Builder {
    Builder(const profile::Profile& profile, const Invocation& invocation, Host& host)
        : profile(profile), invocation(invocation), host(host), tree(host), user(host.user()) {}

    const profile::Profile& profile;
    const Invocation& invocation;
    Host& host;

    plan::Plan plan;
    Tree tree; ///< becomes plan.mounts
    std::vector<Warning> warnings;

    User user;
    profile::Places places;        ///< on the host
    profile::Places inside_places; ///< the same names inside, for [env], [mask] and cwd
    std::string home;              ///< inside
    std::string runtime;           ///< inside: /run/user/UID
    std::vector<base::HostPath> writable; ///< folders that the app may have written: no link in them is followed
    mutable std::set<std::string> no_links; ///< paths seen to be no link, so that each is asked for once
    mutable std::vector<plan::Source> own_runtime; ///< the runtime folder and ours in it, once they were asked for
    std::vector<base::HostPath> guarded; ///< where the rows of protect.cpp lead, once they were asked for
    std::vector<Word> words; ///< the user's own arguments
    profile::Map<profile::FileGrant> files; ///< [files] by expanded path, under the ceiling; made by resolve_paths
    profile::Map<profile::FileGrant> files_ceiling; ///< by expanded path, and by where that leads
    std::map<std::string, std::string> environment; ///< set by services; [env] decides over it
    std::map<std::string, std::string> services; ///< those that are looked for at the start: why one is not to be had; empty: it is
    bool without_documents = false; ///< the portals are granted, and nothing would show the files that they hand out
};

using Stage = base::Result<void> (*)(Builder&);

// In the order of the table.
base::Result<void> resolve_identity(Builder& builder);
base::Result<void> resolve_paths(Builder& builder);
base::Result<void> resolve_namespaces(Builder& builder);
base::Result<void> resolve_ids(Builder& builder);
base::Result<void> resolve_network(Builder& builder);
/// Of a user-mode stack: the address at which it takes questions for the host's own resolver.
std::string stack_resolver(const plan::Network& network);
base::Result<void> resolve_root(Builder& builder);
base::Result<void> resolve_etc(Builder& builder);
base::Result<void> resolve_system(Builder& builder);
base::Result<void> resolve_home(Builder& builder);
base::Result<void> resolve_services(Builder& builder);
base::Result<void> resolve_files(Builder& builder);
base::Result<void> resolve_mounts(Builder& builder);
base::Result<void> resolve_arguments(Builder& builder);
base::Result<void> resolve_devices(Builder& builder);
base::Result<void> resolve_denied(Builder& builder);
base::Result<void> resolve_masks(Builder& builder);
/// All mounts of the tree, with the folders above those that stand in an app's own folder pinned (mount/pins.cpp).
base::Result<std::vector<plan::Mount>> with_parents_pinned(const Builder& builder);
/// Errors: a service of [require] that is switched off, or not to be had.
base::Result<void> resolve_required(Builder& builder);
base::Result<void> resolve_sysctls(Builder& builder);
base::Result<void> resolve_limits(Builder& builder);
base::Result<void> resolve_rlimits(Builder& builder);
base::Result<void> resolve_security(Builder& builder);
base::Result<void> resolve_process(Builder& builder);
base::Result<void> resolve_environment(Builder& builder);

/// The programs of the host: /usr, and the links or folders that lead into it.
base::Result<void> place_system(Tree& tree, const Host& host, const base::Origin& origin);

/// `text` with places expanded, absolute and normalised; errors get `origin`.
base::Result<std::string> expanded_path(std::string_view text, const profile::Places& places, const base::Origin& origin);

/// Whether the file of that service is one of those who set a value.
bool comes_from(const std::vector<profile::Setting>& history, const std::string& service);

/// Refuses to let the app write where its own confinement, or a program that runs outside of it, is configured. `written`
/// is the path as it was asked for, `canonical` where it leads.
base::Result<void> refuse_protected(Builder& builder, const base::HostPath& written,
                                    const base::HostPath& canonical, const base::Origin& origin);

/// The same places, as the second half of a sentence: "it is, or lies in, '~/.ssh', and …"; empty: none of them is met.
std::string protected_by(Builder& builder, const base::HostPath& written, const base::HostPath& canonical);

/// "64M", "4G", "1048576" → bytes (factors of 1024). Errors: anything else; with `origin`.
base::Result<std::uint64_t> bytes_of(std::string_view text, const base::Origin& origin);

} // namespace resolve
