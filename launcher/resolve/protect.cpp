// What no app may ever write: profiles, our own state, and what the user's session or shell runs outside of any sandbox.

#include "launcher/resolve/mount/grant.hpp"

namespace resolve {
namespace {

using base::HostPath;

struct Row {
    const char* place; ///< a place, or "" for an absolute path
    const char* below;
    const char* why;
};

constexpr Row rows[] = {
    {"CONFIG", "sandbox", "the profiles are there"},
    {"", "/etc/sandbox", "the administrator's profiles are there"},
    {"RUNTIME", "sandbox", "the records of running sandboxes are there"},
    {"RUNTIME", "sandbox-plans", "the plans of earlier starts are there"},
    {"DATA", "sandbox", "the homes of all apps are there"},
    {"CACHE", "sandbox", "the cache of the sandbox is there"},
    {"CONFIG", "autostart", "programs started at login are named there"},
    {"CONFIG", "systemd", "services of the user are there"},
    {"DATA", "systemd", "services of the user are there"},
    {"RUNTIME", "systemd", "services of the user are there"},
    {"CONFIG", "environment.d", "the environment of the session is set there"},
    {"CONFIG", "plasma-workspace", "programs started at login are there"},
    {"CONFIG", "fish", "a shell reads its start files there"},
    {"CONFIG", "user-dirs.dirs", "the places that profiles name are told there"},
    {"DATA", "applications", "menus take what they start from there"},
    {"DATA", "dbus-1", "the bus takes what it starts from there"},
    {"RUNTIME", "dbus-1", "the bus takes what it starts from there"},
    {"HOME", ".config/sandbox", "the profiles are there"},
    {"HOME", ".local/share/sandbox", "the homes of all apps are there"},
    {"HOME", ".config/autostart", "programs started at login are named there"},
    {"HOME", ".config/systemd", "services of the user are there"},
    {"HOME", ".config/environment.d", "the environment of the session is set there"},
    {"HOME", ".local/share/systemd", "services of the user are there"},
    {"HOME", ".local/share/applications", "menus take what they start from there"},
    {"HOME", ".local/share/dbus-1", "the bus takes what it starts from there"},
    {"HOME", ".local/bin", "programs of the user are there"},
    {"HOME", "bin", "programs of the user are there"},
    {"HOME", ".ssh", "it decides who may log in, and as whom"},
    {"HOME", ".gnupg", "the user's keys are there"},
    {"HOME", ".bashrc", "a shell reads it at its start"},
    {"HOME", ".bash_profile", "a shell reads it at its start"},
    {"HOME", ".bash_login", "a shell reads it at its start"},
    {"HOME", ".bash_logout", "a shell reads it at its end"},
    {"HOME", ".bash_aliases", "a shell reads it at its start"},
    {"HOME", ".profile", "a shell reads it at its start"},
    {"HOME", ".inputrc", "a shell reads it at its start"},
    {"HOME", ".zshrc", "a shell reads it at its start"},
    {"HOME", ".zshenv", "a shell reads it at its start"},
    {"HOME", ".zprofile", "a shell reads it at its start"},
    {"HOME", ".zlogin", "a shell reads it at its start"},
    {"HOME", ".config/fish", "a shell reads its start files there"},
    {"HOME", ".pam_environment", "the environment of the session is set there"},
    {"HOME", ".xsession", "the session runs it"},
    {"HOME", ".xsessionrc", "the session runs it"},
    {"HOME", ".xprofile", "the session runs it"},
    {"HOME", ".xinitrc", "the session runs it"},
    {"HOME", ".Xauthority", "the keys of the display are there"},
    {"HOME", ".Xresources", "the session reads it"},
    {"HOME", ".zlogout", "a shell reads it at its end"},
    {"HOME", ".kshrc", "a shell reads it at its start"},
    {"HOME", ".cshrc", "a shell reads it at its start"},
    {"HOME", ".tcshrc", "a shell reads it at its start"},
    {"HOME", ".login", "a shell reads it at its start"},
    {"HOME", ".gitconfig", "git runs what it names"},
    {"CONFIG", "git", "git runs what is named there"},
    {"HOME", ".vimrc", "an editor runs it"},
    {"HOME", ".vim", "an editor runs what is there"},
    {"CONFIG", "nvim", "an editor runs what is there"},
    {"HOME", ".emacs", "an editor runs it"},
    {"HOME", ".emacs.d", "an editor runs what is there"},
    {"CONFIG", "emacs", "an editor runs what is there"},
    {"HOME", ".tmux.conf", "a terminal runs what it names"},
    {"CONFIG", "tmux", "a terminal runs what is named there"},
    {"CONFIG", "kitty", "a terminal runs what is named there"},
    {"CONFIG", "alacritty", "a terminal runs what is named there"},
    {"CONFIG", "foot", "a terminal runs what is named there"},
    {"CONFIG", "sway", "the session runs what is named there"},
    {"CONFIG", "i3", "the session runs what is named there"},
    {"CONFIG", "hypr", "the session runs what is named there"},
    {"CONFIG", "openbox", "the session runs what is named there"},
    {"CONFIG", "xfce4", "the session runs what is named there"},
    {"CONFIG", "labwc", "the session runs what is named there"},
    {"CONFIG", "river", "the session runs what is there"},
    {"CONFIG", "niri", "the session runs what is named there"},
    {"CONFIG", "wayfire.ini", "the session runs what it names"},
    {"CONFIG", "awesome", "the session runs what is there"},
    {"CONFIG", "bspwm", "the session runs what is there"},
    {"CONFIG", "sxhkd", "the session runs what is named there"},
    {"CONFIG", "qtile", "the session runs what is there"},
    {"CONFIG", "waybar", "the session runs what is named there"},
    {"CONFIG", "dconf", "the settings of the desktop name programs to start"},
    {"CONFIG", "pipewire", "the server of sound loads what is named there"},
    {"CONFIG", "wireplumber", "the manager of sound runs what is there"},
    {"CONFIG", "pulse", "the server of sound loads what is named there"},
    {"HOME", ".asoundrc", "programs load what it names"},
    {"CONFIG", "autostart-scripts", "programs started at login are there"},
    {"CONFIG", "mimeapps.list", "menus take what opens a file from there"},
    {"CONFIG", "containers", "containers are set up there"},
    {"CONFIG", "xdg-desktop-portal", "the portals are chosen there"},
    {"DATA", "flatpak", "applications of the user are there"},
    {"DATA", "gnome-shell", "the desktop runs what is there"},
    {"DATA", "bash-completion", "a shell reads it at its start"},
    {"DATA", "kio", "the desktop runs what is named there"},
    {"DATA", "kservices5", "the desktop runs what is named there"},
    {"DATA", "nautilus", "the desktop runs what is there"},
    {"HOME", ".local/lib", "programs of the user load what is there"},
    {"HOME", ".cargo", "programs of the user are there"},
    {"HOME", ".npmrc", "programs of the user are set up there"},
    {"HOME", ".kube", "the user's keys are there"},
    {"", "/sys", "it sets the host itself"},
};

bool meet(const std::string& a, const std::string& b) {
    return base::is_below(a, b) || base::is_below(b, a);
}

} // namespace

std::string protected_by(Builder& builder, const HostPath& written, const HostPath& canonical) {
    const auto as_written = [&](const Row& row) {
        const auto place = builder.places.find(row.place);
        return HostPath{place == builder.places.end() ? row.below : base::joined(place->second, row.below)};
    };
    if (builder.guarded.empty())
        for (const Row& row : rows) builder.guarded.push_back(end_of(builder, as_written(row).text));
    for (std::size_t at = 0; at < std::size(rows); ++at) {
        const Row& row = rows[at];
        const HostPath guarded = as_written(row);
        if (!meet(written.text, guarded.text) && !meet(canonical.text, guarded.text) &&
            !meet(canonical.text, builder.guarded[at].text))
            continue;
        const bool inside = base::is_below(written.text, guarded.text) || base::is_below(canonical.text, guarded.text);
        return (inside ? "it is, or lies in, '" : "it holds '") + guarded.text + "', and " + row.why;
    }
    return {};
}

base::Result<void> refuse_protected(Builder& builder, const HostPath& written, const HostPath& canonical,
                                    const base::Origin& origin) {
    const std::string why = protected_by(builder, written, canonical);
    if (why.empty()) return {};
    return base::Error{.what = "'" + written.text + "' cannot be granted for writing: " + why,
                       .advice = "grant \"ro\", or only the folder that the app needs", .origin = origin};
}

} // namespace resolve
