#pragma once
// Plans for tests.

#include "launcher/plan/plan.hpp"

#include <concepts>
#include <random>

namespace support {

/// A small Plan that passes check.
plan::Plan small_plan();

/// Fills any value with random ones by walking the fields: texts of any bytes, lists of 0 to 4 elements, every value of
/// an enum, every kind of a variant.
class Filler {
public:
    explicit Filler(std::uint32_t seed) : random_(seed) {}

    template <std::unsigned_integral T>
    void fill(T& value) {
        value = static_cast<T>(std::uniform_int_distribution<std::uint64_t>()(random_));
    }
    template <base::NamedEnum T>
    void fill(T& value) {
        value = static_cast<T>(below(base::EnumNames<T>::names.size()));
    }
    void fill(std::string& text) {
        text.resize(below(40));
        for (char& c : text) c = static_cast<char>(below(256));
    }
    template <class T>
    void fill(std::vector<T>& list) {
        list.resize(below(5));
        for (T& element : list) fill(element);
    }
    template <class... Kind>
    void fill(std::variant<Kind...>& variant) {
        fill_kind(variant, below(sizeof...(Kind)), std::index_sequence_for<Kind...>{});
    }
    template <base::HasFields T>
    void fill(T& object) {
        base::for_each_field(object, [&](const auto&, auto& member) { fill(member); });
    }

    /// One mount of each kind, in the order of the variant.
    std::vector<plan::Mount> every_kind() {
        return every_kind(std::make_index_sequence<std::variant_size_v<plan::Mount>>{});
    }

private:
    std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }

    template <class Variant, std::size_t... Index>
    void fill_kind(Variant& variant, std::size_t wanted, std::index_sequence<Index...>) {
        ((wanted == Index ? fill(variant.template emplace<Index>()) : void()), ...);
    }
    template <std::size_t... Index>
    std::vector<plan::Mount> every_kind(std::index_sequence<Index...>) {
        std::vector<plan::Mount> mounts(sizeof...(Index));
        (fill(mounts[Index].emplace<Index>()), ...);
        return mounts;
    }

    std::mt19937 random_;
};

} // namespace support
