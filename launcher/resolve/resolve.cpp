#include "launcher/resolve/resolve.hpp"

#include "launcher/plan/check.hpp"
#include "launcher/resolve/builder.hpp"
#include "launcher/resolve/landlock.hpp"

namespace resolve {
namespace {

struct Row {
    const char* name;
    Stage run;
};

// The order of the mounts is the order of these rows: what a later row adds may stand in, and replaces, what an earlier
// one made, never the other way round. What hides comes after all that shows; the process after them, as it looks at the tree.
constexpr Row stages[] = {
    {"identity", resolve_identity},
    {"paths", resolve_paths}, // no way to a file may be laid before its ceiling is known
    {"namespaces", resolve_namespaces},
    {"ids", resolve_ids},
    {"network", resolve_network},
    {"root", resolve_root},
    {"etc", resolve_etc},
    {"system folders", resolve_system},
    {"home", resolve_home},
    {"services", resolve_services},
    {"files", resolve_files},
    {"mounts", resolve_mounts},
    {"arguments", resolve_arguments}, // after all that is shown anyway: that needs no mount of its own
    {"devices", resolve_devices},
    {"denied files", resolve_denied},
    {"masks", resolve_masks},
    {"required services", resolve_required}, // after all that shows and hides
    {"sysctls", resolve_sysctls},
    {"limits", resolve_limits},
    {"rlimits", resolve_rlimits},
    {"security", resolve_security},
    {"process", resolve_process},
    {"environment", resolve_environment}, // after the process: PWD is its cwd
};

} // namespace

base::Result<Resolved> resolve(const profile::Profile& profile, const Invocation& invocation, Host& host) {
    Builder builder(profile, invocation, host);
    for (const Row& stage : stages) {
        auto done = stage.run(builder);
        if (done.ok()) continue;
        // Nobody asked for it by name: say at least what was being decided.
        if (done.error().origin.file.empty()) done.error().what = std::string(stage.name) + ": " + done.error().what;
        return std::move(done).error();
    }
    builder.plan.mounts = TRY(with_parents_pinned(builder));
    builder.plan.root.inodes = static_cast<std::uint32_t>(4096 + 2 * builder.plan.mounts.size());
    const bool writable = profile.app.file_arguments.value == profile::FileArguments::rw;
    const plan::Access further = writable ? plan::Access::read_write : plan::Access::read_only;
    builder.plan.security.landlock.rules = landlock_rules(builder.plan, further); // of all mounts: the command adds some
    TRY(plan::check(builder.plan));
    return Resolved{std::move(builder.plan), std::move(builder.warnings)};
}

} // namespace resolve
