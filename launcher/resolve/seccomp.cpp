#include "launcher/resolve/seccomp.hpp"

#include "launcher/base/text.hpp"
#include "launcher/resolve/filter.hpp"
#include "launcher/resolve/seccomp_rule.hpp"
#include "launcher/resolve/syscall_sets.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace resolve {

namespace {

constexpr Action allow = SECCOMP_RET_ALLOW;
constexpr Action fail(int code) {
    return SECCOMP_RET_ERRNO | static_cast<Action>(code);
}
constexpr Action absent = fail(ENOSYS);

// ---- ABIs -------------------------------------------------------------------------------------------------------

struct Abi {
    std::string_view name; ///< as in process.seccomp.arch
    std::uint32_t table;   ///< SCMP_ARCH_*: whose numbers
    std::uint32_t audit;   ///< AUDIT_ARCH_*: what the kernel says in seccomp_data; x32 says x86-64
};

constexpr Abi x86_64{"x86-64", SCMP_ARCH_X86_64, SCMP_ARCH_X86_64};
constexpr std::array foreign_of_x86_64{Abi{"x86", SCMP_ARCH_X86, SCMP_ARCH_X86},
                                       Abi{"x32", SCMP_ARCH_X32, SCMP_ARCH_X86_64}};

Abi native_abi() {
    const std::uint32_t native = seccomp_arch_native();
    return native == x86_64.table ? x86_64 : Abi{"native", native, native};
}

std::span<const Abi> foreign_abis() {
    return seccomp_arch_native() == x86_64.table ? std::span<const Abi>(foreign_of_x86_64) : std::span<const Abi>();
}

struct NumberedCall {
    std::string_view name;
    std::uint32_t number;
};

// Since 5.0 a new call has one number on all machines. These are younger than the oldest libseccomp that is supported.
constexpr std::array young_calls{
    NumberedCall{"cachestat", 451},         NumberedCall{"fchmodat2", 452},
    NumberedCall{"map_shadow_stack", 453},  NumberedCall{"futex_wake", 454},
    NumberedCall{"futex_wait", 455},        NumberedCall{"futex_requeue", 456},
    NumberedCall{"statmount", 457},         NumberedCall{"listmount", 458},
    NumberedCall{"lsm_get_self_attr", 459}, NumberedCall{"lsm_set_self_attr", 460},
    NumberedCall{"lsm_list_modules", 461},  NumberedCall{"mseal", 462},
    NumberedCall{"setxattrat", 463},        NumberedCall{"getxattrat", 464},
    NumberedCall{"listxattrat", 465},       NumberedCall{"removexattrat", 466},
    NumberedCall{"open_tree_attr", 467},    NumberedCall{"file_getattr", 468},
    NumberedCall{"file_setattr", 469},
};

// Linux on 32-bit x86 has had these since 4.3 and 5.1; libseccomp answers with the multiplexers socketcall and ipc.
constexpr std::array direct_calls_of_x86{
    NumberedCall{"recvmmsg", 337},   NumberedCall{"sendmmsg", 345},    NumberedCall{"socket", 359},
    NumberedCall{"socketpair", 360}, NumberedCall{"bind", 361},        NumberedCall{"connect", 362},
    NumberedCall{"listen", 363},     NumberedCall{"accept4", 364},     NumberedCall{"getsockopt", 365},
    NumberedCall{"setsockopt", 366}, NumberedCall{"getsockname", 367}, NumberedCall{"getpeername", 368},
    NumberedCall{"sendto", 369},     NumberedCall{"sendmsg", 370},     NumberedCall{"recvfrom", 371},
    NumberedCall{"recvmsg", 372},    NumberedCall{"shutdown", 373},    NumberedCall{"semget", 393},
    NumberedCall{"semctl", 394},     NumberedCall{"shmget", 395},      NumberedCall{"shmctl", 396},
    NumberedCall{"shmat", 397},      NumberedCall{"shmdt", 398},       NumberedCall{"msgget", 399},
    NumberedCall{"msgsnd", 400},     NumberedCall{"msgrcv", 401},      NumberedCall{"msgctl", 402},
};

std::optional<std::uint32_t> find_number(std::span<const NumberedCall> rows, std::string_view name) {
    for (const NumberedCall& row : rows)
        if (row.name == name) return row.number;
    return std::nullopt;
}

/// The number of a call under an ABI, as the kernel shows it to the filter; nothing: that ABI has no such call.
std::optional<std::uint32_t> number_of(std::string_view name, const Abi& abi) {
    if (abi.table == SCMP_ARCH_X86)
        if (const auto direct = find_number(direct_calls_of_x86, name)) return direct;
    const int number = seccomp_syscall_resolve_name_arch(abi.table, std::string(name).c_str());
    if (number >= 0) return static_cast<std::uint32_t>(number);
    auto young = find_number(young_calls, name);
    if (young && abi.table == SCMP_ARCH_X32) *young |= 0x40000000;
    return young;
}

// ---- Rules about arguments --------------------------------------------------------------------------------------

/// The kernel reads these arguments as 32 bits (int, unsigned int, or truncated by hand).
Condition is(std::uint8_t argument, std::uint32_t value, std::uint32_t mask = UINT32_MAX) {
    return {.argument = argument, .compare = Compare::equal, .mask = mask, .value = value};
}

Decision sockets_of_desktop(Action denied) {
    Decision socket{{}, fail(EAFNOSUPPORT)};
    for (const std::uint32_t family : {AF_UNIX, AF_INET, AF_INET6}) socket.clauses.push_back({{is(0, family)}, allow});
    for (const std::uint32_t protocol : {NETLINK_ROUTE, NETLINK_KOBJECT_UEVENT})
        socket.clauses.push_back({{is(0, AF_NETLINK), is(2, protocol)}, allow});
    socket.clauses.push_back({{is(0, AF_NETLINK)}, denied});
    return socket;
}

Decision only_unix_sockets() {
    return {{{{is(0, AF_UNIX)}, allow}}, fail(EAFNOSUPPORT)};
}

/// Input put into a terminal's queue, consoles and line disciplines: TIOCLINUX pastes, TIOCSETD loads modules.
Decision terminal_requests(Action denied) {
    Decision ioctl{{}, allow};
    for (const std::uint32_t request : {TIOCSTI, TIOCLINUX, TIOCSETD})
        ioctl.clauses.push_back({{is(1, request)}, denied});
    return ioctl;
}

/// PER_LINUX, PER_LINUX32, each with UNAME26, and the question what it is now. Others switch off address randomisation
/// or make null pages readable.
Decision harmless_personalities(Action denied) {
    Decision personality{{}, denied};
    for (const std::uint32_t value : {0x0U, 0x8U, 0x20000U, 0x20008U, 0xffffffffU})
        personality.clauses.push_back({{is(0, value)}, allow});
    return personality;
}

Decision no_device_nodes(std::uint8_t mode, Action denied) {
    Decision mknod{{}, denied};
    for (const std::uint32_t kind : {0, S_IFREG, S_IFIFO, S_IFSOCK})
        mknod.clauses.push_back({{is(mode, kind, S_IFMT)}, allow});
    return mknod;
}

/// clone(2) without any CLONE_NEW*; clone3(2) has its flags in memory, so libraries are sent back to clone.
Decision no_new_namespaces(Action denied) {
    constexpr std::uint32_t fresh =
        CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
#if defined(__s390__) || defined(__CRIS__)
    constexpr std::uint8_t flags = 1; // stack first there
#else
    constexpr std::uint8_t flags = 0;
#endif
    return {{{{is(flags, 0, fresh)}, allow}}, denied};
}

/// The families of socketcall(2) are in memory, where no filter sees them; its other calls work on sockets that are
/// there already.
Decision socketcall_on_open_sockets(Action denied) {
    constexpr std::uint32_t make_socket = 1, make_pair = 8; // SYS_SOCKET, SYS_SOCKETPAIR
    return {{{{is(0, make_socket)}, denied}, {{is(0, make_pair)}, denied}}, allow};
}

// ---- The table of decisions -------------------------------------------------------------------------------------

struct Call {
    std::string_view name;
    Decision decision;
    bool looked_into = false; ///< a built-in rule about its arguments decides, which a set never loosens
};

/// One row for each call that has a name here, sorted.
class CallTable {
public:
    explicit CallTable(Action otherwise) {
        for (const std::string_view name : calls_of(*find_syscall_set("@known")))
            rows_.push_back({name, {{}, otherwise}});
    }

