#include "launcher/verbs/world.hpp"

#include <array>
#include <climits>
#include <cstring>
#include <unistd.h>

// From bindir to the others, by meson: an installed tree may be moved whole.
#ifndef SANDBOX_LIBEXEC_FROM_BIN
#error "meson defines where the helper is"
#endif

namespace verbs {
namespace {

using base::Error;
using base::Result;

// Lexical: "a/b/../c" → "a/c". Only for paths made of our own program's real place and our own relative ones.
std::string collapsed(std::string path) {
    for (auto at = path.find("/../"); at != std::string::npos; at = path.find("/../")) {
        const auto before = at == 0 ? 0 : path.rfind('/', at - 1);
        path.erase(before, at + 3 - before);
    }
    return path;
}

struct Layout {
    const char* helper;
    const char* session;
    const char* data;
};

constexpr std::array layouts{
    Layout{SANDBOX_LIBEXEC_FROM_BIN "/sandbox-helper", SANDBOX_LIBEXEC_FROM_BIN "/sandbox-session", SANDBOX_DATA_FROM_BIN},
    Layout{"../helper/sandbox-helper", "session/sandbox-session", "../profiles"}, // a build folder
};

} // namespace

Result<World> make_world(char** words, char** environment) {
    World world;
    const char* end = *words;
    for (char** word = words; *word != nullptr; ++word) end = *word + std::strlen(*word) + 1;
    for (char** entry = environment; *entry != nullptr; ++entry) {
        world.environment.emplace_back(*entry);
        end = *entry + std::strlen(*entry) + 1;
    }
    if (*words != nullptr) world.memory = {*words, static_cast<std::size_t>(end - *words)};
    std::array<char, PATH_MAX> link{};
    const ssize_t length = readlink("/proc/self/exe", link.data(), link.size());
    if (length <= 0 || static_cast<std::size_t>(length) == link.size()) {
        Error error = base::system_error("readlink", "cannot find this program's own file");
        error.advice = "is /proc mounted?";
        return error;
    }
    world.programs.text = base::parent_of(std::string_view(link.data(), static_cast<std::size_t>(length)));
    for (const Layout& layout : layouts) {
        world.helper.text = collapsed(base::joined(world.programs.text, layout.helper));
        world.session.text = collapsed(base::joined(world.programs.text, layout.session));
        world.data.text = collapsed(base::joined(world.programs.text, layout.data));
        if (access(world.helper.text.c_str(), X_OK) == 0) return world;
    }
    return Error{.what = "cannot find sandbox-helper near '" + world.programs.text + "'",
                 .advice = "install the whole package; the program alone is not enough"};
}

std::string variable(const World& world, std::string_view name) {
    for (const std::string& entry : world.environment)
        if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=') return entry.substr(name.size() + 1);
    return {};
}

base::HostPath runtime_folder(const World& world) {
    if (const auto given = base::normalised(variable(world, "XDG_RUNTIME_DIR")); given) return {given.value()};
    const std::string usual = "/run/user/" + std::to_string(geteuid());
    return {access(usual.c_str(), W_OK) == 0 ? usual : ""};
}

std::vector<profile::SearchFolder> search_folders(const World& world) {
    std::vector<profile::SearchFolder> folders{{world.data, profile::Layer::system},
                                               {base::HostPath{"/etc/sandbox"}, profile::Layer::administrator}};
    std::string config = variable(world, "XDG_CONFIG_HOME"); // absolute, or it is not valid (XDG base dirs)
    if (!config.starts_with('/')) {
        const std::string home = variable(world, "HOME");
        config = home.starts_with('/') ? home + "/.config" : "";
    }
    if (const auto normal = base::normalised(config); normal)
        folders.push_back({base::HostPath{base::joined(normal.value(), "sandbox")}, profile::Layer::user});
    return folders;
}

} // namespace verbs
