// Any bytes as a .desktop file, an autostart entry or a D-Bus service file.

#include "launcher/session/desktop.hpp"
#include "tests/fuzz/require.hpp"

int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(bytes), size);
    const session::App app{"org.example.App", {"app.desktop"}, {"/usr/bin/true", "/usr/bin/env"}};
    const std::string sandbox = "/usr/bin/sandbox";
    for (const auto kind : {session::EntryKind::menu, session::EntryKind::autostart, session::EntryKind::service}) {
        const auto entry = session::parse_entry(text, "/app.desktop");
        if (!entry) continue;
        for (const session::CommandLine& line : session::command_lines(entry.value().get())) (void)session::program_of(line.value);
        (void)session::starts(entry.value().get(), app);
        const auto wrapped = session::wrapped(text, "/app.desktop", kind, app, sandbox);
        if (!wrapped) continue;
        const auto again = session::parse_entry(wrapped.value(), "/app.desktop");
        fuzz::require(again.ok(), "a wrapper is an entry");
        fuzz::require(session::is_wrapper(again.value().get(), app, sandbox), "every command line of a wrapper is ours");
    }
    return 0;
}
