// Paths and devices: the mounts of the Plan, walked as the kernel walks them.

#include "launcher/base/text.hpp"
#include "launcher/profile/exposure.hpp"
#include "launcher/profile/print.hpp"
#include "launcher/verbs/why.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <sys/stat.h>
#include <unistd.h>

namespace verbs {
namespace {

using base::Result;
using plan::Access;

/// The mount that a path inside ends in, and what lies over it.
struct Place {
    std::string path; ///< inside, once links of ours are followed
    const plan::Mount* mount = nullptr; ///< null: the root of ours, in which nothing stands there
    const plan::ReadOnly* sealed = nullptr;
};

// Whole and without "..": of the folders before it none is a link any more.
std::string joined_up(const std::string& folder, const std::string& to) {
    std::vector<std::string_view> parts;
    const std::string whole = to.starts_with('/') ? to : base::joined(folder, to);
    for (const std::string_view part : base::split(whole, '/')) {
        if (part.empty() || part == ".") continue;
        if (part != "..") parts.push_back(part);
        else if (!parts.empty()) parts.pop_back();
    }
    std::string path;
    for (const std::string_view part : parts) (path += '/') += part;
    return path.empty() ? "/" : path;
}

// Where a link of the host below a bind leads on to, inside; empty: no part of the path is one.
std::string led_on(const plan::Bind& bind, const std::string& path) {
    for (auto end = path.find('/', bind.target.text.size() + 1);; end = path.find('/', end + 1)) {
        const std::string part = path.substr(0, end);
        if (part.size() > bind.target.text.size()) {
            std::array<char, PATH_MAX> text{};
            const std::string host = bind.source.path.text + part.substr(bind.target.text == "/" ? 0 : bind.target.text.size());
            const ssize_t length = readlink(host.c_str(), text.data(), text.size());
            if (length > 0) {
                const std::string to(text.data(), static_cast<std::size_t>(length));
                return joined_up(std::string(base::parent_of(part)), to + path.substr(part.size()));
            }
        }
        if (end == std::string::npos) return {};
    }
}

Place locate(const plan::Plan& plan, std::string path) {
    for (int links = 0; links < 40; ++links) {
        Place place{path, nullptr, nullptr};
        for (const plan::Mount& mount : plan.mounts) {
            if (!base::is_below(path, plan::target_of(mount).text)) continue;
            if (const auto* sealed = std::get_if<plan::ReadOnly>(&mount)) {
                place.sealed = sealed;
                continue;
            }
            place.mount = &mount;
            place.sealed = nullptr;
        }
        const auto* link = place.mount ? std::get_if<plan::Symlink>(place.mount) : nullptr;
        const auto* bind = place.mount ? std::get_if<plan::Bind>(place.mount) : nullptr;
        if (const std::string on = bind ? led_on(*bind, path) : ""; !on.empty()) {
            path = on;
            continue;
        }
        if (!link) return place;
        const std::string rest = path.substr(link->target.text.size());
        path = (link->text.starts_with('/') ? link->text : base::joined(base::parent_of(link->target.text), link->text)) + rest;
    }
    return {path, nullptr, nullptr};
}

std::string below(const std::string& path, const base::InsidePath& target) { return path.size() > target.text.size() ? path.substr(target.text == "/" ? 0 : target.text.size()) : ""; }

// --- What the app meets, a kind of mount each. `inside` is the path that was asked about.

struct Seen {
    bool granted = false;
    std::string verdict, sees;
    bool writes = false; ///< and what is written is the host's
};

struct See {
    const Place& place;

