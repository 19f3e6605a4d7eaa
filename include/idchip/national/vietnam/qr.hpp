// The text of the QR code on the card: fields separated by '|', UTF-8, not signed. It helps to find the CAN; it proves nothing.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/national/vietnam/card.hpp>
#include <idchip/national/vietnam/person.hpp>

namespace idchip::vietnam {

struct QrText {
    // What byte mode of the largest symbol holds.
    static constexpr std::size_t max_size = 2953, max_fields = 32;

    QrForm form = QrForm::fields_7;  // 7 fields: 2021; 8 or more: 2024
    std::string personal_number;
    std::string old_number;  // may be empty
    std::string full_name;
    std::optional<Date> birth_date;  // ddMMyyyy
    char sex = '<';                  // Nam, Nữ; '<' for anything else
    std::string residence;
    std::optional<Date> issue_date;
    std::vector<std::string> extra;  // 2024: fields 8 to 11, meaning unconfirmed; as they stand
    Notes notes;

    // Errors: input.too_large, input.bad_utf8, input.bad_field (fewer than 7 fields, number not 12 digits).
    // Notes: vn.qr_field_count, _bad_field, _white_space, _unsafe_text, _not_composed.
    static Result<QrText> parse(std::string_view text);
    // Text must be in normal form C, without control characters, bidirectional overrides and the separator. What `parse`
    // accepted without a note is written as it was. Errors: input.bad_field, input.bad_date, input.too_large.
    Result<std::string> write() const;
};

// The text that belongs to these details; the four last fields of 2024 are empty. Of a card without
// QR code it is one that `write` refuses.
QrText make_qr_text(const PersonDetails& details, Card card);

}  // namespace idchip::vietnam