    /// The row of a call; one that the sets do not know is added.
    Call& at(std::string_view name) {
        const auto place = std::lower_bound(rows_.begin(), rows_.end(), name,
                                            [](const Call& row, std::string_view wanted) { return row.name < wanted; });
        if (place != rows_.end() && place->name == name) return *place;
        return *rows_.insert(place, {name, {{}, absent}});
    }

    void set(std::string_view name, Action action) { at(name).decision = {{}, action}; }
    void set(std::string_view name, Decision decision) { at(name) = {name, std::move(decision), true}; }
    void set_all(std::string_view set, Action action) {
        for (const std::string_view name : calls_of(*find_syscall_set(set))) this->set(name, action);
    }

    const std::vector<Call>& rows() const { return rows_; }

private:
    std::vector<Call> rows_;
};

CallTable base_table(const BaseList& base, const SeccompFacts& facts, Action denied) {
    CallTable table(denied);
    table.set_all(base.allowed, allow);
    table.set_all("@absent", absent);
    table.set("ioctl", terminal_requests(denied));
    table.set("personality", harmless_personalities(denied));
    table.set("mknod", no_device_nodes(1, denied));
    table.set("mknodat", no_device_nodes(2, denied));
    table.set("socket", base.name == "strict" ? only_unix_sockets() : sockets_of_desktop(denied));
    table.set("socketpair", only_unix_sockets());
    table.set("socketcall", socketcall_on_open_sockets(denied));
    if (facts.user_namespaces == plan::Nested::allowed) {
        for (const std::string_view name : {"clone", "clone3", "unshare", "chroot"}) table.set(name, allow);
    } else {
        table.set("clone", no_new_namespaces(denied));
        table.set("clone3", Decision{{}, absent});
    }
    return table;
}

// ---- What the profile adds and takes ----------------------------------------------------------------------------

/// What runs between the loading of the filter and the application's first instruction.
constexpr std::array<std::string_view, 7> needed_to_start{"close_range",     "execve",       "exit", "exit_group",
                                                          "restart_syscall", "rt_sigreturn", "write"};

base::Error unknown_name(const SeccompRule& rule, const base::Origin& origin, const Abi& native) {
    std::vector<std::string_view> candidates;
    const bool set = rule.name.starts_with('@');
    if (set) {
        for (const SyscallSet& candidate : syscall_sets()) candidates.push_back(candidate.name);
    } else {
        for (const std::string_view candidate : calls_of(*find_syscall_set("@known")))
            if (number_of(candidate, native)) candidates.push_back(candidate);
    }
    return {.what = (set ? "unknown set of system calls '" : "unknown system call '") + rule.name + "'",
            .advice = base::did_you_mean(rule.name, candidates),
            .origin = origin};
}

/// The calls that a rule names. Errors: none of the ABIs has it.
base::Result<std::vector<std::string_view>> calls_named(const profile::Item<std::string>& item, const SeccompRule& rule,
                                                        std::span<const Abi> abis) {
    if (rule.name.starts_with('@')) {
        const SyscallSet* set = find_syscall_set(rule.name);
        if (!set) return unknown_name(rule, item.origin(), abis[0]);
        return calls_of(*set);
    }
    const bool exists =
        std::any_of(abis.begin(), abis.end(), [&](const Abi& abi) { return number_of(rule.name, abi).has_value(); });
    if (!exists) return unknown_name(rule, item.origin(), abis[0]);
    // The name is a prefix of the item, which outlives the table.
    return std::vector{std::string_view(item.value).substr(0, rule.name.size())};
}

base::Result<void> apply_allow(CallTable& table, const profile::Set& items, std::span<const Abi> abis) {
    std::vector<std::string_view> absent_calls = calls_of(*find_syscall_set("@absent"));
    for (const auto& item : items) {
        const SeccompRule rule = TRY(parse_seccomp_rule(item, Effect::allow));
        const bool set = rule.name.starts_with('@');
        for (const std::string_view name : TRY(calls_named(item, rule, abis))) {
            Call& call = table.at(name);
            if (!rule.conditions.empty()) {
                call.decision.clauses.insert(call.decision.clauses.begin(), {rule.conditions, allow});
            } else if (!set ||
                       (!call.looked_into && !std::binary_search(absent_calls.begin(), absent_calls.end(), name))) {
                call.decision = {{}, allow};
            }
        }
    }
    return {};
}

base::Result<void> apply_deny(CallTable& table, const profile::Set& items, std::span<const Abi> abis, Action denied) {
    for (const auto& item : items) {
        const SeccompRule rule = TRY(parse_seccomp_rule(item, Effect::deny));
        for (const std::string_view name : TRY(calls_named(item, rule, abis))) {
            if (std::find(needed_to_start.begin(), needed_to_start.end(), name) != needed_to_start.end()) {
                if (rule.name.starts_with('@')) continue; // the set without what the start itself needs
                return base::Error{.what = "system call '" + rule.name +
                                           "' cannot be denied: starting the application needs it",
                                   .advice = "remove it from process.seccomp.deny",
                                   .origin = item.origin()};
            }
            Call& call = table.at(name);
            if (rule.conditions.empty())
                call.decision = {{}, denied};
            else
                call.decision.clauses.insert(call.decision.clauses.begin(), {rule.conditions, denied});
        }
    }
    return {};
}

// ---- Choices of the profile -------------------------------------------------------------------------------------

base::Result<std::vector<Abi>> wanted_abis(const profile::Set& wish) {
    std::vector<Abi> abis{native_abi()};
    for (const auto& item : wish) {
        const auto rows = foreign_abis();
        const auto found =
            std::find_if(rows.begin(), rows.end(), [&](const Abi& abi) { return abi.name == item.value; });
        if (found == rows.end()) {
            std::vector<std::string_view> candidates;
            for (const Abi& abi : rows) candidates.push_back(abi.name);
            std::string advice = base::did_you_mean(item.value, candidates);
            if (advice.empty()) advice = rows.empty() ? "this machine has no foreign ABI" : "it may be x86 or x32";
            return base::Error{.what = "unknown foreign ABI '" + item.value + "'",
                               .advice = std::move(advice),
                               .origin = item.origin()};
        }
        const bool again =
            std::any_of(abis.begin(), abis.end(), [&](const Abi& abi) { return abi.table == found->table; });
        if (!again) abis.push_back(*found);
    }
    return abis;
}

/// The base list; null: "none".
base::Result<const BaseList*> wanted_base(const profile::Item<std::string>& wish) {
    const std::string_view name = wish.set() ? std::string_view(wish.value) : base_lists()[0].name;
    if (name == "none") return nullptr;
    std::vector<std::string_view> candidates{"none"};
    for (const BaseList& list : base_lists()) {
        if (list.name == name) return &list;
        candidates.push_back(list.name);
    }
    std::string advice = base::did_you_mean(name, candidates);
    if (advice.empty()) advice = "it may be desktop, strict or none";
    return base::Error{.what = "unknown base list '" + std::string(name) + "' of system calls",
                       .advice = std::move(advice),
                       .origin = wish.origin()};
}

base::Result<std::string> compile(const CallTable& table, std::span<const Abi> abis, Action otherwise) {
    std::vector<AbiDecisions> programs;
    for (const Abi& abi : abis) {
        auto place = std::find_if(programs.begin(), programs.end(),
                                  [&](const AbiDecisions& program) { return program.audit_arch == abi.audit; });
        if (place == programs.end()) place = programs.insert(place, {abi.audit, {}});
        for (const Call& call : table.rows())
            if (const auto number = number_of(call.name, abi)) place->calls[*number] = call.decision;
    }
    return compile_filter(programs, otherwise);
}

std::vector<std::string> texts(const profile::Set& items) {
    std::vector<std::string> out;
    for (const auto& item : items) out.push_back(item.value);
    return out;
}

base::Origin origin_of(const profile::Seccomp& wish) {
    if (wish.base.set()) return wish.base.origin();
    for (const profile::Set* items : {&wish.allow, &wish.deny, &wish.arch})
        if (!items->empty()) return items->front().origin();
    return wish.errno_.origin();
}

/// What a wish comes to, before it is compiled; no table: no filter.
struct Decided {
    const BaseList* base = nullptr;
    std::vector<Abi> abis;
    std::optional<CallTable> table;
};

base::Result<Decided> decide(const profile::Seccomp& wish, const SeccompFacts& facts) {
    Decided decided{TRY(wanted_base(wish.base)), TRY(wanted_abis(wish.arch)), {}};
    const Action denied = fail(wish.errno_.set() ? TRY(seccomp_errno(wish.errno_)) : EPERM);
    if (!decided.base && wish.deny.empty()) return decided;
    CallTable& table = decided.table.emplace(decided.base ? base_table(*decided.base, facts, denied) : CallTable(allow));
    TRY(apply_allow(table, wish.allow, decided.abis));
    TRY(apply_deny(table, wish.deny, decided.abis, denied));
    return decided;
}

} // namespace

