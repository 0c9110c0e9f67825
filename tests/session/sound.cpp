#include "launcher/session/sound.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

using session::End;
using session::Side;
using session::Sound;
using namespace std::string_literals;

namespace {

std::string word(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
    return bytes;
}
std::string u32(std::uint32_t value) { return "L" + word(value); }
std::string text(const std::string& value) { return "t" + value + '\0'; }
std::string property(const std::string& name, const std::string& value) {
    const auto size = static_cast<std::uint32_t>(value.size() + 1);
    return text(name) + u32(size) + "x" + word(size) + value + '\0';
}
std::string packet(const std::string& payload, std::uint32_t channel = 0xffffffff) {
    return word(static_cast<std::uint32_t>(payload.size())) + word(channel) + word(0) + word(0) + word(0) + payload;
}
std::string command(std::uint32_t number, const std::string& arguments, std::uint32_t tag = 7) { return packet(u32(number) + u32(tag) + arguments); }
std::string refused(std::uint32_t tag = 7) { return packet(u32(0) + u32(tag) + u32(1)); }

/// A stream to be played, as libpulse 16 asks for it.
std::string stream(const std::string& properties, const std::string& formats = "B"s + '\0') {
    return "a\x03\x02"s + word(44100) + "m\x02\x01\x02"s + u32(0xffffffff) + "N" + u32(0x1000) + "0" + u32(1) + u32(2) + u32(3) + u32(4) + "v\x02"s + word(0x10000) + word(0x10000) +
           "0000000" + "01" + "P" + properties + "N" + "00" + "000" + "0" + "0" + formats;
}

struct Passed {
    bool open = true;
    std::string server, client;
};

std::string taken(End& end) {
    std::string all;
    for (const session::Chunk& chunk : end.out) all += chunk.bytes;
    end.out.clear();
    return all;
}

Passed pass(const std::string& bytes, Sound sound = Sound::play, Side side = Side::client) {
    End client, server;
    const auto filter = session::sound_filter(sound);
    End& from = side == Side::client ? client : server;
    Passed passed;
    for (const char byte : bytes) { // however it is cut
        from.in += byte;
        passed.open = passed.open && filter(side, from, side == Side::client ? server : client);
    }
    passed.server = taken(server);
    passed.client = taken(client);
    return passed;
}

} // namespace

TEST_CASE("A stream keeps the properties that describe it, and no other", "[session]") {
    const std::string kept = property("media.name", "a song") + property("application.process.binary", "mpv") + property("window.x11.display", ":0");
    const std::string more = property("filter.apply", "ladspa-sink") + property("filter.apply.ladspa-sink.parameters", "plugin=/tmp/evil label=x") +
                             property("media.class", "Audio/Source") + property("node.name", "mic") + property("media.name.x", "1") + property("", "");
    const Passed passed = pass(command(3, stream(more + kept + more)));
    CHECK(passed.open);
    CHECK(passed.client.empty());
    CHECK(passed.server == command(3, stream(kept)));
    for (const std::uint32_t number : {9U, 81U, 82U}) // of a client and of a stream that is there, too
        CHECK(pass(command(number, u32(1) + "P" + more + kept + "N")).server == command(number, u32(1) + "P" + kept + "N"));
    CHECK(pass(command(5, stream(more)), Sound::play_and_record).server == command(5, stream("")));
}

TEST_CASE("Formats keep what they are made of", "[session]") {
    const std::string rate = property("format.rate", "48000");
    const std::string formats = "B\x01"s + "fB\x01"s + "P" + rate + "N";
    CHECK(pass(command(3, stream("", formats))).server == command(3, stream("", formats)));
    CHECK(pass(command(3, stream("", "B\x01"s + "fB\x01"s + "P" + property("filter.apply", "x") + rate + "N"))).server == command(3, stream("", formats)));
}

TEST_CASE("What is not the app's is refused, and recording is its own only where it is said", "[session]") {
    for (const std::uint32_t number : {7U, 15U, 16U, 17U, 18U, 19U, 25U, 36U, 38U, 39U, 40U, 44U, 45U, 48U, 49U, 50U, 51U, 52U, 67U, 68U, 70U, 71U, 87U, 90U, 101U, 103U, 104U, 0xffffffffU})
        for (const Sound sound : {Sound::play, Sound::play_and_record}) {
            const Passed passed = pass(command(number, text("module-null-sink") + "N"), sound);
            CAPTURE(number);
            CHECK(passed.open);
            CHECK(passed.server.empty());
            CHECK(passed.client == refused());
        }
    for (const std::uint32_t number : {5U, 11U, 23U, 24U, 57U, 83U}) {
        CAPTURE(number);
        CHECK(pass(command(number, u32(1))).client == refused());
        CHECK(pass(command(number, u32(1)), Sound::play_and_record).server == command(number, u32(1)));
    }
}

