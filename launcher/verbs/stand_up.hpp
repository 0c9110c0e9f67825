#pragma once
// Between the Plan and the helper: the record of the instance and its control group.

#include "launcher/profile/profile.hpp"
#include "launcher/session/client.hpp"
#include "launcher/verbs/verb.hpp"

#include <optional>

namespace verbs {

/// Starts the talk with the user's systemd manager where one runs ($XDG_RUNTIME_DIR/systemd/private), before anything else
/// is done: its start is slow, and passes beside the resolve. Nothing: there is no manager, or what it needs is missing.
std::optional<session::Session> begin_session(const World& world);

/// Where the profile wants the portals and no documents are shown yet, has the session's bus start who shows them. The Plan binds them, so that
/// the application, which would start it as any other, comes too late. Whatever fails leaves the start as it was.
void wake_documents(const World& world, const profile::Profile& profile);

/// Makes both: the record first, so that whoever meets it after a kill knows of the scope. In a scope of our own if `session`
/// gives one, else below a group that is delegated to us. Where there is nothing to make a control group of, a limit that is
/// required is an error, one that is not gets a warning. Errors: an instance of that name runs; the record cannot be
/// written; a required limit. After an error nothing is left.
base::Result<Launch> stand_up(const World& world, std::optional<session::Session> session, plan::Plan plan,
                              std::vector<std::string>& warnings);

} // namespace verbs
