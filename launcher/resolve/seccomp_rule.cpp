#include "launcher/resolve/seccomp_rule.hpp"

#include "launcher/base/text.hpp"

#include <array>
#include <cerrno>

namespace resolve {

namespace {

struct ErrorName {
    std::string_view name;
    int number;
};

constexpr std::array error_names{
    ErrorName{"EPERM", EPERM},
    ErrorName{"ENOSYS", ENOSYS},
    ErrorName{"EACCES", EACCES},
    ErrorName{"EINVAL", EINVAL},
    ErrorName{"ENOENT", ENOENT},
    ErrorName{"EOPNOTSUPP", EOPNOTSUPP},
    ErrorName{"EAFNOSUPPORT", EAFNOSUPPORT},
    ErrorName{"EBADF", EBADF},
    ErrorName{"ENODEV", ENODEV},
    ErrorName{"ENOMEM", ENOMEM},
    ErrorName{"ENOTTY", ENOTTY},
    ErrorName{"EROFS", EROFS},
};

struct Operator {
    std::string_view sign;
    Compare compare;
};

// "<=" stands before "<": the first that fits is taken.
constexpr std::array operators{Operator{"==", Compare::equal},      Operator{"!=", Compare::not_equal},
                               Operator{"<=", Compare::less_equal}, Operator{">=", Compare::greater_equal},
                               Operator{"<", Compare::less},        Operator{">", Compare::greater}};

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

std::optional<std::uint64_t> number(std::string_view text) {
    if (!text.starts_with("0x")) return base::whole_number(text);
    text.remove_prefix(2);
    if (text.empty() || text.size() > 16) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) return std::nullopt;
        value = value << 4 | static_cast<std::uint64_t>(digit);
    }
    return value;
}

/// What is left of an item while it is read, and the item for errors.
class Reader {
public:
    Reader(std::string_view text, const base::Origin& origin) : whole_(text), rest_(text), origin_(origin) {}

    void skip_spaces() {
        while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
    }
    bool at_end() const { return rest_.empty(); }
    bool take(std::string_view expected) {
        skip_spaces();
        if (!rest_.starts_with(expected)) return false;
        rest_.remove_prefix(expected.size());
        return true;
    }
    template <class Accept>
    std::string_view take_while(Accept accept) {
        std::size_t length = 0;
        while (length < rest_.size() && accept(rest_[length])) ++length;
        const std::string_view taken = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return taken;
    }
    base::Result<std::uint64_t> take_number() {
        skip_spaces();
        const std::string_view before = rest_;
        const auto value = number(take_while([](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        }));
        if (value) return *value;
        rest_ = before;
        return expected("a number such as 16 or 0x10");
    }
    base::Error expected(std::string_view what) const {
        const std::string at = rest_.empty() ? " at its end" : " before '" + std::string(rest_) + "'";
        return bad("expected " + std::string(what) + at);
    }
    base::Error bad(std::string_view why) const {
        return {.what = "system call rule '" + std::string(whole_) + "': " + std::string(why),
                .advice = "write \"@set\", \"call\" or \"call(arg0 == 1, arg1 & 0xff != 2)\"",
                .origin = origin_};
    }

private:
    std::string_view whole_, rest_;
    const base::Origin& origin_;
};

/// Whether a comparison without a mask is made on 32 bits, so that it is right for either width of the argument. Where
/// the low half alone fits an `==` or `<`, the whole may not: deny takes the half, allow the whole; with `!=` and `>`
/// it is the other way round.
bool narrow(Compare compare, Effect effect) {
    const bool smaller = compare == Compare::equal || compare == Compare::less || compare == Compare::less_equal;
    return smaller == (effect == Effect::deny);
}

bool never_or_always(const Condition& condition) {
    switch (condition.compare) {
    case Compare::equal:
    case Compare::not_equal: return (condition.value & ~condition.mask) != 0;
    case Compare::less:
    case Compare::greater_equal: return condition.value == 0 || condition.value > condition.mask;
    case Compare::less_equal:
    case Compare::greater: return condition.value >= condition.mask;
    }
    return true;
}

base::Result<Condition> condition(Reader& reader, Effect effect) {
    if (!reader.take("arg")) return reader.expected("arg0 to arg5");
    const std::string_view index = reader.take_while(is_name_character);
    if (index.size() != 1 || index[0] < '0' || index[0] > '5') return reader.bad("there are arg0 to arg5 only");
    Condition found{.argument = static_cast<std::uint8_t>(index[0] - '0')};
    const bool masked = reader.take("&");
    if (masked) found.mask = TRY(reader.take_number());
    const Operator* sign = nullptr;
    for (const Operator& candidate : operators)
        if (!sign && reader.take(candidate.sign)) sign = &candidate;
    if (!sign) return reader.expected("one of == != < <= > >=");
    found.compare = sign->compare;
    found.value = TRY(reader.take_number());
    if (!masked && found.value <= UINT32_MAX && narrow(found.compare, effect)) found.mask = UINT32_MAX;
    if (never_or_always(found)) return reader.bad("a comparison in it never or always holds");
    return found;
}

} // namespace

base::Result<SeccompRule> parse_seccomp_rule(const profile::Item<std::string>& item, Effect effect) {
    const base::Origin origin = item.origin();
    Reader reader(item.value, origin);
    const bool set = item.value.starts_with('@');
    const std::string_view name =
        reader.take_while([&](char c) { return is_name_character(c) || (set && (c == '@' || c == '-')); });
    if (name.empty() || name == "@") return reader.expected("the name of a system call or a set");
    SeccompRule rule{.name = std::string(name), .conditions = {}};
    if (reader.at_end()) return rule;
    if (!reader.take("(")) return reader.expected("'(' or nothing");
    if (set) return reader.bad("a set takes no arguments");
    do rule.conditions.push_back(TRY(condition(reader, effect)));
    while (reader.take(","));
    if (!reader.take(")")) return reader.expected("',' or ')'");
    if (!reader.at_end()) return reader.expected("nothing more");
    return rule;
}

base::Result<int> seccomp_errno(const profile::Item<std::string>& name) {
    std::array<std::string_view, error_names.size()> candidates;
    for (std::size_t index = 0; index < error_names.size(); ++index) {
        if (error_names[index].name == name.value) return error_names[index].number;
        candidates[index] = error_names[index].name;
    }
    std::string advice = base::did_you_mean(name.value, candidates);
    if (advice.empty()) advice = "EPERM and ENOSYS are the usual ones";
    return base::Error{.what = "unknown error name '" + name.value + "' for denied system calls",
                       .advice = std::move(advice),
                       .origin = name.origin()};
}

} // namespace resolve
