#pragma once
// Where entries lie, and which of several of one name counts: the user's over the system's, an earlier folder over a later
// one (XDG Base Directory; Desktop Menu; Desktop Application Autostart; dbus-daemon(1) STANDARD SESSION SERVICES).

#include "launcher/session/desktop.hpp"

namespace session {

struct Folders {
    EntryKind kind = EntryKind::menu;
    std::string own;                 ///< where wrappers go
    std::vector<std::string> all;    ///< the strongest first; `own` among them
};

/// By GLib's reading of the environment.
Folders folders_of(EntryKind kind);

struct Entry {
    EntryKind kind = EntryKind::menu;
    std::string id;   ///< the name that others override: `kde-foo.desktop` for kde/foo.desktop; of a service the bus name
    std::string path;
    std::string bytes;
};

/// Every entry that counts, sorted by id: of one id the strongest. `passed_over(path)` says which files are not looked at.
/// Files that cannot be read or parsed count for nothing here, as they do on the desktop; nor does what lies behind a link back to
/// a folder on the way, or, in one of the folders, behind two thousand others.
std::vector<Entry> entries_of(const Folders& folders, bool (*passed_over)(const std::string& path, const void* context), const void* context);

/// The bytes of a regular file of at most 1 MiB, links followed. Errors: it is something else, or cannot be read.
base::Result<std::string> read_entry(const std::string& path);

/// The folders of $PATH hold programs under other names as well: every path there that leads to `program`.
std::vector<std::string> on_path(const std::string& program);

} // namespace session
