#include "launcher/profile/load.hpp"

#include "launcher/base/text.hpp"
#include "launcher/profile/ceiling.hpp"
#include "launcher/profile/check.hpp"
#include "launcher/profile/faults.hpp"
#include "launcher/profile/find.hpp"
#include "launcher/profile/merge.hpp"
#include "launcher/profile/override.hpp"
#include "launcher/profile/read.hpp"
#include "launcher/profile/services.hpp"

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

namespace profile {
namespace {

using base::Error;
using base::Result;

// The files of a profile, weakest first, before they are merged.
class Stack {
public:
    /// `faults`: where errors are told, and what they are about is left out; null: the first error ends it.
    Stack(Files& files, const std::vector<SearchFolder>& folders, std::vector<Error>* faults) : files_(files), folders_(folders), faults_(faults) {}

    /// What `profile` extends, then itself.
    Result<void> add(Profile profile) {
        for (const Item<std::string>& name : profile.app.extends) TRY(told(extend(name)));
        fragments_.push_back(std::move(profile));
        return {};
    }
    Result<void> add(const Source& source) { return add(TRY(read(source))); }

    Result<Profile> read(const Source& source) const {
        if (faults_) return read_each(source.document, source.layer, *faults_);
        return read_profile(source.document, source.layer);
    }
    Result<std::optional<Source>> open(const std::string& path, Layer layer) {
        auto source = open_source(files_, path, layer);
        if (source.ok() || !faults_) return source;
        TRY(told(std::move(source).error()));
        return std::optional<Source>{};
    }
    Result<void> add_drop_ins(const std::string& path, Layer layer) {
        auto sources = drop_ins(files_, path, layer);
        if (!sources.ok()) return told(std::move(sources).error());
        for (const Source& source : sources.value()) TRY(add(source));
        return {};
    }
    /// The result, or nothing wrong once the error is told.
    Result<void> told(Result<void> result) const {
        if (result.ok() || !faults_) return result;
        faults_->push_back(std::move(result).error());
        return {};
    }

    const std::vector<Profile>& fragments() const { return fragments_; }

private:
    Result<void> extend(const Item<std::string>& name) {
        const std::string_view word = name.value;
        if (word.starts_with('!'))
            return Error{.what = "'" + name.value + "': what is extended cannot be taken back", .advice = "extend another class in a file of your own: see sandbox-profile(5)",
                         .origin = name.origin()};
        if (!word.starts_with("class/") || !is_name(word.substr(6)))
            return Error{.what = "'" + name.value + "' cannot be extended",
                         .advice = "a class is written 'class/NAME'",
                         .origin = name.origin()};
        if (std::find(chain_.begin(), chain_.end(), name.value) != chain_.end()) return cycle(name);
        // A class that several others extend speaks once, where it is first named: said again it would undo them.
        if (std::find(done_.begin(), done_.end(), name.value) != done_.end()) return {};
        const auto source = TRY(strongest(files_, folders_, name.value));
        if (!source) return missing(name);
        chain_.push_back(name.value);
        TRY(told(add(*source)));
        chain_.pop_back();
        done_.push_back(name.value);
        return {};
    }

    Error cycle(const Item<std::string>& name) const {
        std::string chain;
        for (const std::string& each : chain_) chain += each + " → ";
        return Error{.what = "classes extend each other in a circle: " + chain + name.value, .advice = "take one of them out of 'extends'", .origin = name.origin()};
    }

    Error missing(const Item<std::string>& name) {
        std::vector<std::string> known;
        // Only for the near match: a folder that cannot be read has none.
        if (auto names = names_of(files_, folders_, "class"); names.ok())
            for (const std::string& each : names.value()) known.push_back("class/" + each);
        return unknown("class", name.value, std::vector<std::string_view>(known.begin(), known.end()), name.origin());
    }

