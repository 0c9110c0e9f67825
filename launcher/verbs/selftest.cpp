#include "launcher/verbs/selftest.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/json.hpp"
#include "launcher/base/path.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"
#include "launcher/verbs/baits.hpp"
#include "launcher/verbs/claims.hpp"
#include "launcher/verbs/run.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <map>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;
using base::UniqueFd;

constexpr std::array rows{
    OptionRow{"--profile", 'p', "NAME|FILE", "attack from inside of this profile (default: minimal)"},
    OptionRow{"--json", 0, "", "the result as one JSON document"},
};

struct Finding {
    int attack = 0;
    Attempt attempt;
    std::string outcome; ///< blocked, through, granted, absent
    std::string detail;  ///< the errno; or the key of the profile that grants it
};

struct Hint {
    int attack;
    const char* text;
};

// Where it is the kernel that lacks something.
constexpr Hint hints[] = {
    {18, "a file or container setting of this host gives rights back; see capabilities(7)"},
    {23, "Landlock closes abstract sockets since Linux 6.12; with network.mode = \"user\" they are closed everywhere"},
    {27, "sysctl dev.tty.legacy_tiocsti=0 closes it for everybody (Linux 6.2)"},
    {29, "sysctl user.max_user_namespaces=0, or a kernel with seccomp filters (CONFIG_SECCOMP_FILTER)"},
    {32, "this kernel shows a file of /proc that the list of masks does not know: add it to mask.paths"},
    {44, "a kernel with seccomp filters (CONFIG_SECCOMP_FILTER) refuses foreign ABIs"},
};

// Beside the helper; in a build folder, where it is built.
Result<std::string> find_probe(const World& world) {
    for (const std::string& folder : {std::string(base::parent_of(world.helper.text)), std::string(base::parent_of(world.programs.text)) + "/profiles/selftest"})
        if (const std::string path = base::joined(folder, "sandbox-probe"); access(path.c_str(), X_OK) == 0) return path;
    return Error{.what = "cannot find sandbox-probe near '" + world.programs.text + "'", .advice = "install the whole package; the program alone is not enough"};
}

// What stands on the command line of the `run` whose Plan is tested and which is started.
std::vector<std::string> words_of(const std::string& profile, const std::string& probe, const Baits& baits) {
    std::vector<std::string> words{"--profile", profile, "--no-tty", "--bind", probe, "--", probe};
    words.insert(words.end(), baits.words().begin(), baits.words().end());
    return words;
}

struct Told {
    std::string text;
    int status = 0;
    bool signalled = false; ///< a signal came out of the sandbox
};

// A program with a folder of the host left open, and what it prints.
Result<Told> start(const char* program, std::vector<std::string> text, std::vector<std::string> variables) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return base::system_error("pipe2", "cannot hear the probe");
    const UniqueFd out(ends[0]);
    UniqueFd in(ends[1]);
    const UniqueFd open_folder(open("/", O_PATH | O_DIRECTORY)); // not close-on-exec, by intent
    std::vector<char*> argv, environment;
    for (std::string& word : text) argv.push_back(word.data());
    for (std::string& entry : variables) environment.push_back(entry.data());
    argv.push_back(nullptr);
    environment.push_back(nullptr);
    sigset_t urgent, before;
    sigemptyset(&urgent);
    sigaddset(&urgent, SIGURG); // ignored by everybody; blocked, it stays to be seen
    sigprocmask(SIG_BLOCK, &urgent, &before);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, in.get(), 1);
    pid_t child = -1;
    const int code = posix_spawn(&child, program, &actions, nullptr, argv.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    if (code != 0) return Error{.what = "cannot start the sandbox", .call = "posix_spawn", .code = code, .advice = "see sandbox doctor"};
    in.reset();
    Result<std::string> said = base::read_all(out, 4U << 20);
    Told told;
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (!said) return std::move(said).error();
    told.text = std::move(said).value();
    told.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    sigset_t pending;
    told.signalled = sigpending(&pending) == 0 && sigismember(&pending, SIGURG) == 1;
    sigprocmask(SIG_SETMASK, &before, nullptr);
    return told;
}

