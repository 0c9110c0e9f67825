// The busses: each rule of [dbus.*] becomes an option of xdg-dbus-proxy(1), a sidecar that stands between the app and the
// busses of the host. It always filters: what no rule names is neither seen nor called.

#include "launcher/resolve/busses.hpp"

#include "launcher/base/text.hpp"
#include "launcher/resolve/sidecars.hpp"

#include <algorithm>
#include <array>

namespace resolve {
namespace {

using base::Error;
using base::Result;
using profile::BusAccess;
using profile::BusRule;
using Rules = profile::Map<BusRule>;

constexpr const char* proxy = "/usr/bin/xdg-dbus-proxy";
constexpr const char* proxy_name = "bus proxy";
constexpr const char* exchange_name = "bus";
constexpr const char* proxy_side = "/app";          // of the exchange
constexpr const char* app_side = "/run/sandbox/bus";
constexpr const char* names_side = "/run/sandbox/names"; // of the exchange of sandbox-names
constexpr std::string_view players = "org.mpris.MediaPlayer2."; // whose names the controls of the desktop look through
constexpr std::string_view players_outside = "org.mpris.MediaPlayer2.sandbox.i{instance}.", private_outside = "org.sandbox.private.i{instance}.";
// What the proxy tells of each message it tells on its stdout, which is the descriptor that says that it is ready. A log that
// has grown too large grows no more.
constexpr const char* log_script = "trap '' XFSZ; ulimit -f 32768; exec 3>&\"$1\" >/log; shift; exec \"$@\"";

/// Where a bus of the host listens.
struct Address {
    std::string path;     ///< of a socket file; empty: none
    std::string abstract; ///< name of an abstract socket; empty: none
};

struct Bus {
    const char* name; ///< the table's, the socket's, and what people read
    Rules profile::Dbus::* rules;
    const char* address_variable; ///< tells programs where it is, on the host and inside
    std::string (*standard)(const Builder&);
    std::string (*inside)(const Builder&);
};

constexpr std::array busses{
    Bus{"session", &profile::Dbus::session, "DBUS_SESSION_BUS_ADDRESS",
        [](const Builder& builder) { return base::joined(builder.places.at("RUNTIME"), "bus"); },
        [](const Builder& builder) { return base::joined(builder.runtime, "bus"); }},
    Bus{"system", &profile::Dbus::system, "DBUS_SYSTEM_BUS_ADDRESS",
        [](const Builder&) { return std::string("/run/dbus/system_bus_socket"); },
        [](const Builder&) { return std::string("/run/dbus/system_bus_socket"); }},
    Bus{"a11y", &profile::Dbus::a11y, "AT_SPI_BUS_ADDRESS",
        [](const Builder& builder) { // at-spi-bus-launcher names it after the display
            const auto found = builder.host.matches(base::joined(builder.places.at("RUNTIME"), "at-spi/bus*"));
            return found.empty() ? base::joined(builder.places.at("RUNTIME"), "at-spi/bus") : found.front().text;
        },
        [](const Builder& builder) { return base::joined(builder.runtime, "at-spi/bus"); }},
};

/// Names whose owners run programs outside, or open the whole bus, when they are asked to.
struct WayOut {
    std::string_view name;
    const char* why;
};
constexpr std::array ways_out{
    WayOut{"org.freedesktop.DBus", "the bus itself hands out more than the filter's own rules let through"},
    WayOut{"org.freedesktop.systemd1", "it starts programs outside of the sandbox"},
    WayOut{"org.freedesktop.Flatpak", "it starts programs outside of the sandbox"},
    WayOut{"org.freedesktop.impl.portal.PermissionStore", "it keeps what the portals allow"},
    WayOut{"org.gnome.Shell", "it runs scripts outside of the sandbox"},
    WayOut{"org.gnome.Terminal", "it starts programs outside of the sandbox"},
    WayOut{"org.kde.KWin", "it runs scripts outside of the sandbox"},
    WayOut{"org.kde.plasmashell", "it runs scripts outside of the sandbox"},
    WayOut{"org.kde.klauncher5", "it starts programs outside of the sandbox"},
    WayOut{"org.gtk.vfs.Daemon", "it opens any file of the user"},
    WayOut{"ca.desrt.dconf", "it writes the settings of the whole desktop, which name programs to start"},
};

Result<void> refuse_ways_out(const std::string& name, const profile::Item<BusRule>& item) {
    const BusRule& rule = item.value;
    const bool wide = rule.access == BusAccess::talk || rule.access == BusAccess::own ||
                      std::any_of(rule.call.begin(), rule.call.end(), [](const std::string& call) { return call.starts_with('*'); });
    for (const WayOut& way : ways_out)
        if (wide && covers_name(name, way.name))
            return Error{.what = "'" + name + "' on a bus cannot be granted: '" + std::string(way.name) + "' is a way out; " + way.why,
                         .advice = "name the methods that the app needs: { call = [\"…\"] }", .origin = item.origin()};
    return {};
}

// D-Bus Specification, "Server Addresses": what is not in the set of plain bytes is %XX.
std::optional<std::string> unescaped(std::string_view text) {
    const auto digit = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    };
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        const int high = at + 2 < text.size() ? digit(text[at + 1]) : -1, low = at + 2 < text.size() ? digit(text[at + 2]) : -1;
        if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
        out += static_cast<char>(high << 4 | low);
        at += 2;
    }
    return out;
}