    Files& files_;
    const std::vector<SearchFolder>& folders_;
    std::vector<Error>* faults_;
    std::vector<Profile> fragments_;
    std::vector<std::string> chain_; ///< the classes that are being read now, outermost first
    std::vector<std::string> done_;
};

// The file of an app names the app: the two must agree, and most files need not say it.
Result<void> name_app(Profile& profile, const std::string& id, const Source& source) {
    Item<std::string>& said = profile.app.id;
    if (said.set() && said.value != id)
        return Error{.what = "'" + source.path + "' says the id '" + said.value + "'",
                     .advice = "the file of an app is named ID.toml",
                     .origin = said.origin()};
    if (!said.set()) said = {id, {{source.layer, {source.path}, to_toml(std::string_view(id))}}};
    return {};
}

Result<void> add_app(Stack& stack, const SearchFolder& folder, const std::string& id) {
    const std::string path = base::joined(folder.path.text, "apps/" + id + ".toml");
    if (const auto source = TRY(stack.open(path, folder.layer))) {
        Profile profile = TRY(stack.read(*source));
        TRY(stack.told(name_app(profile, id, *source)));
        profile.file = path;
        TRY(stack.add(std::move(profile)));
    }
    return stack.add_drop_ins(path, folder.layer);
}

bool is_program(const std::string& path) {
    struct stat status{};
    return !path.ends_with(".toml") && stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && access(path.c_str(), X_OK) == 0;
}

// A file that the command line names: it speaks as the user, alone.
Result<void> add_file(Files& files, Stack& stack, const std::string& path) {
    auto opened = open_source(files, path, Layer::user);
    if (!opened && is_program(path))
        return Error{.what = "'" + path + "' is a program, and no profile", .advice = "say 'sandbox run " + std::string(base::name_in(path)) + "', or 'sandbox run --profile NAME -- " + path + "'"};
    const auto source = TRY(std::move(opened));
    if (!source) return Error{.what = "there is no profile '" + path + "'", .advice = "sandbox profile list names those that there are", .failure = base::Failure::not_found};
    Profile profile = TRY(stack.read(*source));
    if (!profile.app.id.set()) {
        const std::string_view name = base::name_in(path);
        const std::string id(name.substr(0, name.size() - (name.ends_with(".toml") ? 5 : 0)));
        if (!is_name(id))
            return Error{
                .what = "'" + id + "' cannot be an app's id", .advice = "add id = \"…\" below [app]", .origin = {path}};
        TRY(name_app(profile, id, *source));
    }
    profile.file = path;
    TRY(stack.add(std::move(profile)));
    return stack.add_drop_ins(path, Layer::user);
}

// Without base.toml nothing is masked: better nothing starts.
Error no_base(const std::vector<SearchFolder>& folders) {
    std::string searched;
    for (const SearchFolder& folder : folders) searched += (searched.empty() ? "'" : ", '") + folder.path.text + "'";
    return Error{.what = "no base.toml in " + searched, .advice = "the installation is not complete"};
}

// The fragments of all services that are wished. A wish that is wrong is told and dropped, where errors are told.
Result<std::vector<Profile>> service_fragments(Files& files, const Request& request, const Stack& stack, Map<ServiceWish>& wishes) {
    for (;;) {
        auto loaded = load_services(files, request.folders, wishes);
        if (loaded.ok()) return loaded;
        const base::Origin wrong = loaded.error().origin;
        TRY(stack.told(std::move(loaded).error()));
        if (std::erase_if(wishes, [&](const auto& wish) { return wish.second.origin() == wrong; }) == 0) return std::vector<Profile>{};
    }
}

Result<Folded> fold(const Request& request, Files& files, std::vector<Error>* faults) {
    const bool is_file = request.profile.find('/') != std::string::npos;
    const std::string id = is_file || request.profile.empty() ? "" : TRY(find_app(files, request.folders, request.profile));
    Stack stack(files, request.folders, faults);
    bool based = request.folders.empty();
    std::size_t services_at = 0;
    for (const SearchFolder& folder : request.folders) {
        if (const auto source = TRY(stack.open(base::joined(folder.path.text, "base.toml"), folder.layer))) {
            TRY(stack.add(*source));
            if (!based) services_at = stack.fragments().size();
            based = true;
        }
        if (!id.empty()) TRY(add_app(stack, folder, id));
    }
    if (!based) return no_base(request.folders);
    if (is_file) TRY(add_file(files, stack, request.profile));
    for (const Override& each : request.overrides) TRY(stack.add(TRY(read_override(each))));

    Map<ServiceWish> wishes;
    for (const Profile& fragment : stack.fragments()) merge(wishes, fragment.services);
    const auto ceiling = TRY(read_ceiling(files, request.folders));
    std::vector<Limitation> limited;
    if (ceiling) bound(wishes, *ceiling, limited);
    const std::vector<Profile> services = TRY(service_fragments(files, request, stack, wishes));

    // A service is weaker than every file but the base, so that the app's own words win.
    Folded folded;
    Profile& profile = folded.profile;
    const auto& fragments = stack.fragments();
    const auto middle = fragments.begin() + static_cast<std::ptrdiff_t>(services_at);
    std::for_each(fragments.begin(), middle, [&](const Profile& each) { merge(profile, each); });
    for (const Profile& each : services) merge(profile, each);
    std::for_each(middle, fragments.end(), [&](const Profile& each) { merge(profile, each); });
    profile.services = std::move(wishes);
    profile.limited = std::move(limited);
    if (ceiling) bound(profile, *ceiling);
    TRY(stack.told(check_required(files, request.folders, profile)));
    if (!faults) return folded;
    folded.fragments.assign(fragments.begin(), middle);
    folded.fragments.insert(folded.fragments.end(), services.begin(), services.end());
    folded.fragments.insert(folded.fragments.end(), middle, fragments.end());
    return folded;
}

} // namespace

Result<Profile> load(const Request& request, Files& files) { return TRY(fold(request, files, nullptr)).profile; }

Result<Folded> load_all(const Request& request) {
    Files files;
    std::vector<Error> faults;
    Folded folded = TRY(fold(request, files, &faults));
    folded.faults = std::move(faults);
    return folded;
}

Result<Profile> load(const Request& request) {
    Files files;
    return load(request, files);
}

} // namespace profile
