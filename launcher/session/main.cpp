// sandbox-session: makes a scope on the user's bus for the process that started it. Not for people. Descriptor 0 is the
// socket of launcher/session/client.hpp; the bus is connected to before the question comes, so that both take place at once.

#include "launcher/base/text.hpp"
#include "launcher/session/client.hpp"
#include "launcher/session/scope.hpp"

#include <array>
#include <csignal>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

std::string bus_address() {
    if (const char* given = g_getenv("DBUS_SESSION_BUS_ADDRESS"); given && *given) return given;
    const char* runtime = g_getenv("XDG_RUNTIME_DIR");
    gchar* escaped = g_dbus_address_escape_value(runtime ? runtime : "/nonexistent");
    std::string address = std::string("unix:path=") + escaped + "/bus";
    g_free(escaped);
    return address;
}

void answer(const std::vector<std::string>& words) {
    const std::string message = session::to_message(words);
    (void)!send(0, message.data(), message.size(), MSG_NOSIGNAL); // who asked may be gone: then nobody is told
}

} // namespace

int main() {
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); // and if that fails, the end of the socket ends us
    GError* error = nullptr;
    GDBusConnection* bus = g_dbus_connection_new_for_address_sync(
        bus_address().c_str(), static_cast<GDBusConnectionFlags>(G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION),
        nullptr, nullptr, &error);
    std::array<char, 1 << 16> question{};
    const ssize_t got = recv(0, question.data(), question.size(), 0);
    if (got <= 0) return 0; // the launch ended before it came to this
    const std::vector<std::string> words = session::words_in(std::string_view(question.data(), static_cast<std::size_t>(got)));
    const auto pid = words.size() > 2 ? base::whole_number(words[2], G_MAXINT32) : std::nullopt;
    if (!pid || words.size() % 2 != 1 || *pid != static_cast<std::uint64_t>(getppid())) {
        answer({"failed", "sandbox-session was asked for something else than a scope", "this program is of no use by itself"});
        return 2;
    }
    if (!bus) {
        answer({"failed", std::string("the user's bus cannot be reached: ") + error->message, "see DBUS_SESSION_BUS_ADDRESS"});
        return 1;
    }
    session::Scope scope{words[0], words[1], static_cast<std::uint32_t>(*pid), {}};
    for (std::size_t at = 3; at + 1 < words.size(); at += 2) scope.limits.emplace_back(words[at], words[at + 1]);
    const std::string failure = session::start(bus, scope);
    if (failure.empty()) answer({"ok"});
    else answer({"failed", "the systemd user manager made no scope: " + failure, "see systemctl --user status"});
    return failure.empty() ? 0 : 1;
}
