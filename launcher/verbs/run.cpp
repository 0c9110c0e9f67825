#include "launcher/verbs/run.hpp"

#include "launcher/base/text.hpp"
#include "launcher/instance/cgroup.hpp"
#include "launcher/plan/check.hpp"
#include "launcher/plan/print.hpp"
#include "launcher/profile/ceiling.hpp"
#include "launcher/resolve/host_linux.hpp"
#include "launcher/resolve/recall.hpp"
#include "launcher/resolve/resolve.hpp"
#include "launcher/resolve/single.hpp"
#include "launcher/verbs/join.hpp"
#include "launcher/verbs/detach.hpp"
#include "launcher/verbs/draft.hpp"
#include "launcher/verbs/record.hpp"
#include "launcher/verbs/stand_up.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <optional>
#include <sys/prctl.h>
#include <unistd.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;

constexpr std::array options{
    OptionRow{"--profile", 'p', "NAME|FILE", "the profile of COMMAND, or, without one, of its own program"},
    OptionRow{"--id", 0, "NAME", "name of the instance (default: APPID-XXXX)"},
    OptionRow{"--set", 0, "KEY=VALUE", "set any key of the profile, as 'home.mode=disposable'"},
    OptionRow{"--bind", 0, "SRC[:DST][:rw]", "show a file or folder of the host by its absolute path, or from a place as '${HOME}/notes'; read-only unless ':rw'"},
    OptionRow{"--env", 0, "NAME=VALUE", "set a variable"},
    OptionRow{"--unsetenv", 0, "NAME", "remove a variable"},
    OptionRow{"--cwd", 0, "DIR", "working folder, inside"},
    OptionRow{"--tty", 't', "", "always a terminal of its own"},
    OptionRow{"--no-tty", 'T', "", "never a terminal of its own"},
    OptionRow{"--net", 0, "MODE", "network: none, loopback, user, host"},
    OptionRow{"--home", 0, "MODE", "home: app, disposable, overlay, shared"},
    OptionRow{"--user", 0, "UID[:GID]", "ids inside"},
    OptionRow{"--hostname", 0, "NAME", "host name inside"},
    OptionRow{"--memory", 0, "SIZE", "memory limit, as 2G"},
    OptionRow{"--cpus", 0, "N", "processor limit, as 1.5"},
    OptionRow{"--pids", 0, "N", "limit of processes and threads"},
    OptionRow{"--rlimit", 0, "NAME=SOFT[:HARD]", "resource limit, as nofile=1024"},
    OptionRow{"--cap-add", 0, "CAP", "keep a capability inside the user namespace"},
    OptionRow{"--preserve-fds", 0, "N", "hand descriptors 3 to 2+N on to the application"},
    OptionRow{"--log-denials", 0, "", "tell at the end what the app was refused; slow"},
    OptionRow{"--live", 0, "", "with --log-denials: tell each when it happens"},
    OptionRow{"--die-with-parent", 0, "", "end with the process that started it"},
    OptionRow{"--detach", 'd', "", "print the instance's id once the app runs, and let it go on by itself; its lines go to the journal"},
    OptionRow{"--dry-run", 0, "", "print the plan and start nothing (as 'explain')"},
    OptionRow{"--verbose", 'v', "", "print the plan to stderr before the start"},
    OptionRow{"--json", 0, "", "with --dry-run or 'explain': print the plan as JSON"},
};

constexpr std::uint64_t most_preserved = 1000;

Error usage(const Given& given, std::string what) {
    return Error{.what = std::move(what), .advice = "see sandbox run --help", .origin = {given.text, 0, 0}, .failure = base::Failure::usage};
}

// Any text as a TOML string, so that no part of it is read as anything else.
std::string quoted(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (letter == '"' || letter == '\\') out += '\\';
        if (byte < 0x20 || byte == 0x7f) (out += "\\u00") += {digits[byte >> 4], digits[byte & 15]};
        else out += letter;
    }
    return out + '"';
}

std::string limit_value(std::string_view text) { return text == "unlimited" ? "\"infinity\"" : text == "infinity" ? "\"infinity\"" : std::string(text); }

/// Options that are one key of the profile.
struct Lowered {
    std::string_view option;
    const char* key;
    const char* fixed; ///< the value of a flag; null: the argument as text
};

