// Files that the command line names are shown to the application, and nothing beside them: whoever says `evince a.pdf`
// means that evince may read a.pdf. An argument keeps its text wherever the file can be seen under the same path.

#include "launcher/base/text.hpp"
#include "launcher/resolve/mount/grant.hpp"
#include "launcher/resolve/single.hpp"

#include <algorithm>
#include <optional>

namespace resolve {
namespace {

using base::Error;
using base::HostPath;
using base::Origin;
using base::Result;
using plan::Access;
using profile::FileAccess;
using profile::FileArguments;

// The sandbox has all of these in its own form: an argument that names something in them means what is there inside.
constexpr std::string_view system_folders[] = {"/usr",    "/bin", "/sbin", "/lib",  "/lib32", "/lib64",
                                               "/libx32", "/etc", "/proc", "/sys",  "/dev",   "/boot"};

/// An argument that may name a file: `before` + `path` + nothing, or the URI of it.
struct Named {
    std::string before; ///< "--file=", or empty
    std::string path;   ///< absolute, or relative to the current directory
    bool is_uri = false;
};

std::optional<unsigned> hex_value(char digit) {
    constexpr std::string_view lower = "0123456789abcdef", upper = "0123456789ABCDEF";
    for (const std::string_view digits : {lower, upper})
        if (const auto at = digits.find(digit); at != std::string_view::npos) return static_cast<unsigned>(at);
    return std::nullopt;
}

// The path of file:///a%20b or file://localhost/a (RFC 8089). An escaped NUL or slash names no file.
std::optional<std::string> path_of_uri(std::string_view uri) {
    uri.remove_prefix(std::string_view("file://").size());
    if (uri.starts_with("localhost/")) uri.remove_prefix(std::string_view("localhost").size());
    uri = uri.substr(0, uri.find_first_of("?#"));
    std::string path;
    for (std::size_t at = 0; at < uri.size(); ++at) {
        if (uri[at] != '%') {
            path += uri[at];
            continue;
        }
        const auto high = at + 2 < uri.size() ? hex_value(uri[at + 1]) : std::nullopt;
        const auto low = high ? hex_value(uri[at + 2]) : std::nullopt;
        const auto byte = low ? *high << 4 | *low : 0U;
        if (byte == 0 || byte == '/') return std::nullopt;
        path += static_cast<char>(byte);
        at += 2;
    }
    return path.starts_with('/') ? std::optional(path) : std::nullopt;
}

std::string uri_of(const std::string& path) {
    constexpr std::string_view digits = "0123456789ABCDEF", plain = "/-._~!$&'()*+,;=:@";
    std::string uri = "file://";
    for (const char letter : path) {
        const auto byte = static_cast<unsigned char>(letter);
        const bool kept = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                          (letter >= '0' && letter <= '9') || plain.find(letter) != std::string_view::npos;
        if (kept) uri += letter;
        else ((uri += '%') += digits[byte >> 4]) += digits[byte & 15];
    }
    return uri;
}

// What begins with '-' is an option, but behind a "--"; of `--name=value` only an absolute value is looked at.
std::optional<Named> named(const std::string& word, bool after_dashes) {
    Named found;
    std::string_view value = word;
    if (word.starts_with('-') && !after_dashes) {
        const auto equals = word.find('=');
        if (equals == std::string::npos) return std::nullopt;
        found.before = word.substr(0, equals + 1);
        value.remove_prefix(equals + 1);
        if (!value.starts_with('/') && !value.starts_with("file://")) return std::nullopt;
    }
    found.is_uri = value.starts_with("file://");
    const auto path = found.is_uri ? path_of_uri(value) : std::optional(std::string(value));
    if (!path || path->empty()) return std::nullopt;
    found.path = *path;
    return found;
}

std::string rewritten(const Named& word, const std::string& path) {
    return word.before + (word.is_uri ? uri_of(path) : path);
}

// Where the program stands in a command: first, or behind `env NAME=VALUE…`, as menus have it.
std::size_t program_at(const std::vector<std::string>& command) {
    if (command[0] != "env" && command[0] != "/usr/bin/env") return 0;
    std::size_t at = 1;
    while (at < command.size() && !command[at].starts_with('-') && command[at].find('=') != std::string::npos) ++at;
    return at < command.size() ? at : 0;
}

// `--profile X -- COMMAND`: only where COMMAND is what the profile is for do its arguments mean what `run X` means.
bool is_own_program(const Builder& builder, const std::string& command) {
    for (const auto& item : builder.profile.app.exec) {
        const auto path = expanded_path(item.value, builder.places, item.origin());
        if (!path.ok()) continue;
        if (command == path.value() || command == base::name_in(path.value())) return true;
        if (base::normalised(command).ok() && end_of(builder, command) == end_of(builder, path.value())) return true;
    }
    return false;
}

bool is_of_system(const Builder& builder, const std::string& path) {
    const auto below = [&](std::string_view folder) { return base::is_below(path, folder); };
    if (path == "/" || std::any_of(std::begin(system_folders), std::end(system_folders), below)) return true;
    return below("/run") && !below("/run/media") && !below(builder.places.find("RUNTIME")->second);
}

Error refused(const std::string& path, std::string why, const Origin& origin) {
    return Error{.what = "'" + path + "' is not shown to the app: " + std::move(why),
                 .advice = "--set app.file-arguments=none hands the argument on without its file", .origin = origin};
}

// The longest path of [files] that covers this one decides.
Result<void> refuse_denied(const Builder& builder, const std::string& asked, const HostPath& path, const Origin& origin) {
    const profile::Item<profile::FileGrant>* decides = nullptr;
    std::size_t length = 0;
    for (const auto& [folder, item] : builder.files) {
        if (folder.size() < length || !base::is_below(path.text, folder)) continue;
        decides = &item;
        length = folder.size();
    }
    if (decides == nullptr || decides->value.access != FileAccess::deny) return {};
    return refused(asked, "it is denied at " + to_text(decides->origin()), origin);
}

Result<void> refuse(Builder& builder, const std::string& asked, const HostPath& written, const HostPath& end, Access access, const Origin& origin) {
    for (const HostPath& path : {written, end}) {
        TRY(refuse_above_ceiling(builder, path.text, access == Access::read_write ? FileAccess::rw : FileAccess::ro, origin));
        if (auto source = refuse_source(builder, path.text, origin); !source.ok()) return source;
        TRY(refuse_denied(builder, asked, path, origin));
    }
    const std::string why = protected_by(builder, written, end);
    return why.empty() ? Result<void>{} : refused(asked, why, origin);
}

// Whether a mount of ours can stand at `target` without covering or entering what is the app's.
bool is_free(const Builder& builder, const std::string& target) {
    if (builder.tree.holds(target) || !refuse_target(target, target, {}).ok()) return false;
    const plan::Mount* ground = builder.tree.ground_of(target);
    return ground == nullptr || std::holds_alternative<plan::Tmpfs>(*ground);
}

// The folder that holds the file inside is one of ours, empty but for what is shown in it, and read-only: what the app
// would save beside the file would be lost, and editors that replace a file by a new one write into it instead.
Result<void> place_folder(Builder& builder, const std::string& folder, const Origin& origin) {
    if (!is_free(builder, folder)) return {};
    return builder.tree.place(plan::Tmpfs{.target = {folder}, .size = 1U << 20, .inodes = 4096, .access = Access::read_only, .origin = origin});
}

// A file that may be written in a folder that may be too: what replaces it by a new one would meet a mount point (EBUSY).
bool is_open(const Builder& builder, const plan::Bind& bind) {
    const std::string folder(base::parent_of(bind.target.text));
    if (bind.access == Access::read_only || bind.source.type == plan::FileType::directory || is_free(builder, folder)) return false;
    const plan::Mount* ground = builder.tree.ground_of(folder);
    const auto* made = ground == nullptr ? nullptr : std::get_if<plan::Tmpfs>(ground);
    return made != nullptr && made->access == Access::read_write;
}

/// Where the file is seen inside.
Result<std::string> show(Builder& builder, const plan::Source& source, const std::string& written, std::size_t number,
                         Access access, const Origin& origin) {
    const std::string wanted = inside_of(builder, written);
    const std::string led_inside = TRY(builder.tree.through_links(wanted));
    plan::Bind bind{.source = source, .target = {led_inside}, .access = access, .execution = plan::Execution::denied, .origin = origin};
    const auto places = builder.tree.places_of(source.path);
    for (const base::InsidePath& place : places) {
        const auto* ground = std::get_if<plan::Bind>(builder.tree.ground_of(place.text));
        const bool enough = access == Access::read_only || (ground != nullptr && ground->access == Access::read_write);
        if (enough) return place.text == led_inside ? wanted : place.text;
    }
    const bool seen_there = std::find(places.begin(), places.end(), base::InsidePath{led_inside}) != places.end();
    if (!seen_there && (!is_free(builder, led_inside) || is_open(builder, bind))) {
        // Something of the app's own is called the same, or stands around it: a folder for this argument alone.
        bind.target.text = base::joined(base::joined(builder.runtime, "files/" + std::to_string(number)), base::name_in(written));
    }
    if (!seen_there) TRY(place_folder(builder, std::string(base::parent_of(bind.target.text)), origin));
    const std::string target = bind.target.text;
    TRY(builder.tree.place(std::move(bind)));
    return target == led_inside ? wanted : target;
}

Result<Word> argument(Builder& builder, const std::string& word, const Named& name, std::size_t number, Access access) {
    const Word untouched{word, word};
    const Origin origin{"argument " + std::to_string(number), 0, 0};
    const bool relative = !name.path.starts_with('/');
    const std::string here = builder.host.cwd();
    if (relative && here.empty()) return untouched;
    const std::string full = relative ? base::joined(here, name.path) : name.path;
    const bool climbs = ("/" + name.path + "/").find("/../") != std::string::npos;
    if (full.size() >= 4096) return untouched;
    // A first look that follows everything: most arguments are no files at all.
    const auto there = builder.host.look(end_of(builder, full), FollowLinks::no);
    if (!there.ok() || !there.value()) return untouched;
    const bool folder = there.value()->type == plan::FileType::directory;
    if (!folder && there.value()->type != plan::FileType::regular) return untouched;
    if (folder && !name.before.empty()) return untouched; // `--profile=FOLDER` is rather a setting than a document
    const auto text = base::normalised(climbs ? there.value()->path.text : full);
    if (!text.ok() || is_of_system(builder, text.value())) return untouched;
    const HostPath end = TRY(led_from_home(builder, full, origin));
    const HostPath written{climbs ? end.text : text.value()};
    TRY(refuse(builder, full, written, end, access, origin));
    const auto source = TRY(builder.host.look(end, FollowLinks::no));
    if (!source) return untouched; // gone since
    const std::string inside = TRY(show(builder, *source, written.text, number, access, origin));
    const bool same = inside == written.text && !climbs;
    const std::string elsewhere = rewritten(name, inside);
    return Word{same ? word : elsewhere, same && !relative ? word : elsewhere};
}

// For the files of further starts: a mount in a folder that is sealed can be added from outside, and by nobody inside. Where the
// root may be written, the app could put a folder of its own there.
Result<void> place_further_files(Builder& builder) {
    const auto& single = builder.profile.app.single_instance;
    const std::string folder(further_files);
    const bool wanted = single.value == profile::SingleInstance::join && builder.profile.app.file_arguments.value != FileArguments::none;
    if (!wanted || builder.plan.root.access == Access::read_write || builder.tree.holds(folder) || builder.tree.ground_of(folder) != nullptr) return {};
    return builder.tree.place(plan::Tmpfs{.target = {folder}, .size = 1U << 20, .inodes = 4096, .access = Access::read_only, .origin = single.origin()});
}

} // namespace

std::vector<std::string> readdressed(std::vector<std::string> words, std::size_t own, const std::string& folder, const std::string& seen, const std::string& path) {
    const auto full = [&](const Named& name) {
        const auto text = base::normalised(name.path.starts_with('/') ? name.path : base::joined(folder, name.path));
        return text.ok() ? text.value() : std::string();
    };
    // A second word may name the same file, or one in the same folder, and led to where this one is seen.
    const auto first = named(words[own], std::find(words.begin(), words.end(), "--") < words.begin() + static_cast<std::ptrdiff_t>(own));
    const std::string called = first ? full(*first) : seen;
    bool after_dashes = false;
    for (std::string& word : words) {
        const bool dashes = word == "--";
        if (const auto name = named(word, after_dashes)) {
            const std::string text = full(*name);
            for (const std::string& before : {called, seen}) {
                if (before.empty() || !base::is_below(text, before)) continue;
                word = rewritten(*name, path + text.substr(before.size()));
                break;
            }
        }
        after_dashes = after_dashes || dashes;
    }
    return words;
}

Result<void> resolve_arguments(Builder& builder) {
    TRY(place_further_files(builder));
    const auto& command = builder.invocation.command;
    std::vector<std::string> words = builder.invocation.arguments;
    if (!command.empty()) words.insert(words.begin(), command.begin() + 1, command.end());
    const std::size_t program = command.empty() ? 0 : program_at(command);
    const FileArguments wish = builder.profile.app.file_arguments.value;
    const Access access = wish == FileArguments::rw ? Access::read_write : Access::read_only;
    const bool shown = wish != FileArguments::none && (command.empty() || is_own_program(builder, command[program]));
    bool after_dashes = false;
    for (std::size_t at = 0; at < words.size(); ++at) {
        const auto name = shown && at >= program ? named(words[at], after_dashes) : std::nullopt;
        builder.words.push_back(name ? TRY(argument(builder, words[at], *name, at + 1, access)) : Word{words[at], words[at]});
        after_dashes = after_dashes || words[at] == "--";
    }
    return {};
}

} // namespace resolve
