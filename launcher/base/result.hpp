#pragma once
// A value or an Error. TRY passes the error up; MUST is for what can only fail through a bug of ours.

#include "launcher/base/error.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>
#include <variant>

namespace base {

template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }
    T& value() & { return *std::get_if<0>(&state_); }
    const T& value() const& { return *std::get_if<0>(&state_); }
    T&& value() && { return std::move(*std::get_if<0>(&state_)); }
    Error& error() & { return *std::get_if<1>(&state_); }
    const Error& error() const& { return *std::get_if<1>(&state_); }
    Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

private:
    std::variant<T, Error> state_;
};

struct Nothing {};

template <>
class [[nodiscard]] Result<void> : public Result<Nothing> {
public:
    Result() : Result<Nothing>(Nothing{}) {}
    Result(Error error) : Result<Nothing>(std::move(error)) {}
};

[[noreturn]] inline void must_failed(const char* file, int line, const Error& error) {
    std::fprintf(stderr, "sandbox: internal error at %s:%d: %s\n", file, line, to_text(error).c_str());
    std::abort();
}

} // namespace base

/// The value of a Result, or: return its error from this function.
#define TRY(expression)                                                                                                \
    ({                                                                                                                 \
        auto&& try_result_ = (expression);                                                                             \
        if (!try_result_.ok()) return ::std::move(try_result_).error();                                                \
        ::std::move(try_result_).value();                                                                              \
    })

/// The value of a Result whose failing proves a bug of ours; aborts otherwise.
#define MUST(expression)                                                                                               \
    ({                                                                                                                 \
        auto&& must_result_ = (expression);                                                                            \
        if (!must_result_.ok()) ::base::must_failed(__FILE__, __LINE__, must_result_.error());                         \
        ::std::move(must_result_).value();                                                                             \
    })
