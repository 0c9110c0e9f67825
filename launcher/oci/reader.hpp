#pragma once
// What the parts of the reading of config.json share: strict types with the place in the document, and the list of what
// is left behind.

#include "launcher/oci/oci.hpp"

#include <functional>
#include <optional>
#include <span>

namespace oci {

struct Reader {
    std::string file;
    std::string folder;
    profile::Profile profile;
    Lost lost;

    base::Error fault(const std::string& place, const std::string& what) const;
    void leave(const std::string& place, std::string_view why) { lost.push_back(place + ": " + std::string(why)); }

    // Errors: another type, out of range.
    base::Result<const Object*> object(const std::string& place, const Json& json) const;
    base::Result<const Array*> array(const std::string& place, const Json& json) const;
    base::Result<std::string> text(const std::string& place, const Json& json) const;
    base::Result<bool> boolean(const std::string& place, const Json& json) const;
    base::Result<std::uint64_t> number(const std::string& place, const Json& json, std::uint64_t most = UINT64_MAX) const;
    /// As number; -1, which stands for no limit: nothing.
    base::Result<std::optional<std::uint64_t>> limit(const std::string& place, const Json& json) const;
    base::Result<std::vector<std::string>> texts(const std::string& place, const Json& json) const;

    template <class T>
    void set(profile::Item<T>& item, T value) {
        item = {std::move(value), {{profile::Layer::user, {file, 0, 0}, ""}}};
    }
    void add(profile::Set& set, std::string value);
    template <class T>
    void put(profile::Map<T>& map, const std::string& key, T value) {
        set(map[key], std::move(value));
    }
    /// Whether a text can stand in a profile as it is: "${" names a place there. Else it is left behind.
    bool plain(const std::string& place, const std::string& text);
};

/// What a member means: read it, or say why it is left behind.
struct Member {
    std::string_view name;
    base::Result<void> (*read)(Reader& reader, const std::string& place, const Json& json); ///< null: it is left behind
    std::string_view why = {};
};

/// Reads an object by its rows; a member that has none is left behind as unknown. Errors: as the rows.
base::Result<void> read_members(Reader& reader, const std::string& place, const Json& json, std::span<const Member> rows);

// The parts, each in a file of its own.
base::Result<void> read_process(Reader& reader, const std::string& place, const Json& json);
base::Result<void> read_mounts(Reader& reader, const std::string& place, const Json& json);
base::Result<void> read_linux(Reader& reader, const std::string& place, const Json& json);
base::Result<void> read_resources(Reader& reader, const std::string& place, const Json& json);
base::Result<void> read_seccomp(Reader& reader, const std::string& place, const Json& json);

} // namespace oci
