#pragma once
// Programs beside the sandbox, as the services want them.

#include "launcher/resolve/builder.hpp"

#include <string>
#include <vector>

namespace resolve {

/// A sidecar in a root of `root`'s mounts, behind the filter `base`.
base::Result<plan::Sidecar> sidecar(const char* name, std::vector<std::string> argv, const Tree& root, const char* base, const base::Origin& origin);

/// The file of a program of ours that runs beside the sandbox. Errors: it is not there.
base::Result<plan::Source> own_program(const Builder& builder, const char* name);

enum class Sound { play, play_and_record };
/// A PulseAudio socket that does this and nothing else, in front of the one at `server`; it stands at ${RUNTIME}/pulse/native.
base::Result<void> add_sound(Builder& builder, const plan::Source& server, Sound sound, const base::Origin& origin);

/// The display of the host that a nested server, or a maker of cookies, talks to.
struct HostDisplay {
    plan::Source socket;
    std::string number;
    std::string cookies; ///< a file of Xauthority, for any host name; empty: the server wants none
};

/// A cookie that the server itself made for clients that it does not trust (X Security Extension): they see and control no
/// window but their own. It stands where the variable XAUTHORITY says. Errors: xauth is missing.
base::Result<void> add_untrusted_cookie(Builder& builder, const HostDisplay& display, const base::Origin& origin);

/// A server of the app's own, Xephyr(1), shown as one window of the host's display; its number inside is `number`. Errors:
/// Xephyr is missing.
base::Result<void> add_nested_server(Builder& builder, const HostDisplay& display, const std::string& number, const base::Origin& origin);

} // namespace resolve
