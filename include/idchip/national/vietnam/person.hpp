// What DG13 says of a person, in values.
#pragma once

#include <idchip/national/vietnam/card.hpp>
#include <idchip/national/vietnam/dg13.hpp>
#include <idchip/national/vietnam/expiry.hpp>

namespace idchip::vietnam {

// Text is UTF-8 as written, empty where nothing is stated.
struct PersonDetails {
    std::string personal_number;  // 12 digits
    std::string full_name;
    std::optional<Date> birth_date;
    char sex = '<';  // M, F; '<' not stated
    std::string nationality = "Việt Nam";
    std::string ethnicity, religion;
    std::string place_of_origin;  // 2024: where the birth was registered
    std::string residence;
    std::string personal_identification;  // distinguishing marks
    std::optional<Date> issue_date;
    std::optional<Expiry> expiry;  // Expiry{}: no expiry; nothing: not stated
    std::string father, mother, spouse;
    std::string old_number;  // 9 or 12 digits
    std::string serial;      // 16 characters, meaning unconfirmed
    bool operator==(const PersonDetails&) const = default;
};

// Never fails: what cannot be read stays unstated and is noted. Text is given as it stands, `printable` or not.
// Notes: vn.dg13_bad_date, vn.dg13_bad_number, vn.dg13_expiry_text, vn.dg13_sex_text, vn.dg13_shape.
PersonDetails read_details(const Dg13& dg13, Notes& notes);

// Every problem, not only the first: input.bad_field, .bad_date, .bad_utf8 with the name of the field, never its value.
// Text must be in normal form C, without control characters, bidirectional overrides and white space at its ends.
// What the card of 2021 must have: number, name, birth, sex, nationality, origin, residence, issue, expiry. 2024: the same
// without origin and residence, which readers found empty in some cards.
std::vector<Error> check(const PersonDetails& details, Card card);

// All 16 fields in the order of their numbers, parents as siblings. Errors: the first of `check`.
Result<Dg13> make_dg13(const PersonDetails& details, Card card);

}  // namespace idchip::vietnam
