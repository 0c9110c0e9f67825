#pragma once
// An app that runs once at a time: the name of its instance, and where files of further starts are shown in it.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace resolve {

/// Of an app whose further starts join it (app.single-instance = "join"): who makes the record of that name is the first.
std::string joined_instance(const std::string& app);
/// Of an app whose further starts are errors ("refuse").
std::string refused_instance(const std::string& app);

/// The folder inside for what further starts name, as NUMBER/NAME: empty at the start, and never to be written from inside.
constexpr std::string_view further_files = "/run/sandbox/files";
constexpr std::size_t most_further_files = 100;

/// The words of a command whose files are seen elsewhere: `words`[own] names the one that was to be seen at `seen`, and is shown at
/// `path`; so each word that names it, or what is below it, in one of the ways that are known (resolve/mount/arguments.cpp). `folder`:
/// the working folder inside.
std::vector<std::string> readdressed(std::vector<std::string> words, std::size_t own, const std::string& folder, const std::string& seen, const std::string& path);

} // namespace resolve
