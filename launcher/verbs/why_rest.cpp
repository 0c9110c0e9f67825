// The network, the busses and the environment.

#include "launcher/base/text.hpp"
#include "launcher/profile/print.hpp"
#include "launcher/profile/width.hpp"
#include "launcher/resolve/busses.hpp"
#include "launcher/verbs/why.hpp"

#include <algorithm>
#include <fnmatch.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;
using plan::NetworkMode;

// "example.org:443", "[::1]:80", "localhost".
struct Peer {
    std::string host;
    std::string port; ///< empty: any
};

// Of an address of the web, the host and the port.
std::string peer_text(const std::string& text) {
    const auto scheme = text.find("://");
    if (scheme == std::string::npos) return text;
    std::string peer = text.substr(scheme + 3);
    peer.resize(std::min(peer.find_first_of("/?#"), peer.size()));
    if (const auto user = peer.rfind('@'); user != std::string::npos) peer.erase(0, user + 1);
    return peer;
}

Result<Peer> peer_of(const std::string& asked) {
    const std::string text = peer_text(asked);
    const auto refuse = [&] { return Error{.what = "'" + text + "' is no host and port", .advice = "write HOST:PORT, as example.org:443", .failure = base::Failure::usage}; };
    const auto colon = text.rfind(':');
    const bool bare = colon == std::string::npos || (text.find(':') != colon && !text.starts_with('['));
    const std::string port = bare ? "" : text.substr(colon + 1);
    std::string host = bare ? text : text.substr(0, colon);
    if (!bare && !base::whole_number(port, 65535)) return refuse();
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host.empty()) return refuse();
    return Peer{host, port};
}

bool is_loopback(const std::string& host) { return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "::1"; }

struct Rule {
    const std::string* name = nullptr;
    const profile::Item<profile::BusRule>* item = nullptr;
};

// The rule that covers the name most closely.
Rule rule_of(const profile::Map<profile::BusRule>& rules, const std::string& name) {
    Rule best;
    for (const auto& [rule, item] : rules)
        if (profile::covers_name(rule, name) && (!best.name || rule.size() > best.name->size())) best = {&rule, &item};
    return best;
}

const profile::Item<std::string>* pattern_of(const profile::Set& set, const std::string& name) {
    const auto found = std::find_if(set.begin(), set.end(), [&](const auto& item) { return fnmatch(item.value.c_str(), name.c_str(), 0) == 0; });
    return found == set.end() ? nullptr : &*found;
}

} // namespace

Result<Answer> why_net(const Question& question) {
    const Peer peer = TRY(peer_of(question.what));
    const plan::Network& network = question.plan.network;
    const bool loopback = is_loopback(peer.host);
    const auto& sidecar = network.sidecar;
    const bool own_stack = network.mode == NetworkMode::user;
    // Both stacks keep the host's loopback out unless the profile asks for it.
    const bool reaches_loopback = question.profile && question.profile->network.host_loopback.value;
    Answer answer;
    answer.origin = network.origin;
    answer.granted = network.mode == NetworkMode::host || (own_stack && (!loopback || reaches_loopback));
    answer.key = "network.mode = \"" + std::string(base::name_of(network.mode)) + "\"";
    if (answer.granted) {
        answer.verdict = "granted";
        answer.sees = own_stack ? "the internet through " + (sidecar.empty() ? "a stack of its own" : std::string(base::name_in(sidecar[0])))
                                : "the network of the host, with all that listens on its loopback";
        if (own_stack && loopback) answer.key = "network.host-loopback = true";
        answer.change = ways_to(question, "--net none", "network.mode = \"none\"");
        return answer;
    }
    answer.verdict = "denied";
    if (loopback) {
        answer.sees = network.mode == NetworkMode::none ? "no interface that is up: ENETUNREACH (Network is unreachable)"
                                                        : "a loopback of its own: what listens on the host is not there (ECONNREFUSED)";
        answer.change = own_stack ? ways_to(question, "--set network.host-loopback=true", "network.host-loopback = true")
                                  : ways_to(question, "--net host", "network.mode = \"host\"");
        return answer;
    }
    answer.sees = "ENETUNREACH (Network is unreachable); no name is resolved";
    answer.change = ways_to(question, "--net user", "network.mode = \"user\"");
    return answer;
}

