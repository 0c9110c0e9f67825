#pragma once
// Plain structs as bytes and back, by their fields(): what a Plan, a record and a kept Plan have in common.
//
// Form: 8 bytes of magic, u64 length of the rest, then the fields in the order of fields(). Integers are little endian,
// 1/2/4/8 bytes as their type; enums one byte; text and lists a u32 count, then the elements; a variant one byte for the
// kind, then the kind. Nothing is optional, and nothing may follow.

#include "launcher/base/fields.hpp"
#include "launcher/base/result.hpp"

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace base::wire {

static_assert(std::endian::native == std::endian::little, "integers are copied to the wire as they lie in memory");

/// What a form begins with, and what it is called in an error.
struct Form {
    std::string_view magic; ///< eight bytes; the last is the version
    std::string_view name;
    std::size_t limit;      ///< bytes; a longer one is refused
};
inline constexpr std::size_t header_size = 8 + sizeof(std::uint64_t);

template <class T>
constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
constexpr bool is_variant = false;
template <class... Kinds>
inline constexpr bool is_variant<std::variant<Kinds...>> = true;

template <class T>
concept Text = std::same_as<T, std::string>;
template <class T>
concept List = is_vector<T>;
template <class T>
concept Kinds = is_variant<T>;
template <class T>
concept Integer = std::unsigned_integral<T> && !std::same_as<T, bool>;

// --- The fewest bytes that a value can take: what bounds a count by the bytes that are left.

template <class T>
constexpr std::size_t fewest_bytes() {
    if constexpr (std::is_enum_v<T>) {
        static_assert(NamedEnum<T>, "the range of an enum is known by its names");
        return 1;
    } else if constexpr (Integer<T>) {
        return sizeof(T);
    } else if constexpr (Text<T> || List<T>) {
        return sizeof(std::uint32_t);
    } else if constexpr (Kinds<T>) {
        return []<class... Kind>(std::type_identity<std::variant<Kind...>>) {
            return 1 + std::min({fewest_bytes<Kind>()...});
        }(std::type_identity<T>{});
    } else {
        return std::apply(
            []<class... Member>(const Field<T, Member>&...) {
                return (std::size_t{0} + ... + fewest_bytes<Member>());
            },
            T::fields());
    }
}

// --- The size of a value, so that encode allocates once.

inline std::size_t size_of(const std::string& text) {
    return sizeof(std::uint32_t) + text.size();
}
template <class T>
requires(std::is_enum_v<T> || Integer<T>) constexpr std::size_t size_of(const T&) {
    return fewest_bytes<T>();
}
template <HasFields T>
std::size_t size_of(const T& object);
template <class... Kind>
std::size_t size_of(const std::variant<Kind...>& variant) {
    return 1 + std::visit([](const auto& kind) { return size_of(kind); }, variant);
}
template <class T>
std::size_t size_of(const std::vector<T>& list) {
    std::size_t size = sizeof(std::uint32_t);
    for (const T& element : list) size += size_of(element);
    return size;
}
template <HasFields T>
std::size_t size_of(const T& object) {
    std::size_t size = 0;
    for_each_field(object, [&](const auto&, const auto& member) { size += size_of(member); });
    return size;
}

// --- Writing into a buffer of exactly that size.

class Writer {
public:
    explicit Writer(char* out) : out_(out) {}

    void bytes(std::string_view text) {
        if (!text.empty()) std::memcpy(out_, text.data(), text.size());
        out_ += text.size();
    }
    template <Integer T>
    void put(const T& value) {
        std::memcpy(out_, &value, sizeof value);
        out_ += sizeof value;
    }
    template <class T>
    requires std::is_enum_v<T>
    void put(const T& value) { put(static_cast<std::uint8_t>(value)); }
    void put(const std::string& text) {
        put(static_cast<std::uint32_t>(text.size()));
        bytes(text);
    }
    template <class T>
    void put(const std::vector<T>& list) {
        put(static_cast<std::uint32_t>(list.size()));
        for (const T& element : list) put(element);
    }
    template <class... Kind>
    void put(const std::variant<Kind...>& variant) {
        put(static_cast<std::uint8_t>(variant.index()));
        std::visit([&](const auto& kind) { put(kind); }, variant);
    }
    template <HasFields T>
    void put(const T& object) {
        for_each_field(object, [&](const auto&, const auto& member) { put(member); });
    }

private:
    char* out_;
};

// --- Reading. The first failure is kept and everything after it does nothing: each read says whether it was done.

class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes), whole_(bytes.size()) {}

    std::string_view rest() const { return rest_; }
    std::string reason() const {
        return "field '" + std::string(field_) + "' at byte " + std::to_string(failed_at_ + header_size) + " " + failure_;
    }

    template <Integer T>
    bool get(T& value) {
        if (rest_.size() < sizeof value) return fail("is cut off");
        std::memcpy(&value, rest_.data(), sizeof value);
        rest_.remove_prefix(sizeof value);
        return true;
    }
    template <NamedEnum T>
    bool get(T& value) {
        static_assert(EnumNames<T>::names.size() <= std::numeric_limits<std::uint8_t>::max());
        std::uint8_t number = 0;
        if (!get(number)) return false;
        if (number >= EnumNames<T>::names.size()) return fail("is no value of its kind", sizeof number);
        value = static_cast<T>(number);
        return true;
    }
    bool get(std::string& text) {
        std::uint32_t size = 0;
        if (!get_count(size, 1)) return false;
        text.assign(rest_.data(), size);
        rest_.remove_prefix(size);
        return true;
    }
    template <class T>
    bool get(std::vector<T>& list) {
        std::uint32_t count = 0;
        if (!get_count(count, fewest_bytes<T>())) return false;
        list.reserve(count);
        for (std::uint32_t index = 0; index < count; ++index)
            if (!get(list.emplace_back())) return false;
        return true;
    }
    template <class... Kind>
    bool get(std::variant<Kind...>& variant) {
        std::uint8_t index = 0;
        if (!get(index)) return false;
        if (index >= sizeof...(Kind)) return fail("is no kind that is known", sizeof index);
        return get_kind(variant, index, std::index_sequence_for<Kind...>{});
    }
    template <HasFields T>
    bool get(T& object) {
        bool done = true;
        for_each_field(object, [&](const auto& field, auto& member) {
            if (!done) return;
            done = get(member);
            // The innermost field names itself first.
            if (!done && *field_ == '\0') field_ = field.name;
        });
        return done;
    }