// The first of the addresses that is a socket of this machine.
std::optional<Address> parsed(std::string_view addresses) {
    for (std::string_view one : base::split(addresses, ';')) {
        if (!one.starts_with("unix:")) continue;
        one.remove_prefix(5);
        for (const std::string_view pair : base::split(one, ',')) {
            const auto value = unescaped(pair.substr(std::min(pair.size(), pair.find('=') + 1)));
            if (!value || value->empty()) continue;
            if (pair.starts_with("path=") && base::normalised(*value).ok()) return Address{*value, ""};
            if (pair.starts_with("abstract=")) return Address{"", *value};
        }
    }
    return std::nullopt;
}

std::string escaped_address(std::string_view text) {
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/.\\*";
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (plain.find(c) != std::string_view::npos) out += c;
        else ((out += '%') += digits[byte >> 4]) += digits[byte & 15];
    }
    return out;
}

// What a private name is called outside: nobody looks for it. A player is still found as one, under no other's name.
std::string outside_name(const std::string& name) {
    if (name.starts_with(players)) return std::string(players_outside) += name.substr(players.size());
    return std::string(private_outside) += name;
}

// Those that are owned under another name outside (launcher/session/names.cpp).
std::vector<std::string> private_names(const Rules& rules) {
    std::vector<std::string> names;
    for (const auto& [name, item] : rules)
        if (item.value.access == BusAccess::own_private) names.push_back(name);
    return names;
}

// Whether a rule stands in the file of that service.
bool come_from(const Rules& rules, const std::string& service) {
    return std::any_of(rules.begin(), rules.end(), [&](const auto& rule) { return comes_from(rule.second.history, service); });
}

bool is_wanted(const BusRule& rule) { return rule.access != BusAccess::none || !rule.call.empty() || !rule.broadcast.empty(); }

// What the portals do with files.
constexpr std::string_view documents = "org.freedesktop.portal.Documents", chooser = "org.freedesktop.portal.FileChooser.";

Result<void> add_rules(std::vector<std::string>& words, const Rules& rules, bool without_documents) {
    for (const auto& [name, item] : rules) {
        TRY(refuse_ways_out(name, item));
        if (without_documents && name == documents) continue;
        switch (item.value.access) {
        case BusAccess::none: break;
        case BusAccess::own_private: words.push_back("--own=" + outside_name(name)); break;
        case BusAccess::see: words.push_back("--see=" + name); break;
        case BusAccess::talk: words.push_back("--talk=" + name); break;
        case BusAccess::own: words.push_back("--own=" + name); break;
        }
        for (const std::string& call : item.value.call)
            if (!without_documents || !call.starts_with(chooser)) words.push_back("--call=" + name + "=" + call);
        for (const std::string& broadcast : item.value.broadcast) words.push_back("--broadcast=" + name + "=" + broadcast);
    }
    return {};
}

} // namespace

bool covers_name(std::string_view rule, std::string_view name) {
    if (!rule.ends_with(".*")) return rule == name;
    rule.remove_suffix(2);
    return name.starts_with(rule) && (name.size() == rule.size() || name[rule.size()] == '.');
}

const char* way_out(std::string_view name) {
    for (const WayOut& way : ways_out)
        if (covers_name(name, way.name) || name.starts_with(std::string(way.name) + ".")) return way.why;
    return nullptr;
}

namespace {

// The name that the app has for what outside_name() made of it, if it did.
std::optional<std::string> inside_name(const std::string& outside) {
    if (outside.starts_with(players_outside)) return std::string(players) += outside.substr(players_outside.size());
    if (outside.starts_with(private_outside)) return outside.substr(private_outside.size());
    return std::nullopt;
}

// One word of add_rules(): --talk=NAME, --call=NAME=RULE.
void read_rule(Rules& rules, const std::string& word, const base::Origin& origin) {
    const auto equals = word.find('=');
    if (!word.starts_with("--") || equals == std::string::npos) return;
    const std::string option = word.substr(2, equals - 2), rest = word.substr(equals + 1);
    const auto second = rest.find('=');
    const std::string name = rest.substr(0, second);
    const auto of = [&](const std::string& key) -> BusRule& {
        rules[key].history = {{profile::Layer::system, origin, word}};
        return rules[key].value;
    };
    if (option == "call") of(name).call.push_back(rest.substr(second + 1));
    else if (option == "broadcast") of(name).broadcast.push_back(rest.substr(second + 1));
    else if (option == "see") of(name).access = BusAccess::see;
    else if (option == "talk") of(name).access = BusAccess::talk;
    else if (option == "own") {
        const auto inside = inside_name(name);
        of(inside.value_or(name)).access = inside ? BusAccess::own_private : BusAccess::own;
    }
}

} // namespace