constexpr std::array lowered{
    Lowered{"--cwd", "process.cwd", nullptr},      Lowered{"--tty", "process.terminal", "\"always\""},
    Lowered{"--no-tty", "process.terminal", "\"never\""}, Lowered{"--net", "network.mode", nullptr},
    Lowered{"--home", "home.mode", nullptr},       Lowered{"--hostname", "hostname.name", nullptr},
    Lowered{"--memory", "limits.\"memory.max\"", nullptr}, Lowered{"--pids", "limits.\"pids.max\"", nullptr},
    Lowered{"--cpus", "limits.\"cpu.max\"", nullptr},
};

Result<void> lower_bind(const Given& given, std::vector<profile::Override>& overrides) {
    const auto parts = base::split(given.value, ':');
    const bool writable = parts.size() > 1 && parts.back() == "rw";
    const bool spelled = writable || (parts.size() > 1 && parts.back() == "ro");
    const std::size_t paths = parts.size() - (spelled ? 1 : 0);
    if (parts[0].empty() || paths > 2) return usage(given, "expected SRC[:DST][:rw]");
    if (parts[0][0] != '/' && !parts[0].starts_with("${")) {
        const bool by_shell = parts[0][0] == '~' || parts[0][0] == '$'; // which left it alone: in quotes, or behind '--bind='
        return Error{.what = "'" + std::string(parts[0]) + "' is no absolute path",
                     .advice = by_shell ? "write '${HOME}/...', or another place of a profile" : "write $PWD/" + std::string(parts[0]), .origin = {given.text, 0, 0}};
    }
    std::string table = std::string("{ access = ") + (writable ? "\"rw\"" : "\"ro\"");
    if (paths == 2) table += ", target = " + quoted(parts[1]);
    overrides.push_back({"files." + quoted(parts[0]), table + " }", {given.text, 0, 0}});
    return {};
}

Result<void> lower(const Given& given, std::vector<profile::Override>& overrides) {
    const base::Origin origin{given.text, 0, 0};
    for (const Lowered& row : lowered)
        if (row.option == given.name) overrides.push_back({row.key, row.fixed ? row.fixed : quoted(given.value), origin});
    const auto equals = given.value.find('=');
    const std::string name = given.value.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : given.value.substr(equals + 1);
    if ((given.name == "--set" || given.name == "--env" || given.name == "--rlimit") && (equals == std::string::npos || equals == 0))
        return usage(given, given.name == "--rlimit" ? "expected NAME=SOFT[:HARD]" : given.name == "--set" ? "expected KEY=VALUE" : "expected NAME=VALUE");
    if (given.name == "--set") overrides.push_back({name, value, origin});
    if (given.name == "--bind") return lower_bind(given, overrides);
    if (given.name == "--env") overrides.push_back({"env.set." + quoted(name), quoted(value), origin});
    if (given.name == "--unsetenv") overrides.push_back({"env.unset", "[" + quoted(given.value) + "]", origin});
    if (given.name == "--cap-add") overrides.push_back({"process.caps", "[" + quoted(given.value) + "]", origin});
    if (given.name == "--rlimit") {
        const auto parts = base::split(value, ':');
        if (parts.size() > 2) return usage(given, "expected NAME=SOFT[:HARD]");
        overrides.push_back({"rlimits." + quoted(name), "[" + limit_value(parts[0]) + ", " + limit_value(parts.back()) + "]", origin});
    }
    if (given.name == "--user") {
        const auto parts = base::split(given.value, ':');
        for (std::size_t part = 0; part < parts.size(); ++part) {
            const auto number = base::whole_number(parts[part], UINT32_MAX - 1); // -1 means "unchanged" to the kernel
            if (part > 1 || !number) return usage(given, "expected UID[:GID], whole numbers below 4294967295");
            overrides.push_back({part == 0 ? "ids.uid" : "ids.gid", std::to_string(*number), origin});
        }
    }
    return {};
}

} // namespace

Result<Words> read_words(const World& world, const Parsed& parsed) {
    Words words;
    words.request.folders = search_folders(world);
    std::vector<std::string> rest = parsed.rest;
    words.invocation.origin = {"the command line", 0, 0};
    if (parsed.has("--profile")) {
        words.request.profile = parsed.last("--profile");
        words.invocation.command = std::move(rest);
    } else if (!rest.empty()) {
        words.request.profile = rest[0];
        words.invocation.arguments.assign(rest.begin() + 1, rest.end());
    }
    words.invocation.bus_log = world.bus_log;
    words.invocation.instance = parsed.last("--id");
    if (parsed.has("--id") && words.invocation.instance.empty())
        return Error{.what = "an empty --id names no instance", .advice = "leave it out for one of APPID-XXXX", .failure = base::Failure::usage};
    for (const Given& given : parsed.options) {
        TRY(lower(given, words.request.overrides));
        if (given.name != "--preserve-fds") continue;
        const auto count = base::whole_number(given.value, most_preserved);
        if (!count) return usage(given, "expected a number up to 1000");
        words.invocation.preserved_fds = static_cast<std::uint32_t>(*count);
    }
    return words;
}

