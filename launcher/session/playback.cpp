// sandbox-playback LISTEN SERVER [record]: a PulseAudio server that plays, and records where that is said, in front of one that loads
// modules, changes devices and does what else it is asked. Not for people: a sidecar of apps that have sound.

#include "launcher/base/error.hpp"
#include "launcher/session/sound.hpp"

#include <cstdio>
#include <string_view>

int main(int argc, char** argv) {
    const bool records = argc == 4 && std::string_view(argv[3]) == "record";
    if (argc != 3 && !records) {
        std::fputs("sandbox: sandbox-playback is started by sandbox(1); it is of no use by itself\n", stderr);
        return 2;
    }
    const auto served = session::serve(argv[1], argv[2], [records] { return session::sound_filter(records ? session::Sound::play_and_record : session::Sound::play); });
    if (!served) std::fprintf(stderr, "sandbox: %s\n", base::to_text(served.error()).c_str());
    return served ? 0 : 125;
}
