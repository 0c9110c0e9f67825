// The busses that the app was given: who may be called, started, named, overheard. A connection is some bytes of
// authentication, and messages (D-Bus Specification, "Authentication Protocol", "Message Protocol").

#include "profiles/selftest/row.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace selftest {
namespace {

constexpr const char* daemon_name = "org.freedesktop.DBus";
constexpr std::uint8_t method_return = 2, error_reply = 3;
constexpr std::uint8_t no_auto_start = 2;

/// Little-endian values, aligned from the beginning of the message.
class Bytes {
public:
    void byte(std::uint8_t value) { text_ += static_cast<char>(value); }
    void number(std::uint32_t value) {
        align(4);
        for (int shift = 0; shift < 32; shift += 8) byte(static_cast<std::uint8_t>(value >> shift));
    }
    void string(std::string_view value) {
        number(static_cast<std::uint32_t>(value.size()));
        (text_ += value) += '\0';
    }
    void signature(std::string_view value) {
        byte(static_cast<std::uint8_t>(value.size()));
        (text_ += value) += '\0';
    }
    void align(std::size_t size) { text_.resize((text_.size() + size - 1) / size * size, '\0'); }
    void append(const Bytes& other) { text_ += other.text_; }
    const std::string& text() const { return text_; }

private:
    std::string text_;
};

struct Call {
    const char* to;
    const char* path;
    const char* interface;
    const char* member;
    const char* signature; ///< of `body`; empty: no body
    Bytes body;
};

std::string message_of(const Call& call, std::uint32_t serial) {
    Bytes fields; // they begin at a multiple of eight
    const auto field = [&](std::uint8_t code, const char* type, const char* value) {
        fields.align(8);
        fields.byte(code);
        fields.signature(type);
        if (*type == 'g') fields.signature(value);
        else fields.string(value);
    };
    field(1, "o", call.path);
    field(2, "s", call.interface);
    field(3, "s", call.member);
    field(6, "s", call.to);
    if (*call.signature != '\0') field(8, "g", call.signature);
    Bytes message;
    for (const std::uint8_t value : {std::uint8_t{'l'}, std::uint8_t{1}, no_auto_start, std::uint8_t{1}}) message.byte(value);
    message.number(static_cast<std::uint32_t>(call.body.text().size()));
    message.number(serial);
    message.number(static_cast<std::uint32_t>(fields.text().size()));
    message.append(fields);
    message.align(8);
    message.append(call.body);
    return message.text();
}

struct Answer {
    std::uint8_t kind = 0; ///< 0: none came
    std::string error;     ///< its name
};

class Connection {
public:
    explicit Connection(const std::string& addresses);
    ~Connection() { if (socket_ >= 0) close(socket_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    bool ready() const { return ready_; }
    Answer call(const Call& call);

private:
    bool send_all(std::string_view text) const { return write(socket_, text.data(), text.size()) == static_cast<ssize_t>(text.size()); }
    bool read_all(std::string& text, std::size_t size) const;
    bool authenticate() const;

    int socket_ = -1;
    std::uint32_t serial_ = 0;
    bool ready_ = false;
};

Connection::Connection(const std::string& addresses) {
    const bool abstract = addresses.starts_with("unix:abstract=");
    if (!abstract && !addresses.starts_with("unix:path=")) return;
    const auto begin = addresses.find('=') + 1;
    const std::string name = addresses.substr(begin, addresses.find_first_of(",;", begin) - begin);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t from = abstract ? 1 : 0;
    if (name.size() + from >= sizeof address.sun_path) return;
    std::memcpy(address.sun_path + from, name.data(), name.size());
    socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval deadline{3, 0};
    (void)setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + from + name.size());
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || !authenticate()) return;
    ready_ = call({daemon_name, "/org/freedesktop/DBus", daemon_name, "Hello", "", {}}).kind == method_return;
}

bool Connection::authenticate() const {
    std::string words{"\0AUTH EXTERNAL ", 15};
    for (const char digit : std::to_string(getuid())) (words += '3') += digit; // in hexadecimal digits of its letters
    std::string line(1, '\0');
    if (!send_all(words + "\r\n")) return false;
    std::string said;
    while (!said.ends_with("\r\n") && said.size() < 200 && read(socket_, line.data(), 1) == 1) said += line;
    return said.starts_with("OK ") && send_all("BEGIN\r\n");
}

bool Connection::read_all(std::string& text, std::size_t size) const {
    text.resize(size);
    for (std::size_t done = 0; done < size;) {
        const ssize_t count = read(socket_, text.data() + done, size - done);
        if (count <= 0) return false;
        done += static_cast<std::size_t>(count);
    }
    return true;
}

std::uint32_t number_at(std::string_view text, std::size_t at) {
    std::uint32_t value = 0;
    if (at + sizeof value <= text.size()) std::memcpy(&value, text.data() + at, sizeof value);
    return value;
}

// Signals and answers to others are passed over. What the fields hold beside the two is of no interest.
Answer Connection::call(const Call& call) {
    const std::uint32_t serial = ++serial_;
    if (!send_all(message_of(call, serial))) return {};
    for (std::string head, rest; read_all(head, 16);) {
        constexpr std::uint32_t most = 1 << 20;
        const std::uint32_t fields = number_at(head, 12), body = number_at(head, 4);
        if (head[0] != 'l' || fields > most || body > most || !read_all(rest, (fields + 7) / 8 * 8 + body)) return {};
        Answer answer{static_cast<std::uint8_t>(head[1]), {}};
        std::uint32_t of = 0;
        for (std::size_t at = 0; at + 4 < fields;) {
            at = (at + 7) / 8 * 8;
            const char code = rest[at], type = rest[at + 2];
            at += 4; // code, signature of one letter
            if (type == 'u') {
                if (code == 5) of = number_at(rest, at);
                at += 4;
            } else if (type == 'g') {
                at += static_cast<std::uint8_t>(rest[at]) + 2U;
            } else {
                const std::uint32_t size = number_at(rest, at);
                if (size > most || at + 4 + size > rest.size()) return {};
                if (code == 4) answer.error = rest.substr(at + 4, size);
                at += size + 5U;
            }
        }
        if (of == serial && (answer.kind == method_return || answer.kind == error_reply)) return answer;
    }
    return {};
}

Row judged(int attack, std::string key, const Answer& answer) {
    constexpr std::array refusals{".AccessDenied", ".ServiceUnknown", ".NameHasNoOwner"};
    if (answer.kind == 0) return {attack, std::move(key), {}, Outcome::blocked, "no answer"};
    for (const char* const refusal : refusals)
        if (answer.error == std::string(daemon_name) + ".Error" + refusal) return {attack, std::move(key), {}, Outcome::blocked, answer.error};
    return {attack, std::move(key), {}, Outcome::through, answer.error};
}

struct Bus {
    const char* name;
    const char* variable;
    std::array<const char*, 14> names; ///< that start programs, hand out secrets or files, or steer the session; none after the first empty one
};

constexpr std::array busses{
    Bus{"session", "DBUS_SESSION_BUS_ADDRESS",
        {"org.freedesktop.systemd1", "org.freedesktop.Flatpak", "org.freedesktop.secrets", "org.freedesktop.portal.Desktop", "org.freedesktop.portal.Documents",
         "org.freedesktop.impl.portal.PermissionStore", "org.gnome.Shell", "org.gnome.Terminal", "org.gnome.SessionManager", "org.kde.KWin", "org.kde.plasmashell",
         "org.gtk.vfs.Daemon", "ca.desrt.dconf", "org.freedesktop.Notifications"}},
    Bus{"system", "DBUS_SYSTEM_BUS_ADDRESS",
        {"org.freedesktop.systemd1", "org.freedesktop.login1", "org.freedesktop.PolicyKit1", "org.freedesktop.UDisks2", "org.freedesktop.NetworkManager",
         "org.freedesktop.hostname1", "org.freedesktop.PackageKit", "org.bluez"}},
};

Call of_daemon(const char* member, const char* signature, Bytes body = {}, const char* interface = daemon_name) {
    return {daemon_name, "/org/freedesktop/DBus", interface, member, signature, std::move(body)};
}

Bytes texts(std::initializer_list<const char*> values) {
    Bytes bytes;
    for (const char* value : values) bytes.string(value);
    return bytes;
}

void try_one(const Bus& bus, const std::string& address, Rows& rows) {
    const std::string before = std::string("bus:") + bus.name + " ";
    // A connection for each: what is refused may be hung up on.
    const auto attempt = [&](int attack, const std::string& what, const Call& call) {
        Connection connection(address);
        if (connection.ready()) rows.push_back(judged(attack, before + what, connection.call(call)));
    };
    for (const char* const name : bus.names)
        if (name) attempt(25, std::string("call ") + name, {name, "/", "org.freedesktop.DBus.Peer", "Ping", "", {}});
    Bytes start = texts({"org.freedesktop.systemd1"});
    start.number(0);
    attempt(25, "start org.freedesktop.systemd1", of_daemon("StartServiceByName", "su", start));
    Bytes empty;
    empty.number(0);
    empty.align(8);
    attempt(25, "environment of what it starts", of_daemon("UpdateActivationEnvironment", "a{ss}", empty));
    Bytes own = texts({"org.sandbox.Selftest"});
    own.number(4); // do not queue
    attempt(25, "own org.sandbox.Selftest", of_daemon("RequestName", "su", own));
    for (const char* const rule : {"eavesdrop=true", "eavesdrop =true", "type='method_call',eavesdrop='true'"})
        attempt(26, std::string("overhear by ") + rule, of_daemon("AddMatch", "s", texts({rule})));
    Bytes monitor;
    monitor.number(0);
    monitor.number(0);
    attempt(26, "become a monitor", of_daemon("BecomeMonitor", "asu", monitor, "org.freedesktop.DBus.Monitoring"));
}

} // namespace

void try_busses(Rows& rows) {
    for (const Bus& bus : busses)
        if (const char* const address = std::getenv(bus.variable)) try_one(bus, address, rows);
}

} // namespace selftest
