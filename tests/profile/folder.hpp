#pragma once
// A folder of profiles that lives as long as a test.

#include "launcher/profile/load.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace profile_tests {

class Folder {
public:
    /// With `base.toml`, which every tree of profiles has.
    Folder() {
        std::string path = (std::filesystem::temp_directory_path() / "profile-XXXXXX").string();
        if (!mkdtemp(path.data())) std::abort();
        path_ = path;
        write("base.toml", "schema = 1\n");
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }

    std::string path(const std::string& name) const { return path_ + "/" + name; }
    void write(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
        std::ofstream(path(name), std::ios::binary) << text;
    }
    /// The same with `schema = 1` before it: the text begins at line 2.
    void profile(const std::string& name, const std::string& text) const { write(name, "schema = 1\n" + text); }

    profile::SearchFolder as(profile::Layer layer) const { return {{path_}, layer}; }

private:
    std::string path_;
};

inline base::Result<profile::Profile> load(const Folder& system, const std::string& name,
                                           std::vector<profile::Override> overrides = {}) {
    return profile::load({{system.as(profile::Layer::system)}, name, std::move(overrides)});
}

/// The error of a load, with the path of the folder left out.
template <class T>
std::string error_of(const base::Result<T>& result, const Folder& folder) {
    if (result.ok()) return "(no error)";
    std::string text = to_text(result.error());
    for (auto at = text.find(folder.path("")); at != std::string::npos; at = text.find(folder.path("")))
        text.erase(at, folder.path("").size());
    return text;
}

/// The words of a set, in its order.
inline std::vector<std::string> words(const profile::Set& set) {
    std::vector<std::string> out;
    for (const auto& item : set) out.push_back(item.value);
    return out;
}

using Words = std::vector<std::string>;

} // namespace profile_tests
