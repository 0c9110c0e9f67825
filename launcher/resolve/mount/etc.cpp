// /etc: a folder of ours with the files that are made for this sandbox, and those of the host that the profile names by
// group. No file of the host is there unless a group has it.

#include "launcher/base/address.hpp"
#include "launcher/base/text.hpp"
#include "launcher/resolve/builder.hpp"

#include <algorithm>
#include <cerrno>

namespace resolve {
namespace {

using base::Error;
using base::Result;

struct Group {
    std::string_view name;
    std::vector<const char*> files; ///< below /etc; those that the host has not are left out
};

const std::vector<Group>& groups() {
    static const std::vector<Group> all{
        {"ld", {"ld.so.cache", "ld.so.conf", "ld.so.conf.d"}},
        {"alternatives", {"alternatives"}},
        {"localtime", {}}, // made below, as links
        {"resolver", {"host.conf", "gai.conf", "services", "protocols"}},
        {"tls", {"ssl/certs", "ssl/openssl.cnf", "ca-certificates", "ca-certificates.conf", "pki", "crypto-policies"}},
        {"fonts", {"fonts"}},
        {"gtk", {"gtk-2.0", "gtk-3.0", "gtk-4.0"}},
        {"qt", {"xdg/QtProject", "xdg/Trolltech.conf"}},
        {"mime", {"mime.types", "mailcap"}},
        {"xdg", {"xdg"}},
        {"dconf", {"dconf"}},
        {"locale", {"locale.conf", "default/locale", "locale.alias"}},
        {"terminfo", {"terminfo"}},
        {"shell", {"profile", "profile.d", "bash.bashrc", "inputrc", "shells"}},
        {"gpu", {"vulkan", "glvnd", "OpenCL", "drirc", "libva.conf"}},
        {"audio", {"pulse", "asound.conf", "alsa", "pipewire", "openal"}},
        {"chromium", {"chromium.d", "chromium", "opt/chrome"}},
        {"firefox", {"firefox", "firefox-esr"}},
        {"java", {"java", "java-17-openjdk", "java-21-openjdk"}},
        {"vim", {"vim"}},
    };
    return all;
}

std::string in_etc(std::string_view name) {
    return base::joined("/etc", name);
}

Result<void> bind(Builder& builder, const std::string& name, const base::Origin& origin) {
    const std::string path = in_etc(name);
    if (builder.tree.has(path)) return {};
    // A link is led to its end: that end may lie where nothing is shown.
    auto source = builder.host.look({path}, FollowLinks::yes);
    if (!source.ok() && source.error().code != 0 && source.error().code != EACCES && source.error().code != ELOOP) {
        source.error().origin = origin;
        return std::move(source).error();
    }
    if (!source.ok() || !source.value()) return {}; // what the user may not reach is left out
    const plan::FileType type = source.value()->type;
    if (type != plan::FileType::directory && type != plan::FileType::regular) return {};
    return builder.tree.place(plan::Bind{.source = *source.value(), .target = {path}, .origin = origin});
}

Result<void> write(Builder& builder, const std::string& name, std::string contents, const base::Origin& origin = {}) {
    return builder.tree.place(plan::Data{.target = {in_etc(name)}, .contents = std::move(contents), .origin = origin});
}

bool is_foreign(const Builder& builder) {
    const std::string& source = builder.profile.root.source.value;
    return !source.empty() && source != "host" && source != "empty";
}

// A root of another make brings its own accounts, if it has any.
Result<void> write_unless_brought(Builder& builder, const std::string& name, std::string contents) {
    if (is_foreign(builder) && builder.tree.has(in_etc(name))) return {};
    return write(builder, name, std::move(contents));
}

Result<void> accounts(Builder& builder) {
    const plan::Ids& ids = builder.plan.ids;
    // One line a field: what a name service gave us must not become a second line.
    const auto clean = [](std::string text) {
        std::erase_if(text, [](char c) { return c == ':' || c == ',' || static_cast<unsigned char>(c) < ' ' || c == 127; });
        return text.empty() ? std::string("user") : text;
    };
    const std::string user = clean(builder.user.name), group = clean(builder.user.group);
    std::string passwd, group_file;
    if (ids.uid != 0) passwd += "root:x:0:0:root:/root:/bin/sh\n";
    passwd += (ids.uid == 0 ? "root" : user) + ":x:" + std::to_string(ids.uid) + ":" + std::to_string(ids.gid) + "::" +
              clean(builder.home) + ":/bin/sh\n";
    if (ids.uid != 65534) passwd += "nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n";
    if (ids.gid != 0) group_file += "root:x:0:\n";
    group_file += (ids.gid == 0 ? "root" : group) + ":x:" + std::to_string(ids.gid) + ":\n";
    if (ids.gid != 65534) group_file += "nogroup:x:65534:\n";
    TRY(write_unless_brought(builder, "passwd", std::move(passwd)));
    return write_unless_brought(builder, "group", std::move(group_file));
}

// The same for one app at every start, another for every app, and nothing of the host's: FNV-1a, twice.
std::string machine_id(const std::string& app) {
    std::string text;
    for (std::uint64_t hash : {0xcbf29ce484222325U, 0x84222325cbf29ce4U}) {
        for (const char c : "sandbox:" + app) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
        constexpr char digits[] = "0123456789abcdef";
        for (int shift = 60; shift >= 0; shift -= 4) text += digits[hash >> shift & 15U];
    }
    return text + "\n";
}

// A name server on the host's loopback (systemd-resolved(8)) is not on the sandbox's own: the stack takes questions to it.
std::string through_the_stack(std::string_view file, const std::string& resolver) {
    std::string text;
    bool told = false;
    for (std::string_view line : base::split(file, '\n')) {
        std::string_view server = line.starts_with("nameserver") ? line.substr(10) : std::string_view();
        server.remove_prefix(std::min(server.find_first_not_of(" \t"), server.size()));
        const auto address = base::address_of(std::string(server.substr(0, server.find_first_of(" \t"))));
        if (!address || !address->loopback()) (text += line) += '\n';
        else if (!told) (text += "nameserver " + resolver) += '\n';
        told = told || (address && address->loopback());
    }
    if (file.ends_with('\n')) text.pop_back(); // the empty rest behind it
    return text;
}

Result<std::string> resolver(const Builder& builder) {
    const auto& dns = builder.profile.network.dns;
    if (builder.plan.network.mode == plan::NetworkMode::none || builder.plan.network.mode == plan::NetworkMode::loopback)
        return std::string("# no network\n");
    if (!dns.empty()) {
        std::string text;
        for (const auto& server : dns) {
            if (!base::address_of(server.value))
                return Error{.what = "network.dns: '" + server.value.substr(0, 100) + "' is no address", .advice = "as 192.0.2.53 or 2001:db8::53", .origin = server.origin()};
            text += "nameserver " + server.value + "\n";
        }
        return text;
    }
    const auto file = builder.host.read({"/etc/resolv.conf"}, 64U << 10);
    if (!file.ok() || !file.value()) return std::string("# the host has no /etc/resolv.conf\n");
    return builder.plan.network.mode == plan::NetworkMode::user ? through_the_stack(*file.value(), stack_resolver(builder.plan.network)) : *file.value();
}

// As the link that it is: programs read the name of the zone off it.
Result<void> localtime(Builder& builder, const base::Origin& origin) {
    constexpr std::string_view zones = "/usr/share/zoneinfo/";
    const auto link = builder.host.link_text({"/etc/localtime"});
    std::string zone;
    if (link) {
        std::string_view text = *link;
        if (text.starts_with("../")) text.remove_prefix(2);
        if (text.starts_with(zones) && text.find("..") == std::string_view::npos) zone = text.substr(zones.size());
    }
    if (!zone.empty()) {
        TRY(builder.tree.place(plan::Symlink{.target = {"/etc/localtime"}, .text = std::string(zones) + zone, .origin = origin}));
    } else {
        const auto file = builder.host.read({"/etc/localtime"}, 256U << 10);
        if (file.ok() && file.value()) TRY(write(builder, "localtime", *file.value(), origin));
    }
    const auto name = builder.host.read({"/etc/timezone"}, 256);
    if (name.ok() && name.value()) return write(builder, "timezone", *name.value(), origin);
    return zone.empty() ? Result<void>{} : write(builder, "timezone", zone + "\n", origin);
}

Result<void> made(Builder& builder) {
    const std::string& host = builder.plan.hostname;
    const std::string own = host.empty() ? "" : " " + host;
    TRY(write(builder, "hosts", "127.0.0.1 localhost" + own + "\n::1 localhost ip6-localhost ip6-loopback\n"));
    if (!host.empty()) TRY(write(builder, "hostname", host + "\n"));
    TRY(write(builder, "machine-id", machine_id(builder.plan.app)));
    TRY(write(builder, "resolv.conf", TRY(resolver(builder)), builder.plan.network.origin));
    TRY(accounts(builder));
    return write_unless_brought(builder, "nsswitch.conf",
                                "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nnetworks: files\n"
                                "protocols: files\nservices: files\n");
}

} // namespace

Result<void> resolve_etc(Builder& builder) {
    TRY(made(builder));
    const std::string& source = builder.profile.root.source.value;
    const bool of_host = source.empty() || source == "host";
    std::vector<std::string_view> names;
    for (const Group& group : groups()) names.push_back(group.name);
    for (const auto& item : builder.profile.root.etc) {
        const auto group = std::find_if(groups().begin(), groups().end(), [&](const Group& known) { return known.name == item.value; });
        if (group == groups().end())
            return Error{.what = "unknown group '" + item.value + "' in root.etc", .advice = base::did_you_mean(item.value, names),
                         .origin = item.origin()};
        if (!of_host) continue; // what belongs to the programs of the host is of no use to others
        for (const char* file : group->files) TRY(bind(builder, file, item.origin()));
        if (group->name == "localtime") TRY(localtime(builder, item.origin()));
    }
    return {};
}

} // namespace resolve
