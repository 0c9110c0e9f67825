// sandbox-playback LISTEN SERVER: a PulseAudio server that plays and does not record, in front of one that does both. Not
// for people: a sidecar of apps that may play sound and hear none.
//
// PulseAudio's native protocol (src/pulsecore/pstream.c, native-common.h of PulseAudio 16; pipewire-pulse speaks the same):
// packets of five big-endian words, length, channel, offset (two), flags, and as many bytes. On channel 0xffffffff they are
// commands: 'L' NUMBER, 'L' TAG, arguments. A command that is not in the list below is answered here, by "access denied",
// and never reaches the server. Memory that the two sides share would go past us: it is turned off in the greeting.

#include "launcher/base/error.hpp"
#include "launcher/session/relay.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace {

using session::End;
using session::Side;

constexpr std::size_t header_size = 20;
constexpr std::size_t longest = 16U << 20; // FRAME_SIZE_MAX_ALLOW
constexpr std::uint32_t control_channel = 0xffffffff;

// The numbers are those of the enum in native-common.h: they are the protocol.
constexpr std::uint32_t error_command = 0, auth_command = 8;
constexpr std::uint32_t access_denied = 1;
constexpr std::array<std::uint32_t, 27> allowed{
    3, 4,            // a playback stream is made, removed
    8, 9,            // authentication, the client's name
    10,              // a sink by its name
    12, 13, 14,      // drained, statistics, latency
    20, 21, 22,      // the server, a sink, all sinks
    27, 29, 30,      // a client by its number, a stream, all streams
    35,              // told of changes
    37, 69,          // volume and mute of a stream; of any, as the server knows no owner
    41, 42, 43, 60,  // corked, flushed, triggered, buffered
    46, 72, 74,      // renamed, with other buffers, at another rate
    81, 82, 84,      // what describes the stream and the client
};
constexpr std::uint32_t shared_memory = 0xff000000; // of the flags of a packet
constexpr std::uint32_t version_bits = 0x0000ffff;  // the others of the greeting's version offer shared memory

std::uint32_t word(const std::string& bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t byte = 0; byte < 4; ++byte) value = value << 8 | static_cast<unsigned char>(bytes[at + byte]);
    return value;
}

void put_word(std::string& bytes, std::size_t at, std::uint32_t value) {
    for (std::size_t byte = 0; byte < 4; ++byte) bytes[at + byte] = static_cast<char>(value >> (24 - 8 * byte) & 0xff);
}

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

// One whole packet of the client's. False: it is none that may be.
bool take_packet(std::string packet, End& client, End& server) {
    if ((word(packet, 16) & shared_memory) != 0) return false;
    if (word(packet, 4) == control_channel) {
        if (packet.size() < header_size + 10 || packet[header_size] != 'L' || packet[header_size + 5] != 'L') return false;
        const std::uint32_t command = word(packet, header_size + 1);
        if (std::find(allowed.begin(), allowed.end(), command) == allowed.end()) {
            client.put({refusal(word(packet, header_size + 6)), {}});
            return true;
        }
        if (command == auth_command) {
            if (packet.size() < header_size + 15 || packet[header_size + 10] != 'L') return false;
            put_word(packet, header_size + 11, word(packet, header_size + 11) & version_bits);
        }
    }
    server.put({std::move(packet), {}});
    return true;
}

bool filter(Side side, End& from, End& to) {
    from.received.clear(); // memory and channels that would go past us
    if (side == Side::server) {
        if (!from.in.empty()) to.put({std::move(from.in), {}});
        from.in.clear();
        return true;
    }
    while (from.in.size() >= header_size) {
        const std::size_t length = word(from.in, 0);
        if (length > longest) return false;
        if (from.in.size() < header_size + length) break;
        if (!take_packet(from.in.substr(0, header_size + length), from, to)) return false;
        from.in.erase(0, header_size + length);
    }
    return true;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("sandbox: sandbox-playback is started by sandbox(1); it is of no use by itself\n", stderr);
        return 2;
    }
    const auto served = session::serve(argv[1], argv[2], [] { return session::Filter(filter); });
    if (!served) std::fprintf(stderr, "sandbox: %s\n", base::to_text(served.error()).c_str());
    return served ? 0 : 125;
}
