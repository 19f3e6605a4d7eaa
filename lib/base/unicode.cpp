#include <idchip/base/unicode.hpp>

#include <cstdlib>

#include <utf8proc.h>

#include <idchip/base/text.hpp>

namespace idchip {
namespace {

// Code points that stand unchanged in normal form C and take part in no composition with what precedes them: nearly all text
// of the world's Latin scripts. Everything else is left to the library.
bool is_plainly_nfc(char32_t c) { return c < 0x300 || (c >= 0x1E00 && c <= 0x1EFF); }

std::string mapped(std::string_view utf8, utf8proc_option_t options) {
    utf8proc_uint8_t* text = nullptr;
    const auto size = utf8proc_map(as_bytes(utf8).data(), static_cast<utf8proc_ssize_t>(utf8.size()), &text, options);
    if (size < 0) return std::string(utf8);
    std::string result(text, text + size);
    std::free(text);  // NOLINT: the library's contract
    return result;
}

}  // namespace

CodePoint decode_multibyte_utf8(ByteView b) {
    const auto continuation = [&b](std::size_t i) { return i < b.size() && (b[i] & 0xC0U) == 0x80; };
    const Byte first = b[0];
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4) return {};
    char32_t value = first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (!continuation(i)) return {};
        value = value << 6U | (b[i] & 0x3FU);
    }
    const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (overlong || surrogate || value > 0x10FFFF) return {};
    return {value, length};
}

bool is_deceptive_beyond_ascii(char32_t c) {
    return (c >= 0x80 && c < 0xA0) || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) ||
           c == 0x061C || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F);
}

bool is_nfc(std::string_view utf8) {
    for (auto rest = as_bytes(utf8); !rest.empty();) {
        const auto point = decode_utf8(rest);
        if (point.length == 0 || !is_plainly_nfc(point.value)) return to_nfc(utf8) == utf8;
        rest = rest.subspan(point.length);
    }
    return true;
}

std::string to_nfc(std::string_view utf8) { return mapped(utf8, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE)); }

std::string to_folded(std::string_view utf8) {
    constexpr auto options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    const auto folded = mapped(utf8, static_cast<utf8proc_option_t>(options));
    std::string result;
    for (const char c : trim(folded))
        if (c != ' ' || result.back() != ' ') result += c;
    return result;
}

}  // namespace idchip
