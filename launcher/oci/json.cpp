// The only file that knows nlohmann's JSON: its reader hands over events, of which a tree of ours is built, so that a
// name that stands twice or a text that is nested too deeply is refused before it is kept.

#include "launcher/oci/json.hpp"

#include "launcher/base/text.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace oci {
namespace {

using base::Error;
using base::Origin;
using base::Result;

constexpr std::size_t depth_limit = 32;
constexpr std::size_t member_limit = 4096; ///< of one list or object; names are searched from end to end

Origin origin_at(std::string_view text, std::size_t offset, const std::string& file) {
    const std::string_view before = text.substr(0, offset);
    const auto start = before.rfind('\n');
    return {file, static_cast<std::uint32_t>(1 + std::count(before.begin(), before.end(), '\n')),
            static_cast<std::uint32_t>(start == std::string_view::npos ? offset + 1 : offset - start)};
}

// What the library calls while it reads; false ends the reading. The names are the library's.
class Builder {
public:
    bool null() { return add({}); }
    bool boolean(bool value) { return add(value); }
    bool number_integer(std::int64_t value) { return add(value); }
    bool number_unsigned(std::uint64_t value) { return add(value); }
    bool number_float(double value, const std::string&) { return add(value); }
    bool string(std::string& value) { return clean(value) && add(std::move(value)); }
    bool binary(std::vector<std::uint8_t>&) { return refuse("a kind of value that JSON has not"); }
    bool start_object(std::size_t) { return open(Object{}); }
    bool end_object() { return close(); }
    bool start_array(std::size_t) { return open(Array{}); }
    bool end_array() { return close(); }
    bool key(std::string& name) {
        if (!clean(name)) return false;
        auto& members = std::get<Object>(open_.back().value);
        if (members.size() >= member_limit) return refuse(too_many);
        if (std::any_of(members.begin(), members.end(), [&](const auto& member) { return member.first == name; }))
            return refuse("'" + name + "' stands twice in one object");
        members.emplace_back(std::move(name), Json{});
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) {
        at = position > 0 ? position - 1 : 0;
        return refuse("this is not JSON");
    }

    Json root;
    std::string fault;
    std::size_t at = 0; ///< known for a fault of the text only

private:
    bool refuse(std::string why) {
        fault = std::move(why);
        return false;
    }
    bool clean(const std::string& text) { return text.find('\0') == std::string::npos || refuse("a text holds a NUL byte"); }
    bool open(Json container) {
        if (open_.size() >= depth_limit) return refuse("nested more than " + std::to_string(depth_limit) + " deep");
        open_.push_back(std::move(container));
        return true;
    }
    bool close() {
        Json done = std::move(open_.back());
        open_.pop_back();
        return add(std::move(done));
    }
    bool add(Json value) {
        if (open_.empty()) root = std::move(value);
        else if (auto* items = std::get_if<Array>(&open_.back().value)) return items->size() < member_limit ? (items->push_back(std::move(value)), true) : refuse(too_many);
        else std::get<Object>(open_.back().value).back().second = std::move(value);
        return true;
    }

    static constexpr const char* too_many = "a list or an object has more than 4096 members";

    std::vector<Json> open_; ///< what is not closed yet, the innermost last
};

// JSON has no way to say other bytes, which paths and variables may hold.
Result<void> check_text(const Json& json) {
    if (const auto* text = std::get_if<std::string>(&json.value); text != nullptr && !base::is_utf8(*text))
        return Error{.what = "'" + *text + "' is not UTF-8, and cannot be said in JSON", .advice = "name it in UTF-8, or take it out of the profile"};
    if (const auto* items = std::get_if<Array>(&json.value))
        for (const Json& item : *items) TRY(check_text(item));
    if (const auto* members = std::get_if<Object>(&json.value))
        for (const auto& [name, member] : *members) {
            TRY(check_text(name));
            TRY(check_text(member));
        }
    return {};
}

nlohmann::ordered_json converted(const Json& json) {
    struct Visit {
        nlohmann::ordered_json operator()(std::monostate) const { return nullptr; }
        nlohmann::ordered_json operator()(bool value) const { return value; }
        nlohmann::ordered_json operator()(std::int64_t value) const { return value; }
        nlohmann::ordered_json operator()(std::uint64_t value) const { return value; }
        nlohmann::ordered_json operator()(double value) const { return value; }
        nlohmann::ordered_json operator()(const std::string& value) const { return value; }
        nlohmann::ordered_json operator()(const Array& items) const {
            auto out = nlohmann::ordered_json::array();
            for (const Json& item : items) out.push_back(converted(item));
            return out;
        }
        nlohmann::ordered_json operator()(const Object& members) const {
            auto out = nlohmann::ordered_json::object();
            for (const auto& [name, member] : members) out[name] = converted(member);
            return out;
        }
    };
    return std::visit(Visit{}, json.value);
}

} // namespace

Result<Json> parse_json(std::string_view text, const std::string& file) {
    if (text.size() > json_limit) return Error{.what = "'" + file + "' is larger than 1 MiB", .advice = "give the config.json of a bundle"};
    Builder builder;
    if (nlohmann::json::sax_parse(text, &builder)) return std::move(builder.root);
    Origin origin{file, 0, 0};
    if (builder.fault == "this is not JSON") origin = origin_at(text, std::min(builder.at, text.size()), file);
    return Error{.what = builder.fault, .origin = std::move(origin)};
}

Result<std::string> to_text(const Json& json) {
    TRY(check_text(json));
    return converted(json).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::strict) + "\n";
}

std::string_view kind_of(const Json& json) {
    constexpr std::array<std::string_view, 8> names{"null", "true or false", "a number", "a number", "a fraction", "text", "a list", "an object"};
    return names[json.value.index()];
}

} // namespace oci
