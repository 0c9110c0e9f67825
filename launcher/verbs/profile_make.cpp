#include "launcher/verbs/profile_make.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"
#include "launcher/profile/check.hpp"
#include "launcher/profile/exposure.hpp"
#include "launcher/profile/file.hpp"
#include "launcher/profile/find.hpp"
#include "launcher/profile/print.hpp"
#include "launcher/resolve/host_linux.hpp"
#include "launcher/resolve/resolve.hpp"
#include "launcher/verbs/desktop.hpp"
#include "launcher/verbs/firejail.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <map>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;

constexpr OptionRow write_row{"--write", 'w', "", "put it into the user's profiles, instead of printing it"};
constexpr OptionRow force_row{"--force", 'f', "", "with --write: also where there is one already"};
constexpr std::array new_rows{
    OptionRow{"--class", 0, "NAME", "what it extends: class/NAME (default: by the categories of the .desktop file, else desktop)"},
    OptionRow{"--id", 0, "NAME", "its id (default: the name of the program, or of the .desktop file)"},
    write_row, force_row,
};
constexpr std::array import_rows{write_row, force_row};

Error usage(std::string what, std::string advice) { return Error{.what = std::move(what), .advice = std::move(advice), .failure = base::Failure::usage}; }

Result<std::string> program_of(const World& world, const std::string& command) {
    if (command.find('/') != std::string::npos) {
        if (command.starts_with('/') && access(command.c_str(), X_OK) == 0) return base::normalised(command);
        return Error{.what = "'" + command + "' is no program with an absolute path", .advice = "write the whole path, or its name alone where it is in PATH", .failure = base::Failure::not_found};
    }
    const std::string path = variable(world, "PATH");
    for (const std::string_view folder : base::split(path, ':')) {
        const std::string file = base::joined(folder, command);
        if (folder.starts_with('/') && access(file.c_str(), X_OK) == 0) return base::normalised(file);
    }
    return Error{.what = "there is no program '" + command + "' in PATH", .advice = "install it, or say where it is", .failure = base::Failure::not_found};
}

// Each folder of a path, made where it is missing.
Result<void> make_folders(const std::string& path) {
    for (auto at = path.find('/', 1);; at = path.find('/', at + 1)) {
        const std::string folder = path.substr(0, at);
        if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return base::system_error("mkdir", "cannot make '" + folder + "'");
        if (at == std::string::npos) return {};
    }
}

/// What a program is, as its entry in the menus tells.
struct Known {
    std::string program, id, desktop, kind = "desktop";
    std::vector<std::string> arguments;
};

// Main and additional categories (Desktop Menu Specification), the telling ones first: a viewer of pictures is in Graphics too.
struct CategoryRow {
    std::string_view category, kind;
};
constexpr std::array categories{
    CategoryRow{"WebBrowser", "browser"},       CategoryRow{"TerminalEmulator", "terminal"}, CategoryRow{"Calculator", "calculator"}, CategoryRow{"Archiving", "archiver"},
    CategoryRow{"Compression", "archiver"},     CategoryRow{"Viewer", "viewer"},             CategoryRow{"TextEditor", "editor"},     CategoryRow{"WordProcessor", "editor"},
    CategoryRow{"Email", "online"},             CategoryRow{"Chat", "online"},               CategoryRow{"InstantMessaging", "online"}, CategoryRow{"IRCClient", "online"},
    CategoryRow{"News", "online"},              CategoryRow{"FileTransfer", "online"},       CategoryRow{"P2P", "online"},            CategoryRow{"AudioVideoEditing", "studio"},
    CategoryRow{"Player", "player"},            CategoryRow{"Game", "game"},                 CategoryRow{"Network", "online"},        CategoryRow{"AudioVideo", "player"},
    CategoryRow{"Audio", "player"},             CategoryRow{"Video", "player"},              CategoryRow{"Graphics", "studio"},       CategoryRow{"Office", "editor"},
};

