#include "launcher/session/desktop_record.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/path.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/session/desktop_find.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace session {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;

// Groups that are no path of a wrapper.
constexpr const char* folders_group = "folders";
constexpr const char* caches_group = "caches";
constexpr const char* cache_name = "mimeinfo.cache";

std::string record_path() { return base::joined(g_get_user_data_dir(), "sandbox/integrated"); }

std::string digest_of(const std::string& bytes) {
    char* text = g_compute_checksum_for_data(G_CHECKSUM_SHA256, reinterpret_cast<const guchar*>(bytes.data()), bytes.size());
    std::string digest = text;
    g_free(text);
    return digest;
}

bool is_there(const std::string& path) {
    struct stat status{};
    return lstat(path.c_str(), &status) == 0;
}

// Whole or not at all, and never through a link that stands at `path`: a new file is renamed over it.
Result<void> write_whole(const std::string& path, const std::string& bytes, mode_t mode) {
    std::string fresh = std::string(base::parent_of(path)) + "/.sandbox-XXXXXX";
    UniqueFd file(mkostemp(fresh.data(), O_CLOEXEC));
    if (!file.valid()) return system_error("mkostemp", "cannot write in '" + std::string(base::parent_of(path)) + "'");
    Result<void> written = base::write_all(file, bytes);
    if (written && fchmod(file.get(), mode) != 0) written = system_error("fchmod", "cannot write '" + path + "'");
    if (written && fsync(file.get()) != 0) written = system_error("fsync", "cannot write '" + path + "'");
    if (written && rename(fresh.c_str(), path.c_str()) != 0) written = system_error("rename", "cannot write '" + path + "'");
    if (!written) (void)unlink(fresh.c_str()); // ours alone; nothing more can be done about it
    return written;
}

Result<void> move(const std::string& from, const std::string& to) {
    return rename(from.c_str(), to.c_str()) == 0 ? Result<void>{} : Result<void>(system_error("rename", "cannot move '" + from + "' to '" + to + "'"));
}

Result<void> remove(const std::string& path) {
    return unlink(path.c_str()) == 0 || errno == ENOENT ? Result<void>{} : Result<void>(system_error("unlink", "cannot remove '" + path + "'"));
}

// A put() that was interrupted before it wrote: the old file stands there still, its second name beside it.
bool is_unwritten(const std::string& path) {
    struct stat now{}, before{};
    return lstat(path.c_str(), &now) == 0 && lstat(before_of(path).c_str(), &before) == 0 && now.st_dev == before.st_dev && now.st_ino == before.st_ino;
}

std::vector<std::string> keys_of(GKeyFile* file, const char* group) {
    std::vector<std::string> keys;
    char** list = g_key_file_get_keys(file, group, nullptr, nullptr);
    for (char** each = list; each && *each; ++each) keys.emplace_back(*each);
    g_strfreev(list);
    return keys;
}

} // namespace

std::string before_of(const std::string& path) {
    return std::string(base::parent_of(path)) + "/." + std::string(base::name_in(path)) + ".before-sandbox";
}

Result<Record> Record::load() {
    Record record;
    if (!is_there(record_path())) return record;
    const KeyFile file = TRY(parse_entry(TRY(read_entry(record_path())), record_path()));
    const auto text = [&](const char* group, const char* key) {
        char* value = g_key_file_get_string(file.get(), group, key, nullptr);
        std::string copy = value ? value : "";
        g_free(value);
        return copy;
    };
    // Groups are numbered: a path may hold what the name of a group may not.
    for (int number = 0;; ++number) {
        const std::string group = std::to_string(number);
        if (!g_key_file_has_group(file.get(), group.c_str())) break;
        record.made_[text(group.c_str(), "Path")] = {text(group.c_str(), "App"), text(group.c_str(), "Digest"),
                                                     g_key_file_get_boolean(file.get(), group.c_str(), "Before", nullptr) == TRUE};
    }
    for (const std::string& key : keys_of(file.get(), folders_group)) record.folders_.insert(text(folders_group, key.c_str()));
    for (const std::string& key : keys_of(file.get(), caches_group)) {
        const std::string value = text(caches_group, key.c_str());
        if (!value.empty()) record.caches_[value.substr(1)] = value.starts_with('+');
    }
    return record;
}

