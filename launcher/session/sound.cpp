// PulseAudio's native protocol (src/pulsecore/pstream.c, tagstruct.c, native-common.h of PulseAudio 16; pipewire-pulse speaks the
// same): packets of five big-endian words, length, channel, offset (two), flags, and as many bytes. On channel 0xffffffff they
// are commands: 'L' NUMBER, 'L' TAG, arguments, each with a letter for its kind before it. Memory that the two sides share would
// go past us: it is turned off in the greeting.

#include "launcher/session/sound.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>

namespace session {
namespace {

constexpr std::size_t header_size = 20;
constexpr std::size_t longest = 16U << 20; // FRAME_SIZE_MAX_ALLOW
constexpr std::size_t command_size = 10;   // with its tag
constexpr std::uint32_t control_channel = 0xffffffff;

// The numbers are those of the enum in native-common.h: they are the protocol.
constexpr std::uint32_t error_command = 0, reply_command = 2, auth_command = 8;
constexpr std::uint32_t access_denied = 1;
constexpr std::array<std::uint32_t, 22> to_play{
    8, 9,            // authentication, the client's name
    10,              // a sink by its name
    12, 13, 14,      // drained, statistics, latency
    20, 21, 22,      // the server, a sink, all sinks
    35,              // told of changes
    41, 42, 43, 60,  // corked, flushed, triggered, buffered
    46, 72, 74,      // renamed, with other buffers, at another rate
    81, 82, 84,      // what describes the stream and the client
    3, 4,            // a playback stream is made, removed
};
constexpr std::array<std::uint32_t, 13> to_record{
    11, 23, 24,      // a source by its name, by its number, all sources
    47, 73, 75,      // renamed, with other buffers, at another rate
    57, 58, 59,      // latency, corked, flushed
    80, 83,          // what describes the stream
    5, 6,            // a recording stream is made, removed
};
/// What is said of streams: the server knows no owner of one, and asks nobody who sees or changes it.
struct Streams {
    std::uint32_t make, remove, killed;
    std::array<std::uint32_t, 3> of_one; ///< what is known of it, its volume, mute
};
constexpr std::array<Streams, 2> kinds{Streams{3, 4, 64, {29, 37, 69}}, Streams{5, 6, 65, {31, 98, 99}}};
constexpr std::size_t most_streams = 4096;
constexpr std::uint32_t shared_memory = 0xff000000; // of the flags of a packet
constexpr std::uint32_t version_bits = 0x0000ffff;  // the others of the greeting's version offer shared memory

// What describes a stream or a client (proplist.h of PulseAudio). No other property reaches the server: "filter.apply" names a
// module that module-filter-apply loads with the arguments of a second one, and a filter of LADSPA is any file; "media.class"
// and "node.…" make a device of a stream in PipeWire.
constexpr std::array<std::string_view, 10> of_media{"media.name", "media.title", "media.artist", "media.copyright", "media.software",
                                                    "media.language", "media.filename", "media.icon", "media.icon_name", "media.role"};

bool describes(std::string_view name) {
    return name.starts_with("application.") || name.starts_with("window.") || name.starts_with("event.") ||
           std::find(of_media.begin(), of_media.end(), name) != of_media.end();
}
bool is_of_format(std::string_view name) { return name.starts_with("format."); }

std::uint32_t word(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t byte = 0; byte < 4; ++byte) value = value << 8 | static_cast<unsigned char>(bytes[at + byte]);
    return value;
}

void put_word(std::string& bytes, std::size_t at, std::uint32_t value) {
    for (std::size_t byte = 0; byte < 4; ++byte) bytes[at + byte] = static_cast<char>(value >> (24 - 8 * byte) & 0xff);
}

/// The arguments of a command once more, less what is not to go on.
class Copy {
public:
    explicit Copy(std::string_view arguments) : rest_(arguments) {}

