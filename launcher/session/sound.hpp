#pragma once
// What of PulseAudio's native protocol reaches the server, for an app that may play, or play and record.

#include "launcher/session/relay.hpp"

namespace session {

enum class Sound { play, play_and_record };

/// A filter of whole packets, for one connection. A command that is not the app's is answered by "access denied", so that it sees
/// and changes no streams but those that were made by this connection; of the properties of streams and clients only those go on that
/// describe them. A packet of another form ends the connection.
Filter sound_filter(Sound sound);

} // namespace session
