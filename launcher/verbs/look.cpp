#include "launcher/verbs/look.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/path.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/profile/document.hpp"
#include "launcher/profile/exposure.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace verbs {
namespace {

std::string own_id() { return "profile-learn-" + std::to_string(getpid()); }

} // namespace

void add_look(profile::Request& request) {
    const base::Origin origin{"profile learn", 0, 0};
    request.overrides.push_back({"app.id", profile::to_toml(std::string_view(own_id())), origin});
    request.overrides.push_back({"home.mode", "\"overlay\"", origin});
    for (const profile::Sensitive& place : profile::sensitive_places())
        request.overrides.push_back({"files." + profile::to_toml(place.path), "{ access = \"deny\", optional = true }", origin});
}

Changes::Changes(const plan::Plan& plan) : owner_(getpid()) {
    for (const plan::Mount& mount : plan.mounts) {
        const auto* home = std::get_if<plan::Overlay>(&mount); // a profile may have others, which are not ours
        const std::string folder(home != nullptr ? base::parent_of(home->upper.path.text) : "");
        if (base::name_in(folder) == own_id()) path_ = folder;
    }
}

Changes::~Changes() {
    if (getpid() == owner_) (void)remove(); // told already where it could not be
}

bool Changes::remove() const {
    if (path_.empty()) return true;
    const base::UniqueFd above = base::sys::open(std::string(base::parent_of(path_)).c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW);
    const std::string name(base::name_in(path_));
    if (!above.valid()) return errno == ENOENT;
    constexpr int tries = 50, pause = 20'000; // a second in all
    for (int turn = 0; turn < tries; ++turn) {
        const base::UniqueFd folder(openat(above.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!folder.valid()) return errno == ENOENT;
        base::remove_contents(folder);
        if (unlinkat(above.get(), name.c_str(), AT_REMOVEDIR) == 0) return true;
        (void)usleep(pause);
    }
    return false;
}

} // namespace verbs
