#include "tests/support/fake_host.hpp"

#include "launcher/base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fnmatch.h>
#include <sys/sysmacros.h>

namespace support {

using base::Error;
using base::HostPath;
using base::Result;
using plan::FileType;
using resolve::FollowLinks;

namespace {

constexpr int most_links = 40; // as path_resolution(7)

std::uint64_t number(std::string_view text) {
    int radix = 10;
    if (text.starts_with("0x")) {
        text.remove_prefix(2);
        radix = 16;
    }
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value, radix);
    return value;
}

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool line_end = text[at] == '\\' && at + 1 < text.size() && text[at + 1] == 'n';
        out += line_end ? '\n' : text[at];
        at += line_end ? 1 : 0;
    }
    return out;
}

// The rest of a line after its first words.
std::string_view after(std::string_view line, std::size_t words) {
    for (; words > 0; --words) {
        const auto space = line.find(' ');
        if (space == std::string_view::npos) return {};
        line.remove_prefix(space + 1);
    }
    return line;
}

// FNV-1a, shortened to what is easy to read.
std::uint64_t inode_of(std::string_view path) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : path) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return 2 + hash % 1'000'000;
}

} // namespace

Result<void> FakeHost::tell(std::string_view lines, const std::string& file) {
    std::uint32_t count = 0;
    for (const std::string_view line : base::split(lines, '\n')) {
        ++count;
        if (line.empty() || line[0] == '#') continue;
        if (!tell_fact(line) && !tell_file(base::split(line, ' '), line))
            return Error{.what = "cannot read the line '" + std::string(line) + "'", .origin = {file, count, 1}};
    }
    return {};
}

bool FakeHost::tell_fact(std::string_view line) {
    const auto words = base::split(line, ' ');
    const auto is = [&](std::string_view name, std::size_t size) { return words[0] == name && words.size() == size; };
    if (is("user", 6))
        user_ = {static_cast<std::uint32_t>(number(words[1])),
                 static_cast<std::uint32_t>(number(words[2])),
                 std::string(words[3]),
                 std::string(words[4]),
                 {std::string(words[5])}};
    else if (is("cwd", 2))
        cwd_ = words[1];
    else if (is("suffix", 2))
        suffix_ = words[1];
    else if (is("landlock", 3))
        kernel_ = {number(words[1]), number(words[2])};
    else if (is("rlimit", 4))
        rlimits_[static_cast<std::uint32_t>(number(words[1]))] = {number(words[2]), number(words[3])};
    else if (is("libexec", 2))
        libexec_ = {std::string(words[1])};
    else if (words[0] == "env" && words.size() > 1)
        environment_.emplace_back(after(line, 1));
    else if (words[0] == "terminals")
        for (std::size_t fd = 0; fd < terminals_.size(); ++fd)
            terminals_[fd] = std::find(words.begin(), words.end(), std::to_string(fd)) != words.end();
    else
        return false;
    return true;
}

bool FakeHost::tell_file(const Words& words, std::string_view line) {
    if (words.size() < 2) return false;
    const std::string path(words[1]);
    const auto is = [&](std::string_view name) { return words[0] == name && words.size() == 2; };
    if (is("dir")) {
        add(path, {});
    } else if (words[0] == "file") {
        add(path, {.kind = Kind::regular, .text = unescaped(after(line, 2))});
    } else if (is("socket")) {
        add(path, {.kind = Kind::socket});
    } else if (is("fifo")) {
        add(path, {.kind = Kind::fifo});
    } else if ((words[0] == "char" || words[0] == "block") && words.size() == 3) {
        const auto parts = base::split(words[2], ':');
        if (parts.size() != 2) return false;
        const auto node = makedev(static_cast<unsigned>(number(parts[0])), static_cast<unsigned>(number(parts[1])));
        add(path, {.kind = words[0] == "char" ? Kind::character : Kind::block, .number = node});
    } else if (words[0] == "link" && words.size() == 3) {
        add(path, {.kind = Kind::link, .text = std::string(words[2])});
    } else if (is("planted")) {
        nodes_[path].planted = true;
    } else if (is("closed")) {
        add(path, {.closed = true});
    } else if (is("gone")) {
        remove(path);
    } else {
        return false;
    }
    return true;
}

void FakeHost::add(const std::string& path, Node node) {
    if (path != "/") {
        const std::string parent(base::parent_of(path));
        if (!nodes_.contains(parent)) add(parent, {});
    }
    nodes_.insert_or_assign(path, std::move(node));
}

void FakeHost::remove(const std::string& path) {
    std::erase_if(nodes_, [&](const auto& entry) { return base::is_below(entry.first, path); });
}

