#pragma once
// The cookie of an X11 display (Xsecurity(7)), for a sandbox whose host name is not the display's.

#include "launcher/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace resolve {

/// Of the records of an Xauthority file, those for that display of this host, rewritten to hold for any host (a record
/// is looked up by host name, and the sandbox has another) and for the number that the display has inside. Empty: there
/// is none. Errors: the file is cut short.
base::Result<std::string> cookies_for(std::string_view file, std::string_view display_number, std::string_view hostname,
                                      std::string_view number_inside);

} // namespace resolve
