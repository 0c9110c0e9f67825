// sandbox-names LISTEN SERVER NAME=OUTSIDE…: gives an app names on the bus that nobody else looks for. Not for people: a
// sidecar between the app and the bus proxy.
//
// To own a name is to be spoken to by everybody who knows it: a program of the same kind outside would take the app for
// its first instance, hand it files, or be handed some. Here NAME becomes OUTSIDE on its way out, and NAME again on its way
// in, where a message is to, from or about it; "NAME.*=OUTSIDE.*" are all names below it as well. The app and what it
// starts see the name that they ask for; nobody outside does. This is no wall: what the app may own, see and call is for the
// proxy behind to decide, and a fault in here gains nothing but that other name.
//
// D-Bus Specification, "Authentication Protocol", "Message Protocol". Messages are read and written by GLib; one that does
// not hold any of the names goes by unread.

#include "launcher/base/error.hpp"
#include "launcher/session/relay.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <gio/gio.h>
#include <gio/gunixfdlist.h>
#include <unistd.h>

namespace {

using session::Chunk;
using session::End;
using session::Side;

constexpr std::size_t longest = 128U << 20; // of the specification
constexpr const char* bus = "org.freedesktop.DBus";

/// A name that the app has for itself.
struct Private {
    std::string name;    ///< "org.x.App"
    std::string outside; ///< "org.sandbox.private.iXXXX.org.x.App"
    bool all_below;      ///< written with ".*"
};

/// "A" with "A.B.C" and B for A: "B.B.C"; an empty text: the name is another one.
std::string replaced(std::string_view name, std::string_view from, std::string_view to, bool all_below) {
    if (!name.starts_with(from)) return "";
    const std::string_view rest = name.substr(from.size());
    return rest.empty() || (all_below && rest[0] == '.') ? std::string(to) + std::string(rest) : "";
}

struct Names {
    std::vector<Private> rows;

    // The name on the other side; an empty text: it is none of them.
    std::string other(Side side, std::string_view name) const {
        for (const Private& row : rows) {
            const bool out = side == Side::client;
            std::string found = replaced(name, out ? row.name : row.outside, out ? row.outside : row.name, row.all_below);
            if (!found.empty()) return found;
        }
        return "";
    }
    // Whether any byte of a message can be of interest.
    bool in(Side side, std::string_view bytes) const {
        return std::any_of(rows.begin(), rows.end(), [&](const Private& row) {
            return bytes.find(side == Side::client ? row.name : row.outside) != std::string_view::npos;
        });
    }
    // In a match rule names stand in quotes.
    std::string in_rule(std::string_view rule) const {
        std::string out;
        while (!rule.empty()) {
            const auto open = rule.find('\'');
            const auto close = open == std::string_view::npos ? open : rule.find('\'', open + 1);
            if (close == std::string_view::npos) break;
            const std::string_view word = rule.substr(open + 1, close - open - 1);
            const std::string told = other(Side::client, word);
            out += std::string(rule.substr(0, open + 1)) + (told.empty() ? std::string(word) : told) + "'";
            rule.remove_prefix(close + 1);
        }
        return out + std::string(rule);
    }
};

// The arguments of a message to or from the bus itself: texts, lists of texts, and others, which stay.
GVariant* translated(const Names& names, Side side, bool is_rule, GVariant* body) {
    GVariantBuilder builder;
    g_variant_builder_init(&builder, g_variant_get_type(body));
    for (gsize at = 0; at < g_variant_n_children(body); ++at) {
        GVariant* child = g_variant_get_child_value(body, at);
        if (g_variant_is_of_type(child, G_VARIANT_TYPE_STRING)) {
            const char* text = g_variant_get_string(child, nullptr);
            const std::string told = is_rule ? names.in_rule(text) : names.other(side, text);
            g_variant_builder_add_value(&builder, told.empty() ? child : g_variant_new_string(told.c_str()));
        } else if (g_variant_is_of_type(child, G_VARIANT_TYPE_STRING_ARRAY)) {
            g_variant_builder_add_value(&builder, translated(names, side, false, child));
        } else {
            g_variant_builder_add_value(&builder, child);
        }
        g_variant_unref(child);
    }
    return g_variant_builder_end(&builder);
}

bool is(const char* text, const char* wanted) { return text != nullptr && std::strcmp(text, wanted) == 0; }

void translate(const Names& names, Side side, GDBusMessage* message) {
    if (const char* name = g_dbus_message_get_destination(message))
        if (const std::string told = names.other(side, name); !told.empty()) g_dbus_message_set_destination(message, told.c_str());
    if (const char* name = g_dbus_message_get_sender(message))
        if (const std::string told = names.other(side, name); !told.empty()) g_dbus_message_set_sender(message, told.c_str());
    const bool of_bus = is(side == Side::client ? g_dbus_message_get_destination(message) : g_dbus_message_get_sender(message), bus);
    GVariant* body = g_dbus_message_get_body(message);
    if (!of_bus || body == nullptr) return;
    const char* member = g_dbus_message_get_member(message);
    const bool is_rule = side == Side::client && (is(member, "AddMatch") || is(member, "RemoveMatch"));
    g_dbus_message_set_body(message, translated(names, side, is_rule, body));
}

// Descriptors are counted in the header; GLib wants to have them in hand when it writes.
GUnixFDList* borrowed(const std::vector<base::UniqueFd>& descriptors) {
    GUnixFDList* list = g_unix_fd_list_new();
    for (const base::UniqueFd& one : descriptors) (void)g_unix_fd_list_append(list, one.get(), nullptr); // shows as a mismatch below
    return list;
}

// False: not a message.
bool pass(const Names& names, Side side, std::string bytes, End& from, End& to) {
    Chunk chunk;
    const bool interesting = names.in(side, bytes);
    if (interesting || !from.received.empty()) {
        GDBusMessage* message = g_dbus_message_new_from_blob(reinterpret_cast<guchar*>(bytes.data()), bytes.size(), G_DBUS_CAPABILITY_FLAGS_UNIX_FD_PASSING, nullptr);
        if (message == nullptr) return false;
        if (g_dbus_message_get_num_unix_fds(message) > static_cast<int>(session::most_descriptors)) { // as the busses themselves have it, and send() holds no more
            g_object_unref(message);
            return false;
        }
        for (guint32 left = g_dbus_message_get_num_unix_fds(message); left > 0; --left) {
            if (from.received.empty()) {
                g_object_unref(message);
                return false;
            }
            chunk.descriptors.push_back(std::move(from.received.front()));
            from.received.pop_front();
        }
        if (interesting) {
            translate(names, side, message);
            GUnixFDList* list = borrowed(chunk.descriptors);
            if (!chunk.descriptors.empty()) g_dbus_message_set_unix_fd_list(message, list);
            gsize size = 0;
            guchar* blob = g_dbus_message_to_blob(message, &size, G_DBUS_CAPABILITY_FLAGS_UNIX_FD_PASSING, nullptr);
            g_object_unref(list);
            if (blob != nullptr) bytes.assign(reinterpret_cast<char*>(blob), size);
            const bool written = blob != nullptr;
            g_free(blob);
            if (!written) {
                g_object_unref(message);
                return false;
            }
        }
        g_object_unref(message);
    }
    chunk.bytes = std::move(bytes);
    to.put(std::move(chunk));
    return true;
}

/// Where the two directions of one connection stand: lines first, then messages.
struct State {
    bool client_begun = false;

