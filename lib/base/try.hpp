// TRY(expression): the value of a Result, or return its error. The one macro beside the two tables.
#pragma once

#include <utility>

#include <idchip/base/result.hpp>

namespace idchip::detail {
template <class T>
T take(Result<T>&& r) { return std::move(*r); }
inline void take(Result<void>&&) {}
}  // namespace idchip::detail

#define TRY(...)                                                            \
    __extension__({                                                         \
        auto try_result_ = (__VA_ARGS__);                                   \
        if (!try_result_) [[unlikely]]                                      \
            return ::tl::unexpected(std::move(try_result_).error());        \
        ::idchip::detail::take(std::move(try_result_));                     \
    })
