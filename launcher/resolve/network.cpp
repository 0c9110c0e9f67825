// The network: none, loopback, the host's, or one of its own behind a user-mode stack.

#include "launcher/base/address.hpp"
#include "launcher/base/text.hpp"
#include "launcher/resolve/builder.hpp"

#include <algorithm>
#include <sys/socket.h>

namespace resolve {
namespace {

using base::Error;
using base::Result;
using plan::NetworkMode;

constexpr const char* slirp_gateway = "10.0.2.2"; // as slirp4netns(1) configures it; it answers for no other address
constexpr const char* slirp_resolver = "10.0.2.3";
constexpr const char* pasta_resolver = "169.254.1.1"; // link-local: no network of the host has it

// Values become words of another program's command line: what is an address never begins with '-'.
Result<base::Address> address(const char* key, const std::string& text, const base::Origin& origin) {
    const auto found = base::address_of(text);
    if (!found) return Error{.what = "network." + std::string(key) + ": '" + text.substr(0, 100) + "' is no address", .advice = "as 192.0.2.2 or 2001:db8::2", .origin = origin};
    return *found;
}

struct Prefixed {
    std::string address;
    base::Address bytes;
    std::uint32_t prefix = 0;
    bool given = false; ///< with a prefix; else it is that of one address
};

Result<Prefixed> prefixed(const char* key, const std::string& text, const base::Origin& origin) {
    const auto slash = text.find('/');
    Prefixed result{.address = text.substr(0, slash), .bytes = {}, .given = slash != std::string::npos};
    result.bytes = TRY(address(key, result.address, origin));
    const auto length = result.given ? base::whole_number(std::string_view(text).substr(slash + 1), result.bytes.bits()) : result.bytes.bits();
    if (!length)
        return Error{.what = "network." + std::string(key) + ": '" + text.substr(0, 100) + "' has no prefix of 0 to " + std::to_string(result.bytes.bits()) + " bits", .advice = "as 10.0.0.0/8", .origin = origin};
    result.prefix = static_cast<std::uint32_t>(*length);
    return result;
}

// "10.0.0.0/8", "2001:db8::/32 via fe80::1". `link`: the gateway where none is named; empty: the stack answers for every address.
Result<plan::Route> route(const profile::Item<std::string>& item, const std::string& link) {
    const std::string& text = item.value;
    const auto via = text.find(" via ");
    const Prefixed to = TRY(prefixed("routes", text.substr(0, via), item.origin()));
    if (!to.bytes.is_network(to.prefix))
        return Error{.what = "network.routes: '" + text + "' has bits set behind its prefix", .advice = "write the address of the network, as \"10.0.0.0/8\"", .origin = item.origin()};
    plan::Route made{.destination = to.address, .prefix = to.prefix, .gateway = link, .origin = item.origin()};
    if (via != std::string::npos) {
        made.gateway = text.substr(via + 5);
        const base::Address gateway = TRY(address("routes", made.gateway, item.origin()));
        if (gateway.family != to.bytes.family)
            return Error{.what = "network.routes: '" + text + "' leads from one kind of addresses to the other", .advice = "both IPv4, or both IPv6", .origin = item.origin()};
    }
    return made;
}

struct Port {
    std::string spec; ///< as pasta takes it: OUTSIDE:INSIDE
    bool udp = false;
};

Result<Port> port(const profile::Item<std::string>& item) {
    std::string_view text = item.value;
    Port result;
    if (text.ends_with("/udp")) {
        result.udp = true;
        text.remove_suffix(4);
    } else if (text.ends_with("/tcp")) {
        text.remove_suffix(4);
    }
    const auto parts = base::split(text, ':');
    bool good = parts.size() <= 2;
    for (const std::string_view part : parts) {
        const auto number = base::whole_number(part, 65535);
        good = good && number && *number != 0;
    }
    if (!good)
        return Error{.what = "network.ports: '" + item.value + "' is no port",
                     .advice = "write \"8080\", \"8080:80\" or \"8080:80/udp\"", .origin = item.origin()};
    result.spec = std::string(parts[0]) + ":" + std::string(parts.back());
    return result;
}

std::string joined_or_none(const std::vector<std::string>& specs) {
    std::string text;
    for (const std::string& spec : specs) text += (text.empty() ? "" : ",") + spec;
    return text.empty() ? "none" : text;
}

Result<std::vector<std::string>> pasta(Builder& builder, const std::string& program) {
    const profile::Network& wish = builder.profile.network;
    std::vector<std::string> argv{program, "--foreground", "--quiet", "--config-net", "--pid", "{ready}"};
    const auto add = [&](const char* option, std::string value) {
        argv.emplace_back(option);
        argv.push_back(std::move(value));
    };
    if (wish.address.set()) {
        const Prefixed own = TRY(prefixed("address", wish.address.value, wish.address.origin()));
        add("--address", own.address); // older versions take the two apart only
        if (own.given && own.bytes.family == AF_INET) add("--netmask", std::to_string(own.prefix));
    }
    if (wish.gateway.set()) {
        TRY(address("gateway", wish.gateway.value, wish.gateway.origin()));
        add("--gateway", wish.gateway.value);
    }
    if (wish.mtu.set()) add("--mtu", std::to_string(wish.mtu.value));
    for (const auto& server : wish.dns) {
        TRY(address("dns", server.value, server.origin()));
        add("--dns", server.value);
    }
    if (wish.dns.empty()) add("--dns-forward", pasta_resolver);
    std::vector<std::string> tcp, udp;
    for (const auto& item : wish.ports) {
        const Port wanted = TRY(port(item));
        (wanted.udp ? udp : tcp).push_back(wanted.spec);
    }
    add("--tcp-ports", joined_or_none(tcp));
    add("--udp-ports", joined_or_none(udp));
    // By default every port of the host's loopback would be reachable at the sandbox's own, and through the gateway.
    if (!wish.host_loopback.value) {
        add("--tcp-ns", "none");
        add("--udp-ns", "none");
        argv.emplace_back("--no-map-gw");
    }
    argv.emplace_back("{pid}");
    return argv;
}

Result<std::vector<std::string>> slirp4netns(Builder& builder, const std::string& program) {
    const profile::Network& wish = builder.profile.network;
    const auto refuse = [&](const char* key, const base::Origin& origin) {
        return Error{.what = "network." + std::string(key) + " needs pasta, which is not installed",
                     .advice = "install the package passt", .origin = origin};
    };
    if (wish.address.set()) return refuse("address", wish.address.origin());
    if (wish.gateway.set()) return refuse("gateway", wish.gateway.origin());
    if (!wish.ports.empty()) return refuse("ports", wish.ports.front().origin());
    std::vector<std::string> argv{program, "--configure", "--enable-seccomp"};
    // Its own small root: to build that it becomes user and group 0 of the sandbox, and without them it would end at once.
    const auto holds_root = [](const std::vector<plan::IdRange>& map) {
        return std::any_of(map.begin(), map.end(), [](const plan::IdRange& range) { return range.inside == 0; });
    };
    if (holds_root(builder.plan.ids.uid_map) && holds_root(builder.plan.ids.gid_map)) argv.emplace_back("--enable-sandbox");
    if (wish.mtu.set()) argv.push_back("--mtu=" + std::to_string(wish.mtu.value));
    if (!wish.host_loopback.value) argv.emplace_back("--disable-host-loopback");
    argv.emplace_back("--ready-fd={ready-fd}");
    argv.emplace_back("--exit-fd={exit-fd}");
    argv.emplace_back("{pid}");
    argv.emplace_back("tap0");
    return argv;
}

Result<std::vector<std::string>> sidecar(Builder& builder) {
    const base::Origin origin = builder.profile.network.mode.origin();
    const auto& mtu = builder.profile.network.mtu;
    if (mtu.set() && (mtu.value < 1280 || mtu.value > 65520)) return Error{.what = "network.mtu must be from 1280 to 65520", .advice = "as 1500, or leave it out", .origin = mtu.origin()};
    // The packages' own folder only: a PATH of the caller does not choose what runs beside the sandbox.
    for (const char* name : {"/usr/bin/pasta", "/usr/bin/slirp4netns"}) {
        const auto found = builder.host.look({name}, FollowLinks::yes);
        if (!found.ok() || !found.value()) continue;
        return std::string_view(name).ends_with("pasta") ? pasta(builder, name) : slirp4netns(builder, name);
    }
    return Error{.what = "network.mode = \"user\" needs pasta or slirp4netns, and neither is installed",
                 .advice = "install the package passt, or set network.mode to \"none\" or \"host\"", .origin = origin};
}

Result<void> without_stack(const profile::Network& wish) {
    const auto refuse = [](const char* key, const base::Origin& origin) {
        return Error{.what = "network." + std::string(key) + " has a meaning with network.mode = \"user\" only",
                     .advice = "set the mode, or remove it", .origin = origin};
    };
    if (wish.address.set()) return refuse("address", wish.address.origin());
    if (wish.gateway.set()) return refuse("gateway", wish.gateway.origin());
    if (wish.mtu.set()) return refuse("mtu", wish.mtu.origin());
    if (!wish.ports.empty()) return refuse("ports", wish.ports.front().origin());
    if (!wish.routes.empty()) return refuse("routes", wish.routes.front().origin());
    return {};
}

} // namespace

std::string stack_resolver(const plan::Network& network) { return network.sidecar.front().ends_with("slirp4netns") ? slirp_resolver : pasta_resolver; }

Result<void> resolve_network(Builder& builder) {
    const profile::Network& wish = builder.profile.network;
    plan::Network& network = builder.plan.network;
    plan::Namespace& space = builder.plan.namespaces.net;
    network.origin = wish.mode.origin();
    switch (wish.mode.value) {
    case profile::NetworkWish::none: network.mode = NetworkMode::none; break;
    case profile::NetworkWish::loopback: network.mode = NetworkMode::loopback; break;
    case profile::NetworkWish::user: network.mode = NetworkMode::user; break;
    case profile::NetworkWish::host: network.mode = NetworkMode::host; break;
    }
    const auto& asked = builder.profile.namespaces.net;
    if (network.mode == NetworkMode::host && asked.value == "new")
        return Error{.what = "network.mode = \"host\" and namespaces.net = \"new\" exclude each other",
                     .advice = "remove one of them", .origin = asked.origin()};
    // A namespace that is kept or joined brings its own network; only with a new one is there anything to make.
    if (space.mode != plan::NamespaceMode::fresh) {
        if (wish.mode.set() && network.mode != NetworkMode::host)
            return Error{.what = "network.mode = \"" + std::string(base::name_of(network.mode)) +
                                 "\" needs a network namespace of its own",
                         .advice = "set namespaces.net = \"new\"", .origin = wish.mode.origin()};
        network.mode = NetworkMode::host;
    }
    if (network.mode == NetworkMode::host && space.mode == plan::NamespaceMode::fresh)
        space = {.mode = plan::NamespaceMode::host, .path = {}, .origin = wish.mode.origin()};
    if (network.mode != NetworkMode::user) return without_stack(wish);
    network.sidecar = TRY(sidecar(builder));
    const bool slirp = network.sidecar.front().ends_with("slirp4netns");
    for (const auto& item : wish.routes) {
        plan::Route made = TRY(route(item, slirp ? slirp_gateway : ""));
        if (slirp && made.destination.find(':') != std::string::npos)
            return Error{.what = "network.routes: '" + item.value + "' needs pasta: slirp4netns carries no IPv6", .advice = "install the package passt", .origin = item.origin()};
        network.routes.push_back(std::move(made));
    }
    return {};
}

} // namespace resolve
