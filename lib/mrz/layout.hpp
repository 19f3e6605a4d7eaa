// Where each field stands: one table per format, and the rules that single fields obey in all of them.
#pragma once

#include <array>

#include <idchip/mrz/mrz.hpp>

namespace idchip::mrz {

struct Span {
    std::size_t line = 0;    // from 0
    std::size_t column = 0;  // from 0
    std::size_t length = 0;  // 0: the format has no such field
};

struct Layout {
    Format format = Format::td3;
    std::size_t lines = 0;
    std::size_t width = 0;
    Span document_code{};
    Span issuing_state{};
    Span document_number{};
    Span document_number_check{};
    Span optional_1{};
    Span optional_1_check{};
    Span birth{};
    Span birth_check{};
    Span sex{};
    Span expiry{};
    Span expiry_check{};
    Span nationality{};
    Span optional_2{};
    Span name{};
    Span composite_check{};
    std::array<Span, 4> composite{};  // what the composite check digit is computed over; unused ones are empty
    bool long_numbers = false;        // a longer document number may run on into optional_1
};

const Layout& layout_of(Format format);
// Nothing when no format has this many lines of this width.
const Layout* find_layout(std::size_t lines, std::size_t width);

using Lines = std::vector<std::string>;
std::string_view text_at(const Lines& lines, Span span);
// The characters that the composite check digit covers.
std::string composite_text(const Lines& lines, const Layout& layout);

bool is_zone_character(char c);
bool is_letter(char c);
// "line 2, position 14": from 1, as the standard counts.
std::string place(std::size_t line, std::size_t column);
Failure bad_field(std::string_view field, std::string_view why);

// Doc 9303-3, 4.8: YYMMDD of a day that can exist; an unknown year, month or day is two fillers.
bool is_possible_date(std::string_view yymmdd);
// What holds for a zone that is read as for one that is written. Errors: mrz.bad_field.
Result<void> check_fields(const Mrz& mrz);

}  // namespace idchip::mrz
