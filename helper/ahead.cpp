#include "helper/ahead.hpp"

#include "helper/idmap.hpp"
#include "helper/namespaces.hpp"
#include "launcher/plan/check.hpp"

#include <algorithm>

namespace helper {
namespace {

// Whether a mount is made of the sandbox's own memory, or of what is there already.
struct StaysInside {
    bool operator()(const plan::Bind&) const { return true; }
    bool operator()(const plan::Tmpfs&) const { return true; }
    bool operator()(const plan::Proc&) const { return true; }
    bool operator()(const plan::Sysfs&) const { return true; }
    bool operator()(const plan::Devpts&) const { return true; }
    bool operator()(const plan::Mqueue&) const { return true; }
    bool operator()(const plan::Overlay&) const { return false; } // the kernel makes a folder in its work folder
    bool operator()(const plan::Symlink&) const { return true; }
    bool operator()(const plan::Data&) const { return true; }
    bool operator()(const plan::Directory&) const { return true; }
    bool operator()(const plan::Device&) const { return true; }
    bool operator()(const plan::Exchange&) const { return false; } // it is in the record, which is not there yet
    bool operator()(const plan::Mask&) const { return true; }
    bool operator()(const plan::ReadOnly&) const { return true; }
};

} // namespace

using base::Result;

bool Ahead::fits(const plan::Plan& plan) {
    return plan.sidecars.empty() && plan.network.mode != plan::NetworkMode::user && plan.root.change == plan::RootChange::pivot &&
           needs_no_tool(plan.ids) &&
           std::none_of(namespace_kinds.begin(), namespace_kinds.end(),
                        [&](const NamespaceKind& kind) { return (plan.namespaces.*kind.place).mode == plan::NamespaceMode::join; }) &&
           std::all_of(plan.mounts.begin(), plan.mounts.end(), [](const plan::Mount& mount) { return std::visit(StaysInside{}, mount); });
}

Result<Ahead> Ahead::begin(const plan::Plan& plan, std::span<char> memory) {
    TRY(plan::check(plan));
    auto begun = std::make_unique<Begun>();
    begun->signals = TRY(take_signals());
    Ahead ahead(std::move(begun)); // from here on what fails gives the signals back
    const base::UniqueFd none;
    const Exchange nothing;
    ahead.begun_->born = TRY(give_birth(plan, {.target = none, .exchange = nothing, .memory = memory}));
    ahead.begun_->mapped = map_ids(plan, ahead.begun_->born);
    return ahead;
}

Ahead::~Ahead() {
    if (!begun_) return;
    (void)end(begun_->born); // how it ended is nobody's business any more
    begun_->signals.taken.reset();
    (void)sigprocmask(SIG_SETMASK, &begun_->signals.before, nullptr); // cannot fail: it stood before
}

Ahead::Standing Ahead::take_over() {
    const std::unique_ptr<Begun> begun = std::move(begun_);
    return {.signals = std::move(begun->signals.taken), .born = std::move(begun->born), .mapped = std::move(begun->mapped)};
}

} // namespace helper
