#include "launcher/session/desktop_run.hpp"

#include "launcher/base/path.hpp"
#include "launcher/session/desktop_find.hpp"

#include <algorithm>
#include <set>
#include <unistd.h>

namespace session {
namespace {

bool nothing_passed_over(const std::string&, const void*) { return false; }

const char* word_for(EntryKind kind) {
    switch (kind) {
    case EntryKind::menu: return "a menu entry";
    case EntryKind::autostart: return "autostart";
    case EntryKind::service: return "a D-Bus service";
    }
    __builtin_unreachable();
}

// A wrapper that counts for nothing: the desktop then takes the entry that lies behind it.
void check_made(const Record& record, const std::string& path, const Made& made, std::set<std::string>& lines) {
    const auto say = [&](const std::string& why) { lines.insert(made.app + ": the wrapper '" + path + "' " + why); };
    switch (record.standing(path)) {
    case Standing::gone: return say("is gone");
    case Standing::changed: return say("was changed by somebody");
    case Standing::ours: break;
    }
    const auto bytes = read_entry(path);
    const auto file = bytes ? parse_entry(bytes.value(), path) : base::Result<KeyFile>(bytes.error());
    if (!file) return say("cannot be read");
    for (const CommandLine& line : command_lines(file.value().get()))
        if (const std::string program = line.value.substr(0, line.value.find(' ')); access(program.c_str(), X_OK) != 0)
            return say("counts for nothing: '" + program + "' cannot be run");
    char* tried = g_key_file_get_string(file.value().get(), "Desktop Entry", "TryExec", nullptr);
    char* found = tried ? g_find_program_in_path(tried) : nullptr;
    if (tried && !found) say(std::string("counts for nothing: its TryExec '") + tried + "' is not there");
    g_free(found);
    g_free(tried);
}

void check_entries(const Asked& asked, const std::set<std::string>& integrated, std::set<std::string>& lines) {
    for (const EntryKind kind : {EntryKind::menu, EntryKind::autostart, EntryKind::service})
        for (const Entry& entry : entries_of(folders_of(kind), nothing_passed_over, nullptr)) {
            const auto file = parse_entry(entry.bytes, entry.path);
            if (!file || flag(file.value().get(), "Hidden")) continue;
            GKeyFile* key_file = file.value().get();
            for (const App& app : asked.apps) {
                if (!integrated.contains(app.id)) continue;
                const bool named = kind != EntryKind::service && std::find(app.desktop.begin(), app.desktop.end(), entry.id) != app.desktop.end();
                if (is_wrapper(key_file, app, asked.sandbox) || !(named || starts(key_file, app))) continue;
                lines.insert(app.id + ": starts outside through " + word_for(kind) + ": " + entry.path);
            }
        }
}

} // namespace

Told check(const Asked& asked) {
    Told told;
    const auto record = Record::load();
    if (!record) return Told{{}, {to_text(record.error())}};
    std::set<std::string> integrated, lines; // two programs of one app may be the same file
    for (const auto& entry : record.value().made()) {
        const std::string& id = entry.second.app;
        const bool wanted = std::any_of(asked.apps.begin(), asked.apps.end(), [&](const App& app) { return app.id == id; });
        if (!wanted) continue;
        integrated.insert(id);
        check_made(record.value(), entry.first, entry.second, lines);
    }
    check_entries(asked, integrated, lines);
    for (const App& app : asked.apps) {
        if (asked.named && !integrated.contains(app.id)) told.errors.push_back(app.id + ": it is not integrated; see sandbox integrate");
        if (!integrated.contains(app.id)) continue;
        for (const std::string& program : app.programs)
            for (const std::string& path : on_path(program))
                lines.insert(app.id + ": starts outside through PATH: " + path);
    }
    told.lines.assign(lines.begin(), lines.end());
    return told;
}

} // namespace session
