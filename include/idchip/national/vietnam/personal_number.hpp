// The personal number, PPP G YY NNNNNN: Decree 137/2015, Art. 13; Circular 59/2021, Art. 4.
#pragma once

#include <span>

#include <idchip/base/time.hpp>
#include <idchip/national/vietnam/finding.hpp>

namespace idchip::vietnam {

struct Province {
    std::string_view code;  // "001"
    std::string_view name;  // "Hà Nội"
};
// The 63 provinces of Circular 07/2016, appendix 1, by code. Numbers are read with this table, also after the merger of
// 2025, which gave some codes to provinces of another name.
std::span<const Province> provinces();

// Law 26/2023, Art. 12 says "12 natural digits" and no more: everything else about the number is a custom, not a rule.
class PersonalNumber {
public:
    // Errors: input.bad_field for anything but 12 digits.
    static Result<PersonalNumber> parse(std::string_view text);

    const std::string& text() const { return digits_; }
    // Where the birth was registered. Nothing for 999 and other codes outside the table, among them those of births
    // registered abroad, whose list is not public.
    std::optional<std::string_view> province() const;
    std::string_view province_code() const { return std::string_view(digits_).substr(0, 3); }
    // Digit 4 tells century and sex: 0 and 1 for 19xx, 2 and 3 for 20xx, ... 8 and 9 for 23xx; even numbers men, odd ones women.
    int birth_year() const;
    char sex() const;  // M or F
    // What the zone has as document number: the last 9 digits.
    std::string document_number() const { return digits_.substr(3); }
    // The card access number of PACE: the last 6 digits. It is not printed by itself.
    std::string can() const { return digits_.substr(6); }

    bool operator==(const PersonalNumber&) const = default;

private:
    explicit PersonalNumber(std::string_view digits) : digits_(digits) {}
    std::string digits_;
};

// Warnings: vn.number_province.
Findings check(const PersonalNumber& number);
// Warnings: as above, vn.number_birth_year, vn.number_sex. A number may differ from the data after these were corrected
// and before it is established anew (Law 26/2023, Art. 24). Unknown values are nothing and '<'; they are not compared.
Findings check(const PersonalNumber& number, std::optional<int> birth_year, char sex);

}  // namespace idchip::vietnam