std::string to_line(const resolve::Warning& warning) {
    const bool told = !warning.origin.file.empty();
    return base::escaped((told ? to_text(warning.origin) + ": " : "") + warning.text);
}

namespace {

struct Prepared {
    plan::Plan plan;
    std::vector<std::string> warnings;
    bool asks = false; ///< an option says otherwise than the profile
    std::size_t words = 0; ///< of the command line, at the end of the command
    Ahead ahead;       ///< it is being built by now, or null
};

std::size_t own_words(const Words& words) {
    return words.invocation.command.empty() ? words.invocation.arguments.size() : words.invocation.command.size() - 1;
}

Result<Prepared> prepare(const Words& words, const profile::Profile& profile, resolve::Host& host) {
    resolve::Resolved resolved = TRY(resolve::resolve(profile, words.invocation, host));
    TRY(plan::check(resolved.plan));
    Prepared prepared{.plan = std::move(resolved.plan), .warnings = {}, .asks = !words.request.overrides.empty(), .words = own_words(words), .ahead = {}};
    for (const profile::Limitation& one : profile.limited)
        if (one.wished.layer >= profile::Layer::user) // what the system's own profile wishes is nobody's surprise
            resolved.warnings.push_back({one.wished.origin, to_text(one)});
    for (const resolve::Warning& warning : resolved.warnings) prepared.warnings.push_back(to_line(warning));
    return prepared;
}

// All that a Plan depends on besides files and the host: the words, and where profiles are looked for.
std::vector<std::string> words_of(const Parsed& parsed, const profile::Request& request) {
    std::vector<std::string> all;
    for (const Given& given : parsed.options) all.push_back(std::string(given.name) + "=" + given.value);
    all.push_back("--");
    all.insert(all.end(), parsed.rest.begin(), parsed.rest.end());
    all.push_back("--");
    for (const profile::SearchFolder& folder : request.folders) all.push_back(folder.path.text);
    return all;
}

// Before any descriptor of ours is open: a number that is not would become one of ours further down, and be handed on.
Result<void> preserved_are_open(const Parsed& parsed) {
    for (const Given& given : parsed.options) {
        if (given.name != "--preserve-fds") continue;
        const auto count = base::whole_number(given.value, most_preserved);
        for (int fd = 3; count && fd < 3 + static_cast<int>(*count); ++fd)
            if (fcntl(fd, F_GETFD) < 0) return usage(given, "descriptor " + std::to_string(fd) + " is not open");
    }
    return {};
}

// A start needs an application, or a profile and a command.
Result<Words> named_words(const World& world, const Parsed& parsed) {
    Words words = TRY(read_words(world, parsed));
    if (words.request.profile.empty())
        return Error{.what = "no application is named", .advice = "say 'sandbox run APP' or 'sandbox run --profile NAME -- COMMAND'",
                     .failure = base::Failure::usage};
    return words;
}

// Not where the app is to be born in a control group: a scope is asked for only when the Plan is known. Nor where the start may
// join another's sandbox, and not in one that follows itself with ptrace(2) or leaves its caller.
bool may_build_ahead(const Parsed& parsed, const std::optional<session::Session>& session) {
    return !session && !parsed.has("--detach") && !parsed.has("--log-denials") && !instance::is_delegated(instance::own_group());
}

// The Plan of an earlier start if it would be the same, or a new one, kept for the next.
Result<Prepared> recall_or_prepare(const World& world, const Parsed& parsed, const std::optional<session::Session>& session) {
    const Words words = TRY(named_words(world, parsed));
    resolve::HostLinux host(world.environment, resolve::MayCreate::yes);
    const base::HostPath runtime = runtime_folder(world);
    const std::vector<std::string> key = words_of(parsed, words.request);
    const bool kept = !runtime.text.empty() && world.bus_log.text.empty();
    if (kept) {
        Result<Ahead> ahead = Ahead();
        auto found = resolve::recall(runtime, key, host, [&](const plan::Plan& plan) {
            if (plan.instance != resolve::joined_instance(plan.app) && may_build_ahead(parsed, session)) ahead = world.begin_ahead(world, plan);
        });
        if (found && !ahead) return std::move(ahead).error(); // of a stale Plan it is nobody's
        if (found) return Prepared{std::move(found->plan), std::move(found->warnings), !words.request.overrides.empty(), own_words(words), std::move(ahead).value()};
    } // what was built by a Plan that is stale is ended here
    const auto now = static_cast<std::uint64_t>(time(nullptr)); // before anything is read
    resolve::Witness witness(host);
    profile::Files files;
    const profile::Profile profile = TRY(profile::load(words.request, files));
    wake_documents(world, profile);
    Prepared prepared = TRY(prepare(words, profile, witness));
    if (kept) // a convenience: without it the next start is slower
        (void)resolve::keep(runtime, key, files, witness, prepared.plan, prepared.warnings, now);
    return prepared;
}

Result<Prepared> prepare_only(const World& world, const Parsed& parsed) {
    const Words words = TRY(named_words(world, parsed));
    resolve::HostLinux host(world.environment, resolve::MayCreate::no);
    profile::Files files;
    return prepare(words, TRY(profile::load(words.request, files)), host);
}

std::string printed(const plan::Plan& plan, const Parsed& parsed) {
    return parsed.has("--json") ? plan::to_json(plan) : plan::to_text(plan);
}

// A name that stays taken. Whoever refuses further starts has one name alone.
Error taken(Error error, const plan::Plan& plan) {
    if (error.code != EEXIST || !error.call.empty()) return error;
    error.code = 0; // it was for us: it says no more than the words
    if (plan.instance == resolve::refused_instance(plan.app))
        error.advice = "give this start a sandbox of its own by --set 'app.single-instance=\"new\"', or end that one: sandbox kill " + plan.instance;
    return error;
}

// Two starts at once may draw the same four letters: the second draws again.
Result<Outcome> run_alone(const World& world, std::optional<session::Session> session, Prepared prepared, bool named) {
    constexpr int most_draws = 10;
    const std::string start_of_name = prepared.plan.app + "-";
    for (int draw = 1;; ++draw) {
        std::vector<std::string> warnings = prepared.warnings;
        Result<Launch> launch = stand_up(world, std::move(session), prepared.plan, warnings);
        if (launch) {
            if (!launch.value().cgroup.valid()) launch.value().ahead = std::move(prepared.ahead);
            return Outcome{.output = {}, .warnings = std::move(warnings), .status = 0, .start = std::move(launch).value()};
        }
        prepared.ahead.reset(); // it has another name
        const bool drawn = !named && prepared.plan.instance != resolve::refused_instance(prepared.plan.app);
        if (launch.error().code != EEXIST || !drawn || draw == most_draws) return taken(std::move(launch).error(), prepared.plan);
        prepared.plan.instance = start_of_name + resolve::HostLinux(world.environment, resolve::MayCreate::no).random_suffix();
        session = std::nullopt;
        if (auto next = begin_session(world)) session.emplace(std::move(*next));
    }
}

// Whether the sandbox that runs confines as this start wants it. The command is each start's own, and `running` has it already.
bool confines_alike(plan::Plan running, plan::Plan wanted, bool by_option) {
    if (!by_option) running.process = wanted.process; // variables of another hour are no confinement
    wanted.process.preserved_fds = running.process.preserved_fds;
    // Files that either was started with are no confinement: with_files looks at those of this start.
    std::erase_if(running.mounts, is_argument);
    std::erase_if(wanted.mounts, is_argument);
    running.security.landlock = wanted.security.landlock; // made of the mounts, as is the room for mount points
    running.root.size = wanted.root.size;
    running.root.inodes = wanted.root.inodes;
    return running == wanted;
}

// The confinement is that of the sandbox that runs. What an option asks for is had or refused; what else is different, a
// profile that was changed meanwhile, is told.
Result<Outcome> joined(Guest guest, const Prepared& prepared) {
    std::vector<std::string> warnings = prepared.warnings;
    const std::string& name = prepared.plan.instance;
    if (!confines_alike(guest.launch.plan, prepared.plan, prepared.asks)) {
        if (prepared.asks)
            return Error{.what = "'" + name + "' runs already, and was not started with these options",
                         .advice = "leave them out, give this start a sandbox of its own by --set 'app.single-instance=\"new\"', or end that one: sandbox kill " + name};
        warnings.push_back("'" + name + "' runs, and is joined as it was started: what its profile says by now does not apply");
    }
    Launch launch = TRY(with_files(std::move(guest), prepared.plan, prepared.words));
    return Outcome{.output = {}, .warnings = std::move(warnings), .status = 0, .start = std::move(launch)};
}

// One of several starts at once becomes the first, by the name of its record; all others wait for it and go in.
Result<Outcome> run_or_join(const World& world, std::optional<session::Session> session, const Prepared& prepared) {
    constexpr int most_turns = 5; // the first may end while we come
    for (int turn = 1;; ++turn) {
        if (auto guest = TRY(join_running(world, prepared.plan))) return joined(std::move(*guest), prepared);
        std::vector<std::string> warnings = prepared.warnings;
        Result<Launch> launch = stand_up(world, std::move(session), prepared.plan, warnings);
        if (launch) return Outcome{.output = {}, .warnings = std::move(warnings), .status = 0, .start = std::move(launch).value()};
        if (launch.error().code != EEXIST || turn == most_turns) return taken(std::move(launch).error(), prepared.plan);
        session = std::nullopt;
        if (auto next = begin_session(world)) session.emplace(std::move(*next));
    }
}

} // namespace

