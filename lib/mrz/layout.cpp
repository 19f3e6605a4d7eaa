#include "mrz/layout.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace idchip::mrz {
namespace {

// Line and positions from 1, as the tables of the standard have them.
constexpr Span at(std::size_t line, std::size_t first, std::size_t last) { return {line - 1, first - 1, last - first + 1}; }
constexpr Span at(std::size_t line, std::size_t position) { return at(line, position, position); }

// Doc 9303-5, 4.2.2 and 4.2.4.
constexpr Layout td1{
    .format = Format::td1,
    .lines = 3,
    .width = 30,
    .document_code = at(1, 1, 2),
    .issuing_state = at(1, 3, 5),
    .document_number = at(1, 6, 14),
    .document_number_check = at(1, 15),
    .optional_1 = at(1, 16, 30),
    .birth = at(2, 1, 6),
    .birth_check = at(2, 7),
    .sex = at(2, 8),
    .expiry = at(2, 9, 14),
    .expiry_check = at(2, 15),
    .nationality = at(2, 16, 18),
    .optional_2 = at(2, 19, 29),
    .name = at(3, 1, 30),
    .composite_check = at(2, 30),
    .composite = {at(1, 6, 30), at(2, 1, 7), at(2, 9, 15), at(2, 19, 29)},
    .long_numbers = true,
};

// Doc 9303-6, 4.2.2 and 4.2.4.
constexpr Layout td2{
    .format = Format::td2,
    .lines = 2,
    .width = 36,
    .document_code = at(1, 1, 2),
    .issuing_state = at(1, 3, 5),
    .document_number = at(2, 1, 9),
    .document_number_check = at(2, 10),
    .optional_1 = at(2, 29, 35),
    .birth = at(2, 14, 19),
    .birth_check = at(2, 20),
    .sex = at(2, 21),
    .expiry = at(2, 22, 27),
    .expiry_check = at(2, 28),
    .nationality = at(2, 11, 13),
    .name = at(1, 6, 36),
    .composite_check = at(2, 36),
    .composite = {at(2, 1, 10), at(2, 14, 20), at(2, 22, 35)},
    .long_numbers = true,
};

// Doc 9303-4, 4.2.2 and 4.2.4.
constexpr Layout td3{
    .format = Format::td3,
    .lines = 2,
    .width = 44,
    .document_code = at(1, 1, 2),
    .issuing_state = at(1, 3, 5),
    .document_number = at(2, 1, 9),
    .document_number_check = at(2, 10),
    .optional_1 = at(2, 29, 42),
    .optional_1_check = at(2, 43),
    .birth = at(2, 14, 19),
    .birth_check = at(2, 20),
    .sex = at(2, 21),
    .expiry = at(2, 22, 27),
    .expiry_check = at(2, 28),
    .nationality = at(2, 11, 13),
    .name = at(1, 6, 44),
    .composite_check = at(2, 44),
    .composite = {at(2, 1, 10), at(2, 14, 20), at(2, 22, 43)},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter_or_filler(char c) { return is_letter(c) || c == '<'; }
bool all_letters(std::string_view text) { return std::all_of(text.begin(), text.end(), is_letter); }

// A pair of digits or of fillers; -1 for anything else, 0 for unknown. "00" is no month and no day.
int date_part(std::string_view pair, int highest) {
    if (pair == "<<") return 0;
    if (!is_digit(pair[0]) || !is_digit(pair[1])) return -1;
    const int value = (pair[0] - '0') * 10 + (pair[1] - '0');
    return value >= 1 && value <= highest ? value : -1;
}

}  // namespace

const Layout& layout_of(Format format) {
    switch (format) {
        case Format::td1: return td1;
        case Format::td2: return td2;
        case Format::td3: break;
    }
    return td3;
}

const Layout* find_layout(std::size_t lines, std::size_t width) {
    for (const auto* layout : {&td1, &td2, &td3})
        if (layout->lines == lines && layout->width == width) return layout;
    return nullptr;
}

std::string_view text_at(const Lines& lines, Span span) { return std::string_view(lines.at(span.line)).substr(span.column, span.length); }

std::string composite_text(const Lines& lines, const Layout& layout) {
    std::string text;
    for (const Span span : layout.composite) text += text_at(lines, span);
    return text;
}

bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool is_zone_character(char c) { return is_letter_or_filler(c) || is_digit(c); }

std::string place(std::size_t line, std::size_t column) { return fmt::format("line {}, position {}", line + 1, column + 1); }

Failure bad_field(std::string_view field, std::string_view why) { return fail(Errc::mrz_bad_field, std::string(field), std::string(why)); }

bool is_possible_date(std::string_view yymmdd) {
    if (yymmdd.size() != 6) return false;
    const auto year = yymmdd.substr(0, 2);
    const bool year_known = is_digit(year[0]) && is_digit(year[1]);
    const int month = date_part(yymmdd.substr(2, 2), 12);
    const int day = date_part(yymmdd.substr(4, 2), 31);
    if ((!year_known && year != "<<") || month < 0 || day < 0) return false;
    if (month == 4 || month == 6 || month == 9 || month == 11) return day <= 30;
    if (month != 2) return true;
    // The century is not written; year 00 is taken as 2000, a leap year.
    const bool leap = !year_known || ((year[0] - '0') * 10 + (year[1] - '0')) % 4 == 0;
    return day <= (leap ? 29 : 28);
}

Result<void> check_fields(const Mrz& mrz) {
    if (mrz.document_code.empty() || !is_letter(mrz.document_code[0])) return bad_field("document_code", "does not begin with a letter");
    if (mrz.document_code[0] == 'V') return bad_field("document_code", "a visa, Doc 9303-7");
    if (!all_letters(mrz.issuing_state)) return bad_field("issuing_state", "letters only");
    if (!all_letters(mrz.nationality)) return bad_field("nationality", "letters only");
    if (!is_possible_date(mrz.birth)) return bad_field("birth", "no such day");
    if (!is_possible_date(mrz.expiry)) return bad_field("expiry", "no such day");
    if (mrz.sex != 'M' && mrz.sex != 'F' && mrz.sex != '<') return bad_field("sex", "want M, F or <");
    // Doc 9303-3, 4.6: no numerals in the name field.
    for (const auto part : {std::string_view(mrz.primary), std::string_view(mrz.secondary)})
        if (!std::all_of(part.begin(), part.end(), is_letter_or_filler)) return bad_field("name", "letters and fillers only");
    return {};
}

}  // namespace idchip::mrz
