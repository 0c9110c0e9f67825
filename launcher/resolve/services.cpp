// The services that a file of rows cannot say: the sockets of the displays, chosen at each start.

#include "launcher/base/text.hpp"
#include "launcher/resolve/busses.hpp"
#include "launcher/resolve/mount/grant.hpp"
#include "launcher/resolve/sidecars.hpp"
#include "launcher/resolve/xauthority.hpp"

#include <algorithm>

namespace resolve {
namespace {

using base::Error;
using base::Result;
using profile::ServiceWish;

/// What became of a service: empty: it is there; else why it is not.
using Outcome = std::string;

Result<Outcome> socket(Builder& builder, const std::string& path, const std::string& target, const base::Origin& origin) {
    const auto found = source_at(builder, path, origin); // other users make links too, in /tmp
    if (!found.ok()) return Outcome(found.error().what);
    if (!found.value()) return Outcome("'" + path + "' is not there");
    if (found.value()->type != plan::FileType::socket) return Outcome("'" + path + "' is no socket");
    TRY(builder.tree.place(plan::Bind{.source = *found.value(), .target = {target}, .execution = plan::Execution::denied,
                                      .subtree = plan::Subtree::alone, .origin = origin}));
    return Outcome{};
}

// --- Wayland

Result<Outcome> wayland(Builder& builder, const ServiceWish&, const base::Origin& origin) {
    const auto display = builder.host.variable("WAYLAND_DISPLAY");
    if (!display || display->empty()) return Outcome("WAYLAND_DISPLAY is not set");
    const std::string& runtime = builder.places["RUNTIME"];
    const auto path = base::normalised(display->starts_with('/') ? *display : base::joined(runtime, *display));
    if (!path.ok()) return Outcome("WAYLAND_DISPLAY names no socket");
    const std::string name = "wayland-0";
    Outcome outcome = TRY(socket(builder, path.value(), base::joined(builder.runtime, name), origin));
    if (!outcome.empty()) return outcome;
    builder.environment["WAYLAND_DISPLAY"] = name;
    // Qt and Chromium choose the display by it.
    builder.environment["XDG_SESSION_TYPE"] = "wayland";
    return outcome;
}

// --- X11

// The number of a local display: ":1", ":1.0", "unix:1", "unix/:1".
std::optional<std::string> display_number(std::string_view display) {
    if (display.starts_with("unix")) display.remove_prefix(4);
    if (display.starts_with("/")) display.remove_prefix(1);
    if (!display.starts_with(':')) return std::nullopt;
    const auto parts = base::split(display.substr(1), '.');
    if (parts.size() > 2 || !base::whole_number(parts[0], 65535)) return std::nullopt;
    if (parts.size() == 2 && !base::whole_number(parts[1], 65535)) return std::nullopt;
    return std::string(parts[0]);
}

// The cookies of that display alone, under the number that it has inside; empty: the server wants none.
Result<std::string> cookies(const Builder& builder, const std::string& number, const std::string& number_inside, const base::Origin& origin) {
    const std::string path = builder.host.variable("XAUTHORITY").value_or(base::joined(builder.user.home.text, ".Xauthority"));
    const auto file = base::normalised(path);
    if (!file.ok()) return std::string();
    auto bytes = builder.host.read({file.value()}, 1U << 20);
    if (!bytes.ok()) {
        bytes.error().origin = origin;
        bytes.error().advice = "XAUTHORITY names the file of the display's cookies";
        return std::move(bytes).error();
    }
    if (!bytes.value()) return std::string();
    const auto name = builder.host.read({"/proc/sys/kernel/hostname"}, 256);
    std::string hostname = name.ok() && name.value() ? *name.value() : "";
    if (hostname.ends_with('\n')) hostname.pop_back();
    auto found = cookies_for(*bytes.value(), number, hostname, number_inside);
    if (!found.ok()) {
        found.error().what += ": '" + file.value() + "'";
        found.error().origin = origin;
    }
    return found;
}

Result<void> cookie(Builder& builder, const std::string& number, const std::string& number_inside, const base::Origin& origin) {
    std::string found = TRY(cookies(builder, number, number_inside, origin));
    if (found.empty()) return {};
    const std::string target = base::joined(builder.runtime, "sandbox-xauthority");
    builder.environment["XAUTHORITY"] = target;
    return builder.tree.place(plan::Data{.target = {target}, .contents = std::move(found), .mode = 0400, .origin = origin});
}

// On the host's network the display's abstract socket is in sight, and libxcb tries it before the file. Landlock refuses
// it with EPERM, at which libxcb gives up; a number that nobody listens on is refused earlier, and then it takes the file.
std::string x11_number_inside(const Builder& builder, const std::string& number) {
    const bool own = builder.plan.namespaces.net.mode == plan::NamespaceMode::fresh;
    return own ? number : std::to_string(*base::whole_number(number) + 1000);
}

Result<Outcome> x11(Builder& builder, const ServiceWish& wish, const base::Origin& origin) {
    const auto display = builder.host.variable("DISPLAY");
    if (!display || display->empty()) return Outcome("DISPLAY is not set");
    const auto number = display_number(*display);
    if (!number) return Outcome("DISPLAY is '" + *display + "', and only local displays (':0') can be shown inside");
    const std::string folder = "/tmp/.X11-unix/X";
    const bool own_network = builder.plan.namespaces.net.mode == plan::NamespaceMode::fresh;
    const bool untrusted = wish.mode == "untrusted", isolated = wish.mode == "isolated";
    if (untrusted && !own_network)
        return Error{.what = "x11 = \"untrusted\" needs a network namespace of the app's own: on the host's it could not find the display",
                     .advice = "set network.mode to \"user\", \"loopback\" or \"none\", or x11 to \"isolated\"", .origin = origin};
    // A nested server looks for its own display and for the host's in one folder.
    const std::string number_inside = isolated ? std::to_string(*base::whole_number(*number) + 1000) : x11_number_inside(builder, *number);
    if (isolated || untrusted) {
        const auto found = source_at(builder, folder + *number, origin);
        if (!found.ok()) return Outcome(found.error().what);
        if (!found.value() || found.value()->type != plan::FileType::socket) return Outcome("'" + folder + *number + "' is no socket");
        const HostDisplay host{*found.value(), *number, TRY(cookies(builder, *number, *number, origin))};
        if (isolated) TRY(add_nested_server(builder, host, number_inside, origin));
        else TRY(add_untrusted_cookie(builder, host, origin));
    }
    if (!isolated) {
        Outcome outcome = TRY(socket(builder, folder + *number, folder + number_inside, origin));
        if (!outcome.empty()) return outcome;
        if (!untrusted) TRY(cookie(builder, *number, number_inside, origin));
    }
    builder.environment["DISPLAY"] = ":" + number_inside;
    builder.environment["XDG_SESSION_TYPE"] = "x11";
    return Outcome{};
}

// --- Sound

bool option(const ServiceWish& wish, std::string_view name) {
    return std::any_of(wish.options.begin(), wish.options.end(), [&](const auto& one) { return one.first == name && one.second == "true"; });
}

// Never the server's own socket: whoever has it has modules loaded, and one of them loads any file.
Result<Outcome> audio(Builder& builder, const ServiceWish& wish, const base::Origin& origin) {
    const std::string path = base::joined(builder.places["RUNTIME"], "pulse/native");
    const auto found = builder.host.look({path}, FollowLinks::yes);
    if (!found.ok()) return Outcome(found.error().what);
    if (!found.value() || found.value()->type != plan::FileType::socket) return Outcome("'" + path + "' is not there");
    const bool records = option(wish, "microphone");
    if (records || option(wish, "playback")) TRY(add_sound(builder, *found.value(), records ? Sound::play_and_record : Sound::play, origin));
    return Outcome{};
}

// --- Agents

Result<Outcome> ssh_agent(Builder& builder, const ServiceWish&, const base::Origin& origin) {
    const auto told = builder.host.variable("SSH_AUTH_SOCK");
    const auto path = base::normalised(told.value_or(""));
    if (!told || !path.ok()) return Outcome("SSH_AUTH_SOCK names no socket");
    const std::string target = base::joined(builder.runtime, "ssh-agent");
    Outcome outcome = TRY(socket(builder, path.value(), target, origin));
    if (outcome.empty()) builder.environment["SSH_AUTH_SOCK"] = target;
    return outcome;
}

// The socket that gpg-agent(1) opens for other machines: it signs and decrypts, and hands out no key.
Result<Outcome> gpg_agent(Builder& builder, const ServiceWish&, const base::Origin& origin) {
    return socket(builder, base::joined(builder.places["RUNTIME"], "gnupg/S.gpg-agent.extra"), base::joined(builder.runtime, "gnupg/S.gpg-agent"), origin);
}

// --- Portals

// By these files toolkits know that they are to ask the portals; the portals themselves look at the proxy's. A toolkit that asks
// and gets a file which nothing shows could open and save none: without documents it is to use dialogs of its own.
Result<Outcome> portals(Builder& builder, const ServiceWish&, const base::Origin& origin) {
    const std::string folder = base::joined(builder.places["RUNTIME"], "doc");
    const auto documents = builder.host.look({base::joined(folder, "by-app/" + portal_id(builder.plan.app))}, FollowLinks::no);
    if (!documents.ok() || !documents.value()) {
        builder.without_documents = true;
        return Outcome("'" + folder + "' shows no documents; the app has dialogs of its own, for the files that it sees");
    }
    for (const std::string& target : {std::string("/.flatpak-info"), base::joined(builder.runtime, "flatpak-info")})
        TRY(builder.tree.place(plan::Data{.target = {target}, .contents = flatpak_info(builder.plan), .mode = 0444, .origin = origin}));
    builder.environment["GTK_USE_PORTAL"] = "1";
    TRY(builder.tree.place(plan::Bind{.source = *documents.value(), .target = {base::joined(builder.runtime, "doc")}, .access = plan::Access::read_write,
                                      .execution = plan::Execution::denied, .subtree = plan::Subtree::alone, .origin = origin}));
    return Outcome{};
}

struct Row {
    const char* name;
    const char* told; ///< what is missing without it
    Result<Outcome> (*offer)(Builder&, const ServiceWish&, const base::Origin&);
};
constexpr Row displays[] = {{"x11", "x11", x11}, {"wayland", "wayland", wayland}}; // the session type is the later one's
constexpr Row others[] = {{"audio", "audio", audio}, {"gpg-agent", "gpg-agent", gpg_agent}, {"portals", "dialogs of the portals", portals}, {"ssh-agent", "ssh-agent", ssh_agent}};

Result<void> offer_displays(Builder& builder) {
    std::string missing;
    base::Origin origin;
    bool any = false;
    for (const Row& row : displays) {
        const auto wish = builder.profile.services.find(row.name);
        if (wish == builder.profile.services.end() || !wish->second.value.enabled) continue;
        const Outcome& outcome = builder.services[row.name] = TRY(row.offer(builder, wish->second.value, wish->second.origin()));
        if (outcome.empty()) {
            any = true;
            continue;
        }
        missing += (missing.empty() ? "" : "; ") + std::string(row.name) + ": " + outcome;
        origin = wish->second.origin();
    }
    // One of two displays is what the profile asks for; none is worth a line.
    if (!any && !missing.empty()) builder.warnings.push_back({origin, "no display for windows (" + missing + ")"});
    return {};
}

Result<void> offer_others(Builder& builder) {
    for (const Row& row : others) {
        const auto wish = builder.profile.services.find(row.name);
        if (wish == builder.profile.services.end() || !wish->second.value.enabled) continue;
        const Outcome& outcome = builder.services[row.name] = TRY(row.offer(builder, wish->second.value, wish->second.origin()));
        if (outcome.empty()) continue;
        builder.warnings.push_back({wish->second.origin(), "no " + std::string(row.told) + " (" + outcome + ")"});
    }
    return {};
}

} // namespace

Result<void> resolve_services(Builder& builder) {
    TRY(offer_displays(builder));
    TRY(offer_others(builder));
    return offer_busses(builder);
}

} // namespace resolve