std::string call_name(std::uint32_t number) {
    char* name = seccomp_syscall_resolve_num_arch(native_abi().table, static_cast<int>(number));
    std::string text = name ? name : std::to_string(number);
    free(name); // the library gives it away (seccomp_syscall_resolve_name(3))
    return text;
}

std::optional<NativeCall> native_call(std::string_view name) {
    const auto number = number_of(name, native_abi());
    return number ? std::optional(NativeCall{native_abi().audit, *number}) : std::nullopt;
}

base::Result<plan::Seccomp> seccomp(const profile::Seccomp& wish, const SeccompFacts& facts) {
    const Decided decided = TRY(decide(wish, facts));
    plan::Seccomp plan{.base = decided.base ? std::string(decided.base->name) : "none",
                       .allow = texts(wish.allow),
                       .deny = texts(wish.deny),
                       .architectures = texts(wish.arch),
                       .program = {},
                       .origin = origin_of(wish)};
    if (decided.table) plan.program = TRY(compile(*decided.table, decided.abis, absent));
    return plan;
}

bool is_native_call(std::string_view name) { return number_of(name, native_abi()).has_value(); }

base::Result<std::vector<CallDecision>> seccomp_decisions(const profile::Seccomp& wish, const SeccompFacts& facts) {
    const Decided decided = TRY(decide(wish, facts));
    std::vector<CallDecision> calls;
    if (!decided.table) return calls;
    for (const Call& call : decided.table->rows())
        if (is_native_call(call.name)) calls.push_back({std::string(call.name), call.decision});
    return calls;
}

} // namespace resolve