// Our own program once more, as a user would start it.
Result<Told> start_inside(const World& world, const std::vector<std::string>& words) {
    std::vector<std::string> text{"sandbox", "run"};
    text.insert(text.end(), words.begin(), words.end());
    return start("/proc/self/exe", std::move(text), world.environment);
}

// The probe without a sandbox, on the busses alone. Whom it cannot reach either is not there.
Result<Told> start_outside(const World& world, const std::string& probe) {
    std::vector<std::string> variables = world.environment;
    const std::pair<const char*, std::string> standard[] = {{"DBUS_SESSION_BUS_ADDRESS", base::joined(runtime_folder(world).text, "bus")},
                                                            {"DBUS_SYSTEM_BUS_ADDRESS", "/run/dbus/system_bus_socket"}};
    for (const auto& [name, path] : standard)
        if (variable(world, name).empty()) variables.push_back(std::string(name) + "=unix:path=" + path);
    return start(probe.c_str(), {"sandbox-probe", "busses"}, std::move(variables));
}

Result<std::vector<Finding>> read_findings(const Told& told) {
    std::vector<Finding> findings;
    for (const std::string_view line : base::split(told.text, '\n')) {
        if (line == "end") return findings;
        const auto fields = base::split(line, '\t');
        const auto attack = fields.size() == 5 ? base::whole_number(fields[0], 48) : std::nullopt;
        if (!attack) break;
        findings.push_back({static_cast<int>(*attack), {std::string(fields[1]), std::string(fields[2])}, std::string(fields[3]), std::string(fields[4])});
    }
    return Error{.what = "the probe did not come to its end inside (status " + std::to_string(told.status) + ")",
                 .advice = told.status == 125 ? "the line above says why the sandbox did not start" : "its last words: " + std::string(told.text.substr(told.text.size() > 200 ? told.text.size() - 200 : 0))};
}

// What the probe says, against what the Plan claims and what was seen from outside.
void judge(std::vector<Finding>& findings, const plan::Plan& plan, const Told& told, const std::vector<std::string>& reached) {
    const auto came = [&](std::string_view kind, std::string_view key) {
        return std::find(reached.begin(), reached.end(), kind) != reached.end() && key.starts_with(kind == "socket" ? "connect:" : kind == "tcp" ? "loopback:" : "abstract:") &&
               (kind != "socket" || key.find(".sandbox-selftest-") != std::string_view::npos);
    };
    for (Finding& finding : findings) {
        const std::string& key = finding.attempt.key;
        if ((told.signalled && key.starts_with("signal:")) || came("socket", key) || came("tcp", key) || came("abstract", key)) {
            finding.outcome = "through";
            finding.detail = "seen from outside";
        }
        const std::string grant = grant_of(plan, finding.attempt);
        if (grant.empty()) continue;
        finding.outcome = "granted";
        finding.detail = grant;
    }
}

bool is_of_bus(const Finding& finding) { return finding.attempt.key.starts_with("bus:"); }

// What nobody would answer outside was not shown to be refused inside.
void drop_unanswered(std::vector<Finding>& findings, const std::vector<Finding>& outside) {
    for (Finding& finding : findings) {
        const auto same = std::find_if(outside.begin(), outside.end(), [&](const Finding& one) { return one.attempt.key == finding.attempt.key; });
        if (!is_of_bus(finding) || finding.outcome != "blocked" || (same != outside.end() && same->outcome == "through")) continue;
        finding.outcome = "absent";
        finding.detail = "not on the host's bus either";
    }
}

const char* hint_of(const Finding& finding) {
    for (const Hint& hint : hints)
        if (finding.outcome == "through" && hint.attack == finding.attack) return hint.text;
    return "";
}

