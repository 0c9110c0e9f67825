#include "launcher/plan/check_part.hpp"

#include <algorithm>

namespace plan {

using base::Error;
using base::Origin;
using base::Result;

namespace {

constexpr std::size_t most_mounts = 100'000;
constexpr std::size_t most_data_bytes = 8U << 20;

// As base::normalised, without building the result: this runs for thousands of mounts at every start.
bool is_normalised(std::string_view path) {
    if (path == "/") return true;
    if (path.empty() || path[0] != '/' || path.size() > 4095) return false;
    std::size_t start = 1;
    for (std::size_t at = 1; at <= path.size(); ++at) {
        if (at < path.size() && path[at] != '/') continue;
        const std::string_view part = path.substr(start, at - start);
        if (part.empty() || part == "." || part == ".." || part.size() > 255) return false;
        start = at + 1;
    }
    return true;
}

bool is_file_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && name[0] != '.' && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    });
}

Result<void> check_target(const char* kind, const base::InsidePath& target, const Origin& origin) {
    const std::string item = std::string(kind) + " target";
    TRY(check_path(item, target.text, origin));
    if (target.text == "/") return refused(item + " is '/'; the root is always the sandbox's own", origin);
    return {};
}

Result<void> check_source(const char* kind, const Source& source, const Origin& origin) {
    return check_path(std::string(kind) + " source", source.path.text, origin);
}

// --- Mounts

Result<void> check_mode(const char* kind, std::uint32_t mode, std::uint32_t most, const Origin& origin) {
    if (mode <= most) return {};
    return refused(std::string(kind) + " mode has bits that are not allowed", origin);
}

Result<void> check_kind(const Namespaces&, const Bind& bind) {
    const std::string& source = bind.source.path.text;
    if (source == "/" || base::is_below(source, "/proc")) return refused("bind shows " + quoted(source) + " of the host", bind.origin);
    if (bind.access == Access::read_write && base::is_below(source, "/sys"))
        return refused("bind lets " + quoted(source) + " of the host be written", bind.origin);
    return check_source("bind", bind.source, bind.origin);
}
Result<void> check_kind(const Namespaces&, const Tmpfs& tmpfs) {
    if (tmpfs.size == 0 || tmpfs.inodes == 0)
        return refused("tmpfs " + quoted(tmpfs.target.text) + " has no bounds", tmpfs.origin);
    return check_mode("tmpfs", tmpfs.mode, 01777, tmpfs.origin);
}
Result<void> check_kind(const Namespaces&, const Proc& proc) { // of the pid namespace, which is new
    if (proc.target.text == "/proc") return {};
    return refused("proc " + quoted(proc.target.text) + " is not on /proc", proc.origin);
}
Result<void> check_kind(const Namespaces& namespaces, const Sysfs& sysfs) {
    if (namespaces.net.mode != NamespaceMode::host) return {};
    return refused("sysfs " + quoted(sysfs.target.text) + " needs a net namespace of its own", sysfs.origin);
}
Result<void> check_kind(const Namespaces&, const Devpts&) {
    return {};
}
Result<void> check_kind(const Namespaces& namespaces, const Mqueue& mqueue) {
    if (namespaces.ipc.mode != NamespaceMode::host) return {};
    return refused("mqueue " + quoted(mqueue.target.text) + " needs an ipc namespace of its own", mqueue.origin);
}
Result<void> check_kind(const Namespaces&, const Overlay& overlay) {
    if (overlay.lower.empty())
        return refused("overlay " + quoted(overlay.target.text) + " has no lower folder", overlay.origin);
    for (const Source& lower : overlay.lower) TRY(check_source("overlay lower", lower, overlay.origin));
    if (overlay.upper.path.text.empty() != overlay.work.path.text.empty())
        return refused("overlay " + quoted(overlay.target.text) + " has only one of an upper and a work folder",
                       overlay.origin);
    if (overlay.upper.path.text.empty()) return {};
    TRY(check_source("overlay upper", overlay.upper, overlay.origin));
    return check_source("overlay work", overlay.work, overlay.origin);
}
Result<void> check_kind(const Namespaces&, const Symlink& symlink) {
    if (!symlink.text.empty() && symlink.text.size() <= 4095) return {};
    return refused("symlink " + quoted(symlink.target.text) + " has an empty or overlong text", symlink.origin);
}
Result<void> check_kind(const Namespaces&, const Data& data) {
    if (data.contents.size() > most_data_bytes)
        return refused("data " + quoted(data.target.text) + " is larger than 8 MiB", data.origin);
    return check_mode("data", data.mode, 0777, data.origin);
}
Result<void> check_kind(const Namespaces&, const Directory& directory) {
    return check_mode("directory", directory.mode, 01777, directory.origin);
}
Result<void> check_kind(const Namespaces&, const Device& device) {
    TRY(check_source("device", device.source, device.origin));
    const FileType type = device.source.type;
    if ((type == FileType::character || type == FileType::block) && device.source.node != 0) return {};
    return refused("device source " + quoted(device.source.path.text) + " is not a device node", device.origin);
}
Result<void> check_kind(const Namespaces&, const Mask&) {
    return {};
}
Result<void> check_kind(const Namespaces&, const ReadOnly&) {
    return {};
}