std::span<const OptionRow> run_options() { return options; }

Result<plan::Plan> planned(const World& world, const Parsed& parsed) { return TRY(prepare_only(world, parsed)).plan; }

Result<Outcome> explain(const World& world, const Parsed& parsed) {
    Prepared prepared = TRY(prepare_only(world, parsed));
    return Outcome{.output = printed(prepared.plan, parsed), .warnings = std::move(prepared.warnings), .status = 0, .start = {}};
}

namespace {

// All of a start that comes before the helper.
Result<Outcome> start(const World& world, const Parsed& parsed) {
    std::optional<session::Session> session = begin_session(world);
    Prepared prepared = TRY(recall_or_prepare(world, parsed, session));
    if (parsed.has("--verbose")) // ahead of the warnings, as they may be about it
        prepared.warnings.insert(prepared.warnings.begin(), "the plan:\n" + plan::to_text(prepared.plan));
    if (!parsed.has("--id") && prepared.plan.instance == resolve::joined_instance(prepared.plan.app)) return run_or_join(world, std::move(session), prepared);
    return run_alone(world, std::move(session), std::move(prepared), parsed.has("--id"));
}

Result<Outcome> start_followed(World world, const Parsed& parsed) {
    const std::string runtime = runtime_folder(world).text;
    std::optional<Draft> log; // without a runtime folder there are no proxies of busses
    if (!runtime.empty()) {
        log.emplace(base::joined(runtime, "sandbox-" + std::to_string(getpid()) + ".log"));
        TRY(log->write(""));
        world.bus_log = {log->path()};
    }
    const Prepared prepared = TRY(prepare_only(world, parsed));
    const auto recording = TRY(record(prepared.plan, world.bus_log, {.refused = parsed.has("--live") ? world.warn : nullptr}));
    if (recording) return Outcome{.output = {}, .warnings = denials(*recording), .status = recording->status, .start = {}};
    return start(world, parsed); // this is the child, which becomes the app
}

} // namespace

Result<Outcome> run(const World& world, const Parsed& parsed) {
    TRY(preserved_are_open(parsed));
    if (parsed.has("--dry-run")) return explain(world, parsed);
    for (const auto& [option, needed] : {std::pair{"--json", "--dry-run"}, std::pair{"--live", "--log-denials"}})
        if (parsed.has(option) && !parsed.has(needed))
            return Error{.what = std::string(option) + " has a meaning with " + needed + " only", .advice = "add it, or leave both out", .failure = base::Failure::usage};
    if (parsed.has("--log-denials") && !parsed.has("--detach")) return start_followed(world, parsed); // together they are refused below
    if (parsed.has("--detach")) return detach(world, parsed, start);
    const pid_t parent = getppid();
    if (parsed.has("--die-with-parent")) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return base::system_error("prctl(PR_SET_PDEATHSIG)", "cannot follow the parent");
        if (getppid() != parent) return Error{.what = "the process that started us has ended", .advice = "nothing was started"};
    }
    return start(world, parsed);
}

} // namespace verbs
