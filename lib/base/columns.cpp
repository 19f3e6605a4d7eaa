#include <idchip/base/columns.hpp>

#include <algorithm>

#include <utf8proc.h>

#include <idchip/base/unicode.hpp>

namespace idchip {
namespace {

constexpr std::string_view ellipsis = "…";

// Never less than a terminal may take: what is not known to be a mark takes a column.
std::size_t columns_of(char32_t c) {
    if (c < 0x300) return 1;
    const auto point = static_cast<utf8proc_int32_t>(c);
    const auto category = utf8proc_category(point);
    if (category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME) return 0;
    return static_cast<std::size_t>(std::max(utf8proc_charwidth(point), 1));
}

// The longest beginning that fits, with the marks that belong to it.
std::string_view head(std::string_view text, std::size_t most) {
    std::size_t end = 0;
    for (std::size_t used = 0; end < text.size();) {
        const auto point = decode_utf8(as_bytes(text).subspan(end));
        used += columns_of(point.value);
        if (used > most) break;
        end += std::max<std::size_t>(point.length, 1);
    }
    return text.substr(0, end);
}

// What is left when at least so much of the beginning is taken away.
std::string_view without(std::string_view text, std::size_t least) {
    auto taken = head(text, least);
    if (columns(taken) < least) taken = head(text, least + 1);
    return text.substr(taken.size());
}

}  // namespace

std::size_t columns(std::string_view text) {
    std::size_t sum = 0;
    for (auto rest = as_bytes(text); !rest.empty();) {
        const auto point = decode_utf8(rest);
        sum += columns_of(point.value);
        rest = rest.subspan(std::max<std::size_t>(point.length, 1));
    }
    return sum;
}

std::string cut(std::string_view text, std::size_t most) {
    if (columns(text) <= most) return std::string(text);
    if (most == 0) return {};
    return std::string(head(text, most - 1)).append(ellipsis);
}

std::string cut_middle(std::string_view text, std::size_t most) {
    const auto all = columns(text);
    if (all <= most) return std::string(text);
    if (most == 0) return {};
    const auto behind = (most - 1) / 2;
    return std::string(head(text, most - 1 - behind)).append(ellipsis).append(without(text, all - behind));
}

}  // namespace idchip
