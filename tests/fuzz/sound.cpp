// Any bytes as what a PulseAudio client says. The first of them: whether it may record.

#include "launcher/session/sound.hpp"
#include "tests/fuzz/require.hpp"

#include <string>

namespace {

struct Passed {
    bool open;
    std::string server;
};

Passed pass(session::Sound sound, const std::string& bytes) {
    session::End client, server;
    client.in = bytes;
    const bool open = session::sound_filter(sound)(session::Side::client, client, server);
    std::string all;
    for (const session::Chunk& chunk : server.out) all += chunk.bytes;
    return {open, all};
}

} // namespace

int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
    if (size == 0) return 0;
    const auto sound = bytes[0] % 2 == 0 ? session::Sound::play : session::Sound::play_and_record;
    const Passed once = pass(sound, std::string(reinterpret_cast<const char*>(bytes) + 1, size - 1));
    const Passed twice = pass(sound, once.server);
    fuzz::require(twice.open && twice.server == once.server, "what the server gets passes once more as it is");
    return 0;
}
