// The process that becomes the app: what is run, where, on which terminal.

#include "launcher/base/text.hpp"
#include "launcher/resolve/builder.hpp"

#include <algorithm>

namespace resolve {
namespace {

using base::Error;
using base::Result;

struct SignalName {
    std::string_view name;
    std::uint32_t number;
};
constexpr SignalName signal_names[] = {
    {"HUP", 1},   {"INT", 2},   {"QUIT", 3},  {"ABRT", 6},  {"KILL", 9},  {"USR1", 10},
    {"USR2", 12}, {"PIPE", 13}, {"ALRM", 14}, {"TERM", 15}, {"CONT", 18}, {"STOP", 19},
};

bool is_host_root(const Builder& builder) {
    const std::string& source = builder.profile.root.source.value;
    return source.empty() || source == "host";
}

// Whether the file that stands at `path` on the host can be seen inside.
bool is_shown(const Builder& builder, const plan::Source& found) {
    return found.type == plan::FileType::regular && !builder.tree.places_of(found.path).empty();
}

// A program of ours, which may lie in a build folder that is not shown: the file alone is.
Result<bool> show_own(Builder& builder, const std::string& path, const base::Origin& origin) {
    const auto found = TRY(builder.host.look({path}, FollowLinks::yes));
    if (!found || found->type != plan::FileType::regular) return false;
    if (!is_shown(builder, *found) || found->path.text != path)
        TRY(builder.tree.place(plan::Bind{.source = *found, .target = {path}, .origin = origin}));
    return true;
}

struct Program {
    std::string path;
    base::Origin origin;
};

Result<Program> executable(Builder& builder) {
    const profile::Set& wish = builder.profile.app.exec;
    if (wish.empty())
        return Error{.what = "the profile '" + builder.plan.app + "' names no program",
                     .advice = "give a command after '--', or set app.exec",
                     .origin = {.file = builder.profile.file}, .failure = base::Failure::not_found};
    std::string tried;
    bool hidden = false;
    for (const auto& item : wish) {
        const std::string path = TRY(expanded_path(item.value, builder.places, item.origin()));
        const Program program{path, item.origin()};
        if (base::is_below(path, builder.places["LIBEXEC"]) && TRY(show_own(builder, path, item.origin()))) return program;
        // In a root of another make only the helper can tell: links there lead inside it.
        if (!is_host_root(builder)) return program;
        const auto found = builder.host.look({path}, FollowLinks::yes);
        if (found.ok() && found.value() && is_shown(builder, *found.value())) return program;
        hidden = hidden || (found.ok() && found.value());
        tried += (tried.empty() ? "'" : ", '") + path + "'";
    }
    return Error{.what = wish.size() == 1 ? "the program " + tried + (hidden ? " is not shown inside" : " is not there")
                                          : "none of the programs " + tried + (hidden ? " is shown inside" : " is there"),
                 .advice = hidden ? "grant the folder that it really lies in, in [files]" : "install it",
                 .origin = wish.front().origin(), .failure = base::Failure::not_found};
}

Result<void> command(Builder& builder) {
    plan::Process& process = builder.plan.process;
    if (!builder.invocation.command.empty()) {
        process.argv.push_back(builder.invocation.command[0]);
        process.origin = builder.invocation.origin;
    } else {
        Program program = TRY(executable(builder));
        process.argv.push_back(std::move(program.path));
        process.origin = std::move(program.origin);
        for (const std::string& argument : builder.profile.app.args.value) {
            auto text = profile::expand(argument, builder.inside_places);
            if (!text.ok()) {
                text.error().origin = builder.profile.app.args.origin();
                return std::move(text).error();
            }
            process.argv.push_back(std::move(text).value());
        }
    }
    if (process.argv[0].empty())
        return Error{.what = "the command is empty", .advice = "name a program after '--'", .origin = process.origin, .failure = base::Failure::usage};
    return {};
}

Result<void> folder(Builder& builder) {
    const auto& wish = builder.profile.process.cwd;
    if (wish.set()) {
        const std::string path = TRY(expanded_path(wish.value, builder.inside_places, wish.origin()));
        // /proc/self/fd/N would be a folder that somebody opened outside (CVE-2024-21626).
        if (base::is_below(path, "/proc"))
            return Error{.what = "the current directory cannot be '" + path + "'",
                         .advice = "choose a folder outside of /proc", .origin = wish.origin()};
        builder.plan.process.cwd.text = path;
        return {};
    }
    builder.plan.process.cwd.text = builder.home;
    // Where the caller stands, if that is in sight and is not one of the system's folders.
    const auto here = base::normalised(builder.host.cwd());
    if (!here.ok()) return {};
    for (const base::InsidePath& place : builder.tree.places_of({here.value()})) {
        const bool system = base::is_below(place.text, "/sys") || base::is_below(place.text, "/dev");
        const bool masked = std::any_of(builder.tree.mounts().begin(), builder.tree.mounts().end(), [&](const auto& mount) {
            const auto* mask = std::get_if<plan::Mask>(&mount);
            return mask != nullptr && base::is_below(place.text, mask->target.text);
        });
        if (system || masked) continue;
        builder.plan.process.cwd = place;
        return {};
    }
    return {};
}

void arguments(Builder& builder) {
    const bool same_folder = builder.plan.process.cwd.text == builder.host.cwd();
    for (const Word& word : builder.words) builder.plan.process.argv.push_back(same_folder ? word.as_given : word.anywhere);
}

Result<std::uint32_t> death_signal(const profile::Item<std::string>& wish) {
    constexpr std::uint32_t sigkill = 9;
    if (!wish.set()) return sigkill;
    std::string_view name = wish.value;
    if (name.starts_with("SIG")) name.remove_prefix(3);
    for (const SignalName& row : signal_names)
        if (row.name == name) return row.number;
    std::vector<std::string_view> names;
    for (const SignalName& row : signal_names) names.push_back(row.name);
    return Error{.what = "process.parent-death-signal: unknown signal '" + wish.value + "'",
                 .advice = base::did_you_mean(name, names), .origin = wish.origin()};
}

plan::Terminal terminal(const Builder& builder) {
    const auto& wish = builder.profile.process.terminal;
    switch (wish.set() ? wish.value : profile::TerminalWish::automatic) {
    case profile::TerminalWish::always: return plan::Terminal::pty;
    case profile::TerminalWish::never: return plan::Terminal::none;
    case profile::TerminalWish::automatic: break;
    }
    const auto terminals = builder.host.terminals();
    const bool any = std::any_of(terminals.begin(), terminals.end(), [](bool is) { return is; });
    return any ? plan::Terminal::pty : plan::Terminal::none;
}

} // namespace

Result<void> resolve_process(Builder& builder) {
    const profile::Process& wish = builder.profile.process;
    plan::Process& process = builder.plan.process;
    TRY(command(builder));
    TRY(folder(builder));
    arguments(builder);
    process.terminal = terminal(builder);
    process.parent_death_signal = TRY(death_signal(wish.parent_death_signal));
    process.preserved_fds = builder.invocation.preserved_fds;
    if (wish.umask.set()) {
        if (wish.umask.value > 0777)
            return Error{.what = "process.umask: permission bits go up to 0o777", .advice = "as \"077\"", .origin = wish.umask.origin()};
        process.umask = wish.umask.value;
    }
    return {};
}

} // namespace resolve