Result<std::optional<std::string>> FakeHost::walk(const std::string& path, FollowLinks links) const {
    std::vector<std::string> todo;
    const auto push = [&](std::string_view text) {
        const auto parts = base::split(text, '/');
        for (auto part = parts.rbegin(); part != parts.rend(); ++part)
            if (!part->empty() && *part != ".") todo.emplace_back(*part);
    };
    push(path);
    std::string here = "/";
    int followed = 0;
    while (!todo.empty()) {
        const std::string part = todo.back();
        todo.pop_back();
        const Node& folder = nodes_.at(here);
        if (folder.closed) return Error{.what = "cannot look at '" + path + "'", .call = "openat2", .code = EACCES};
        if (part == "..") {
            here = base::parent_of(here);
            continue;
        }
        const std::string next = base::joined(here, part);
        const auto node = nodes_.find(next);
        if (node == nodes_.end()) return std::optional<std::string>{};
        if (node->second.kind != Kind::link) {
            here = next;
            continue;
        }
        if (links == FollowLinks::no || ++followed > most_links)
            return Error{.what = "cannot look at '" + path + "'", .call = "openat2", .code = ELOOP};
        if (node->second.text.starts_with('/')) here = "/";
        push(node->second.text);
    }
    return std::optional(here);
}

plan::Source FakeHost::identify(const std::string& path) const {
    const Node& node = nodes_.at(path);
    FileType type = FileType::regular;
    switch (node.kind) {
    case Kind::directory: type = FileType::directory; break;
    case Kind::regular: break;
    case Kind::socket: type = FileType::socket; break;
    case Kind::fifo: type = FileType::fifo; break;
    case Kind::character: type = FileType::character; break;
    case Kind::block: type = FileType::block; break;
    case Kind::link: break; // never: walk ends at no link
    }
    return {.path = {path}, .device = makedev(8, 1), .inode = inode_of(path), .type = type, .node = node.number};
}

Result<std::optional<plan::Source>> FakeHost::look(const HostPath& path, FollowLinks links) const {
    const auto found = TRY(walk(path.text, links));
    if (!found) return std::optional<plan::Source>{};
    return std::optional(identify(*found));
}

Result<std::optional<plan::Source>> FakeHost::look_beneath(const HostPath& folder, std::string_view relative) const {
    const std::string path = relative.empty() ? folder.text : base::joined(folder.text, relative);
    return look({path}, FollowLinks::no);
}

std::optional<std::string> FakeHost::link_text(const HostPath& path) const {
    const auto parent = walk(std::string(base::parent_of(path.text)), FollowLinks::yes);
    if (!parent.ok() || !parent.value()) return std::nullopt;
    const auto node = nodes_.find(base::joined(*parent.value(), base::name_in(path.text)));
    if (node == nodes_.end() || node->second.kind != Kind::link) return std::nullopt;
    return node->second.text;
}

bool FakeHost::is_planted(const HostPath& link) const {
    const auto node = nodes_.find(link.text);
    return node != nodes_.end() && node->second.planted;
}

Result<std::optional<std::string>> FakeHost::read(const HostPath& path, std::size_t limit) const {
    const auto found = TRY(walk(path.text, FollowLinks::yes));
    if (!found) return std::optional<std::string>{};
    const Node& node = nodes_.at(*found);
    if (node.kind != Kind::regular) return Error{.what = "'" + path.text + "' is no regular file"};
    if (node.text.size() > limit)
        return Error{.what = "cannot read '" + path.text + "'", .call = "read", .code = EFBIG};
    return std::optional(node.text);
}

std::vector<HostPath> FakeHost::matches(const std::string& pattern) const {
    std::vector<HostPath> found;
    for (const auto& [path, node] : nodes_)
        if (fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0) found.push_back({path});
    return found;
}

std::vector<std::string> FakeHost::entries(const HostPath& folder) const {
    std::vector<std::string> names;
    const auto found = walk(folder.text, FollowLinks::yes);
    if (!found.ok() || !found.value() || nodes_.at(*found.value()).closed) return names;
    for (const auto& [path, node] : nodes_)
        if (path != "/" && base::parent_of(path) == *found.value()) names.emplace_back(base::name_in(path));
    return names;
}

Result<plan::Source> FakeHost::own_folder(const HostPath& base, std::string_view relative) {
    const std::string path = base::joined(base.text, relative);
    const auto found = walk(path, FollowLinks::no);
    if (!found.ok() && found.error().code == ELOOP)
        return Error{.what = "'" + path + "' is no folder", .call = "openat2", .code = ELOOP};
    const auto folder = TRY(found);
    if (!folder) return plan::Source{.path = {path}, .type = FileType::directory};
    return identify(*folder);
}

resolve::RlimitNow FakeHost::rlimit(std::uint32_t resource) const {
    const auto found = rlimits_.find(resource);
    return found == rlimits_.end() ? resolve::RlimitNow{} : found->second;
}

} // namespace support