profile::Dbus recorded_rules(const plan::Plan& plan) {
    profile::Dbus dbus;
    for (const plan::Sidecar& sidecar : plan.sidecars) {
        if (sidecar.name != proxy_name) continue;
        Rules* rules = nullptr; // of the bus whose socket was named last
        for (const std::string& word : sidecar.argv) {
            for (const Bus& bus : busses)
                if (word == base::joined(proxy_side, bus.name)) rules = &(dbus.*bus.rules);
            if (rules) read_rule(*rules, word, sidecar.origin);
        }
    }
    return dbus;
}

// xdg-desktop-portal knows an app by the file in the root of the process that is connected to the bus, which is the proxy.
// Its ids have two dots at least.
std::string portal_id(const std::string& app) {
    const bool plain = std::count(app.begin(), app.end(), '.') >= 2 && app.find("..") == std::string::npos && !app.ends_with('.') &&
                       app.find('-') == std::string::npos && !(app[0] >= '0' && app[0] <= '9');
    if (plain) return app;
    std::string id = "org.sandbox.app.";
    for (const char c : app) { // no two apps to one id
        if (c == '.') id += "_d";
        else if (c == '-') id += "_h";
        else if (c == '_') id += "__";
        else id += c;
    }
    return id;
}

std::string flatpak_info(const plan::Plan& plan) {
    // One Plan serves many instances: what names the instance is the app.
    const std::string id = portal_id(plan.app);
    return "[Application]\nname=" + id + "\n\n[Instance]\ninstance-id=" + id + "\n";
}