Result<Known> known(const World& world, const std::string& command) {
    Known known;
    if (!command.ends_with(".desktop")) {
        known.program = TRY(program_of(world, command));
        known.id = std::string(base::name_in(known.program));
        return known;
    }
    const std::vector<std::string> words = TRY(describe_entry(world, command));
    std::vector<std::string> own;
    bool terminal = false;
    for (std::size_t at = 0; at + 1 < words.size(); at += 2) {
        const std::string& value = words[at + 1];
        if (words[at] == "id") known.id = value;
        if (words[at] == "file") known.desktop = value;
        if (words[at] == "program") known.program = TRY(base::normalised(value));
        if (words[at] == "argument") known.arguments.push_back(value);
        if (words[at] == "category") own.push_back(value);
        terminal = terminal || words[at] == "terminal";
    }
    const auto row = std::find_if(categories.begin(), categories.end(), [&](const CategoryRow& one) { return std::find(own.begin(), own.end(), one.category) != own.end(); });
    if (row != categories.end()) known.kind = row->kind;
    if (terminal) known.kind = "headless"; // it is given a terminal of somebody else's
    return known;
}

std::string true_path(const std::string& path) {
    const std::unique_ptr<char, void (*)(void*)> real(realpath(path.c_str(), nullptr), std::free);
    return real ? std::string(real.get()) : path;
}

// As a profile writes it. A home that is not set, or the root of all, has no name for what is below it.
std::string in_home(const std::string& path, const std::string& home) { return home.size() > 1 && base::is_below(path, home) ? "${HOME}" + path.substr(home.size()) : path; }

// Whether a folder holds more than one program and what came with it: places of the user's, what is never granted as a whole, or what others
// may write, who put the program there.
bool is_of_all(const World& world, const std::string& folder, const std::string& home) {
    const auto holds = [&](const std::string& place) { return base::is_below(true_path(place), folder); };
    const std::string written = in_home(folder, home);
    struct stat status{};
    if (std::count(folder.begin(), folder.end(), '/') < 2 || folder == home + "/.local" || profile::holds_sensitive(written) || stat(folder.c_str(), &status) != 0) return true;
    const profile::Places places = resolve::places(resolve::HostLinux(world.environment, resolve::MayCreate::no), "");
    constexpr std::array<std::string_view, 13> of_user{"HOME", "CONFIG", "DATA", "CACHE", "STATE", "DESKTOP", "DOCUMENTS", "DOWNLOADS", "MUSIC", "PICTURES", "PUBLIC", "TEMPLATES", "VIDEOS"};
    return (status.st_mode & S_IWOTH) != 0 || std::any_of(of_user.begin(), of_user.end(), [&](std::string_view name) { return holds(places.find(name)->second); });
}

// The key that shows a program which no class does, as it lies outside of /usr: with the folder that was installed, or alone where that folder
// is one for all programs. Empty: nothing is needed, or it lies where nothing is granted as a whole.
std::string own_files(const World& world, const std::string& program) {
    std::string shown = true_path(program);
    if (base::is_below(shown, "/usr") || shown.find("${") != std::string::npos) return {};
    const std::string home = true_path(variable(world, "HOME"));
    std::string folder(base::parent_of(shown));
    if (base::name_in(folder) == "bin") folder = base::parent_of(folder);
    if (!is_of_all(world, folder, home)) shown = folder;
    shown = in_home(shown, home);
    if (profile::sensitive(shown)) return {};
    return shown;
}

std::string list_text(const std::vector<std::string>& words) {
    std::string list;
    for (const std::string& word : words) list += (list.empty() ? "" : ", ") + profile::value_text(word);
    return "[" + list + "]";
}

Result<Outcome> put(const World& world, const Parsed& parsed, const std::string& id, const std::string& text) {
    Outcome outcome;
    if (!parsed.has("--write")) outcome.output = text;
    else outcome.output = TRY(write_profile(world, id, text, parsed.has("--force"))) + "\n";
    return outcome;
}