    Seen operator()(const plan::Bind& bind) const {
        const std::string host = bind.source.path.text + below(place.path, bind.target);
        const bool writes = bind.access == Access::read_write && !place.sealed;
        std::string sees = "the host's '" + host + "'";
        if (access(host.c_str(), F_OK) != 0 && errno == ENOENT) sees += ", which is not there";
        if (bind.execution == plan::Execution::denied) sees += "; nothing in it can be executed";
        return {true, writes ? "granted, to read and write" : "granted, read-only", sees + (writes ? "" : "; writing gives EROFS (Read-only file system)"), writes};
    }
    Seen operator()(const plan::Tmpfs& tmpfs) const {
        const bool itself = place.path == tmpfs.target.text;
        const std::string own = "a folder of its own in memory" + std::string(tmpfs.access == Access::read_write ? ", empty at the start" : ", empty and read-only");
        return {false, "denied", itself ? own : "nothing there (ENOENT): '" + tmpfs.target.text + "' is " + own};
    }
    Seen operator()(const plan::Overlay& overlay) const {
        std::string lower;
        for (const plan::Source& source : overlay.lower) lower += (lower.empty() ? "'" : ", '") + source.path.text + "'";
        return {true, "granted, to read; what is written is kept apart", "what lies in " + lower + ", with its own changes over it"};
    }
    Seen operator()(const plan::Exchange&) const { return {true, "granted, read-only", "the sockets of a program beside the sandbox"}; }
    Seen operator()(const plan::Mask&) const { return {false, "denied", "an empty file or folder that cannot be written"}; }
    Seen operator()(const plan::Data&) const { return {true, "granted, read-only", "a file that the sandbox made for it"}; }
    Seen operator()(const plan::Directory&) const { return {false, "denied", "nothing there (ENOENT): the sandbox made only the folder above it"}; }
    Seen operator()(const plan::Device& device) const { return {true, "granted", "the host's device '" + device.source.path.text + "'", true}; }
    Seen operator()(const plan::Proc&) const { return {true, "granted", "a /proc of its own, with its own processes alone"}; }
    Seen operator()(const plan::Sysfs&) const { return {true, "granted, read-only", "a /sys of its own network namespace"}; }
    Seen operator()(const plan::Devpts&) const { return {true, "granted", "terminals of its own"}; }
    Seen operator()(const plan::Mqueue&) const { return {true, "granted", "message queues of its own"}; }
    Seen operator()(const plan::Symlink&) const { return {false, "denied", "a link that leads in a circle (ELOOP)"}; }
    Seen operator()(const plan::ReadOnly&) const { return {true, "granted, read-only", "what is there, read-only"}; }
};

// Nothing is mounted on it, and it is there all the same: made by itself, or on the way to what is mounted below it.
bool is_made(const plan::Plan& plan, const Place& place) {
    if (place.mount) {
        const auto* tmpfs = std::get_if<plan::Tmpfs>(place.mount);
        if (tmpfs ? place.path == tmpfs->target.text : !std::holds_alternative<plan::Directory>(*place.mount)) return false;
    }
    return std::any_of(plan.mounts.begin(), plan.mounts.end(), [&](const plan::Mount& mount) {
        const std::string& target = plan::target_of(mount).text;
        return target == place.path ? std::holds_alternative<plan::Directory>(mount) : base::is_below(target, place.path);
    });
}

// Where else a path of the host is shown.
std::string shown_elsewhere(const plan::Plan& plan, const std::string& path) {
    std::string found;
    for (const plan::Mount& mount : plan.mounts)
        if (const auto* bind = std::get_if<plan::Bind>(&mount); bind && bind->source.path.text != bind->target.text && base::is_below(path, bind->source.path.text))
            found = bind->target.text + path.substr(bind->source.path.text.size());
    return found;
}

// `~`, `${HOME}`, a relative path: as a shell, or a profile, would take it.
Result<std::string> whole_path(const Question& question) {
    std::string path = question.what;
    if (path == "~" || path.starts_with("~/")) path = variable(question.world, "HOME") + path.substr(1);
    if (path.starts_with("${HOME}")) path = variable(question.world, "HOME") + path.substr(7);
    if (!path.starts_with('/')) {
        char* here = get_current_dir_name();
        if (!here) return base::system_error("getcwd", "cannot tell where '" + path + "' is");
        path = base::joined(here, path);
        free(here);
    }
    return base::normalised(path);
}

// A bind may show another place of the host under this path: the app's own home stands where the user's is.
bool is_another(const std::string& path, const std::string& shown) {
    struct stat asked{}, seen{};
    if (stat(path.c_str(), &asked) != 0) return false; // a path that is meant inside
    return stat(shown.c_str(), &seen) != 0 || asked.st_dev != seen.st_dev || asked.st_ino != seen.st_ino;
}

void say_changes(const Question& question, const std::string& path, bool granted, Answer& answer) {
    const std::string key = profile::value_text(path);
    if (!granted && question.writes && access(path.c_str(), F_OK) != 0) {
        const std::string folder(base::parent_of(path)); // what is made anew is made in a folder that is shown
        if (folder != "/" && folder != variable(question.world, "HOME") && access(folder.c_str(), F_OK) == 0) return say_changes(question, folder, false, answer);
        answer.change = {"make a folder for it, and ask about that"};
        return;
    }
    if (granted) {
        if (!said_at(question, answer.origin).empty()) answer.change = ways_to(question, "--set " + base::shell_word("files." + key + "=\"deny\""), "files." + key + " = \"deny\"");
        return;
    }
    if (const profile::Sensitive* row = profile::sensitive(path)) {
        answer.change = {"better not: it holds " + std::string(row->what) + "; a portal or the app's own home may do"};
        return;
    }
    if (const auto ceiling = kept_back(question, path, question.writes ? profile::FileAccess::rw : profile::FileAccess::ro)) {
        answer.change = {ask_administrator(*ceiling)};
        return;
    }
    answer.change = ways_to(question, "--bind " + base::shell_word(path + (question.writes ? ":rw" : "")), "files." + key + (question.writes ? " = \"rw\"" : " = \"ro\""));
}

} // namespace

Result<Answer> why_path(const Question& question) {
    const std::string path = TRY(whole_path(question));
    const Place place = locate(question.plan, path);
    Answer answer;
    if (is_made(question.plan, place)) {
        answer.verdict = "denied";
        answer.sees = "a folder that the sandbox made, and in it only what is shown below it; nothing else of the host's '" + path + "'";
        return answer;
    }
    if (!place.mount) {
        answer.verdict = "denied";
        answer.sees = "nothing there (ENOENT)";
    } else {
        Seen seen = std::visit(See{place}, *place.mount);
        answer.granted = seen.granted;
        answer.verdict = std::move(seen.verdict);
        answer.sees = std::move(seen.sees);
        answer.origin = place.sealed ? place.sealed->origin : plan::origin_of(*place.mount);
        answer.key = said_at(question, answer.origin);
        const auto* bind = std::get_if<plan::Bind>(place.mount);
        const std::string shown = bind ? bind->source.path.text + below(place.path, bind->target) : "";
        if (bind && is_another(path, shown)) {
            answer.granted = false;
            answer.verdict = "denied";
            answer.sees = "a place of its own, '" + shown + "', and not the '" + path + "' of the host";
        }
        if (question.writes && answer.granted && !seen.writes) {
            answer.granted = false;
            answer.verdict = "denied to write";
        }
    }
    const std::string elsewhere = answer.granted ? "" : shown_elsewhere(question.plan, path);
    if (!elsewhere.empty()) answer.sees += "; the host's '" + path + "' is shown at '" + elsewhere + "'";
    const bool leads_out = !answer.granted && place.path != path; // what is to be granted is where the link leads to
    if (leads_out) answer.sees += "; '" + path + "' is a link to '" + place.path + "'";
    say_changes(question, leads_out ? place.path : path, answer.granted, answer);
    return answer;
}

Result<Answer> why_device(const Question& question) {
    const std::string path = TRY(base::normalised(question.what.starts_with('/') ? question.what : "/dev/" + question.what));
    const Place place = locate(question.plan, path);
    Answer answer;
    const bool is_device = place.mount && (std::holds_alternative<plan::Device>(*place.mount) || std::holds_alternative<plan::Devpts>(*place.mount));
    const bool is_link = place.path != path;
    answer.granted = is_device || (is_link && place.mount && !std::holds_alternative<plan::Tmpfs>(*place.mount));
    if (place.mount) answer.origin = plan::origin_of(*place.mount);
    if (answer.granted) {
        answer.verdict = "granted";
        answer.sees = is_device ? std::visit(See{place}, *place.mount).sees : "'" + place.path + "'";
        answer.key = said_at(question, answer.origin);
        if (!answer.key.empty()) answer.change = {"remove that line, or take the node out: --set " + base::shell_word("devices.nodes=[" + profile::value_text("!" + path) + "]")};
        return answer;
    }
    answer.origin = {};
    answer.verdict = "denied";
    answer.sees = "nothing there (ENOENT): its /dev holds the standard nodes and those of [devices]";
    if (access(path.c_str(), F_OK) != 0) answer.sees += "; the host has no such node either";
    answer.change = ways_to(question, "--set " + base::shell_word("devices.nodes=[" + profile::value_text(path) + "]"), "devices.nodes = [" + profile::value_text(path) + "]");
    return answer;
}

} // namespace verbs