namespace {

struct Offer {
    const Bus& bus;
    Address address;
    plan::Source socket; ///< of a path
    base::Origin origin;
};

// What keeps the bus away; empty: nothing does.
Result<std::string> find(Builder& builder, Offer& offer) {
    if (builder.plan.ids.uid != builder.user.uid) return std::string("the app has another user id inside, and the bus would turn it away");
    const auto program = builder.host.look({proxy}, FollowLinks::yes);
    if (!program.ok() || !program.value()) return std::string("xdg-dbus-proxy is not installed");
    const auto told = builder.host.variable(offer.bus.address_variable);
    if (!told && builder.places.at("RUNTIME").empty()) return std::string("there is no runtime folder");
    const auto address = told && !told->empty() ? parsed(*told) : std::optional(Address{offer.bus.standard(builder), ""});
    if (!address) return std::string(offer.bus.address_variable) + " names no socket";
    offer.address = *address;
    if (!address->abstract.empty()) return std::string();
    const auto found = builder.host.look({TRY(base::normalised(address->path))}, FollowLinks::yes);
    if (!found.ok()) return std::string(found.error().what);
    if (!found.value()) return "'" + address->path + "' is not there";
    if (found.value()->type != plan::FileType::socket) return "'" + address->path + "' is no socket";
    offer.socket = *found.value();
    return std::string();
}

Result<void> show_inside(Builder& builder, const Offer& offer) {
    const std::string inside = offer.bus.inside(builder);
    if (!builder.tree.has(app_side))
        TRY(builder.tree.place(plan::Exchange{.name = exchange_name, .target = {app_side}, .access = plan::Access::read_only, .origin = offer.origin}));
    const bool has_private = !private_names(builder.profile.dbus.*offer.bus.rules).empty();
    const char* folder = has_private ? names_side : app_side;
    TRY(builder.tree.place(plan::Symlink{.target = {inside}, .text = base::joined(folder, offer.bus.name), .origin = offer.origin}));
    builder.environment[offer.bus.address_variable] = "unix:path=" + escaped_address(inside);
    if (offer.bus.rules == &profile::Dbus::a11y) builder.environment["NO_AT_BRIDGE"] = "0";
    return {};
}

Result<void> add_proxy(Builder& builder, const std::vector<Offer>& offers) {
    const base::Origin origin = offers.front().origin;
    std::vector<std::string> argv{proxy, "--fd={ready-fd}"};
    const bool logged = !builder.invocation.bus_log.text.empty();
    if (logged) argv = {"/bin/sh", "-c", log_script, "sandbox", "{ready-fd}", proxy, "--fd=3"};
    auto network = plan::SidecarNetwork::own;
    Tree root(builder.host);
    TRY(place_system(root, builder.host, origin));
    TRY(root.place(plan::Data{.target = {"/.flatpak-info"}, .contents = flatpak_info(builder.plan), .mode = 0444, .origin = origin}));
    TRY(root.place(plan::Exchange{.name = exchange_name, .target = {proxy_side}, .access = plan::Access::read_write, .origin = origin}));
    if (logged) {
        const auto log = TRY(builder.host.look(builder.invocation.bus_log, FollowLinks::no));
        if (!log) return Error{.what = "'" + builder.invocation.bus_log.text + "' is not there", .origin = origin};
        TRY(root.place(plan::Bind{.source = *log, .target = {"/log"}, .access = plan::Access::read_write, .execution = plan::Execution::denied,
                                  .subtree = plan::Subtree::alone, .origin = origin}));
    }
    for (const Offer& offer : offers) {
        const std::string name = offer.bus.name, seen = "/host/" + name;
        if (offer.address.abstract.empty()) {
            TRY(root.place(plan::Bind{.source = offer.socket, .target = {seen}, .execution = plan::Execution::denied,
                                      .subtree = plan::Subtree::alone, .origin = offer.origin}));
            argv.push_back("unix:path=" + seen);
        } else {
            network = plan::SidecarNetwork::host;
            argv.push_back("unix:abstract=" + escaped_address(offer.address.abstract));
        }
        argv.push_back(base::joined(proxy_side, name));
        argv.emplace_back("--filter");
        if (logged) argv.emplace_back("--log");
        if (offer.bus.rules == &profile::Dbus::a11y) argv.emplace_back("--sloppy-names"); // its clients have no other names
        TRY(add_rules(argv, builder.profile.dbus.*offer.bus.rules, builder.without_documents));
    }
    builder.plan.sidecars.push_back(TRY(sidecar(proxy_name, std::move(argv), root, "strict", origin)));
    builder.plan.sidecars.back().network = network;
    return {};
}

// Between the app and the proxy, where an app owns names that nobody outside may look for.
Result<void> add_private_names(Builder& builder, const Offer& offer, const std::vector<std::string>& names) {
    Tree root(builder.host);
    TRY(place_system(root, builder.host, offer.origin));
    TRY(root.place(plan::Bind{.source = TRY(own_program(builder, "sandbox-names")), .target = {"/sandbox-names"}, .subtree = plan::Subtree::alone, .origin = offer.origin}));
    TRY(root.place(plan::Exchange{.name = exchange_name, .target = {"/bus"}, .access = plan::Access::read_only, .origin = offer.origin}));
    TRY(root.place(plan::Exchange{.name = "names", .target = {proxy_side}, .access = plan::Access::read_write, .origin = offer.origin}));
    std::vector<std::string> argv{"/sandbox-names", base::joined(proxy_side, offer.bus.name), base::joined("/bus", offer.bus.name)};
    for (const std::string& name : names) argv.push_back(name + "=" + outside_name(name));
    builder.plan.sidecars.push_back(TRY(sidecar("bus name filter", std::move(argv), root, "strict", offer.origin)));
    return builder.tree.place(plan::Exchange{.name = "names", .target = {names_side}, .access = plan::Access::read_only, .origin = offer.origin});
}

} // namespace

Result<void> offer_busses(Builder& builder) {
    std::vector<Offer> offers;
    for (const Bus& bus : busses) {
        const Rules& rules = builder.profile.dbus.*bus.rules;
        const auto first = std::find_if(rules.begin(), rules.end(), [](const auto& rule) { return is_wanted(rule.second.value); });
        const bool to_be_told = builder.invocation.bus_for_all && bus.rules == &profile::Dbus::session;
        if (first == rules.end() && !to_be_told) continue;
        std::vector<std::string> words;
        TRY(add_rules(words, rules, builder.without_documents)); // what may not be is told wherever the profile is looked at, with a bus or without
        Offer offer{bus, {}, {}, first == rules.end() ? builder.invocation.origin : first->second.origin()};
        const std::string missing = TRY(find(builder, offer));
        if (!missing.empty() && first == rules.end()) continue;
        if (!missing.empty()) {
            const std::string reason = std::string("no ") + bus.name + " bus (" + missing + ")";
            for (const auto& [service, wish] : builder.profile.services)
                if (come_from(rules, service)) builder.services[service] = reason;
            builder.warnings.push_back({offer.origin, reason});
            continue;
        }
        TRY(show_inside(builder, offer));
        offers.push_back(std::move(offer));
    }
    if (!offers.empty()) TRY(add_proxy(builder, offers));
    for (const Offer& offer : offers)
        if (const auto names = private_names(builder.profile.dbus.*offer.bus.rules); !names.empty()) TRY(add_private_names(builder, offer, names));
    return {};
}

} // namespace resolve