std::string extends_line(const profile::Profile& profile) {
    std::vector<std::string> list;
    for (const auto& item : profile.app.extends) list.push_back(item.value);
    return "app.extends = " + list_text(list) + "\n";
}

std::string text_of(const std::string& file, const Imported& imported) {
    std::string text = "# From " + base::escaped(file) + ".\n";
    for (const NotCarried& one : imported.not_carried) text += "# not carried over: " + base::escaped(one.what + " (" + to_text(one.origin) + "): " + one.why) + "\n";
    return text + profile::to_toml(imported.profile) + extends_line(imported.profile);
}

Error is_there(const std::string& path) { return {.what = "there is a profile '" + path + "' already", .advice = "--force writes over it"}; }

Result<std::string> user_apps(const World& world) {
    const auto folders = search_folders(world);
    if (folders.back().layer != profile::Layer::user) return Error{.what = "there is no folder for the user's profiles", .advice = "set HOME or XDG_CONFIG_HOME"};
    return base::joined(folders.back().path.text, "apps");
}

// Before anything of several is written; link(2) has the last word.
Result<void> is_free(const World& world, const std::string& id) {
    const std::string path = base::joined(TRY(user_apps(world)), id + ".toml");
    if (access(path.c_str(), F_OK) == 0) return is_there(path);
    return {};
}

// A second profile of a program would be taken instead of the first one, or be laid over it, unasked.
Result<std::string> already_known(const World& world, const Parsed& parsed, const NewProfile& made) {
    if (parsed.has("--force")) return std::string(); // it is meant
    if (parsed.has("--write")) TRY(is_free(world, made.id));
    if (parsed.has("--id")) return std::string();
    profile::Files files;
    for (const std::string& word : {made.id, std::string(base::name_in(made.program))}) {
        const auto id = profile::find_app(files, search_folders(world), word);
        if (!id) continue;
        const std::string file = base::joined(TRY(user_apps(world)), id.value() + ".toml");
        const Error error{.what = "'" + made.program + "' has a profile already, '" + id.value() + "'",
                          .advice = "say in '" + file + "' what is to be different, or make one of another --id"};
        if (parsed.has("--write")) return error;
        return base::escaped(base::to_text(error));
    }
    return std::string();
}

} // namespace

Result<std::string> write_profile(const World& world, const std::string& id, const std::string& text, bool over) {
    const std::string folder = TRY(user_apps(world));
    TRY(make_folders(folder));
    const std::string path = base::joined(folder, id + ".toml"), beside = base::joined(folder, "." + id + ".new");
    {
        const base::UniqueFd file = base::sys::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0644);
        if (!file.valid()) return base::system_error("open", "cannot write '" + beside + "'");
        TRY(base::write_all(file, text));
    }
    // link(2) does not replace: two that write at once cannot both win.
    const int done = over ? rename(beside.c_str(), path.c_str()) : link(beside.c_str(), path.c_str());
    const int code = errno;
    if (!over) (void)unlink(beside.c_str()); // a second name of what stands, or of what is not wanted
    if (done == 0) return path;
    if (code == EEXIST) return is_there(path);
    return Error{.what = "cannot write '" + path + "'", .call = over ? "rename" : "link", .code = code};
}

std::span<const OptionRow> new_options() { return new_rows; }
std::span<const OptionRow> import_options() { return import_rows; }

