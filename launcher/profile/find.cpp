#include "launcher/profile/find.hpp"

#include "launcher/base/text.hpp"
#include "launcher/profile/check.hpp"
#include "launcher/profile/file.hpp"
#include "launcher/profile/read.hpp"

#include <algorithm>

namespace profile {
namespace {

using base::Error;
using base::Result;

// What an app answers to besides its id, and where it says so.
struct Claim {
    std::string word;
    std::string id;
    base::Origin origin;
};

struct Claims {
    std::vector<Claim> names;
    std::vector<Claim> commands;
};

// Which files of apps/ are looked into: a start must not parse every profile of the system.
enum class Breadth { named_alike, all };

// A file that does not hold the word cannot claim it, unless it spells it by an escape.
bool may_claim(const std::string& bytes, const std::string& wanted) {
    return wanted.empty() || bytes.find(wanted) != std::string::npos || bytes.find('\\') != std::string::npos;
}

// `wanted` empty: the claims of every file.
Result<Claims> claims_in(Files& files, const SearchFolder& folder, const std::string& wanted, Breadth breadth) {
    Claims claims;
    const std::string apps = base::joined(folder.path.text, "apps");
    for (const std::string& id : TRY(files.names_in(apps))) {
        if (breadth == Breadth::named_alike && id.find(wanted) == std::string::npos) continue;
        const std::string path = base::joined(apps, id + ".toml");
        const auto bytes = TRY(files.read(path));
        if (!bytes || !may_claim(*bytes, wanted)) continue;
        const Profile profile = TRY(read_profile(TRY(parse(*bytes, path)), folder.layer));
        for (const auto& name : profile.app.names) claims.names.push_back({name.value, id, name.origin()});
        for (const auto& command : profile.app.exec)
            claims.commands.push_back({std::string(base::name_in(command.value)), id, command.origin()});
    }
    return claims;
}

// The one id that claims `wanted`; empty: none does.
Result<std::string> claimed_by(const std::vector<Claim>& claims, const std::string& wanted) {
    const Claim* found = nullptr;
    for (const Claim& claim : claims) {
        if (claim.word != wanted) continue;
        if (found && found->id != claim.id)
            return Error{.what = "'" + found->id + "' and '" + claim.id + "' both claim the name '" + wanted +
                                 "' (also at " + to_text(found->origin) + ")",
                         .advice = "say the id instead of the name, or remove one",
                         .origin = claim.origin};
        found = &claim;
    }
    return found ? found->id : std::string();
}

Result<std::string> find_by_claims(Files& files, const std::vector<SearchFolder>& folders, const std::string& wanted,
                                   Breadth breadth) {
    std::vector<Claims> found;
    for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder)
        // The folders of the administrator and the user hold few files: they are always looked through.
        found.push_back(TRY(claims_in(files, *folder, wanted, folder->layer == Layer::system ? breadth : Breadth::all)));
    for (const auto part : {&Claims::names, &Claims::commands})
        for (const Claims& claims : found)
            if (std::string id = TRY(claimed_by(claims.*part, wanted)); !id.empty()) return id;
    return std::string();
}

Error not_found(Files& files, const std::vector<SearchFolder>& folders, const std::string& wanted) {
    std::vector<std::string> known;
    std::string searched;
    for (const SearchFolder& folder : folders) {
        searched += (searched.empty() ? "'" : ", '") + folder.path.text + "'";
        // A profile that cannot be read has been told already, before this place is reached.
        const std::string apps = base::joined(folder.path.text, "apps");
        const auto names = files.names_in(apps);
        for (const std::string& id : names.ok() ? names.value() : std::vector<std::string>()) {
            if (id == wanted)
                return Error{.what = "'" + base::joined(apps, id + ".toml") + "' is no profile",
                             .advice = "its name is no id: use letters, digits and '_+.-', 64 at most, a letter or digit first",
                             .failure = base::Failure::not_found};
            if (is_name(id)) known.push_back(id);
        }
        const auto claims = claims_in(files, folder, "", Breadth::all);
        if (!claims.ok()) continue;
        for (const Claim& claim : claims.value().names) known.push_back(claim.word);
    }
    const std::vector<std::string_view> views(known.begin(), known.end());
    std::string advice = wanted.ends_with(".toml") ? "a file is named with a '/', as ./" + wanted : base::did_you_mean(wanted, views);
    if (advice.empty()) advice = "'sandbox profile list' shows those there are" + (is_name(wanted) ? ", 'sandbox profile new --write " + wanted + "' makes one" : "");
    return Error{.what = "no profile for '" + wanted + "' in " + (searched.empty() ? "any folder" : searched),
                 .advice = std::move(advice),
                 .failure = base::Failure::not_found};
}

} // namespace

Result<std::optional<Source>> open_source(Files& files, const std::string& path, Layer layer) {
    const auto bytes = TRY(files.read(path));
    if (!bytes) return std::optional<Source>{};
    Source source{TRY(parse(*bytes, path)), path, layer};
    TRY(check_schema(source.document, path));
    return std::optional(std::move(source));
}

Result<std::vector<Source>> drop_ins(Files& files, const std::string& path, Layer layer) {
    const std::string folder = path.substr(0, path.size() - (path.ends_with(".toml") ? 5 : 0)) + ".d";
    std::vector<Source> sources;
    for (const std::string& name : TRY(files.names_in(folder)))
        if (auto source = TRY(open_source(files, base::joined(folder, name + ".toml"), layer)))
            sources.push_back(std::move(*source));
    return sources;
}

Result<std::optional<Source>> strongest(Files& files, const std::vector<SearchFolder>& folders, const std::string& name) {
    for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder)
        if (auto source = TRY(open_source(files, base::joined(folder->path.text, name + ".toml"), folder->layer)))
            return source;
    return std::optional<Source>{};
}

Result<std::string> find_app(Files& files, const std::vector<SearchFolder>& folders, const std::string& wanted) {
    if (!is_name(wanted)) return not_found(files, folders, wanted);
    for (const SearchFolder& folder : folders)
        if (TRY(files.read(base::joined(folder.path.text, "apps/" + wanted + ".toml")))) return wanted;
    for (const Breadth breadth : {Breadth::named_alike, Breadth::all})
        if (std::string id = TRY(find_by_claims(files, folders, wanted, breadth)); !id.empty()) return id;
    return not_found(files, folders, wanted);
}

Result<std::vector<std::string>> names_of(Files& files, const std::vector<SearchFolder>& folders, const std::string& kind) {
    std::vector<std::string> names;
    for (const SearchFolder& folder : folders)
        for (std::string& name : TRY(files.names_in(base::joined(folder.path.text, kind)))) names.push_back(std::move(name));
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

Result<std::vector<Listed>> list(const std::vector<SearchFolder>& folders) {
    Files files;
    std::vector<Listed> rows;
    for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder)
        for (const std::string& id : TRY(files.names_in(base::joined(folder->path.text, "apps")))) {
            const bool known = std::any_of(rows.begin(), rows.end(), [&](const Listed& row) { return row.id == id; });
            if (!known) rows.push_back({id, base::joined(folder->path.text, "apps/" + id + ".toml"), folder->layer});
        }
    std::sort(rows.begin(), rows.end(), [](const Listed& a, const Listed& b) { return a.id < b.id; });
    return rows;
}

} // namespace profile