Result<Answer> why_bus(const Question& question) {
    Answer answer;
    const profile::Dbus dbus = question.profile ? question.profile->dbus : resolve::recorded_rules(question.plan);
    struct Bus { const char* table; const profile::Map<profile::BusRule>& rules; };
    for (const Bus& bus : {Bus{"dbus.session", dbus.session}, Bus{"dbus.system", dbus.system}, Bus{"dbus.a11y", dbus.a11y}}) {
        const Rule rule = rule_of(bus.rules, question.what);
        if (!rule.item) continue;
        answer.origin = rule.item->origin();
        answer.key = profile::key_text(bus.table, *rule.name) + " = " + profile::value_text(rule.item->value);
        const profile::BusRule& said = rule.item->value;
        const bool whole = said.access >= profile::BusAccess::talk || said.access == profile::BusAccess::own_private;
        const bool calls = !said.call.empty() || !said.broadcast.empty();
        answer.granted = whole || calls;
        answer.verdict = whole ? "granted, to " + std::string(base::name_of(said.access)) : calls ? "granted, in part: the calls and signals that are named" : "denied";
        // The proxy shows a name of which it lets one call through.
        if (whole) answer.sees = "the name, through a proxy that lets nothing else by";
        else if (calls) answer.sees = "the name; all else that is asked of it is refused (AccessDenied)";
        else if (said.access == profile::BusAccess::see) answer.sees = "whether somebody has that name; what is asked of it is refused (AccessDenied)";
        if (answer.granted) break;
    }
    if (answer.verdict.empty()) answer.verdict = "denied";
    const std::string key = profile::value_text(question.what);
    if (answer.granted) {
        answer.change = ways_to(question, "--set " + base::shell_word("dbus.session." + key + "=\"none\""), "dbus.session." + key + " = \"none\"");
        return answer;
    }
    const bool any = std::any_of(dbus.session.begin(), dbus.session.end(), [](const auto& rule) { return rule.second.value != profile::BusRule{}; });
    if (answer.sees.empty()) answer.sees = any ? "a bus on which nobody has that name (ServiceUnknown)" : "no bus at all: DBUS_SESSION_BUS_ADDRESS is 'disabled:'";
    if (const char* way = resolve::way_out(question.what)) {
        answer.change = {"never as a whole: " + std::string(way) + "; single methods: 'dbus.session." + key + " = { call = [\"INTERFACE.METHOD\"] }'"};
        return answer;
    }
    answer.change = ways_to(question, "--set " + base::shell_word("dbus.session." + key + "=\"talk\""), "dbus.session." + key + " = \"talk\"");
    return answer;
}

Result<Answer> why_env(const Question& question) {
    const std::string& name = question.what;
    if (name.empty() || name.find('=') != std::string::npos)
        return Error{.what = "'" + name + "' cannot be the name of an environment variable", .advice = "as env:LANG", .failure = base::Failure::usage};
    Answer answer;
    for (const std::string& entry : question.plan.process.environment)
        if (entry.starts_with(name + "=")) {
            answer.granted = true;
            answer.verdict = "granted";
            answer.sees = entry;
        }
    const profile::Env* env = question.profile ? &question.profile->env : nullptr;
    const bool caller_has = !variable(question.world, name).empty();
    const auto decide = [&](const std::string& key, const base::Origin& origin) {
        answer.key = key;
        answer.origin = origin;
    };
    if (answer.granted) {
        const auto set = env ? env->set.find(name) : profile::Map<std::string>::const_iterator{};
        const auto* keep = env ? pattern_of(env->keep, name) : nullptr;
        if (env && set != env->set.end()) decide("env.set." + name + " = " + profile::value_text(set->second.value), set->second.origin());
        else if (keep && caller_has) decide("env.keep = [" + profile::value_text(keep->value) + "]", keep->origin());
        answer.change = ways_to(question, "--unsetenv " + base::shell_word(name), "env.unset = [" + profile::value_text(name) + "]");
        return answer;
    }
    answer.verdict = "denied";
    answer.sees = "no such variable";
    const auto* unset = env ? pattern_of(env->unset, name) : nullptr;
    const auto* keep = env ? pattern_of(env->keep, name) : nullptr;
    if (unset) decide("env.unset = [" + profile::value_text(unset->value) + "]", unset->origin());
    else if (keep && caller_has) answer.sees += ": env.keep would keep it, and variables of this name are never handed on, as they load code or hold secrets";
    else if (keep) answer.sees += ": env.keep would keep it, and the caller has none";
    const std::string once = "--env " + base::shell_word(name + "=VALUE");
    answer.change = keep && caller_has && !unset ? ways_to(question, once, profile::key_text("env.set", name) + " = \"VALUE\"")
                                                 : ways_to(question, once, "env.keep = [" + profile::value_text(name) + "]");
    return answer;
}

} // namespace verbs