TEST_CASE("A connection sees and changes its own streams alone", "[session]") {
    struct Kind {
        std::uint32_t make, remove, killed, of_one[3];
    };
    for (const Kind& kind : {Kind{3, 4, 64, {29, 37, 69}}, Kind{5, 6, 65, {31, 98, 99}}}) {
        CAPTURE(kind.make);
        End client, server;
        const auto filter = session::sound_filter(Sound::play_and_record);
        std::uint32_t tag = 0;
        const auto sent = [&](std::uint32_t number, const std::string& arguments) {
            client.in = command(number, arguments, tag++);
            if (!filter(Side::client, client, server)) return std::string("closed");
            const bool passed = taken(server) == command(number, arguments, tag - 1);
            return std::string(passed ? "passed" : taken(client) == refused(tag - 1) ? "refused" : "lost");
        };
        const auto told = [&](const std::string& packet) {
            server.in = packet;
            CHECK(filter(Side::server, server, client));
            CHECK(taken(client) == packet);
        };
        CHECK(sent(30, "") == "refused"); // all streams of all clients
        CHECK(sent(32, "") == "refused");
        CHECK(sent(27, u32(9)) == "refused");
        for (const std::uint32_t number : kind.of_one) CHECK(sent(number, u32(9)) == "refused");
        CHECK(sent(kind.make, u32(1)) == "passed");
        told(command(0, u32(5), tag - 1)); // an error makes none
        for (const std::uint32_t number : kind.of_one) CHECK(sent(number, u32(9)) == "refused");
        CHECK(sent(kind.make, u32(1)) == "passed");
        told(command(2, u32(3) + u32(9) + u32(0), tag - 1));
        for (const std::uint32_t number : kind.of_one) {
            CHECK(sent(number, u32(9)) == "passed");
            CHECK(sent(number, u32(3)) == "refused");
            CHECK(sent(number, text("9")) == "refused");
            CHECK(sent(number, "") == "refused");
        }
        CHECK(sent(kind.make == 3 ? 31 : 29, u32(9)) == "refused"); // a number of the other kind
        CHECK(sent(kind.remove, u32(3)) == "passed");
        CHECK(sent(kind.of_one[0], u32(9)) == "refused");
        CHECK(sent(kind.make, "") == "passed");
        told(command(2, u32(4) + u32(11), tag - 1));
        CHECK(sent(kind.of_one[1], u32(11)) == "passed");
        told(command(kind.killed, u32(4), 0xffffffff));
        CHECK(sent(kind.of_one[1], u32(11)) == "refused");
        // The answer to something else is not taken for one that tells of a stream.
        CHECK(sent(13, "") == "passed");
        told(command(2, u32(1) + u32(12), tag - 1));
        CHECK(sent(kind.of_one[0], u32(12)) == "refused");
        --tag;
        --tag;
        CHECK(sent(kind.make, "") == "closed");
    }
    CHECK(!pass(command(3, "", 5) + command(13, "", 5)).open);
    CHECK(!pass(command(13, "", 5) + command(3, "", 5)).open);
    CHECK(!pass(command(13, "", 5) + command(3, "", 4)).open);
    CHECK(pass(command(13, "", 5) + command(13, "", 5) + command(3, "", 6) + command(3, "", 7)).open);
    std::string many;
    for (std::uint32_t each = 0; each < 5000; ++each) many += command(3, "", each);
    End client, server;
    client.in = many;
    CHECK(!session::sound_filter(Sound::play)(Side::client, client, server));
}

TEST_CASE("The greeting offers no shared memory", "[session]") {
    const std::string cookie = "x" + word(4) + "1234";
    CHECK(pass(command(8, u32(0xc0000023) + cookie)).server == command(8, u32(0x23) + cookie));
}

TEST_CASE("A packet of another form ends the connection", "[session]") {
    const std::string cases[] = {
        packet("L\0\0\0\x03"s),                                  // no tag
        packet(text("x") + u32(1)),                              // no number
        command(8, ""), command(8, text("x")),                   // a greeting without a version
        command(3, "?"), command(3, "L\0"s), command(3, "tx"s),  // no kind, cut off
        command(3, "x" + word(0xffffffff)), command(3, "v\xff"s), command(3, "m\x05"s), command(3, "v"),
        command(3, "P" + property("media.name", "x")),           // no end
        command(3, "P" + text("media.name") + u32(2) + "x" + word(3) + "abcN"),
        command(3, "P" + text("media.name") + u32(0xffffffff) + "x" + word(0xffffffff) + "N"), command(3, "Ptx"s), command(3, "f"), command(3, "fB\1"s),
        word(17U << 20) + word(1) + word(0) + word(0) + word(0),
        word(4) + word(1) + word(0) + word(0) + word(0x80000000) + "1234", // a block of shared memory
    };
    for (const std::string& bytes : cases) {
        CAPTURE(bytes);
        const Passed passed = pass(bytes);
        CHECK(!passed.open);
        CHECK(passed.server.empty());
    }
}

TEST_CASE("Sound itself passes, and an answer stands between two packets of the server's", "[session]") {
    CHECK(pass(packet("\x01\x02\x03"s, 0)).server == packet("\x01\x02\x03"s, 0));
    End client, server;
    const auto filter = session::sound_filter(Sound::play);
    const std::string told = packet(u32(2) + u32(1) + text("long"));
    server.in = told.substr(0, 30);
    CHECK(filter(Side::server, server, client));
    client.in = command(51, "");
    CHECK(filter(Side::client, client, server));
    server.in += told.substr(30);
    CHECK(filter(Side::server, server, client));
    CHECK(taken(client) == refused() + told);
}
