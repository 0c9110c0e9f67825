#include "launcher/base/json.hpp"
#include "launcher/plan/print.hpp"

#include <concepts>

namespace plan {
namespace {

/// The values of a Plan as JSON, by their fields().
class Json : public base::Json {
public:
    using base::Json::Json;

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
};

} // namespace

std::string to_json(const Plan& plan) {
    Json json;
    json.value(plan);
    return json.take();
}

std::string to_json(const State& state, base::Json::Layout layout) {
    Json json(layout);
    json.value(state);
    return json.take();
}

std::string to_json(const State& state, const NamespaceLinks& namespaces) {
    Json json;
    json.open('{');
    base::for_each_field(state, [&](const auto& field, const auto& member) {
        json.key(field.name);
        json.value(member);
    });
    json.key("namespaces");
    json.value(namespaces);
    json.close('}');
    return json.take();
}

} // namespace plan
