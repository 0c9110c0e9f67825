#include "launcher/verbs/lookup.hpp"

namespace verbs {

using base::Error;
using base::Result;

Result<instance::Instance> find_instance(const World& world, const std::string& name) {
    const base::HostPath runtime = runtime_folder(world);
    if (runtime.text.empty())
        return Error{.what = "there is no runtime folder, so no sandbox is on record", .advice = "set XDG_RUNTIME_DIR, as the app was started with"};
    const base::UniqueFd records = TRY(instance::records(runtime));
    return instance::find(records, name);
}

Result<instance::Instance> find_instance(const World& world, const Parsed& parsed) {
    if (parsed.rest.size() != 1)
        return Error{.what = parsed.rest.empty() ? "no instance is named" : "'" + parsed.rest[1] + "': expected one instance only",
                     .advice = "see sandbox ps", .failure = base::Failure::usage};
    return find_instance(world, parsed.rest[0]);
}

} // namespace verbs