private:
    template <class Variant, std::size_t... Index>
    bool get_kind(Variant& variant, std::size_t wanted, std::index_sequence<Index...>) {
        return ((wanted == Index && get(variant.template emplace<Index>())) || ...);
    }
    bool get_count(std::uint32_t& count, std::size_t fewest) {
        if (!get(count)) return false;
        if (count > rest_.size() / fewest) return fail("counts more than the bytes that are left", sizeof count);
        return true;
    }
    bool fail(const char* failure, std::size_t already_read = 0) {
        failure_ = failure;
        failed_at_ = whole_ - rest_.size() - already_read;
        return false;
    }

    std::string_view rest_;
    std::size_t whole_;
    const char* failure_ = "";
    const char* field_ = "";
    std::size_t failed_at_ = 0;
};

inline Error refused(const Form& form, std::string reason) {
    return Error{.what = std::string(form.name) + " cannot be read: " + std::move(reason)};
}

template <class T>
std::size_t encoded_size(const T& object) {
    return header_size + size_of(object);
}

template <class T>
std::string encode_as(const Form& form, const T& object) {
    const std::size_t size = header_size + size_of(object);
    std::string out(size, '\0');
    Writer writer(out.data());
    writer.bytes(form.magic);
    writer.put(std::uint64_t{size - header_size});
    writer.put(object);
    return out;
}

/// Errors: not of that form, another version, truncated, a count that cannot fit in the bytes that are left, an enum or a
/// variant out of range, bytes left over. Never reads outside `bytes`, never allocates more than a small multiple of it.
template <class T>
Result<T> decode_as(const Form& form, std::string_view bytes) {
    if (bytes.size() > form.limit) return refused(form, "it is longer than " + std::to_string(form.limit) + " bytes");
    if (bytes.size() < header_size) return refused(form, "it is cut off in its header");
    if (!bytes.starts_with(form.magic.substr(0, form.magic.size() - 1))) return refused(form, "it is not one");
    if (!bytes.starts_with(form.magic)) return refused(form, "it is of another version");
    bytes.remove_prefix(form.magic.size());
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof length);
    bytes.remove_prefix(sizeof length);
    if (length > bytes.size()) return refused(form, "it is cut off");
    if (length < bytes.size()) return refused(form, "bytes follow its end");

    Reader reader(bytes);
    T object;
    if (!reader.get(object)) return refused(form, reader.reason());
    if (!reader.rest().empty()) return refused(form, std::to_string(reader.rest().size()) + " bytes are left over");
    return object;
}

} // namespace base::wire
