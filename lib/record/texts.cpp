#include "record/texts.hpp"

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/base/unicode.hpp>

namespace idchip::record {
namespace {

constexpr char32_t replacement_character = 0xFFFD;

// Vietnamese UTF-8 read as Latin-1 or Windows-1252 shows these pairs, which no language has: "á»" of U+1EBx, "áº" of U+1E8x,
// "Ã¢" and the like of U+00Cx, "Æ°" of U+01B0, "Ä‘" of U+0111.
bool is_mojibake(char32_t a, char32_t b) {
    if (a == 0xE1) return b == 0xBA || b == 0xBB;
    if (a == 0xC3 || a == 0xC6 || a == 0xC4) return (b >= 0xA0 && b <= 0xBF) || b == 0x2018 || b == 0x192;
    return false;
}

struct Findings {
    bool deceptive = false, replacement = false, mojibake = false;
};

Findings look_at(std::string_view text) {
    Findings f;
    char32_t before = 0;
    for (auto rest = as_bytes(text); !rest.empty();) {
        const auto point = decode_utf8(rest);
        if (point.length == 0) break;
        f.deceptive |= is_deceptive(point.value);
        f.replacement |= point.value == replacement_character;
        f.mojibake |= is_mojibake(before, point.value);
        before = point.value;
        rest = rest.subspan(point.length);
    }
    return f;
}

bool has_loose_spaces(std::string_view text) {
    return text.starts_with(' ') || text.ends_with(' ') || text.find("  ") != std::string_view::npos ||
           text.find("\xC2\xA0") != std::string_view::npos;
}

// No-break spaces count as spaces.
std::string single_spaces(std::string_view text) {
    std::string result;
    bool pending = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool no_break = text.substr(i).starts_with("\xC2\xA0");
        if (no_break) ++i;
        if (no_break || text[i] == ' ') {
            pending = !result.empty();
            continue;
        }
        if (std::exchange(pending, false)) result += ' ';
        result += text[i];
    }
    return result;
}

}  // namespace

std::string clean_text(std::string_view text, std::string_view field, Problems& problems) {
    const auto found = look_at(text);
    if (found.deceptive) problems.push_back(problem(Kind::control_character, field));
    if (found.replacement) problems.push_back(problem(Kind::replacement, field));
    if (found.mojibake) problems.push_back(problem(Kind::mojibake, field));
    std::string result(text);
    if (!is_nfc(result)) {
        problems.push_back(problem(Kind::not_nfc, field));
        result = to_nfc(result);
    }
    if (has_loose_spaces(result)) {
        problems.push_back(problem(Kind::spaces, field));
        result = single_spaces(result);
    }
    return result;
}

}  // namespace idchip::record
