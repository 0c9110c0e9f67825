#include "launcher/verbs/config.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"
#include "launcher/oci/oci.hpp"
#include "launcher/profile/print.hpp"
#include "launcher/profile/read.hpp"
#include "launcher/resolve/host_linux.hpp"
#include "launcher/resolve/seccomp.hpp"
#include "launcher/verbs/profiles.hpp"
#include "launcher/verbs/run.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;

constexpr std::array own_options{
    OptionRow{"--oci", 0, "", "print the plan as an OCI config.json"},
    OptionRow{"--bundle", 0, "FOLDER", "make FOLDER, an OCI bundle: config.json and a rootfs"},
    OptionRow{"--from-oci", 0, "FILE", "print the profile of an OCI config.json"},
};
// Options of `run` that are no part of a profile.
constexpr std::array<std::string_view, 9> of_one_start{"--id", "--preserve-fds", "--log-denials", "--live", "--die-with-parent", "--detach", "--dry-run", "--verbose", "--json"};

Error usage(std::string what) {
    return Error{.what = std::move(what), .advice = "see sandbox config --help", .failure = base::Failure::usage};
}

void tell(std::vector<std::string>& warnings, const oci::Lost& lost) {
    for (const std::string& line : lost) warnings.push_back("not carried over: " + base::escaped(line));
}

Result<std::string> read_document(const std::string& path) {
    // O_NONBLOCK: a fifo would wait for a writer.
    const base::UniqueFd file = base::sys::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY);
    struct stat status {};
    if (!file.valid() || fstat(file.get(), &status) != 0) return base::system_error("open", "cannot read '" + path + "'");
    if (!S_ISREG(status.st_mode)) return Error{.what = "'" + path + "' is not a file", .advice = "give the config.json of a bundle"};
    auto bytes = base::read_all(file, oci::json_limit);
    if (!bytes.ok()) bytes.error().what = "cannot read '" + path + "'";
    return bytes;
}

// What we print must be a profile: a value of the document may still be none there.
Result<void> verify(const std::string& text, const std::string& file) {
    const auto document = profile::parse(text, file);
    if (!document.ok()) return Error{.what = "'" + file + "' cannot be said as a profile: " + document.error().what, .advice = "take what it names out of that file"};
    const auto read = profile::read_profile(document.value(), profile::Layer::user);
    if (!read.ok()) return Error{.what = "'" + file + "' cannot be said as a profile: " + read.error().what, .advice = read.error().advice};
    return {};
}

Result<Outcome> from_oci(const Parsed& parsed) {
    if (parsed.options.size() != 1 || !parsed.rest.empty()) return usage("--from-oci stands alone");
    const std::string file = parsed.last("--from-oci");
    const std::string text = TRY(read_document(file));
    const std::unique_ptr<char, void (*)(void*)> real(realpath(file.c_str(), nullptr), std::free);
    if (!real) return base::system_error("realpath", "cannot find '" + file + "'");
    const oci::Read read = TRY(oci::read(text, file, std::string(base::parent_of(real.get()))));
    Outcome outcome;
    outcome.output = profile::to_toml(read.profile);
    TRY(verify(outcome.output, file));
    tell(outcome.warnings, read.lost);
    return outcome;
}

Result<Outcome> as_profile(const Words& words, resolve::Host& host, profile::Profile profile) {
    if (!words.invocation.command.empty() || !words.invocation.arguments.empty())
        return usage("a profile holds no command of one start, and options stand before the application's name");
    Outcome outcome;
    const profile::Places places = resolve::places(host, profile.app.id.value);
    outcome.output = TRY(as_one_file(words.request, std::move(profile), places));
    TRY(verify(outcome.output, "the profile"));
    return outcome;
}

Result<Outcome> as_oci(const Parsed& parsed, const Words& words, resolve::Host& host, const profile::Profile& profile) {
    const resolve::Resolved resolved = TRY(resolve::resolve(profile, words.invocation, host));
    const plan::Plan& plan = resolved.plan;
    oci::Written written = oci::write(plan, TRY(resolve::seccomp_decisions(profile.process.seccomp, {plan.security.user_namespaces})));
    Outcome outcome;
    for (const resolve::Warning& warning : resolved.warnings) outcome.warnings.push_back(to_line(warning));
    if (parsed.has("--bundle")) {
        TRY(oci::write_bundle(parsed.last("--bundle"), plan, written));
    } else {
        outcome.output = TRY(oci::to_text(written.config));
        if (written.made_in_root != 0)
            written.lost.insert(written.lost.begin(), std::to_string(written.made_in_root) + " links and files of the root itself: config.json has no word for them; --bundle FOLDER makes them");
    }
    tell(outcome.warnings, written.lost);
    return outcome;
}

} // namespace

std::span<const OptionRow> config_options() {
    static const std::vector<OptionRow> rows = [] {
        std::vector<OptionRow> all(own_options.begin(), own_options.end());
        for (const OptionRow& row : run_options())
            if (std::find(of_one_start.begin(), of_one_start.end(), row.name) == of_one_start.end()) all.push_back(row);
        return all;
    }();
    return rows;
}

Result<Outcome> config(const World& world, const Parsed& parsed) {
    if (parsed.has("--from-oci")) return from_oci(parsed);
    const Words words = TRY(read_words(world, parsed));
    profile::Profile profile = TRY(profile::load(words.request));
    resolve::HostLinux host(world.environment, resolve::MayCreate::no);
    if (parsed.has("--oci") || parsed.has("--bundle")) return as_oci(parsed, words, host, profile);
    return as_profile(words, host, std::move(profile));
}

} // namespace verbs
