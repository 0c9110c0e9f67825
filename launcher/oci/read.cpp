// From config.json to a profile: the document itself, and what all parts share.

#include "launcher/oci/reader.hpp"

#include <algorithm>

namespace oci {

using base::Error;
using base::Result;

Error Reader::fault(const std::string& place, const std::string& what) const {
    return Error{.what = "'" + place + "': " + what, .origin = {file, 0, 0}};
}

Result<const Object*> Reader::object(const std::string& place, const Json& json) const {
    if (const auto* members = std::get_if<Object>(&json.value)) return members;
    return fault(place, "expected an object, found " + std::string(kind_of(json)));
}

Result<const Array*> Reader::array(const std::string& place, const Json& json) const {
    if (const auto* items = std::get_if<Array>(&json.value)) return items;
    return fault(place, "expected a list, found " + std::string(kind_of(json)));
}

Result<std::string> Reader::text(const std::string& place, const Json& json) const {
    if (const auto* text = std::get_if<std::string>(&json.value)) return *text;
    return fault(place, "expected text, found " + std::string(kind_of(json)));
}

Result<bool> Reader::boolean(const std::string& place, const Json& json) const {
    if (const auto* value = std::get_if<bool>(&json.value)) return *value;
    return fault(place, "expected true or false, found " + std::string(kind_of(json)));
}

Result<std::uint64_t> Reader::number(const std::string& place, const Json& json, std::uint64_t most) const {
    const auto* value = std::get_if<std::uint64_t>(&json.value); // the parser takes what has no sign for unsigned
    if (value != nullptr && *value <= most) return *value;
    return fault(place, "expected a whole number from 0 to " + std::to_string(most) + (value ? ", found " + std::to_string(*value) : ", found " + std::string(kind_of(json))));
}

Result<std::optional<std::uint64_t>> Reader::limit(const std::string& place, const Json& json) const {
    const auto* negative = std::get_if<std::int64_t>(&json.value);
    if (negative != nullptr && *negative == -1) return std::optional<std::uint64_t>{};
    return std::optional(TRY(number(place, json, INT64_MAX)));
}

Result<std::vector<std::string>> Reader::texts(const std::string& place, const Json& json) const {
    std::vector<std::string> out;
    for (const Json& item : *TRY(array(place, json))) out.push_back(TRY(text(place + "[" + std::to_string(out.size()) + "]", item)));
    return out;
}

void Reader::add(profile::Set& words, std::string value) {
    if (std::any_of(words.begin(), words.end(), [&](const auto& item) { return item.value == value; })) return;
    set(words.emplace_back(), std::move(value));
}

bool Reader::plain(const std::string& place, const std::string& text) {
    if (text.find("${") == std::string::npos) return true;
    leave(place, "'${' names a place in a profile, and has no other spelling");
    return false;
}

Result<void> read_members(Reader& reader, const std::string& place, const Json& json, std::span<const Member> rows) {
    for (const auto& [name, member] : *TRY(reader.object(place, json))) {
        const std::string here = place.empty() ? name : place + "." + name;
        const auto row = std::find_if(rows.begin(), rows.end(), [&wanted = name](const Member& one) { return one.name == wanted; });
        if (row == rows.end()) reader.leave(here, "the OCI runtime specification 1.0.2 has no such member");
        else if (row->read == nullptr) reader.leave(here, row->why);
        else TRY(row->read(reader, here, member));
    }
    return {};
}

namespace {

Result<void> version(Reader& reader, const std::string& place, const Json& json) {
    const std::string text = TRY(reader.text(place, json));
    if (text.starts_with("1.")) return {};
    return reader.fault(place, "expected a version 1, found '" + text + "'");
}

Result<void> root_path(Reader& reader, const std::string& place, const Json& json) {
    const std::string path = TRY(reader.text(place, json));
    if (path.empty()) return reader.fault(place, "it is empty");
    if (!reader.plain(place, path)) return reader.fault(place, "such a root has no spelling in a profile");
    reader.set(reader.profile.root.source, path[0] == '/' ? path : base::joined(reader.folder, path));
    return {};
}

Result<void> root_readonly(Reader& reader, const std::string& place, const Json& json) {
    reader.set(reader.profile.root.readonly, TRY(reader.boolean(place, json)));
    return {};
}

Result<void> root(Reader& reader, const std::string& place, const Json& json) {
    reader.set(reader.profile.root.readonly, false); // what the specification says of a root without a word
    constexpr std::array rows{Member{"path", root_path}, Member{"readonly", root_readonly}};
    return read_members(reader, place, json, rows);
}

Result<void> hostname(Reader& reader, const std::string& place, const Json& json) {
    reader.set(reader.profile.hostname.name, TRY(reader.text(place, json)));
    return {};
}

Result<void> domainname(Reader& reader, const std::string& place, const Json& json) {
    reader.put(reader.profile.sysctl, "kernel.domainname", TRY(reader.text(place, json)));
    return {};
}

Result<void> annotations(Reader& reader, const std::string& place, const Json& json) {
    for (const auto& [name, note] : *TRY(reader.object(place, json)))
        if (name != "org.sandbox.app") reader.leave(place + "." + name, "a note for other tools");
    return {};
}

constexpr std::string_view another_system = "it is for another system";
constexpr std::array document{
    Member{"ociVersion", version},
    Member{"process", read_process},
    Member{"root", root},
    Member{"hostname", hostname},
    Member{"domainname", domainname},
    Member{"mounts", read_mounts},
    Member{"linux", read_linux},
    Member{"annotations", annotations},
    Member{"hooks", nullptr, "programs of the host that a runtime starts; a sandbox starts none"},
    Member{"solaris", nullptr, another_system},
    Member{"windows", nullptr, another_system},
    Member{"vm", nullptr, another_system},
    Member{"zos", nullptr, another_system},
};

} // namespace

Result<Read> read(std::string_view text, const std::string& file, const std::string& folder) {
    const Json json = TRY(parse_json(text, file));
    Reader reader{file, folder, {}, {}};
    TRY(read_members(reader, "", json, document));
    if (!reader.profile.root.source.set()) return reader.fault("root.path", "it is missing");
    return Read{std::move(reader.profile), std::move(reader.lost)};
}

} // namespace oci
