#include <idchip/mrz/mrz.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"
#include "mrz/layout.hpp"

namespace idchip::mrz {
namespace {

// Doc 9303-3, 4.9: A to Z count 10 to 35, a filler nothing.
unsigned check_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (is_letter(c)) return static_cast<unsigned>(c - 'A') + 10;
    return 0;
}

void put(Lines& lines, Span span, std::string_view text) {
    const auto field = lines.at(span.line).begin() + static_cast<std::ptrdiff_t>(span.column);
    std::copy_n(text.begin(), std::min(text.size(), span.length), field);
}

void put_check(Lines& lines, Span digit, std::string_view covered) {
    const char c = check_digit(covered);
    put(lines, digit, {&c, 1});
}

// Fits the field and comes back from `parse` as it is: no filler at its end, for those are taken as unused positions.
Result<void> check_value_fits(std::string_view field, std::string_view text, std::size_t room) {
    if (text.size() > room) return bad_field(field, fmt::format("{} characters, room for {}", text.size(), room));
    if (!std::all_of(text.begin(), text.end(), is_zone_character)) return bad_field(field, "want A-Z, 0-9 or <");
    if (text.ends_with('<')) return bad_field(field, "ends with a filler");
    return {};
}

// Doc 9303-3, 4.6: components separated by one filler each.
bool is_name_part(std::string_view part) {
    return !part.starts_with('<') && !part.ends_with('<') && part.find("<<") == std::string_view::npos;
}

Result<void> check_presence(const Mrz& mrz) {
    if (mrz.document_number.empty()) return bad_field("document_number", "missing");
    if (mrz.issuing_state.empty()) return bad_field("issuing_state", "missing");
    if (mrz.nationality.empty()) return bad_field("nationality", "missing");
    if (mrz.primary.empty()) return bad_field("primary", "missing");
    return {};
}

struct NumberFields {
    std::string number;
    std::string optional;
    Span check;  // where the check digit of the number belongs
};

// Doc 9303-5 and -6, 4.2.2, note j. A filler must follow the check digit of a long number.
Result<NumberFields> number_fields(const Mrz& mrz, const Layout& l) {
    const auto width = l.document_number.length;
    const auto& number = mrz.document_number;
    TRY(check_value_fits("document_number", number, width + (l.long_numbers ? l.optional_1.length - 2 : 0)));
    if (number.size() <= width) {
        TRY(check_value_fits("optional_data_1", mrz.optional_data_1, l.optional_1.length));
        return NumberFields{number, mrz.optional_data_1, l.document_number_check};
    }
    const std::string rest = number.substr(width);
    if (rest.find('<') != std::string::npos) return bad_field("document_number", "a filler after position 9");
    const auto used = rest.size() + 2;
    TRY(check_value_fits("optional_data_1", mrz.optional_data_1, l.optional_1.length - used));
    return NumberFields{number.substr(0, width),
                        rest + check_digit(number) + "<" + mrz.optional_data_1,
                        {l.optional_1.line, l.optional_1.column + rest.size(), 1}};
}

std::string name_text(const Mrz& mrz) { return mrz.secondary.empty() ? mrz.primary : mrz.primary + "<<" + mrz.secondary; }

Result<void> check_for_writing(const Mrz& mrz, const Layout& l) {
    TRY(check_fields(mrz));
    TRY(check_presence(mrz));
    TRY(check_value_fits("document_code", mrz.document_code, l.document_code.length));
    TRY(check_value_fits("issuing_state", mrz.issuing_state, l.issuing_state.length));
    TRY(check_value_fits("nationality", mrz.nationality, l.nationality.length));
    TRY(check_value_fits("optional_data_2", mrz.optional_data_2, l.optional_2.length));
    if (!is_name_part(mrz.primary)) return bad_field("primary", "want single fillers between words");
    if (!is_name_part(mrz.secondary)) return bad_field("secondary", "want single fillers between words");
    TRY(check_value_fits("name", name_text(mrz), l.name.length));
    const bool may_be_filler = l.optional_1_check.length != 0 && mrz.optional_data_1.empty();
    if (mrz.optional_check != '0' && !(may_be_filler && mrz.optional_check == '<'))
        return bad_field("optional_check", "a filler stands only for unused optional data of TD3");
    return {};
}

// The zone never holds a longer number: 9 characters and what TD1 leaves beside a check digit in its optional data.
constexpr std::size_t longest_number = 9 + 14;

}  // namespace

char check_digit(std::string_view characters) {
    constexpr std::array<unsigned, 3> weights = {7, 3, 1};
    unsigned sum = 0;
    for (std::size_t i = 0; i < characters.size(); ++i) sum = (sum + check_value(characters[i]) * weights.at(i % 3)) % 10;
    return static_cast<char>('0' + sum);
}

Result<std::vector<std::string>> write(const Mrz& mrz) {
    const Layout& l = layout_of(mrz.format);
    TRY(check_for_writing(mrz, l));
    const auto fields = TRY(number_fields(mrz, l));
    Lines lines(l.lines, std::string(l.width, '<'));
    put(lines, l.document_code, mrz.document_code);
    put(lines, l.issuing_state, mrz.issuing_state);
    put(lines, l.document_number, fields.number);
    put(lines, l.optional_1, fields.optional);
    put(lines, l.birth, mrz.birth);
    put(lines, l.sex, {&mrz.sex, 1});
    put(lines, l.expiry, mrz.expiry);
    put(lines, l.nationality, mrz.nationality);
    put(lines, l.optional_2, mrz.optional_data_2);
    put(lines, l.name, name_text(mrz));

    put_check(lines, fields.check, mrz.document_number);
    put_check(lines, l.birth_check, mrz.birth);
    put_check(lines, l.expiry_check, mrz.expiry);
    if (mrz.optional_check == '0') put_check(lines, l.optional_1_check, mrz.optional_data_1);
    put_check(lines, l.composite_check, composite_text(lines, l));
    return lines;
}

Result<std::string> mrz_information(std::string_view document_number, std::string_view birth, std::string_view expiry) {
    std::string number(document_number.substr(0, document_number.find_last_not_of('<') + 1));
    if (number.empty()) return bad_field("document_number", "missing");
    TRY(check_value_fits("document_number", number, longest_number));
    if (!is_possible_date(birth)) return bad_field("birth", "want YYMMDD of a day that can be");
    if (!is_possible_date(expiry)) return bad_field("expiry", "want YYMMDD of a day that can be");
    if (number.size() < 9) number.resize(9, '<');
    std::string information;
    for (const std::string_view part : {std::string_view(number), birth, expiry}) {
        information += part;
        information += check_digit(part);
    }
    return information;
}

Result<std::string> mrz_information(const Mrz& mrz) { return mrz_information(mrz.document_number, mrz.birth, mrz.expiry); }

}  // namespace idchip::mrz
