#pragma once
// What `sandbox integrate` made, so that it can be undone to the byte: $XDG_DATA_HOME/sandbox/integrated, a key file that no
// app may write (resolve/protect.cpp). A file that stood where a wrapper stands now lies beside it, under another name.

#include "launcher/session/desktop.hpp"

#include <map>
#include <set>

namespace session {

struct Made {
    std::string app;
    std::string digest;  ///< SHA-256 of what we wrote
    bool before = false; ///< a file stood there, and is kept as before_of(path)
};

enum class Standing {
    ours,    ///< as we wrote it
    gone,    ///< nothing is there
    changed, ///< somebody wrote something else
};

class Record {
public:
    /// An absent file is an empty record. Errors: it cannot be read.
    static base::Result<Record> load();

    /// Writes `bytes` to `path` as a wrapper for `app`; what stands there, if it is not ours, is kept. Says whether anything
    /// was changed. The record is on disk before the file is. Errors: of the file system; a kept file is in the way.
    base::Result<bool> put(const std::string& path, const std::string& bytes, const std::string& app);

    /// Puts back what was there before put(). Errors: as above; the file was changed since, and is left.
    base::Result<void> take_back(const std::string& path);

    /// The cache of update-desktop-database(1) in the user's folder of menus: kept away before it is made anew, put back
    /// when the last wrapper there is gone. restore_cache says whether the cache must be made anew all the same.
    base::Result<void> keep_cache(const std::string& folder);
    base::Result<bool> restore_cache(const std::string& folder);

    /// Removes the record, and the folders that were made for wrappers and are empty again, once no wrapper is left.
    base::Result<void> finish();

    Standing standing(const std::string& path) const;
    const std::map<std::string, Made>& made() const { return made_; }

private:
    base::Result<void> save() const;
    base::Result<void> make_folders(const std::string& folder);

    std::map<std::string, Made> made_;
    std::set<std::string> folders_;     ///< made by us
    std::map<std::string, bool> caches_; ///< folder → whether a cache was there before
};

/// Where a file is kept that stood at `path`: beside it, under a name that no desktop takes for an entry.
std::string before_of(const std::string& path);

} // namespace session
