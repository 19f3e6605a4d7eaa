#include <idchip/base/text.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/unicode.hpp>

namespace idchip {

bool is_valid_utf8(ByteView bytes) {
    while (!bytes.empty()) {
        const auto point = decode_utf8(bytes);
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

bool is_printable(std::string_view text) {
    for (auto rest = as_bytes(text); !rest.empty();) {
        const auto point = decode_utf8(rest);
        if (point.length == 0 || is_deceptive(point.value)) return false;
        rest = rest.subspan(point.length);
    }
    return true;
}

std::string printable(std::string_view text) {
    const auto plain = std::find_if(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; });
    std::string result(text.begin(), plain);  // nearly always all of it
    ByteView rest = as_bytes(text).subspan(result.size());
    while (!rest.empty()) {
        const auto point = decode_utf8(rest);
        if (point.length == 0) {
            result += fmt::format("\\x{:02X}", rest[0]);
            rest = rest.subspan(1);
            continue;
        }
        if (is_deceptive(point.value)) result += fmt::format("\\u{{{:X}}}", static_cast<std::uint32_t>(point.value));
        else result += as_text(rest.first(point.length));
        rest = rest.subspan(point.length);
    }
    return result;
}

}  // namespace idchip
