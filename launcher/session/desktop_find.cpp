#include "launcher/session/desktop_find.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/path.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <fcntl.h>
#include <map>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace session {
namespace {

using base::Error;
using base::Result;

constexpr std::size_t entry_limit = 1U << 20;
constexpr int deepest = 8; // links can make a circle of folders,
constexpr int most_folders = 2000; // and each folder hold many of them

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    GDir* open = g_dir_open(folder.c_str(), 0, nullptr);
    if (!open) return names;
    while (const char* name = g_dir_read_name(open)) names.emplace_back(name);
    g_dir_close(open);
    std::sort(names.begin(), names.end());
    return names;
}

std::string id_of(const Folders& folders, const std::string& name, const std::string& bytes) {
    if (folders.kind != EntryKind::service) return name;
    const auto file = parse_entry(bytes, name);
    if (!file) return {};
    char* bus_name = g_key_file_get_string(file.value().get(), "D-BUS Service", "Name", nullptr);
    std::string id = bus_name ? bus_name : "";
    g_free(bus_name);
    return id;
}

struct Search {
    const Folders& folders;
    bool (*passed_over)(const std::string&, const void*);
    const void* context;
    std::map<std::string, Entry> found;
    int folders_left = 0; ///< of one of those folders
    std::vector<std::pair<dev_t, ino_t>> way{}; ///< to the folder that is looked through
};

void search(Search& state, const std::string& folder, const std::string& before, int depth) {
    struct stat status{};
    if (stat(folder.c_str(), &status) != 0 || --state.folders_left < 0) return;
    const std::pair own(status.st_dev, status.st_ino);
    if (std::find(state.way.begin(), state.way.end(), own) != state.way.end()) return; // it lies in itself
    state.way.push_back(own);
    const char* ending = state.folders.kind == EntryKind::service ? ".service" : ".desktop";
    for (const std::string& name : names_in(folder)) {
        const std::string path = base::joined(folder, name);
        if (g_file_test(path.c_str(), G_FILE_TEST_IS_DIR)) {
            if (state.folders.kind == EntryKind::menu && depth < deepest) search(state, path, before + name + "-", depth + 1);
            continue;
        }
        if (!name.ends_with(ending) || state.passed_over(path, state.context)) continue;
        auto bytes = read_entry(path);
        if (!bytes || !parse_entry(bytes.value(), path)) continue;
        const std::string id = id_of(state.folders, before + name, bytes.value());
        if (!id.empty()) state.found.try_emplace(id, Entry{state.folders.kind, id, path, std::move(bytes).value()});
    }
    state.way.pop_back();
}

void add(Folders& folders, const std::string& base, const char* below) {
    const std::string folder = base::joined(base, below);
    if (std::find(folders.all.begin(), folders.all.end(), folder) == folders.all.end()) folders.all.push_back(folder);
}

} // namespace

Folders folders_of(EntryKind kind) {
    const bool is_autostart = kind == EntryKind::autostart;
    const char* below = is_autostart ? "autostart" : kind == EntryKind::service ? "dbus-1/services" : "applications";
    const std::string own = is_autostart ? g_get_user_config_dir() : g_get_user_data_dir();
    Folders folders{kind, base::joined(own, below), {}};
    if (kind == EntryKind::service) add(folders, g_get_user_runtime_dir(), below);
    add(folders, own, below);
    for (const char* const* system = is_autostart ? g_get_system_config_dirs() : g_get_system_data_dirs(); *system; ++system)
        add(folders, *system, below);
    if (kind == EntryKind::service) add(folders, "/usr/share", below); // the bus looks there whatever the variables say
    return folders;
}

std::vector<Entry> entries_of(const Folders& folders, bool (*passed_over)(const std::string&, const void*), const void* context) {
    Search state{folders, passed_over, context, {}};
    for (const std::string& folder : folders.all) {
        state.folders_left = most_folders;
        search(state, folder, "", 0);
    }
    std::vector<Entry> entries;
    for (auto& [id, entry] : state.found) entries.push_back(std::move(entry));
    return entries;
}

Result<std::string> read_entry(const std::string& path) {
    // O_NONBLOCK: a fifo must not hold us.
    const base::UniqueFd file = base::sys::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY);
    struct stat status{};
    if (!file.valid() || fstat(file.get(), &status) != 0) return base::system_error("open", "cannot read '" + path + "'");
    if (!S_ISREG(status.st_mode)) return Error{.what = "'" + path + "' is no regular file"};
    auto bytes = base::read_all(file, entry_limit);
    if (!bytes) bytes.error().what = "cannot read '" + path + "'";
    return bytes;
}

std::vector<std::string> on_path(const std::string& program) {
    std::vector<std::string> paths;
    const char* path = g_getenv("PATH");
    for (const std::string_view folder : base::split(path ? path : "", ':')) {
        if (!folder.starts_with('/')) continue;
        for (const std::string& name : names_in(std::string(folder))) {
            const std::string each = base::joined(folder, name);
            char found[PATH_MAX];
            if ((each == program || g_file_test(each.c_str(), G_FILE_TEST_IS_SYMLINK)) && realpath(each.c_str(), found) && program == found)
                paths.push_back(each);
        }
    }
    return paths;
}

} // namespace session
