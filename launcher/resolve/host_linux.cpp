#include "launcher/resolve/host_linux.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <memory>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#ifndef SANDBOX_LIBEXEC_FROM_BIN
#error "the build says where programs of ours are, seen from the folder of this one"
#endif

namespace resolve {
namespace {

using base::Error;
using base::HostPath;
using base::Result;
using base::system_error;
using base::UniqueFd;
using plan::FileType;
using plan::Source;

constexpr std::uint64_t no_links = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;

FileType type_of(mode_t mode) {
    switch (mode & S_IFMT) {
    case S_IFDIR: return FileType::directory;
    case S_IFSOCK: return FileType::socket;
    case S_IFIFO: return FileType::fifo;
    case S_IFCHR: return FileType::character;
    case S_IFBLK: return FileType::block;
    default: return FileType::regular;
    }
}

Result<Source> identify(const UniqueFd& file, HostPath path) {
    struct stat status{};
    if (fstat(file.get(), &status) != 0) return system_error("fstat", "cannot look at '" + path.text + "'");
    if (S_ISLNK(status.st_mode)) return Error{.what = "'" + path.text + "' is a link", .call = "openat2", .code = ELOOP};
    const FileType type = type_of(status.st_mode);
    const bool node = type == FileType::character || type == FileType::block;
    return Source{.path = std::move(path), .device = status.st_dev, .inode = status.st_ino, .type = type,
                  .node = node ? status.st_rdev : 0};
}

// The kernel's own name of an open file: no part of it is a link.
Result<HostPath> canonical(const UniqueFd& file, const std::string& asked) {
    char text[PATH_MAX];
    const std::string link = "/proc/self/fd/" + std::to_string(file.get());
    const ssize_t length = readlink(link.c_str(), text, sizeof text);
    if (length < 0) return system_error("readlink", "cannot tell the true path of '" + asked + "'");
    const std::string_view found(text, static_cast<std::size_t>(length));
    auto path = base::normalised(found);
    if (!path.ok() || found.size() == sizeof text)
        return Error{.what = "'" + asked + "' lies outside of the folders that can be reached from '/'", .advice = "name a file or a folder by its path"};
    return HostPath{std::move(path).value()};
}

// Fields of the line of a file such as /etc/passwd whose field number `key` is `value`.
std::vector<std::string> account_line(const std::string& file, std::size_t key, const std::string& value) {
    const UniqueFd source = base::sys::open(file.c_str(), O_RDONLY);
    if (!source.valid()) return {};
    const auto bytes = base::read_all(source, 16U << 20);
    if (!bytes.ok()) return {};
    for (const std::string_view line : base::split(bytes.value(), '\n')) {
        if (line.find(value) == std::string_view::npos) continue;
        const auto fields = base::split(line, ':');
        // cppcheck-suppress returnDanglingLifetime ; copied: a vector of strings from views of the text
        if (fields.size() > key && fields[key] == value) return {fields.begin(), fields.end()};
    }
    return {};
}

// Attributes as landlock_create_ruleset(2) takes them; the headers of the oldest system know the first word only.
struct LandlockAttributes {
    std::uint64_t fs = 0, net = 0, scoped = 0;
};

bool landlock_takes(const LandlockAttributes& attributes, std::size_t size) {
    constexpr long create_ruleset = 444; // the same number on every architecture
    const UniqueFd ruleset(static_cast<int>(syscall(create_ruleset, &attributes, size, 0)));
    // What says nothing of the kernel counts as a yes: the start then fails where the rules are made, and not open.
    return ruleset.valid() || errno == ENOMEM || errno == EMFILE || errno == ENFILE;
}

using Folder = std::unique_ptr<DIR, decltype([](DIR* folder) { closedir(folder); })>;

std::vector<std::string> names_in(const std::string& path) {
    std::vector<std::string> names;
    const Folder folder(opendir(path.c_str()));
    if (!folder) return names;
    while (const dirent* entry = readdir(folder.get())) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") names.emplace_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

// Our own glob(7) by parts: the C library's looks up user names, which a static program must not.
void match_below(const std::string& folder, std::string_view pattern, std::vector<HostPath>& found) {
    const auto slash = pattern.find('/');
    const std::string part(pattern.substr(0, slash));
    const bool last = slash == std::string_view::npos;
    const auto go_on = [&](const std::string& name) {
        const std::string path = base::joined(folder, name);
        if (!last) return match_below(path, pattern.substr(slash + 1), found);
        struct stat status{};
        if (lstat(path.c_str(), &status) == 0) found.push_back({path});
    };
    if (part.find_first_of("*?[\\") == std::string::npos) return go_on(part);
    for (const std::string& name : names_in(folder))
        if (fnmatch(part.c_str(), name.c_str(), FNM_PERIOD) == 0) go_on(name);
}

// One folder on the way to a folder of ours; made when it is missing and may be made.
Result<UniqueFd> step_into(const UniqueFd& parent, const std::string& name, const std::string& shown, bool follow,
                           MayCreate may_create) {
    const std::uint64_t flags = O_PATH | O_DIRECTORY | (follow ? 0U : O_NOFOLLOW);
    const std::uint64_t how = RESOLVE_NO_MAGICLINKS | (follow ? 0U : RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
    UniqueFd folder = base::sys::openat2(parent.get(), name.c_str(), flags, how);
    if (!folder.valid() && errno == ENOENT && may_create == MayCreate::yes) {
        if (mkdirat(parent.get(), name.c_str(), 0700) != 0 && errno != EEXIST)
            return system_error("mkdirat", "cannot make the folder '" + shown + "'");
        folder = base::sys::openat2(parent.get(), name.c_str(), flags, how);
    }
    if (!folder.valid() && (errno == ELOOP || errno == ENOTDIR)) {
        Error error = system_error("openat2", "'" + shown + "' is no folder");
        error.advice = "a link or a file stands where a folder of the sandbox belongs; look who put it there, then remove it";
        return error;
    }
    if (!folder.valid() && errno != ENOENT) return system_error("openat2", "cannot open the folder '" + shown + "'");
    return folder;
}

} // namespace

HostLinux::HostLinux(std::vector<std::string> environment, MayCreate may_create)
    : environment_(std::move(environment)), may_create_(may_create) {
    user_.uid = geteuid();
    user_.gid = getegid();
    // The files themselves: name services load libraries, which a static program must not.
    const auto account = account_line("/etc/passwd", 2, std::to_string(user_.uid));
    const auto group = account_line("/etc/group", 2, std::to_string(user_.gid));
    user_.name = !account.empty() ? account[0] : variable("USER").value_or("user");
    if (user_.name.empty()) user_.name = "user";
    user_.group = !group.empty() && !group[0].empty() ? group[0] : user_.name;
    // $HOME goes first: who sets it means it.
    for (const std::string& home : {variable("HOME").value_or(""), account.size() > 5 ? account[5] : std::string()})
        if (const auto path = base::normalised(home); user_.home.text.empty() && path.ok()) user_.home.text = path.value();
    if (user_.home.text.empty()) user_.home.text = "/";
}

Kernel HostLinux::kernel() const {
    Kernel kernel;
    // Rights came in this order, each kernel knowing all before: the first set that is taken is all that it knows.
    for (const unsigned known : {16U, 15U, 14U, 13U}) {
        const std::uint64_t rights = (std::uint64_t{1} << known) - 1;
        if (kernel.landlock_fs == 0 && landlock_takes({.fs = rights}, sizeof(std::uint64_t))) kernel.landlock_fs = rights;
    }
    for (const std::uint64_t scopes : {3U, 1U})
        if (kernel.landlock_scope == 0 && landlock_takes({.scoped = scopes}, sizeof(LandlockAttributes)))
            kernel.landlock_scope = scopes;
    return kernel;
}

Result<std::optional<Source>> HostLinux::look(const HostPath& path, FollowLinks links) const {
    const bool follow = links == FollowLinks::yes;
    const UniqueFd file = base::sys::openat2(AT_FDCWD, path.text.c_str(), O_PATH | (follow ? 0U : O_NOFOLLOW),
                                             follow ? RESOLVE_NO_MAGICLINKS : no_links);
    if (!file.valid() && (errno == ENOENT || errno == ENOTDIR)) return std::optional<Source>{};
    if (!file.valid()) return system_error("openat2", "cannot look at '" + path.text + "'");
    return std::optional(TRY(identify(file, follow ? TRY(canonical(file, path.text)) : path)));
}

Result<std::optional<Source>> HostLinux::look_beneath(const HostPath& folder, std::string_view relative) const {
    const std::string shown = base::joined(folder.text, relative);
    const UniqueFd base = base::sys::openat2(AT_FDCWD, folder.text.c_str(), O_PATH | O_DIRECTORY, no_links);
    if (!base.valid() && errno == ENOENT) return std::optional<Source>{};
    if (!base.valid()) return system_error("openat2", "cannot look at '" + folder.text + "'");
    const std::string below = relative.empty() ? "." : std::string(relative);
    const UniqueFd file = base::sys::openat2(base.get(), below.c_str(), O_PATH | O_NOFOLLOW, no_links | RESOLVE_BENEATH);
    if (!file.valid() && (errno == ENOENT || errno == ENOTDIR)) return std::optional<Source>{};
    if (!file.valid()) return system_error("openat2", "cannot look at '" + shown + "'");
    return std::optional(TRY(identify(file, {relative.empty() ? folder.text : shown})));
}

std::optional<std::string> HostLinux::link_text(const HostPath& path) const {
    char text[PATH_MAX];
    const ssize_t length = readlink(path.text.c_str(), text, sizeof text);
    if (length <= 0 || length == sizeof text) return std::nullopt;
    return std::string(text, static_cast<std::size_t>(length));
}

bool HostLinux::is_planted(const HostPath& link) const {
    const UniqueFd above = base::sys::open(std::string(base::parent_of(link.text)).c_str(), O_PATH | O_DIRECTORY);
    struct stat folder{}, own{};
    if (!above.valid() || fstat(above.get(), &folder) != 0) return true;
    if ((folder.st_mode & S_ISVTX) == 0 || (folder.st_mode & S_IWOTH) == 0) return false;
    if (fstatat(above.get(), std::string(base::name_in(link.text)).c_str(), &own, AT_SYMLINK_NOFOLLOW) != 0) return true;
    return own.st_uid != geteuid() && own.st_uid != 0 && own.st_uid != folder.st_uid;
}

Result<std::optional<std::string>> HostLinux::read(const HostPath& path, std::size_t limit) const {
    // O_NONBLOCK: a fifo in the place of a file must not hold us.
    const UniqueFd file = base::sys::openat2(AT_FDCWD, path.text.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY,
                                             RESOLVE_NO_MAGICLINKS);
    if (!file.valid() && (errno == ENOENT || errno == ENOTDIR)) return std::optional<std::string>{};
    if (!file.valid()) return system_error("openat2", "cannot read '" + path.text + "'");
    struct stat status{};
    if (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
        return Error{.what = "'" + path.text + "' is no regular file", .advice = "name a file that can be read to its end"};
    auto bytes = base::read_all(file, limit);
    if (!bytes.ok()) {
        bytes.error().what = "cannot read '" + path.text + "'";
        return std::move(bytes).error();
    }
    return std::optional(std::move(bytes).value());
}

std::vector<HostPath> HostLinux::matches(const std::string& pattern) const {
    std::vector<HostPath> found;
    if (pattern.starts_with('/')) match_below("/", std::string_view(pattern).substr(1), found);
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<std::string> HostLinux::entries(const HostPath& folder) const {
    return names_in(folder.text);
}

Result<Source> HostLinux::own_folder(const HostPath& base, std::string_view relative) {
    const HostPath asked{TRY(base::normalised(base::joined(base.text, relative)))};
    UniqueFd folder = base::sys::open("/", O_PATH | O_DIRECTORY);
    std::string shown = "/";
    // The user's own way to the data folder may hold links; below it everything is ours, and none is followed.
    for (const std::string_view part : base::split(std::string_view(asked.text).substr(1), '/')) {
        shown = base::joined(shown, part);
        const bool ours = shown.size() > base.text.size();
        folder = TRY(step_into(folder, std::string(part), shown, !ours, may_create_));
        if (!folder.valid()) return Source{.path = asked, .type = FileType::directory};
        struct stat status{};
        if (!ours || fstat(folder.get(), &status) != 0) continue;
        if (status.st_uid != user_.uid)
            return Error{.what = "the folder '" + shown + "' belongs to the user id " + std::to_string(status.st_uid),
                         .advice = "the folders of the sandbox must be your own; give it back with chown"};
    }
    return identify(folder, TRY(canonical(folder, asked.text)));
}

RlimitNow HostLinux::rlimit(std::uint32_t resource) const {
    struct rlimit now{};
    if (getrlimit(static_cast<__rlimit_resource>(resource), &now) != 0) return {};
    return {now.rlim_cur, now.rlim_max};
}

std::array<bool, 3> HostLinux::terminals() const {
    return {isatty(0) == 1, isatty(1) == 1, isatty(2) == 1};
}

std::string HostLinux::cwd() const {
    char path[PATH_MAX];
    // "(unreachable)/…": the folder is gone or lies outside.
    return getcwd(path, sizeof path) != nullptr && path[0] == '/' ? path : "";
}

HostPath HostLinux::libexec() const {
    // From where this program stands, so that an installed tree may be moved whole; the second is a build folder's.
    const auto program = link_text({"/proc/self/exe"});
    const std::string folder(base::parent_of(program.value_or("/")));
    for (const char* beside : {SANDBOX_LIBEXEC_FROM_BIN, "../profiles/demo"}) {
        const auto found = look({base::joined(folder, beside) + "/sandbox-demo"}, FollowLinks::yes);
        if (found.ok() && found.value()) return {std::string(base::parent_of(found.value()->path.text))};
    }
    return {"/usr/libexec/sandbox"};
}

std::string HostLinux::random_suffix() {
    std::array<unsigned char, 4> bytes{};
    if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) std::abort();
    std::string text;
    for (const unsigned char byte : bytes) text += static_cast<char>('a' + byte % 26);
    return text;
}

} // namespace resolve
