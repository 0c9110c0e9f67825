#include "launcher/base/text.hpp"
#include "launcher/plan/print.hpp"

#include <array>
#include <concepts>
#include <cstdio>

namespace plan {
namespace {

/// The length of the valid UTF-8 character that `text` begins with; 0: it begins with none.
std::size_t character(std::string_view text) {
    for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length)
        if (base::is_utf8(text.substr(0, length))) return length;
    return 0;
}

/// JSON (RFC 8259), indented by two spaces, always valid UTF-8.
class Json {
public:
    void open(char bracket) {
        text_ += bracket;
        ++depth_;
        first_ = true;
    }
    void close(char bracket) {
        --depth_;
        if (!first_) new_line();
        text_ += bracket;
        first_ = false;
    }
    void key(std::string_view name) {
        element();
        string(name);
        text_ += ": ";
    }
    void element() {
        if (!first_) text_ += ',';
        new_line();
        first_ = false;
    }
    void number(std::uint64_t value) { text_ += std::to_string(value); }
    /// A byte that is no UTF-8 becomes U+FFFD: a path may hold any byte, a JSON text may not.
    void string(std::string_view text) {
        text_ += '"';
        while (!text.empty()) {
            const std::size_t length = character(text);
            const auto first = static_cast<unsigned char>(text[0]);
            if (length == 0) {
                text_ += "\xEF\xBF\xBD";
            } else if (first < 0x20 || first == 0x7f) {
                std::array<char, 8> escape{};
                std::snprintf(escape.data(), escape.size(), "\\u%04x", first);
                text_ += escape.data();
            } else {
                if (first == '"' || first == '\\') text_ += '\\';
                text_ += text.substr(0, length);
            }
            text.remove_prefix(length == 0 ? 1 : length);
        }
        text_ += '"';
    }

    void value(const std::string& text) { string(text); }
    void value(const base::HostPath& path) { string(path.text); }
    void value(const base::InsidePath& path) { string(path.text); }
    template <std::unsigned_integral T>
    void value(const T& integer) {
        number(integer);
    }
    template <base::NamedEnum T>
    void value(const T& named) {
        string(base::name_of(named));
    }
    template <class T>
    void value(const std::vector<T>& list) {
        open('[');
        for (const T& member : list) {
            element();
            value(member);
        }
        close(']');
    }
    template <class... Kind>
    void value(const std::variant<Kind...>& variant) {
        std::visit([&](const auto& kind) { value(kind); }, variant);
    }
    template <base::HasFields T>
    void value(const T& object) {
        open('{');
        if constexpr (requires { T::kind; }) {
            key("kind");
            string(T::kind);
        }
        base::for_each_field(object, [&](const auto& field, const auto& member) {
            key(field.name);
            if (holds_bytes<T>(field.name))
                number(length_of(member));
            else
                value(member);
        });
        close('}');
    }

    std::string take() { return std::move(text_) + "\n"; }

private:
    /// Bytes are shown by their length.
    template <class T>
    static bool holds_bytes(std::string_view name) {
        return (std::same_as<T, Data> && name == "contents") || (std::same_as<T, Seccomp> && name == "program");
    }
    static std::uint64_t length_of(const std::string& bytes) { return bytes.size(); }
    template <class T>
    static std::uint64_t length_of(const T&) {
        return 0;
    }

    void new_line() {
        text_ += '\n';
        text_.append(2 * depth_, ' ');
    }

    std::string text_;
    std::size_t depth_ = 0;
    bool first_ = true;
};

} // namespace

std::string to_json(const Plan& plan) {
    Json json;
    json.value(plan);
    return json.take();
}

std::string to_json(const State& state) {
    Json json;
    json.value(state);
    return json.take();
}

} // namespace plan
