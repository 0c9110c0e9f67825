#include "launcher/session/desktop.hpp"

#include "launcher/base/text.hpp"

#include <algorithm>
#include <climits>
#include <cstdlib>

namespace session {
namespace {

using base::Error;
using base::Result;
using Text = std::unique_ptr<char, decltype([](char* text) { g_free(text); })>;

constexpr const char* entry_group = "Desktop Entry";
constexpr const char* service_group = "D-BUS Service";
constexpr const char* note = " Made by `sandbox integrate`, which undoes it with --undo.";

std::string taken(char* text) {
    const Text owned(text);
    return text ? text : "";
}

std::vector<std::string> taken(char** list) {
    std::vector<std::string> texts;
    for (char** each = list; each && *each; ++each) texts.emplace_back(*each);
    g_strfreev(list);
    return texts;
}

std::vector<std::string> groups_of(GKeyFile* file) { return taken(g_key_file_get_groups(file, nullptr)); }
std::vector<std::string> keys_of(GKeyFile* file, const std::string& group) {
    return taken(g_key_file_get_keys(file, group.c_str(), nullptr, nullptr));
}
// Characters that must stand in quotes, and of these the ones that must be escaped even there. One desktop hands a line with
// them to a shell, another does not: such a line means two things.
Result<void> check_unambiguous(const std::string& command) {
    constexpr std::string_view reserved = "'><~|&;$*?#()`\\\n\t";
    bool quoted = false;
    for (std::size_t at = 0; at < command.size(); ++at) {
        const char letter = command[at];
        if (letter == '"') quoted = !quoted;
        else if (quoted && letter == '\\') ++at; // whatever is escaped means itself
        else if (quoted ? letter == '$' || letter == '`' : reserved.find(letter) != std::string_view::npos)
            return Error{.what = std::string("its command line has a '") + letter + "' that is not quoted", .advice = "quote it in the entry (Desktop Entry Specification, Exec)"};
    }
    return quoted ? Result<void>(Error{.what = "its command line has a quote that does not close", .advice = "close it in the entry"}) : Result<void>{};
}

std::string true_path(const std::string& path) {
    char found[PATH_MAX];
    return realpath(path.c_str(), found) ? found : "";
}

std::string found_program(const std::string& word) {
    if (word.find('/') != std::string::npos && word[0] != '/') return {};
    return taken(g_find_program_in_path(word.c_str())); // an absolute path: itself, where it is a program
}

std::string prefix_of(const App& app, const std::string& sandbox) { return sandbox + " run --profile " + app.id + " -- "; }

Result<void> check_command(const CommandLine& line, const App& app) {
    const std::string program = TRY(program_of(line.value));
    if (std::find(app.programs.begin(), app.programs.end(), program) != app.programs.end()) return {};
    const std::string shown = program.empty() ? line.value : program;
    return Error{.what = "it runs '" + shown + "', which is no program of the profile '" + app.id + "'"};
}

// `Exec[de]` is read by some and not by others.
void drop_localised(GKeyFile* file, const std::string& group) {
    for (const std::string& key : keys_of(file, group))
        for (const char* name : {"Exec[", "TryExec[", "DBusActivatable[", "Type["})
            if (key.starts_with(name)) g_key_file_remove_key(file, group.c_str(), key.c_str(), nullptr);
}

} // namespace

Result<KeyFile> parse_entry(const std::string& bytes, const std::string& path) {
    if (!base::is_utf8(bytes) || bytes.find('\0') != std::string::npos) return Error{.what = "'" + path + "' is no text in UTF-8"};
    KeyFile file(g_key_file_new());
    GError* error = nullptr;
    if (g_key_file_load_from_data(file.get(), bytes.data(), bytes.size(),
                                  static_cast<GKeyFileFlags>(G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS), &error))
        return file;
    const std::string said = error->message;
    g_error_free(error);
    return Error{.what = "'" + path + "' is no key file: " + said};
}

std::string value_of(GKeyFile* file, const std::string& group, const char* key) {
    return taken(g_key_file_get_string(file, group.c_str(), key, nullptr));
}

std::vector<std::string> list_of(GKeyFile* file, const std::string& group, const char* key) {
    return taken(g_key_file_get_string_list(file, group.c_str(), key, nullptr, nullptr));
}

Result<std::vector<std::string>> command_of(const std::string& command) {
    TRY(check_unambiguous(command));
    char** words = nullptr;
    if (!g_shell_parse_argv(command.c_str(), nullptr, &words, nullptr)) return Error{.what = "its command line cannot be read", .advice = "mend its line Exec"};
    std::vector<std::string> parsed = taken(words);
    if (parsed.empty()) return parsed;
    std::string program = found_program(parsed[0]);
    // `env NAME=VALUE… PROGRAM`, as some entries have it; with an option of env's it is env that runs.
    std::size_t at = 1;
    while (at < parsed.size() && parsed[at][0] != '-' && parsed[at].find('=') != std::string::npos) ++at;
    if (at > 1 && at < parsed.size() && true_path(program) == true_path("/usr/bin/env")) {
        parsed.erase(parsed.begin(), parsed.begin() + static_cast<std::ptrdiff_t>(at));
        program = found_program(parsed[0]);
    }
    parsed[0] = std::move(program);
    return parsed;
}

Result<std::string> program_of(const std::string& command) {
    const std::vector<std::string> words = TRY(command_of(command));
    return words.empty() ? std::string() : true_path(words[0]);
}

std::vector<CommandLine> command_lines(GKeyFile* file) {
    std::vector<CommandLine> lines;
    for (const std::string& group : groups_of(file)) {
        if (!g_key_file_has_key(file, group.c_str(), "Exec", nullptr)) continue;
        lines.push_back({group, taken(g_key_file_get_value(file, group.c_str(), "Exec", nullptr)), value_of(file, group, "Exec")});
    }
    return lines;
}

bool starts(GKeyFile* file, const App& app) {
    for (const CommandLine& line : command_lines(file)) {
        const auto program = program_of(line.value);
        if (program && std::find(app.programs.begin(), app.programs.end(), program.value()) != app.programs.end()) return true;
    }
    return false;
}

bool flag(GKeyFile* file, const char* key) { return g_key_file_get_boolean(file, entry_group, key, nullptr) == TRUE; }

Result<std::string> wrapped(const std::string& bytes, const std::string& path, EntryKind kind, const App& app, const std::string& sandbox) {
    const KeyFile file = TRY(parse_entry(bytes, path));
    const auto refuse = [&](const std::string& why) { return Error{.what = "'" + path + "' is left alone: " + why}; };
    if (kind != EntryKind::service && value_of(file.get(), entry_group, "Type") != "Application") return refuse("it is no application");
    const std::vector<CommandLine> lines = command_lines(file.get());
    const char* main_group = kind == EntryKind::service ? service_group : entry_group;
    if (std::none_of(lines.begin(), lines.end(), [&](const CommandLine& line) { return line.group == main_group; }))
        return refuse("it has no command line");
    for (const std::string& group : groups_of(file.get())) drop_localised(file.get(), group);
    for (const CommandLine& line : lines) {
        if (auto own = check_command(line, app); !own) return refuse(own.error().what);
        g_key_file_set_value(file.get(), line.group.c_str(), "Exec", (prefix_of(app, sandbox) + line.raw).c_str());
    }
    // The bus would be asked to start it, and Exec never be looked at. And systemd would start a unit of its own.
    if (g_key_file_has_key(file.get(), entry_group, "DBusActivatable", nullptr))
        g_key_file_set_value(file.get(), entry_group, "DBusActivatable", "false");
    g_key_file_remove_key(file.get(), service_group, "SystemdService", nullptr);
    g_key_file_set_comment(file.get(), nullptr, nullptr, note, nullptr);
    gsize length = 0;
    const Text data(g_key_file_to_data(file.get(), &length, nullptr));
    return std::string(data.get(), length);
}

bool is_wrapper(GKeyFile* file, const App& app, const std::string& sandbox) {
    const std::vector<CommandLine> lines = command_lines(file);
    return !lines.empty() && std::all_of(lines.begin(), lines.end(), [&](const CommandLine& line) {
        const std::string prefix = prefix_of(app, sandbox);
        return line.value.starts_with(prefix) && program_of(line.value.substr(prefix.size())).ok(); // what a shell would act on runs outside
    });
}

} // namespace session
