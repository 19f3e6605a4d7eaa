// TRY(expression): the value of a Result, or return its error. The one macro beside the two tables.
#pragma once

#include <utility>

#include <idchip/base/result.hpp>

namespace idchip::detail {
template <class T>
T take(Result<T>&& r) {
    return std::move(*r);
}
inline void take(Result<void>&&) {}
}  // namespace idchip::detail

#define IDCHIP_JOIN_(a, b) a##b
#define IDCHIP_JOIN(a, b) IDCHIP_JOIN_(a, b)
// A fresh name each time, so that one TRY may stand inside another.
#define IDCHIP_TRY(name, ...)                                 \
    __extension__({                                           \
        auto name = (__VA_ARGS__);                            \
        if (!name) [[unlikely]]                               \
            return ::tl::unexpected(std::move(name).error()); \
        ::idchip::detail::take(std::move(name));              \
    })
#define TRY(...) IDCHIP_TRY(IDCHIP_JOIN(try_result_, __COUNTER__), __VA_ARGS__)
