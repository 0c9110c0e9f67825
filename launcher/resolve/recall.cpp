#include "launcher/resolve/recall.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/wire.hpp"
#include "launcher/plan/wire.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace resolve {
namespace {

using base::Error;
using base::HostPath;
using base::Result;
using base::system_error;
using base::UniqueFd;

constexpr base::wire::Form form{"SBXKEPT1", "the kept plan", plan::wire_limit};

struct Kept {
    profile::Standing program; ///< of this program's own file
    std::vector<std::string> words;
    std::vector<profile::Looked> looked;
    std::vector<Fact> facts;
    std::string suffix; ///< the end of the instance's name; empty: the name was given
    std::vector<std::string> warnings;
    plan::Plan plan;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"program", &Kept::program}, Field{"words", &Kept::words},     Field{"looked", &Kept::looked},
                          Field{"facts", &Kept::facts},     Field{"suffix", &Kept::suffix},   Field{"warnings", &Kept::warnings},
                          Field{"plan", &Kept::plan}};
    }
};

constexpr const char* program = "/proc/self/exe";
constexpr const char* folder = "sandbox-plans";

// FNV-1a. Which file it is, and no more: the words are compared.
std::string file_of(const std::vector<std::string>& words) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const std::string& word : words)
        for (const char letter : word + '\0') hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
    return std::to_string(hash % 64);
}

UniqueFd open_own(const UniqueFd& above, const char* name, int flags) {
    UniqueFd file(openat(above.get(), name, flags | O_NOFOLLOW | O_CLOEXEC));
    struct stat status{};
    if (!file.valid() || fstat(file.get(), &status) != 0 || status.st_uid != geteuid() || (status.st_mode & 077) != 0) return {};
    return file;
}

// No descriptor is open when this returns.
std::optional<std::string> read_kept(const HostPath& runtime, const std::vector<std::string>& words) {
    const UniqueFd above = base::sys::open(runtime.text.c_str(), O_PATH | O_DIRECTORY);
    const UniqueFd plans = above.valid() ? open_own(above, folder, O_PATH | O_DIRECTORY) : UniqueFd();
    // Before the Plan is made, which looks at this folder too: one that came later would be something that is otherwise.
    if (above.valid() && !plans.valid()) (void)mkdirat(above.get(), folder, 0700);
    const UniqueFd file = plans.valid() ? open_own(plans, file_of(words).c_str(), O_RDONLY | O_NONBLOCK) : UniqueFd();
    if (!file.valid()) return std::nullopt;
    auto bytes = base::read_all(file, form.limit);
    if (!bytes) return std::nullopt;
    return std::move(bytes).value();
}

bool is_asked_for(const Kept& kept, const std::vector<std::string>& words) {
    return kept.words == words && kept.program == profile::standing_of(program);
}

bool is_still_so(const Kept& kept, Host& host) {
    return std::all_of(kept.looked.begin(), kept.looked.end(),
                       [](const profile::Looked& each) { return profile::standing_of(each.path) == each.standing; }) &&
           std::all_of(kept.facts.begin(), kept.facts.end(), [&](const Fact& fact) { return still_so(host, fact); });
}

} // namespace

std::optional<Recalled> recall(const HostPath& runtime, const std::vector<std::string>& words, Host& host, const Meanwhile& meanwhile) {
    auto bytes = read_kept(runtime, words);
    if (!bytes) return std::nullopt;
    auto kept = base::wire::decode_as<Kept>(form, *bytes);
    bytes.reset(); // what is forked meanwhile has no copy of it
    if (!kept || !is_asked_for(kept.value(), words)) return std::nullopt;
    plan::Plan& plan = kept.value().plan;
    const std::string& suffix = kept.value().suffix;
    if (!suffix.empty()) {
        if (!plan.instance.ends_with(suffix)) return std::nullopt;
        plan.instance.replace(plan.instance.size() - suffix.size(), suffix.size(), host.random_suffix());
    }
    if (meanwhile) meanwhile(plan);
    if (!is_still_so(kept.value(), host)) return std::nullopt;
    return Recalled{std::move(plan), std::move(kept.value().warnings)};
}

Result<void> keep(const HostPath& runtime, const std::vector<std::string>& words, const profile::Files& files, const Witness& witness,
                  const plan::Plan& plan, const std::vector<std::string>& warnings, std::uint64_t now) {
    // The clock of file times ticks some hundred times a second: two changes within one tick look like one.
    constexpr std::uint64_t second = 1'000'000'000; // more than a tick, and a whole one is what `now` is known to
    const auto is_young = [&](std::uint64_t changed) { return changed + second > now * second; };
    const auto& looked = files.looked();
    if (is_young(witness.youngest()) ||
        std::any_of(looked.begin(), looked.end(), [&](const profile::Looked& each) { return is_young(each.standing.changed); }))
        return {};
    const UniqueFd above = base::sys::open(runtime.text.c_str(), O_PATH | O_DIRECTORY);
    if (!above.valid()) return system_error("open", "cannot open the runtime folder '" + runtime.text + "'");
    if (mkdirat(above.get(), folder, 0700) != 0 && errno != EEXIST) return system_error("mkdir", "cannot make the folder of kept plans");
    const UniqueFd plans = open_own(above, folder, O_PATH | O_DIRECTORY);
    if (!plans.valid()) return Error{.what = "'" + runtime.text + "/" + folder + "' is not this user's alone", .advice = "remove it"};
    const std::string bytes = base::wire::encode_as(form, Kept{profile::standing_of(program), words, looked, witness.facts(), witness.suffix(), warnings, plan});
    const std::string name = file_of(words);
    const std::string fresh = name + "." + std::to_string(getpid());
    const UniqueFd file(openat(plans.get(), fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.valid()) return system_error("open", "cannot keep the plan");
    Result<void> written = base::write_all(file, bytes);
    if (written && renameat(plans.get(), fresh.c_str(), plans.get(), name.c_str()) != 0) written = system_error("rename", "cannot keep the plan");
    if (!written) (void)unlinkat(plans.get(), fresh.c_str(), 0); // ours alone; nothing else can be done about it
    return written;
}

} // namespace resolve
