#pragma once
// Entries: .desktop files of menus and of autostart, and D-Bus service files. An entry is wrapped by putting
// `/…/sandbox run --profile ID --` before what it runs. What stands behind it is never taken apart and put together again:
// field codes, quotes and whatever else is there keep their bytes.
//
// Specifications: Desktop Entry 1.5, "The Exec key"; D-Bus, "Message Bus Starting Services".

#include "launcher/base/result.hpp"

#include <glib.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace session {

/// An application as its profile tells of it.
struct App {
    std::string id;
    std::vector<std::string> desktop;  ///< names of its .desktop files
    std::vector<std::string> programs; ///< of app.exec: those that exist, by their true paths
};

enum class EntryKind { menu, autostart, service };

/// A key file of GLib's, freed with its owner.
struct FreeKeyFile {
    void operator()(GKeyFile* file) const { g_key_file_unref(file); }
};
using KeyFile = std::unique_ptr<GKeyFile, FreeKeyFile>;

/// The entry of a file's bytes. Errors: not UTF-8, a NUL byte, no key file.
base::Result<KeyFile> parse_entry(const std::string& bytes, const std::string& path);

/// The words of an entry's command line from its program on, which stands first, as an absolute path, found by $PATH where it
/// has none; behind `env NAME=VALUE` it is the next word. An empty first word: there is no such program. No words: none is named.
/// Errors: the line cannot be read in one way only: quotes that do not close, or a character that the specification wants
/// quoted and that a shell would act on.
base::Result<std::vector<std::string>> command_of(const std::string& command);

/// The true path of the first word of command_of(); empty where it has none.
base::Result<std::string> program_of(const std::string& command);

/// Every command line of an entry: Exec of each group, by group and value as it is written.
struct CommandLine {
    std::string group;
    std::string raw;   ///< as it stands in the file
    std::string value; ///< with the escapes of the file format undone
};
std::vector<CommandLine> command_lines(GKeyFile* file);

/// Whether some command line of the entry starts a program of `app`.
bool starts(GKeyFile* file, const App& app);

/// A text, and a list, of the entry; empty where it is not said or cannot be read.
std::string value_of(GKeyFile* file, const std::string& group, const char* key);
std::vector<std::string> list_of(GKeyFile* file, const std::string& group, const char* key);

/// A boolean of the main group; false where it is not said or cannot be read.
bool flag(GKeyFile* file, const char* key);

/// The bytes of the wrapper. Errors: an entry that is no application; a command line that is not a program of `app`, or that
/// cannot be read (program_of); none at all.
base::Result<std::string> wrapped(const std::string& bytes, const std::string& path, EntryKind kind, const App& app, const std::string& sandbox);

/// Whether an entry's every command line is `sandbox run` with that profile, as wrapped() writes it, and nothing beside it.
bool is_wrapper(GKeyFile* file, const App& app, const std::string& sandbox);

} // namespace session