Result<void> check_kind(const Namespaces&, const Exchange& exchange) {
    if (is_file_name(exchange.name)) return {};
    return refused("exchange " + quoted(exchange.name) + " must be 1 to 64 letters, digits, '.', '_' or '-', and not begin with '.'",
                   exchange.origin);
}

/// Mask and read-only are laid over what is there, and a directory may be what a mount goes on; all others would hide
/// one another.
bool takes_its_target_alone(const Mount& mount) {
    return !std::holds_alternative<Mask>(mount) && !std::holds_alternative<ReadOnly>(mount) &&
           !std::holds_alternative<Directory>(mount);
}

} // namespace

Error refused(std::string what, const Origin& origin) {
    return Error{.what = std::move(what), .origin = origin};
}

std::string quoted(std::string_view text) {
    return "'" + std::string(text.substr(0, 200)) + "'";
}

Result<void> check_path(std::string_view item, std::string_view path, const Origin& origin) {
    if (is_normalised(path)) return {};
    const auto shape = base::normalised(path);
    if (!shape.ok()) return refused(std::string(item) + " " + shape.error().what, origin);
    return refused(std::string(item) + " path " + quoted(path) + " is not normalised", origin);
}

namespace {

Result<void> check_list(const Namespaces& namespaces, const std::vector<Mount>& mounts) {
    if (mounts.size() > most_mounts)
        return refused("the plan has " + std::to_string(mounts.size()) + " mounts, more than 100000", {});
    std::vector<const Mount*> alone;
    for (const Mount& mount : mounts) {
        TRY(std::visit(
            [&](const auto& kind) -> Result<void> {
                TRY(check_target(kind.kind, kind.target, kind.origin));
                return check_kind(namespaces, kind);
            },
            mount));
        if (takes_its_target_alone(mount)) alone.push_back(&mount);
    }
    // Stable: of two with the same target, the later one is named.
    std::ranges::stable_sort(alone, {}, [](const Mount* mount) -> std::string_view { return target_of(*mount).text; });
    const auto same = std::ranges::adjacent_find(
        alone, [](const Mount* a, const Mount* b) { return target_of(*a).text == target_of(*b).text; });
    if (same == alone.end()) return {};
    // cppcheck-suppress derefInvalidIteratorRedundantCheck ; adjacent_find: the next one is there
    const Mount& later = **std::next(same);
    return refused(std::string(kind_of(later)) + " target " + quoted(target_of(**same).text) + " is already taken by a " +
                       kind_of(**same) + " of " + to_text(origin_of(**same)),
                   origin_of(later));
}

} // namespace

Result<void> check_mounts(const Plan& plan) {
    if (plan.root.size == 0 || plan.root.inodes == 0) return refused("the root has no bounds", {});
    TRY(check_list(plan.namespaces, plan.mounts));
    for (const Mount& mount : plan.mounts)
        if (const auto* exchange = std::get_if<Exchange>(&mount); exchange && exchange->access != Access::read_only)
            return refused("exchange " + quoted(exchange->name) + " is writable for the app", exchange->origin);
    for (const Sidecar& sidecar : plan.sidecars) TRY(check_list({}, sidecar.mounts)); // namespaces all of its own
    return {};
}

} // namespace plan