    /// Nothing: they are no arguments.
    std::optional<std::string> whole() && {
        while (!rest_.empty())
            if (!item()) return std::nullopt;
        return std::move(out_);
    }

private:
    bool take(std::size_t size) {
        if (size > rest_.size()) return false;
        out_ += rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
    }
    std::size_t byte(std::size_t at) const { return static_cast<unsigned char>(rest_[at]); }

    bool item() {
        switch (rest_[0]) {
        case '0': case '1': case 'N': return take(1);           // false, true, no text
        case 'B': return take(2);                               // a byte
        case 'L': case 'V': return take(5);                     // a word, a volume
        case 'a': return take(7);                               // the form of a sample
        case 'R': case 'r': case 'U': case 'T': return take(9); // long numbers, times
        case 't': return take(std::min(rest_.find('\0'), rest_.size()) + 1);
        case 'm': return rest_.size() > 1 && take(2 + byte(1));     // a byte for each channel
        case 'v': return rest_.size() > 1 && take(2 + 4 * byte(1)); // a volume for each
        case 'x': return rest_.size() > 4 && take(5 + std::size_t{word(rest_, 1)});
        case 'P': return properties(describes);
        case 'f': return take(1) && rest_.starts_with('B') && take(2) && properties(is_of_format);
        default: return false;
        }
    }

    // 'P', then 't' NAME 'L' SIZE 'x' SIZE BYTES for each, then 'N'.
    bool properties(bool (*goes_on)(std::string_view name)) {
        if (!rest_.starts_with('P') || !take(1)) return false;
        while (rest_.starts_with('t')) {
            const auto end = rest_.find('\0');
            constexpr std::size_t sizes = 10;
            if (end == std::string_view::npos || rest_.size() - (end + 1) < sizes || rest_[end + 1] != 'L' || rest_[end + 6] != 'x') return false;
            const std::size_t size = word(rest_, end + 2);
            if (word(rest_, end + 7) != size || size > rest_.size() - (end + 1) - sizes) return false;
            const std::size_t whole = end + 1 + sizes + size;
            if (!goes_on(rest_.substr(1, end - 1))) rest_.remove_prefix(whole);
            else if (!take(whole)) return false;
        }
        return rest_.starts_with('N') && take(1);
    }

    std::string_view rest_;
    std::string out_;
};

std::string refusal(std::uint32_t tag) {
    std::string packet(header_size + 15, '\0');
    put_word(packet, 0, 15);
    put_word(packet, 4, control_channel);
    for (std::size_t at = 0; at < 3; ++at) packet[header_size + 5 * at] = 'L';
    put_word(packet, header_size + 1, error_command);
    put_word(packet, header_size + 6, tag);
    put_word(packet, header_size + 11, access_denied);
    return packet;
}

bool is_command(std::string_view packet) {
    return word(packet, 4) == control_channel && packet.size() >= header_size + command_size && packet[header_size] == 'L' && packet[header_size + 5] == 'L';
}

// The argument at `number`, where it and those before it are words.
std::optional<std::uint32_t> argument(std::string_view packet, std::size_t number) {
    const std::size_t at = header_size + command_size + 5 * number;
    for (std::size_t each = header_size + command_size; each <= at; each += 5)
        if (packet.size() < each + 5 || packet[each] != 'L') return std::nullopt;
    return word(packet, at + 1);
}

/// The streams of one connection, as the server told of them.
class Own {
public:
    /// A command of the client's. False: it uses a tag that another answer may come for.
    bool asked(std::string_view packet, std::uint32_t command, std::uint32_t tag) {
        const auto makes = std::find_if(kinds.begin(), kinds.end(), [&](const Streams& kind) { return kind.make == command; });
        if (asked_for_.contains(tag) || (makes != kinds.end() && tag < next_)) return false;
        next_ = std::max(next_, std::uint64_t{tag} + 1);
        if (makes != kinds.end()) asked_for_[tag] = static_cast<std::size_t>(makes - kinds.begin());
        for (std::size_t kind = 0; kind < kinds.size(); ++kind)
            if (command == kinds[kind].remove) forget(kind, packet);
        return asked_for_.size() + streams_[0].size() + streams_[1].size() <= most_streams;
    }
    /// A packet of the server's.
    void told(std::string_view packet) {
        if (!is_command(packet)) return;
        const std::uint32_t command = word(packet, header_size + 1);
        for (std::size_t kind = 0; kind < kinds.size(); ++kind)
            if (command == kinds[kind].killed) forget(kind, packet);
        if (command != reply_command && command != error_command) return;
        const auto made = asked_for_.find(word(packet, header_size + 6));
        if (made == asked_for_.end()) return;
        const auto channel = argument(packet, 0), index = argument(packet, 1);
        if (command == reply_command && channel && index) streams_[made->second][*channel] = *index;
        asked_for_.erase(made);
    }
    /// Whether the stream that the first argument names is one.
    bool has(std::size_t kind, std::string_view packet) const {
        const auto index = argument(packet, 0);
        return index && std::any_of(streams_[kind].begin(), streams_[kind].end(), [&](const auto& stream) { return stream.second == *index; });
    }

private:
    void forget(std::size_t kind, std::string_view packet) {
        if (const auto channel = argument(packet, 0)) streams_[kind].erase(*channel);
    }

