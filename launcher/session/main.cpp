// sandbox-session: speaks with the user's systemd manager for the process that started it. Not for people. Descriptor 0 is
// the socket of launcher/session/client.hpp; the bus is connected to before the first question comes, so that both take
// place at once.

#include "launcher/base/io.hpp"
#include "launcher/base/text.hpp"
#include "launcher/session/client.hpp"
#include "launcher/session/scope.hpp"

#include <array>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr gint64 patience = 3 * G_USEC_PER_SEC; ///< how long a manager that lives may take to come to its bus

std::string runtime_folder() {
    const char* runtime = g_getenv("XDG_RUNTIME_DIR");
    return runtime ? runtime : "/nonexistent";
}

/// The bus that the user's manager starts, as soon as somebody connects to it.
std::string own_bus() {
    gchar* escaped = g_dbus_address_escape_value(runtime_folder().c_str());
    std::string address = std::string("unix:path=") + escaped + "/bus";
    g_free(escaped);
    return address;
}

/// The manager is spoken to there without a bus.
bool manager_lives() { return base::is_listened_to(runtime_folder() + "/systemd/private"); }

bool answer(const std::vector<std::string>& words) {
    const std::string message = session::to_message(words);
    return send(0, message.data(), message.size(), MSG_NOSIGNAL) >= 0;
}

struct Bus {
    GDBusConnection* connection = nullptr;
    GError* error = nullptr; ///< why there is no connection
    bool oom_policy = false;
};

/// The first program of a session that speaks to the bus makes the manager start it, and is there before the manager is.
Bus connect() {
    const char* given = g_getenv("DBUS_SESSION_BUS_ADDRESS");
    const std::string address = given && *given ? given : own_bus();
    for (const gint64 end = g_get_monotonic_time() + patience;;) {
        Bus bus;
        bus.connection = g_dbus_connection_new_for_address_sync(
            address.c_str(), static_cast<GDBusConnectionFlags>(G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION),
            nullptr, nullptr, &bus.error);
        const bool subscribed = bus.connection && session::subscribe(bus.connection) && !g_dbus_connection_is_closed(bus.connection);
        if (subscribed) bus.oom_policy = session::knows_oom_policy(bus.connection);
        if (subscribed || address != own_bus() || g_get_monotonic_time() > end || !manager_lives()) return bus;
        if (bus.connection) g_object_unref(bus.connection);
        g_clear_error(&bus.error);
        g_usleep(20'000);
    }
}

using Words = std::vector<std::string>;

session::Limits limits_from(const Words& words, std::size_t at) {
    session::Limits limits;
    for (; at + 1 < words.size(); at += 2) limits.emplace_back(words[at], words[at + 1]);
    return limits;
}

/// What a question may be; each returns an empty text, or what went wrong.
struct Task {
    const char* name;
    std::size_t words; ///< at least so many, with the name
    std::string (*run)(const Bus& bus, const Words& words);
    void (*undo)(const Bus& bus, const Words& words); ///< when nobody is there any more to hear that it is done
};

// Only who asks is moved: the number of any other process might be another's by then.
std::optional<std::uint32_t> asker(const std::string& word) {
    const auto pid = base::whole_number(word, G_MAXINT32);
    if (!pid || *pid != static_cast<std::uint64_t>(getppid())) return std::nullopt;
    return static_cast<std::uint32_t>(*pid);
}

std::string make_scope(const Bus& bus, const Words& words) {
    const auto pid = asker(words[3]);
    if (!pid) return "a scope is made for the process that asks, for no other";
    return session::start(bus.connection, {words[1], words[2], *pid, limits_from(words, 4), bus.oom_policy});
}

std::string attach(const Bus& bus, const Words& words) {
    const auto pid = asker(words[3]);
    if (!pid) return "only the process that asks is moved";
    return session::attach(bus.connection, words[1], words[2], *pid);
}

// A launcher that was killed while the manager made its scope: a process that is dying already is moved nowhere, and no
// event would ever tell the manager that the scope is empty.
void unmake_scope(const Bus& bus, const Words& words) { (void)session::stop(bus.connection, words[1]); }

std::string set_limits(const Bus& bus, const Words& words) { return session::set_limits(bus.connection, words[1], limits_from(words, 2)); }
std::string stop(const Bus& bus, const Words& words) { return session::stop(bus.connection, words[1]); }

// Whether its folder is there by now is seen, and told, by who wants to show it.
std::string wake_documents(const Bus& bus, const Words&) {
    constexpr const char* name = "org.freedesktop.portal.Documents";
    GVariant* answer = g_dbus_connection_call_sync(bus.connection, name, "/org/freedesktop/portal/documents", name, "GetMountPoint", nullptr, nullptr,
                                                   G_DBUS_CALL_FLAGS_NONE, -1, nullptr, nullptr);
    if (answer) g_variant_unref(answer);
    return {};
}

constexpr std::array tasks{
    Task{"scope", 4, make_scope, unmake_scope},
    Task{"attach", 4, attach, nullptr},
    Task{"limits", 2, set_limits, nullptr},
    Task{"stop", 2, stop, nullptr},
    Task{"documents", 1, wake_documents, nullptr},
};

const Task* task_of(const Words& words) {
    for (const Task& task : tasks)
        if (!words.empty() && words[0] == task.name && words.size() >= task.words) return &task;
    return nullptr;
}

} // namespace

int main() {
    (void)alarm(60); // a bus that hangs must not keep this process when who asked is gone
    const Bus bus = connect();
    std::array<char, 1 << 16> question{};
    for (ssize_t got = 0; (got = recv(0, question.data(), question.size(), 0)) > 0;) {
        const Words words = session::words_in(std::string_view(question.data(), static_cast<std::size_t>(got)));
        const Task* task = task_of(words);
        if (!task) {
            (void)answer({"failed", "sandbox-session was asked for something that it does not do", "this program is of no use by itself"});
            return 2;
        }
        if (!bus.connection) {
            (void)answer({"failed", std::string("the user's bus cannot be reached: ") + bus.error->message, "see DBUS_SESSION_BUS_ADDRESS"});
            return 1;
        }
        const std::string failure = task->run(bus, words);
        const bool heard = failure.empty() ? answer({"ok"}) : answer({"failed", "the systemd user manager refused: " + failure, "see systemctl --user status"});
        if (!heard && task->undo) task->undo(bus, words);
    }
    return 0;
}
