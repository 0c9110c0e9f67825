// linux: namespaces, maps, devices, masks, sysctls. Resources and the filter have files of their own.

#include "launcher/oci/reader.hpp"

#include <algorithm>

namespace oci {
namespace {

using base::Result;

struct Kind {
    std::string_view type;
    profile::Item<std::string> profile::Namespaces::* place;
    bool always; ///< of its own, whatever is asked for
};
using P = profile::Namespaces;
constexpr Kind kinds[] = {{"user", &P::user, true},  {"mount", &P::mount, true},     {"pid", &P::pid, true},     {"ipc", &P::ipc, false},
                          {"uts", &P::uts, false},   {"cgroup", &P::cgroup, false},  {"network", &P::net, false}, {"time", &P::time, false}};

Result<void> namespaces(Reader& reader, const std::string& place, const Json& json) {
    std::vector<std::string> seen;
    std::size_t index = 0;
    for (const Json& item : *TRY(reader.array(place, json))) {
        const std::string here = place + "[" + std::to_string(index++) + "]";
        std::string type, path;
        for (const auto& [member, value] : *TRY(reader.object(here, item))) {
            if (member == "type") type = TRY(reader.text(here + ".type", value));
            else if (member == "path") path = TRY(reader.text(here + ".path", value));
            else reader.leave(here + "." + member, "a namespace has no such member");
        }
        const auto row = std::find_if(std::begin(kinds), std::end(kinds), [&](const Kind& kind) { return kind.type == type; });
        if (row == std::end(kinds)) return reader.fault(here + ".type", "unknown namespace '" + type + "'");
        if (std::find(seen.begin(), seen.end(), type) != seen.end()) return reader.fault(here, "'" + type + "' is there twice");
        seen.push_back(type);
        if (path.empty()) {
            if (type == "network") reader.set(reader.profile.network.mode, profile::NetworkWish::loopback); // as the runtimes do
            else if (!row->always) reader.set(reader.profile.namespaces.*row->place, std::string("new"));
        } else if (!base::normalised(path).ok()) {
            return reader.fault(here + ".path", "expected an absolute path without '..', found '" + path + "'");
        } else if (row->always) {
            reader.leave(here, "this namespace is always the sandbox's own");
        } else if (reader.plain(here, path)) {
            reader.set(reader.profile.namespaces.*row->place, path);
        }
    }
    for (const Kind& kind : kinds) {
        if (std::find(seen.begin(), seen.end(), kind.type) != seen.end()) continue;
        if (kind.always) reader.leave(place, "'" + std::string(kind.type) + "' is not named, but always the sandbox's own");
        else if (kind.type == "network") reader.set(reader.profile.network.mode, profile::NetworkWish::host);
        else reader.set(reader.profile.namespaces.*kind.place, std::string("host"));
    }
    return {};
}

Result<std::vector<profile::IdRange>> id_map(Reader& reader, const std::string& place, const Json& json) {
    std::vector<profile::IdRange> ranges;
    for (const Json& item : *TRY(reader.array(place, json))) {
        const std::string here = place + "[" + std::to_string(ranges.size()) + "]";
        profile::IdRange& range = ranges.emplace_back();
        int said = 0;
        for (const auto& [member, value] : *TRY(reader.object(here, item))) {
            std::uint32_t profile::IdRange::* field = member == "containerID" ? &profile::IdRange::inside
                                                      : member == "hostID"    ? &profile::IdRange::outside
                                                      : member == "size"      ? &profile::IdRange::count
                                                                              : nullptr;
            if (field == nullptr) {
                reader.leave(here + "." + member, "a map has no such member");
                continue;
            }
            range.*field = static_cast<std::uint32_t>(TRY(reader.number(here + "." + member, value, UINT32_MAX - 1)));
            ++said;
        }
        if (said != 3) return reader.fault(here, "expected containerID, hostID and size");
    }
    return ranges;
}

Result<void> uid_map(Reader& reader, const std::string& place, const Json& json) {
    if (auto ranges = TRY(id_map(reader, place, json)); !ranges.empty()) reader.set(reader.profile.ids.uid_map, std::move(ranges));
    return {};
}

Result<void> gid_map(Reader& reader, const std::string& place, const Json& json) {
    if (auto ranges = TRY(id_map(reader, place, json)); !ranges.empty()) reader.set(reader.profile.ids.gid_map, std::move(ranges));
    return {};
}

Result<void> devices(Reader& reader, const std::string& place, const Json& json) {
    std::size_t index = 0;
    for (const Json& item : *TRY(reader.array(place, json))) {
        const std::string here = place + "[" + std::to_string(index++) + "]";
        std::string path, type;
        bool owned = false;
        for (const auto& [member, value] : *TRY(reader.object(here, item))) {
            if (member == "path") path = TRY(reader.text(here + ".path", value));
            else if (member == "type") type = TRY(reader.text(here + ".type", value));
            else if (member == "major" || member == "minor") continue; // those of the host's node are compared at the start
            else if (member == "fileMode" || member == "uid" || member == "gid") owned = true;
            else reader.leave(here + "." + member, "a device has no such member");
        }
        constexpr std::string_view standard[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/console", "/dev/ptmx"};
        if (std::find(std::begin(standard), std::end(standard), path) != std::end(standard)) continue;
        if (type != "c" && type != "b" && type != "u") reader.leave(here + " (" + path + ")", "of devices there are nodes of the host alone");
        else if (!base::normalised(path).ok() || !path.starts_with("/dev/")) reader.leave(here + " (" + path + ")", "devices stand below /dev");
        else reader.add(reader.profile.devices.nodes, path);
        if (owned) reader.leave(here + " (" + path + ")", "mode and owner are those of the host's node");
    }
    return {};
}

Result<void> paths(Reader& reader, const std::string& place, const Json& json, profile::Set& into) {
    for (const std::string& path : TRY(reader.texts(place, json))) {
        const auto shape = base::normalised(path);
        if (!shape.ok() || shape.value() == "/") return reader.fault(place, "expected absolute paths without '..', found '" + path + "'");
        if (reader.plain(place, path)) reader.add(into, shape.value());
    }
    return {};
}

Result<void> masked(Reader& reader, const std::string& place, const Json& json) { return paths(reader, place, json, reader.profile.mask.paths); }
Result<void> readonly(Reader& reader, const std::string& place, const Json& json) { return paths(reader, place, json, reader.profile.mask.readonly); }

Result<void> sysctl(Reader& reader, const std::string& place, const Json& json) {
    for (const auto& [key, value] : *TRY(reader.object(place, json))) reader.put(reader.profile.sysctl, key, TRY(reader.text(place + "." + key, value)));
    return {};
}

Result<void> label(Reader& reader, const std::string& place, const Json& json) {
    reader.set(reader.profile.lsm.selinux_mount, TRY(reader.text(place, json)));
    return {};
}

constexpr std::array members{
    Member{"namespaces", namespaces},
    Member{"uidMappings", uid_map},
    Member{"gidMappings", gid_map},
    Member{"timeOffsets", nullptr, "a sandbox shifts no clocks"},
    Member{"devices", devices},
    Member{"cgroupsPath", nullptr, "a group of its own is made for each sandbox"},
    Member{"resources", read_resources},
    Member{"rootfsPropagation", nullptr, "mounts of a sandbox never reach the host"},
    Member{"seccomp", read_seccomp},
    Member{"sysctl", sysctl},
    Member{"maskedPaths", masked},
    Member{"readonlyPaths", readonly},
    Member{"mountLabel", label},
    Member{"intelRdt", nullptr, "cache and bandwidth allocation is root's alone"},
    Member{"personality", nullptr, "the app may choose between the harmless ones itself"},
};

} // namespace

Result<void> read_linux(Reader& reader, const std::string& place, const Json& json) {
    return read_members(reader, place, json, members);
}

} // namespace oci
