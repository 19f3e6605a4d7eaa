// VN-TD1: the zone of the Vietnamese card, Doc 9303-5 with additions. Document number: the last 9 digits of the personal
// number. Optional data 1: all 12 digits, "<<", and a check digit at position 30 over positions 16 to 29.
#pragma once

#include <idchip/mrz/mrz.hpp>
#include <idchip/national/vietnam/expiry.hpp>
#include <idchip/national/vietnam/personal_number.hpp>

namespace idchip::vietnam {

// "Không thời hạn" in the zone.
inline constexpr std::string_view no_expiry = "991231";

struct ZoneData {
    std::string personal_number;  // 12 digits
    std::string full_name;        // Vietnamese, family name first
    Date birth;
    char sex = 'M';  // M or F
    Expiry expiry;
};

// Optional data 1: twelve digits, "<<", extra check digit.
std::string zone_optional_data(const PersonalNumber& number);
// YYMMDD, or 991231 for no expiry. Errors: input.bad_date for a date outside 20xx, and for 2099-12-31, which reads as no expiry.
Result<std::string> zone_expiry(const Expiry& expiry);

// Ready for mrz::write. A name that does not fit is truncated as Doc 9303-5 has it.
// Errors: input.bad_field, input.bad_date, input.bad_utf8, mrz.no_transliteration.
Result<mrz::Mrz> make_mrz(const ZoneData& data);

// The digit of position 30 over positions 16 to 29. Precondition: only characters of a zone.
char extra_check_digit(std::string_view optional_data);

struct ZoneReading {
    std::optional<PersonalNumber> number;  // from optional data 1
    std::optional<Date> birth;             // century from the number; nothing when partly unknown
    std::optional<Expiry> expiry;          // 991231 is no expiry; all others lie in 20xx
    Findings findings;
};

// Reads the zone as one of this variant. Never fails: a zone of another kind gives findings.
// Errors: vn.mrz_format, vn.mrz_issuer, vn.mrz_number, vn.mrz_filler, vn.mrz_extra_check_digit, vn.mrz_check_digit, vn.mrz_date.
// Warnings: vn.mrz_document_code, vn.mrz_nationality, vn.mrz_document_number, vn.mrz_optional_data_2.
ZoneReading read_zone(const mrz::Parsed& parsed);

}  // namespace idchip::vietnam
