#include "launcher/session/desktop_describe.hpp"

#include "launcher/base/path.hpp"
#include "launcher/base/text.hpp"
#include "launcher/session/desktop_find.hpp"

#include <algorithm>

namespace session {
namespace {

using base::Error;
using base::Result;

constexpr const char* group = "Desktop Entry";

Result<Entry> find(const std::string& name) {
    if (name.find('/') != std::string::npos) return Entry{EntryKind::menu, "", name, TRY(read_entry(name))};
    const auto none = [](const std::string&, const void*) { return false; };
    const std::vector<Entry> all = entries_of(folders_of(EntryKind::menu), none, nullptr);
    std::vector<std::string_view> names;
    for (const Entry& entry : all) {
        if (entry.id == name) return entry;
        names.push_back(entry.id);
    }
    const std::string near = base::did_you_mean(name, names);
    return Error{.what = "no '" + name + "' is installed", .advice = near.empty() ? "name one of the applications/ of XDG_DATA_DIRS, or the path of a file" : near, .failure = base::Failure::not_found};
}

void add(Description& words, std::string name, std::string value) {
    words.push_back(std::move(name));
    words.push_back(std::move(value));
}

} // namespace

Result<Description> describe(const std::string& name, const std::string& sandbox) {
    const Entry entry = TRY(find(name));
    const KeyFile file = TRY(parse_entry(entry.bytes, entry.path));
    const auto refuse = [&](const std::string& why, const std::string& advice) { return Error{.what = "'" + entry.path + "' makes no profile: " + why, .advice = advice}; };
    const std::string advice = "name the program instead: sandbox profile new PROGRAM";
    const auto lines = command_lines(file.get());
    const auto main = std::find_if(lines.begin(), lines.end(), [](const CommandLine& line) { return line.group == group; });
    if (value_of(file.get(), group, "Type") != "Application" || main == lines.end()) return refuse("it starts no application", advice);
    const auto command = command_of(main->value);
    if (!command) return refuse(command.error().what, advice);
    if (command.value().empty() || command.value()[0].empty()) return refuse("the program of '" + main->value + "' is not installed", "install it, or name another");
    if (program_of(main->value).value() == sandbox) return refuse("it starts the sandbox already", "sandbox integrate --undo shows the entry behind it");
    Description words;
    const std::string own = entry.id.empty() ? std::string(base::name_in(entry.path)) : entry.id;
    add(words, "id", own.substr(0, own.rfind('.')));
    add(words, "file", own);
    add(words, "program", command.value()[0]);
    for (std::size_t at = 1; at < command.value().size(); ++at)
        if (command.value()[at].find('%') == std::string::npos) add(words, "argument", command.value()[at]); // not a field code
    for (const std::string& category : list_of(file.get(), group, "Categories")) add(words, "category", category);
    if (flag(file.get(), "Terminal")) add(words, "terminal", "yes");
    return words;
}

} // namespace session
