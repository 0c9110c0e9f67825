#include "launcher/session/desktop_run.hpp"

#include "launcher/base/path.hpp"
#include "launcher/session/desktop_find.hpp"

#include <algorithm>
#include <gio/gio.h>
#include <set>

namespace session {
namespace {

using base::Error;
using base::Result;

constexpr EntryKind kinds[] = {EntryKind::menu, EntryKind::autostart, EntryKind::service};

// The wrappers themselves are no source of wrappers: behind each stands what it was made of.
bool is_ours(const std::string& path, const void* record) {
    return static_cast<const Record*>(record)->standing(path) == Standing::ours;
}

bool contains(const std::vector<std::string>& texts, const std::string& text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

/// The file that a wrapper at `path` is made of where one of the user's own stood there.
Result<std::optional<Entry>> kept_before(const Record& record, const Folders& folders, const std::string& id, const std::string& path) {
    const auto made = record.made().find(path);
    if (made == record.made().end() || !made->second.before) return std::optional<Entry>{};
    return std::optional(Entry{folders.kind, id, path, TRY(read_entry(before_of(path)))});
}

// Whether the profile of `app` speaks of this entry.
bool concerns(const Entry& entry, const App& app) {
    const bool listed = contains(app.desktop, entry.id);
    if (entry.kind == EntryKind::menu) return listed;
    if (entry.kind == EntryKind::service && contains(app.desktop, entry.id + ".desktop")) return true;
    const auto file = parse_entry(entry.bytes, entry.path);
    return listed || (file && starts(file.value().get(), app));
}

// Where the wrapper stands: under the id, but a service under the name of its file.
std::string wrapper_path(const Folders& folders, const Entry& entry) {
    return base::joined(folders.own, folders.kind == EntryKind::service ? base::name_in(entry.path) : std::string_view(entry.id));
}

Result<bool> wrap(Record& record, const Folders& folders, Entry entry, const App& app, const std::string& sandbox) {
    const std::string path = wrapper_path(folders, entry);
    if (auto before = TRY(kept_before(record, folders, entry.id, path))) entry = std::move(*before);
    const KeyFile file = TRY(parse_entry(entry.bytes, entry.path));
    if (flag(file.get(), "Hidden")) return false; // the user has taken it away
    const std::string bytes = TRY(wrapped(entry.bytes, entry.path, folders.kind, app, sandbox));
    const bool changed = TRY(record.put(path, bytes, app.id));
    if (changed && folders.kind == EntryKind::menu) TRY(record.keep_cache(folders.own));
    return changed;
}

// Runs a tool with nothing of the caller's but its folders; an empty text: it did its work.
std::string run_tool(const char* tool, const std::string& folder) {
    const char* argv[] = {tool, "--quiet", folder.c_str(), nullptr};
    const char* environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", nullptr};
    int status = 0;
    GError* error = nullptr;
    const auto flags = static_cast<GSpawnFlags>(G_SPAWN_SEARCH_PATH_FROM_ENVP | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL);
    if (g_spawn_sync("/", const_cast<char**>(argv), const_cast<char**>(environment), flags, nullptr, nullptr, nullptr, nullptr, &status, &error) &&
        g_spawn_check_wait_status(status, &error))
        return {};
    std::string said = error ? error->message : "it failed";
    g_clear_error(&error);
    return said;
}

void remake_cache(const std::string& folder, Told& told) {
    const std::string failure = run_tool("update-desktop-database", folder);
    if (!failure.empty())
        told.errors.push_back("files may be opened by another program, outside of the sandbox: update-desktop-database: " + failure +
                              "; install desktop-file-utils and say sandbox integrate again");
}

// The bus reads its folders once. One that is not there needs not be told.
void tell_bus() {
    const char* given = g_getenv("DBUS_SESSION_BUS_ADDRESS");
    const std::string socket = base::joined(g_get_user_runtime_dir(), "bus");
    if (!given && !g_file_test(socket.c_str(), G_FILE_TEST_EXISTS)) return;
    char* escaped = g_dbus_address_escape_value(socket.c_str());
    const std::string address = given ? given : std::string("unix:path=") + escaped;
    g_free(escaped);
    GDBusConnection* bus = g_dbus_connection_new_for_address_sync(
        address.c_str(), static_cast<GDBusConnectionFlags>(G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION),
        nullptr, nullptr, nullptr);
    if (!bus) return;
    GVariant* answer = g_dbus_connection_call_sync(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ReloadConfig",
                                                   nullptr, nullptr, G_DBUS_CALL_FLAGS_NONE, 5000, nullptr, nullptr);
    if (answer) g_variant_unref(answer);
    g_object_unref(bus);
}

std::string failure(const Error& error) { return to_text(error); }

} // namespace

Told integrate(const Asked& asked) {
    Told told;
    auto loaded = Record::load();
    if (!loaded) return Told{{}, {failure(loaded.error())}};
    Record& record = loaded.value();
    std::set<EntryKind> changed;
    std::set<std::string> found;
    for (const EntryKind kind : kinds) {
        const Folders folders = folders_of(kind);
        for (const Entry& entry : entries_of(folders, is_ours, &record))
            for (const App& app : asked.apps) {
                if (app.programs.empty() || !concerns(entry, app)) continue;
                found.insert(app.id);
                const auto done = wrap(record, folders, entry, app, asked.sandbox);
                if (!done) told.errors.push_back(app.id + ": " + failure(done.error()));
                else if (done.value()) {
                    changed.insert(kind);
                    told.lines.push_back(app.id + ": " + wrapper_path(folders, entry));
                }
            }
        if (kind == EntryKind::menu && changed.contains(kind)) remake_cache(folders.own, told);
    }
    if (changed.contains(EntryKind::service)) tell_bus();
    for (const App& app : asked.apps) {
        if (!asked.named || found.contains(app.id)) continue;
        told.errors.push_back(app.id + ": " + (app.programs.empty() ? "its program is not installed" : "no .desktop file that its profile names is installed"));
    }
    return told;
}

Told undo(const Asked& asked) {
    Told told;
    auto loaded = Record::load();
    if (!loaded) return Told{{}, {failure(loaded.error())}};
    Record& record = loaded.value();
    const auto wanted = [&](const std::string& id) {
        return !asked.named || std::any_of(asked.apps.begin(), asked.apps.end(), [&](const App& app) { return app.id == id; });
    };
    const std::map<std::string, Made> all = record.made();
    for (const App& app : asked.apps)
        if (asked.named && std::none_of(all.begin(), all.end(), [&](const auto& one) { return one.second.app == app.id; }))
            told.warnings.push_back(app.id + ": nothing of it is integrated");
    for (const auto& [path, made] : all) {
        if (!wanted(made.app)) continue;
        const auto done = record.take_back(path);
        if (done) told.lines.push_back(made.app + ": " + path);
        else told.errors.push_back(made.app + ": " + failure(done.error()));
    }
    const std::string menus = folders_of(EntryKind::menu).own;
    const auto cache = record.restore_cache(menus);
    if (!cache) told.errors.push_back(failure(cache.error()));
    else if (cache.value()) remake_cache(menus, told);
    if (!told.lines.empty()) tell_bus();
    if (const auto done = record.finish(); !done) told.errors.push_back(failure(done.error()));
    return told;
}

} // namespace session
