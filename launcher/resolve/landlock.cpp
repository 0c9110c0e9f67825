// Landlock as a second wall behind the mounts: what a mount shows is said once more as rights below a path, so that a mount
// that turned out weaker than it was meant, or a way back to the host, still opens nothing.

#include "launcher/resolve/landlock.hpp"

#include "launcher/resolve/single.hpp"

#include <map>
#include <set>

namespace resolve {
namespace {

// LANDLOCK_ACCESS_FS_*; the headers of the oldest system that we build on know the first fourteen.
constexpr std::uint64_t right(unsigned number) { return std::uint64_t{1} << number; }
constexpr std::uint64_t execute = right(0), write_file = right(1), read_file = right(2), read_dir = right(3), refer = right(13), truncate = right(14),
                        ioctl_dev = right(15);
constexpr std::uint64_t entries = right(4) | right(5) | right(7) | right(8) | right(9) | right(10) | right(12); // made and removed, but for devices
constexpr std::uint64_t known = right(16) - 1;
constexpr std::uint64_t of_files = execute | write_file | read_file | truncate | ioctl_dev; // a rule on a file takes no others
constexpr std::uint64_t writing = write_file | truncate | entries | refer;

std::uint64_t rights(plan::Access access, plan::Execution execution) {
    return read_file | (access == plan::Access::read_write ? writing : 0) | (execution == plan::Execution::allowed ? execute : 0);
}

// What a mount shows: rights below its target. Zero: it shows no file, or only covers what is there. Rights add up along a
// path, so that less below more cannot be said: a mask, and a read-only folder in a writable one, stay the mounts' matter.
struct Shown {
    std::uint64_t operator()(const plan::Bind& bind) const {
        return rights(bind.access, bind.execution) & (bind.source.type == plan::FileType::directory ? known : of_files);
    }
    std::uint64_t operator()(const plan::Tmpfs& tmpfs) const { return rights(tmpfs.access, tmpfs.execution); }
    std::uint64_t operator()(const plan::Proc& proc) const { return read_file | (proc.access == plan::Access::read_write ? write_file | truncate : 0); }
    std::uint64_t operator()(const plan::Sysfs&) const { return read_file; }
    std::uint64_t operator()(const plan::Devpts&) const { return read_file | write_file | truncate | ioctl_dev; }
    std::uint64_t operator()(const plan::Mqueue&) const { return rights(plan::Access::read_write, plan::Execution::denied); }
    std::uint64_t operator()(const plan::Overlay&) const { return rights(plan::Access::read_write, plan::Execution::allowed); }
    std::uint64_t operator()(const plan::Symlink&) const { return 0; }
    std::uint64_t operator()(const plan::Data&) const { return read_file | execute; }
    std::uint64_t operator()(const plan::Directory&) const { return 0; }
    std::uint64_t operator()(const plan::Exchange&) const { return read_file; } // a cookie; connect(2) asks for no right of Landlock's
    std::uint64_t operator()(const plan::Device&) const { return read_file | write_file | truncate | ioctl_dev; }
    std::uint64_t operator()(const plan::Mask&) const { return 0; }
    std::uint64_t operator()(const plan::ReadOnly&) const { return 0; }
};

using Rights = std::map<std::string, std::uint64_t, std::less<>>;

// Calls `each` with every folder above a path, but for "/".
template <class Each> void for_each_above(std::string_view path, Each each) {
    for (std::string_view folder = base::parent_of(path); folder != "/"; folder = base::parent_of(folder)) each(folder);
}

// One rule instead of one for each file: on a folder that is only there for mounts, the rights that all that is shown below it has.
// Nothing else is in such a folder, nobody can put anything there, and no right to make files is among them.
void say_by_folder(const std::vector<plan::Mount>& mounts, Rights& shown) {
    struct Folder {
        std::uint64_t common = of_files;
        unsigned shown = 0; ///< directly in it
    };
    std::map<std::string_view, Folder> folders;
    for (const auto& one : shown) { // clang 14 captures no structured binding in a lambda
        for_each_above(one.first, [&](std::string_view folder) { folders[folder].common &= one.second; });
        ++folders[base::parent_of(one.first)].shown;
    }
    std::set<std::string_view> covered; // what a mount made, or hides
    for (const plan::Mount& mount : mounts) {
        if (std::holds_alternative<plan::Directory>(mount)) continue;
        const std::string_view target = plan::target_of(mount).text;
        covered.insert(target);
        if (std::holds_alternative<plan::Symlink>(mount) || shown.contains(target)) continue;
        for_each_above(target, [&folders](std::string_view folder) { folders[folder].common = 0; });
    }
    Rights by_folder;
    for (const auto& [path, folder] : folders) {
        bool ours = path != "/" && folder.common != 0 && folder.shown > 1 && !shown.contains("/") && !covered.contains(path);
        for_each_above(path, [&](std::string_view above) { ours = ours && !covered.contains(above); });
        if (ours) by_folder.emplace(path, folder.common);
    }
    shown.merge(by_folder);
}

} // namespace

std::uint64_t landlock_handled(std::uint64_t kernel) {
    // Without "refer" (before Linux 5.19) no file could be renamed into another folder. Names in folders are shown: "/" has to
    // be, and its right would hold for everything.
    return (kernel & refer) == 0 ? 0 : kernel & known & ~read_dir;
}

std::vector<plan::LandlockRule> landlock_rules(const plan::Plan& plan, plan::Access further) {
    const std::uint64_t handled = plan.security.landlock.handled;
    if (handled == 0) return {};
    Rights shown; // parents before children
    if (plan.root.access == plan::Access::read_write) shown["/"] = rights(plan.root.access, plan::Execution::allowed) & handled;
    if (plan.process.terminal == plan::Terminal::pty) shown["/dev/console"] = Shown{}(plan::Device{}) & handled; // helper/console.hpp
    for (const plan::Mount& mount : plan.mounts)
        if (const std::uint64_t access = std::visit(Shown{}, mount) & handled; access != 0) shown[plan::target_of(mount).text] |= access;
    // A rule holds for what is mounted below its folder later, too (landlock(7)): the walk goes up through mount points.
    if (const auto folder = shown.find(std::string(further_files)); folder != shown.end()) folder->second = rights(further, plan::Execution::denied) & handled;
    say_by_folder(plan.mounts, shown);
    std::vector<plan::LandlockRule> rules;
    for (const auto& [path, access] : shown) {
        std::uint64_t above = 0;
        for (std::string_view folder = path; folder != "/";) {
            folder = base::parent_of(folder);
            if (const auto found = shown.find(std::string(folder)); found != shown.end()) above |= found->second;
        }
        if ((access & ~above) != 0) rules.push_back({{path}, access});
    }
    return rules;
}

} // namespace resolve