Result<void> Record::save() const {
    const KeyFile file(g_key_file_new());
    int number = 0;
    for (const auto& [path, made] : made_) {
        const std::string group = std::to_string(number++);
        g_key_file_set_string(file.get(), group.c_str(), "Path", path.c_str());
        g_key_file_set_string(file.get(), group.c_str(), "App", made.app.c_str());
        g_key_file_set_string(file.get(), group.c_str(), "Digest", made.digest.c_str());
        g_key_file_set_boolean(file.get(), group.c_str(), "Before", made.before);
    }
    number = 0;
    for (const std::string& folder : folders_) g_key_file_set_string(file.get(), folders_group, std::to_string(number++).c_str(), folder.c_str());
    for (const auto& [folder, before] : caches_)
        g_key_file_set_string(file.get(), caches_group, std::to_string(number++).c_str(), ((before ? "+" : "-") + folder).c_str());
    gsize length = 0;
    char* data = g_key_file_to_data(file.get(), &length, nullptr);
    const std::string bytes(data, length);
    g_free(data);
    return write_whole(record_path(), bytes, 0600);
}

Result<void> Record::make_folders(const std::string& folder) {
    if (g_file_test(folder.c_str(), G_FILE_TEST_IS_DIR) || folder == "/") return {};
    TRY(make_folders(std::string(base::parent_of(folder))));
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return system_error("mkdir", "cannot make the folder '" + folder + "'");
    folders_.insert(folder);
    return {};
}

Standing Record::standing(const std::string& path) const {
    const auto made = made_.find(path);
    if (!is_there(path)) return Standing::gone;
    const auto bytes = read_entry(path);
    return made != made_.end() && bytes && digest_of(bytes.value()) == made->second.digest ? Standing::ours : Standing::changed;
}

Result<bool> Record::put(const std::string& path, const std::string& bytes, const std::string& app) {
    const std::string digest = digest_of(bytes);
    const Standing now = standing(path);
    if (now == Standing::ours && made_[path].digest == digest) return false;
    const bool again = made_.contains(path);
    if (again && now == Standing::changed && !is_unwritten(path))
        return Error{.what = "'" + path + "' was changed since the sandbox made it, and is left alone", .advice = "remove it, or say sandbox integrate --undo " + app};
    TRY(make_folders(std::string(base::parent_of(record_path()))));
    TRY(make_folders(std::string(base::parent_of(path))));
    const bool before = again ? made_[path].before : now != Standing::gone;
    if (!again && before) {
        const std::string kept = before_of(path);
        // A second name, so that at no moment there is neither the old file nor the new one.
        if (linkat(AT_FDCWD, path.c_str(), AT_FDCWD, kept.c_str(), 0) != 0)
            return system_error("link", "cannot keep '" + path + "' as '" + kept + "'");
    }
    made_[path] = {app, digest, before};
    TRY(save());
    TRY(write_whole(path, bytes, 0644));
    return true;
}

Result<void> Record::take_back(const std::string& path) {
    const auto made = made_.find(path);
    if (made == made_.end()) return {};
    const bool kept = made->second.before && is_there(before_of(path));
    if (standing(path) == Standing::changed) {
        if (!is_unwritten(path))
            return Error{.what = "'" + path + "' was changed since the sandbox made it, and is left",
                         .advice = made->second.before ? "what was there before is '" + before_of(path) + "'" : "remove it yourself"};
        TRY(remove(before_of(path)));
    } else if (kept) {
        TRY(move(before_of(path), path));
    } else {
        TRY(remove(path));
    }
    made_.erase(made);
    return save();
}

Result<void> Record::keep_cache(const std::string& folder) {
    const std::string cache = base::joined(folder, cache_name);
    if (caches_.contains(folder)) return {};
    caches_[folder] = is_there(cache);
    TRY(save());
    return caches_[folder] ? move(cache, before_of(cache)) : Result<void>{};
}

Result<bool> Record::restore_cache(const std::string& folder) {
    const auto known = caches_.find(folder);
    if (known == caches_.end()) return false;
    const bool others = std::any_of(made_.begin(), made_.end(), [&](const auto& made) { return base::parent_of(made.first) == folder; });
    if (others) return true;
    const std::string cache = base::joined(folder, cache_name);
    struct stat since{}, entries{};
    if (known->second) TRY(move(before_of(cache), cache));
    else TRY(remove(cache));
    const bool restored = known->second;
    caches_.erase(known);
    TRY(save());
    // An entry that came after the cache that was put back is not in it.
    if (!restored || lstat(cache.c_str(), &since) != 0) return false;
    GDir* open = g_dir_open(folder.c_str(), 0, nullptr);
    bool newer = false;
    while (const char* name = open ? g_dir_read_name(open) : nullptr)
        newer = newer || (std::string_view(name).ends_with(".desktop") && lstat(base::joined(folder, name).c_str(), &entries) == 0 &&
                          entries.st_mtime > since.st_mtime);
    if (open) g_dir_close(open);
    return newer;
}

Result<void> Record::finish() {
    if (!made_.empty() || !caches_.empty()) return {};
    TRY(remove(record_path()));
    // The deepest first; one that holds something by now stays.
    for (auto folder = folders_.rbegin(); folder != folders_.rend(); ++folder) (void)rmdir(folder->c_str());
    folders_.clear();
    return {};
}

} // namespace session
