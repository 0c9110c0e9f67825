#pragma once
// A small host, a small profile, and short words for what came of them.

#include "launcher/plan/print.hpp"
#include "launcher/resolve/resolve.hpp"
#include "tests/support/fake_host.hpp"

#include <catch2/catch.hpp>

#include <memory>

namespace support {

inline constexpr std::string_view usual_host = R"(user 1000 1000 anna users /home/anna
cwd /home/anna
landlock 0xffff 0x3
dir /usr/bin
file /usr/bin/editor x
link /bin usr/bin
link /lib usr/lib
dir /usr/lib
char /dev/null 1:3
char /dev/zero 1:5
char /dev/full 1:7
char /dev/random 1:8
char /dev/urandom 1:9
char /dev/tty 5:0
dir /sys/devices/system/cpu
dir /home/anna/Documents
dir /home/anna/Downloads
dir /home/anna/.ssh
dir /run/user/1000
env XDG_RUNTIME_DIR=/run/user/1000
file /etc/resolv.conf nameserver 192.0.2.1\n
link /etc/localtime /usr/share/zoneinfo/Europe/Berlin
dir /etc/fonts
dir /tmp
)";

inline base::Origin at_line(std::uint32_t line) {
    return {"test.toml", line, 1};
}

template <class T>
profile::Item<T> item(T value, std::uint32_t line = 1, profile::Layer layer = profile::Layer::user) {
    return {std::move(value), {{layer, at_line(line), ""}}};
}

inline profile::Item<std::string> text(std::string value, std::uint32_t line = 1) {
    return item<std::string>(std::move(value), line);
}

struct Case {
    Case() {
        MUST(host.tell(usual_host, "usual"));
        profile.app.id = text("org.example.Editor");
        profile.app.exec.push_back(text("/usr/bin/editor"));
    }

    void tell(std::string_view lines) { MUST(host.tell(lines, "case")); }

    resolve::Resolved made() {
        auto resolved = resolve::resolve(profile, invocation, host);
        INFO((resolved.ok() ? "" : base::to_text(resolved.error())));
        REQUIRE(resolved.ok());
        return std::move(resolved).value();
    }

    /// The one line of the error; "" when there is none.
    std::string error() {
        const auto resolved = resolve::resolve(profile, invocation, host);
        return resolved.ok() ? "" : base::to_text(resolved.error());
    }

    void grant(const std::string& path, profile::FileGrant grant, std::uint32_t line = 1) {
        profile.files[path] = item(std::move(grant), line);
    }

    FakeHost host;
    profile::Profile profile;
    resolve::Invocation invocation;
};

/// The last mount of that kind at a target, a copy that outlives the Plan; nullptr: none.
template <class Kind>
std::shared_ptr<const Kind> mount_at(const resolve::Resolved& resolved, std::string_view target) {
    std::shared_ptr<const Kind> found;
    for (const plan::Mount& mount : resolved.plan.mounts)
        if (const auto* kind = std::get_if<Kind>(&mount); kind != nullptr && kind->target.text == target)
            found = std::make_shared<const Kind>(*kind);
    return found;
}

inline bool any_at(const resolve::Resolved& resolved, std::string_view target) {
    for (const plan::Mount& mount : resolved.plan.mounts)
        if (plan::target_of(mount).text == target) return true;
    return false;
}

inline std::string variable(const resolve::Resolved& resolved, const std::string& name) {
    for (const std::string& entry : resolved.plan.process.environment)
        if (entry.starts_with(name + "=")) return entry.substr(name.size() + 1);
    return "(unset)";
}

} // namespace support