    bool take(const Names& names, Side side, End& from, End& to) {
        for (;;) {
            std::string& in = from.in;
            if (in.empty()) return true;
            // The lines of the server begin with capital letters that no message begins with.
            const bool line = side == Side::client ? !client_begun : in[0] != 'l' && in[0] != 'B';
            if (line) {
                const auto end = in.find('\n');
                if (end == std::string::npos) return in.size() < 16384;
                const std::string said = in.substr(0, end + 1);
                if (side == Side::client && (said == "BEGIN\r\n" || said == std::string("\0BEGIN\r\n", 8))) client_begun = true;
                to.put({said, {}});
                in.erase(0, end + 1);
                continue;
            }
            if (in.size() < 16) return true;
            const gssize size = g_dbus_message_bytes_needed(reinterpret_cast<guchar*>(in.data()), in.size(), nullptr);
            if (size < 16 || static_cast<std::size_t>(size) > longest) return false;
            if (in.size() < static_cast<std::size_t>(size)) return true;
            std::string message = in.substr(0, static_cast<std::size_t>(size));
            in.erase(0, static_cast<std::size_t>(size));
            if (!pass(names, side, std::move(message), from, to)) return false;
        }
    }
};

// NAME=OUTSIDE, both with ".*" or neither.
bool read(std::string_view word, Names& names) {
    const auto at = word.find('=');
    if (at == std::string_view::npos) return false;
    std::string_view name = word.substr(0, at), outside = word.substr(at + 1);
    const bool all_below = name.ends_with(".*");
    if (all_below != outside.ends_with(".*")) return false;
    if (all_below) {
        name.remove_suffix(2);
        outside.remove_suffix(2);
    }
    names.rows.push_back({std::string(name), std::string(outside), all_below});
    return !name.empty() && !outside.empty();
}

} // namespace

int main(int argc, char** argv) {
    Names names;
    bool good = argc >= 4;
    for (int at = 3; good && at < argc; ++at) good = read(argv[at], names);
    if (!good) {
        std::fputs("sandbox: sandbox-names is started by sandbox(1); it is of no use by itself\n", stderr);
        return 2;
    }
    const auto served = session::serve(argv[1], argv[2], [&] {
        return session::Filter([&names, state = State{}](Side side, End& from, End& to) mutable { return state.take(names, side, from, to); });
    });
    if (!served) std::fprintf(stderr, "sandbox: %s\n", base::to_text(served.error()).c_str());
    return served ? 0 : 125;
}
