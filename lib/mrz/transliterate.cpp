#include <idchip/mrz/names.hpp>

#include <algorithm>
#include <array>

#include <idchip/base/text.hpp>

namespace idchip::mrz {
namespace {

struct Letter {
    char32_t code;
    std::string_view recommended;
    std::string_view plain;
};

constexpr Letter letter_table[] = {
#define LATIN(upper, lower, recommended, plain) {upper, recommended, plain}, {lower, recommended, plain},
#define LATIN_MORE(upper, lower, recommended, plain) {upper, recommended, plain}, {lower, recommended, plain},
#define CYRILLIC(upper, lower, text) {upper, text, text}, {lower, text, text},
#define CYRILLIC_MORE(upper, lower, text) {upper, text, text}, {lower, text, text},
#define ARABIC(letter, text) {letter, text, text},
#include "mrz/tables.def"
};

std::vector<Letter> sorted_letters() {
    std::vector<Letter> letters(std::begin(letter_table), std::end(letter_table));
    std::erase_if(letters, [](const Letter& l) { return l.code == 0; });
    std::sort(letters.begin(), letters.end(), [](const Letter& a, const Letter& b) { return a.code < b.code; });
    return letters;
}

const Letter* find_letter(char32_t c) {
    static const std::vector<Letter> letters = sorted_letters();
    const auto before = [](const Letter& letter, char32_t code) { return letter.code < code; };
    const auto at = std::lower_bound(letters.begin(), letters.end(), c, before);
    return at != letters.end() && at->code == c ? &*at : nullptr;
}

enum class Where { anywhere, at_start };
constexpr auto anywhere = Where::anywhere;
constexpr auto at_start = Where::at_start;

// Doc 9303-3, section 6 B: "except Ukrainian" and the like, by the State that issues.
struct StateRule {
    char32_t upper;
    std::string_view state;
    Where where;
    std::string_view text;
};
constexpr StateRule state_rules[] = {
#define CYRILLIC_STATE(upper, state, where, text) {upper, state, where, text},
#include "mrz/tables.def"
};

struct Pair {
    char32_t letter;
    char32_t mark;
    char32_t composed;
};
constexpr Pair composed_pairs[] = {
#define COMPOSED(letter, mark, composed) {letter, mark, composed},
#include "mrz/tables.def"
};

char32_t upper_cyrillic(char32_t c) {
    if (c >= 0x0430 && c <= 0x044F) return c - 0x20;
    if (c >= 0x0450 && c <= 0x045F) return c - 0x50;
    return c == 0x0493 ? 0x0492 : c;
}

struct Range {
    char32_t first;
    char32_t last;
};

template <std::size_t n>
bool is_in(char32_t c, const Range (&ranges)[n]) {
    return std::any_of(std::begin(ranges), std::end(ranges), [c](Range r) { return c >= r.first && c <= r.last; });
}

// Combining marks. Those of Latin and Cyrillic are diacritical marks, which 4.3 does not allow in the zone; those of Arabic
// are the short vowels and signs that appendix B.5.5.10 to B.5.5.13 does not encode.
constexpr Range marks[] = {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0670, 0x0670},
                           {0x06D6, 0x06DC}, {0x06DF, 0x06E4}, {0x06E7, 0x06E8}, {0x06EA, 0x06ED}, {0x1AB0, 0x1AFF},
                           {0x1DC0, 0x1DFF}, {0x20D0, 0x20F0}, {0xFE20, 0xFE2F}};
// Nothing that is printed: soft hyphen, joiners, direction marks, byte order mark; tatweel (B.5.5.8) only stretches a line.
constexpr Range invisible[] = {{0x00AD, 0x00AD}, {0x061C, 0x061C}, {0x0640, 0x0640}, {0x200B, 0x200F},
                               {0x202A, 0x202E}, {0x2060, 0x2069}, {0xFEFF, 0xFEFF}};
// 4.6: a filler for spaces between components, hyphens and commas; '<' itself, for text that is in the zone's form already.
constexpr Range separators[] = {{'\t', '\t'},     {' ', ' '},       {',', ','},       {'-', '-'},       {'<', '<'},       {0x00A0, 0x00A0},
                                {0x060C, 0x060C}, {0x2000, 0x200A}, {0x2010, 0x2015}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};
// 4.6: apostrophes, in all the forms that registers hold, and all other punctuation are omitted.
constexpr Range punctuation[] = {{'!', '#'},       {'%', '*'},       {'.', '/'},       {':', ';'},       {'?', '@'},       {'[', ']'},
                                 {'_', '`'},       {'{', '{'},       {'}', '}'},       {0x00A1, 0x00A1}, {0x00A7, 0x00A7}, {0x00AB, 0x00AB},
                                 {0x00B4, 0x00B4}, {0x00B6, 0x00B7}, {0x00BB, 0x00BB}, {0x00BF, 0x00BF}, {0x02B9, 0x02BF}, {0x02C8, 0x02C8},
                                 {0x061B, 0x061B}, {0x061F, 0x061F}, {0x2016, 0x2027}, {0x2030, 0x205E}, {0xFF07, 0xFF07}};

constexpr char32_t shadda = 0x0651;
constexpr char32_t teh_marbuta = 0x0629;

// Precondition: valid UTF-8.
std::u32string decode(std::string_view text) {
    std::u32string points;
    for (const char c : text) {
        const auto b = static_cast<unsigned char>(c);
        if ((b & 0xC0U) == 0x80) points.back() = points.back() << 6U | (b & 0x3FU);
        else points += b < 0x80 ? b : b & (b >= 0xF0 ? 0x07U : b >= 0xE0 ? 0x0FU : 0x1FU);
    }
    return points;
}

struct Glyph {
    char32_t base;
    bool doubled = false;  // carries a shadda
};

char32_t compose(char32_t letter, char32_t mark) {
    for (const Pair& pair : composed_pairs)
        if (pair.letter == letter && pair.mark == mark) return pair.composed;
    return letter;
}

// Letters with their marks taken in or dropped, so that composed and decomposed spellings come out the same.
std::vector<Glyph> glyphs_of(std::string_view text) {
    std::vector<Glyph> glyphs;
    for (const char32_t c : decode(text)) {
        if (is_in(c, invisible)) continue;
        if (!is_in(c, marks)) {
            glyphs.push_back({c});
        } else if (!glyphs.empty()) {
            if (c == shadda) glyphs.back().doubled = true;
            glyphs.back().base = compose(glyphs.back().base, c);
        }
    }
    return glyphs;
}

bool is_plain(char32_t c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool ends_component(const std::vector<Glyph>& glyphs, std::size_t next) {
    while (next < glyphs.size() && is_in(glyphs[next].base, punctuation)) ++next;
    return next == glyphs.size() || (!is_plain(glyphs[next].base) && find_letter(glyphs[next].base) == nullptr);
}

// The text of the zone under construction; a separator is written only between components.
class Pen {
public:
    void separate() { pending_ = true; }
    bool at_start() const { return pending_ || result.text.empty() || result.text.back() == '<'; }
    void letter(std::string_view text) {
        if (text.empty()) return;
        flush();
        result.text += text;
    }
    void unmapped(char32_t c) {
        flush();
        result.text += '<';
        result.unmapped.push_back(c);
    }
    Transliterated result;

private:
    void flush() {
        if (pending_ && !result.text.empty()) result.text += '<';
        pending_ = false;
    }
    bool pending_ = false;
};

std::string_view letter_text(const Letter& letter, Variant variant, std::string_view state, bool first) {
    for (const StateRule& rule : state_rules)
        if (rule.state == state && rule.upper == upper_cyrillic(letter.code) && (rule.where == anywhere || first)) return rule.text;
    return variant == Variant::simple ? letter.plain : letter.recommended;
}

}  // namespace

Result<Transliterated> transliterate(std::string_view utf8_name, Variant variant, std::string_view issuing_state) {
    if (!is_valid_utf8(as_bytes(utf8_name))) return fail(Errc::bad_utf8, "name");
    const auto glyphs = glyphs_of(utf8_name);
    Pen pen;
    for (std::size_t i = 0; i < glyphs.size(); ++i) {
        const char32_t c = glyphs[i].base;
        if (is_plain(c)) {
            pen.letter(upper_ascii(std::string(1, static_cast<char>(c))));
        } else if (is_in(c, separators)) {
            pen.separate();
        } else if (is_in(c, punctuation)) {
            continue;
        } else if (const Letter* letter = find_letter(c)) {
            // 6 C, note 2: teh marbuta at the end of a component.
            const auto text = c == teh_marbuta && ends_component(glyphs, i + 1)
                                  ? std::string_view("XAH")
                                  : letter_text(*letter, variant, issuing_state, pen.at_start());
            pen.letter(text);
            if (glyphs[i].doubled) pen.letter(text);  // 6 C, note 3: the letter or sequence is repeated
        } else {
            pen.unmapped(c);
        }
    }
    return std::move(pen.result);
}

}  // namespace idchip::mrz