struct Tally {
    std::size_t tried = 0, blocked = 0;
};

Tally count(const std::vector<Finding>& findings) {
    std::map<int, bool> classes; // of those tried, whether all was blocked
    for (const Finding& finding : findings)
        if (finding.outcome == "blocked" || finding.outcome == "through") {
            const auto [entry, fresh] = classes.emplace(finding.attack, true);
            entry->second = entry->second && finding.outcome == "blocked";
        }
    Tally tally{classes.size(), 0};
    for (const auto& [attack, blocked] : classes) tally.blocked += blocked ? 1 : 0;
    return tally;
}

std::string to_text(const std::vector<Finding>& findings, const Tally& tally) {
    std::string text;
    for (const Finding& finding : findings) {
        std::string line = "A" + std::to_string(finding.attack);
        line.resize(5, ' ');
        line += finding.outcome;
        line.resize(14, ' ');
        line += finding.attempt.key + (finding.attempt.abi.empty() || finding.attempt.abi == "native" ? "" : " (" + finding.attempt.abi + ")");
        if (line.size() < 64) line.resize(64, ' ');
        text += base::escaped(line + " " + finding.detail) + "\n";
        if (const char* hint = hint_of(finding); *hint != '\0') text += std::string(14, ' ') + hint + "\n";
    }
    return text + std::to_string(tally.tried) + " classes tried, " + std::to_string(tally.blocked) + " blocked\n";
}

std::string to_json(const std::string& profile, const std::vector<Finding>& findings, const Tally& tally) {
    base::Json json;
    json.open('{');
    json.key("profile");
    json.string(profile);
    json.key("tried");
    json.number(tally.tried);
    json.key("blocked");
    json.number(tally.blocked);
    json.key("attempts");
    json.open('[');
    for (const Finding& finding : findings) {
        json.element();
        json.open('{');
        json.key("class");
        json.number(static_cast<std::uint64_t>(finding.attack));
        const std::pair<const char*, std::string> texts[] = {{"what", finding.attempt.key}, {"abi", finding.attempt.abi}, {"outcome", finding.outcome}, {"detail", finding.detail}, {"hint", hint_of(finding)}};
        for (const auto& [name, value] : texts) {
            json.key(name);
            json.string(value);
        }
        json.close('}');
    }
    json.close(']');
    json.close('}');
    return json.take();
}

} // namespace

std::span<const OptionRow> selftest_options() { return rows; }

Result<Outcome> selftest(const World& world, const Parsed& parsed) {
    if (!parsed.rest.empty())
        return Error{.what = "'" + parsed.rest[0] + "': expected options only", .advice = "see sandbox selftest --help", .failure = base::Failure::usage};
    const std::string profile = parsed.has("--profile") ? parsed.last("--profile") : "minimal";
    const std::string probe = TRY(find_probe(world));
    const Baits baits = TRY(Baits::lay(world));
    const std::vector<std::string> words = words_of(profile, probe, baits);
    World baited = world;
    baited.environment.push_back(baits.variable());
    const Parsed run_words = TRY(parse_options(words, run_options(), Behind::program));
    const plan::Plan plan = TRY(planned(baited, run_words));
    world.progress("the attacks run inside of '" + profile + "'");
    const Told told = TRY(start_inside(baited, words));
    std::vector<Finding> findings = TRY(read_findings(told));
    if (std::any_of(findings.begin(), findings.end(), is_of_bus)) {
        const Told outside = TRY(start_outside(world, probe));
        drop_unanswered(findings, TRY(read_findings(outside)));
    }
    judge(findings, plan, told, baits.reached());
    const Tally tally = count(findings);
    return Outcome{.output = parsed.has("--json") ? to_json(profile, findings, tally) : to_text(findings, tally), .warnings = {},
                   .status = tally.tried == tally.blocked && tally.tried > 0 ? 0 : 1, .start = {}};
}

} // namespace verbs