    std::map<std::uint32_t, std::size_t> asked_for_; ///< tags of the commands that make one, and its kind
    std::array<std::map<std::uint32_t, std::uint32_t>, kinds.size()> streams_; ///< by channel: the number that all clients know it by
    std::uint64_t next_ = 0; ///< tags below were used
};

bool is_allowed(Sound sound, const Own& own, std::string_view packet, std::uint32_t command) {
    for (std::size_t kind = 0; kind < kinds.size(); ++kind)
        if (std::find(kinds[kind].of_one.begin(), kinds[kind].of_one.end(), command) != kinds[kind].of_one.end()) return own.has(kind, packet);
    return std::find(to_play.begin(), to_play.end(), command) != to_play.end() ||
           (sound == Sound::play_and_record && std::find(to_record.begin(), to_record.end(), command) != to_record.end());
}

// One whole packet of the client's. False: it is none that may be.
bool take_packet(Sound sound, Own& own, std::string packet, End& client, End& server) {
    if ((word(packet, 16) & shared_memory) != 0) return false;
    if (word(packet, 4) == control_channel) {
        if (!is_command(packet)) return false;
        const std::uint32_t command = word(packet, header_size + 1), tag = word(packet, header_size + 6);
        if (!is_allowed(sound, own, packet, command)) {
            client.put({refusal(tag), {}});
            return true;
        }
        if (!own.asked(packet, command, tag)) return false;
        const auto arguments = Copy(std::string_view(packet).substr(header_size + command_size)).whole();
        if (!arguments) return false;
        packet.replace(header_size + command_size, std::string::npos, *arguments);
        put_word(packet, 0, static_cast<std::uint32_t>(packet.size() - header_size));
        if (command == auth_command) {
            if (packet.size() < header_size + 15 || packet[header_size + 10] != 'L') return false;
            put_word(packet, header_size + 11, word(packet, header_size + 11) & version_bits);
        }
    }
    server.put({std::move(packet), {}});
    return true;
}

// Whole packets of the server's too: an answer of ours stands between two of them.
bool take(Sound sound, Own& own, Side side, End& from, End& to) {
    from.received.clear(); // memory and channels that would go past us
    while (from.in.size() >= header_size) {
        const std::size_t length = word(from.in, 0);
        if (length > longest) return false;
        if (from.in.size() < header_size + length) break;
        std::string packet = from.in.substr(0, header_size + length);
        from.in.erase(0, header_size + length);
        if (side == Side::client) {
            if (!take_packet(sound, own, std::move(packet), from, to)) return false;
            continue;
        }
        own.told(packet);
        to.put({std::move(packet), {}});
    }
    return true;
}

} // namespace

Filter sound_filter(Sound sound) {
    return [sound, own = Own()](Side side, End& from, End& to) mutable { return take(sound, own, side, from, to); };
}

} // namespace session