Result<NewProfile> new_profile(const World& world, const Parsed& parsed, const std::string& command) {
    const Known about = TRY(known(world, command));
    NewProfile made;
    made.program = about.program;
    made.id = parsed.has("--id") ? parsed.last("--id") : about.id;
    if (!profile::is_name(made.id)) return usage("'" + made.id + "' cannot be an app's id", "say --id NAME");
    made.warning = TRY(already_known(world, parsed, made));
    const std::string kind = parsed.has("--class") ? parsed.last("--class") : about.kind;
    profile::Files files;
    const auto classes = TRY(profile::names_of(files, search_folders(world), "class"));
    if (std::find(classes.begin(), classes.end(), kind) == classes.end())
        return profile::unknown("class", kind, std::vector<std::string_view>(classes.begin(), classes.end()), {"--class " + kind, 0, 0});
    made.kind = "class/" + kind;
    const auto file = TRY(profile::strongest(files, search_folders(world), made.kind));
    const bool has_home = TRY(profile::load({search_folders(world), file->path, {}})).home.mode.value == profile::HomeMode::app; // the class says so
    const std::string name(base::name_in(made.program)); // its folders are called by it, whatever the id is
    made.app = "[app]\n";
    if (!about.desktop.empty() && name != made.id && profile::is_name(name)) made.app += "names   = " + list_text({name}) + "\n";
    const std::string end = true_path(made.program);
    const bool shown = base::is_below(made.program, "/usr") || base::is_below(end, "/usr"); // else it is a link that nobody finds inside
    made.app += "exec    = " + list_text({shown ? made.program : end}) + "\n";
    if (!about.arguments.empty()) made.app += "args    = " + list_text(about.arguments) + "\n";
    if (!about.desktop.empty()) made.app += "desktop = " + list_text({about.desktop}) + "\n";
    made.app += "extends = " + list_text({made.kind}) + "\n";
    made.shown = own_files(world, made.program);
    made.text = "# What " + base::escaped(name) + " may have: what " + made.kind + " gives, and of the home its own settings. 'sandbox profile why' tells what is missing.\nschema = 1\n" +
                made.app + "[home]\n" + (has_home ? "" : "mode    = \"app\"\n") + "persist = " +
                 list_text({".config/" + name, ".local/share/" + name, ".cache/" + name}) + "\n" + (made.shown.empty() ? "" : "[files]\n" + profile::value_text(made.shown) + " = \"ro\"\n");
    return made;
}

Result<Outcome> profile_new(const World& world, const Parsed& parsed) {
    if (parsed.rest.size() != 1) return usage("expected one program or .desktop file", "as: sandbox profile new /usr/bin/gimp");
    const NewProfile made = TRY(new_profile(world, parsed, parsed.rest[0]));
    Outcome outcome = TRY(put(world, parsed, made.id, made.text));
    if (!made.warning.empty()) outcome.warnings.push_back(made.warning);
    const bool icon = made.app.find("\ndesktop = ") != std::string::npos;
    if (parsed.has("--write"))
        outcome.output += "next: 'sandbox run --log-denials " + made.id + "' tries it and tells what it is refused" +
                          (icon ? "; 'sandbox integrate " + made.id + "' puts it behind its icon" : "") + "\n";
    return outcome;
}

Result<Outcome> profile_import(const World& world, const Parsed& parsed) {
    if (parsed.rest.size() < 2 || parsed.rest[0] != "firejail") return usage("expected 'firejail' and its files", "as: sandbox profile import firejail /etc/firejail/vlc.profile");
    const std::size_t count = parsed.rest.size() - 1;
    if (count > 1 && !parsed.has("--write")) return usage("several profiles cannot be printed as one", "say --write, or name one file");
    // All are read before the first is written: what cannot be read changes nothing.
    std::map<std::string, std::string> texts;
    Outcome outcome;
    for (std::size_t at = 1; at <= count; ++at) {
        const std::string& file = parsed.rest[at];
        if (count > 1) world.progress(std::to_string(at) + " of " + std::to_string(count) + ": " + file);
        const Imported imported = TRY(import_firejail(file));
        const std::string& id = imported.profile.app.id.value;
        if (!texts.try_emplace(id, text_of(file, imported)).second) return usage("two of the files are called '" + id + "'", "import them one by one");
        if (!parsed.has("--force") && parsed.has("--write")) TRY(is_free(world, id));
        for (const NotCarried& one : imported.not_carried) outcome.warnings.push_back(base::escaped(to_text(one.origin) + ": not carried over: " + one.what + ": " + one.why));
    }
    for (const auto& [id, text] : texts) outcome.output += TRY(put(world, parsed, id, text)).output;
    return outcome;
}

} // namespace verbs
