#include <idchip/base/text.hpp>

#include <fmt/format.h>

namespace idchip {
namespace {

struct CodePoint {
    char32_t value = 0;
    std::size_t length = 0;  // 0: not UTF-8
};

CodePoint decode(ByteView b) {
    const auto continuation = [&b](std::size_t i) { return i < b.size() && (b[i] & 0xC0U) == 0x80; };
    const Byte first = b[0];
    if (first < 0x80) return {first, 1};
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

// Characters that change how the text around them is shown.
bool is_deceptive(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0x061C || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F);
}

}  // namespace

bool is_valid_utf8(ByteView bytes) {
    while (!bytes.empty()) {
        const auto point = decode(bytes);
        if (point.length == 0) return false;
        bytes = bytes.subspan(point.length);
    }
    return true;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const auto at = text.find(separator);
        parts.emplace_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const auto first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::string upper_ascii(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return result;
}

std::string printable(std::string_view text) {
    std::string result;
    ByteView rest = as_bytes(text);
    while (!rest.empty()) {
        const auto point = decode(rest);
        if (point.length == 0) {
            result += fmt::format("\\x{:02X}", rest[0]);
            rest = rest.subspan(1);
            continue;
        }
        if (is_deceptive(point.value))
            result += fmt::format("\\u{{{:X}}}", static_cast<std::uint32_t>(point.value));
        else
            result += as_text(rest.first(point.length));
        rest = rest.subspan(point.length);
    }
    return result;
}

}  // namespace idchip
