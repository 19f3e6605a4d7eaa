#include <idchip/national/vietnam/personal_number.hpp>

#include <algorithm>

#include "national/vietnam/text.hpp"

namespace idchip::vietnam {
namespace {

constexpr Province table[] = {
#define PROVINCE(code, name) {code, name},
#include "national/vietnam/provinces.def"
#undef PROVINCE
};

Finding warning(std::string code, std::string message, std::string remedy) {
    return {"personal_number", std::move(code), Severity::warning, std::move(message), std::move(remedy), {}, {}};
}

constexpr auto compare_with_register = "compare with the register: a number may differ after data were corrected";

}  // namespace

std::span<const Province> provinces() { return table; }

Result<PersonalNumber> PersonalNumber::parse(std::string_view text) {
    if (!is_digits(text, 12)) return fail(Errc::bad_field, "personal_number", "want 12 digits");
    return PersonalNumber(text);
}

std::optional<std::string_view> PersonalNumber::province() const {
    const auto code = province_code();
    const auto* at =
        std::lower_bound(std::begin(table), std::end(table), code, [](const Province& p, std::string_view c) { return p.code < c; });
    if (at == std::end(table) || at->code != code) return std::nullopt;
    return at->name;
}

int PersonalNumber::birth_year() const {
    const auto digit = [this](std::size_t i) { return digits_[i] - '0'; };
    return 1900 + digit(3) / 2 * 100 + digit(4) * 10 + digit(5);
}

char PersonalNumber::sex() const { return (digits_[3] - '0') % 2 == 0 ? 'M' : 'F'; }

Findings check(const PersonalNumber& number) {
    if (number.province()) return {};
    return {warning("vn.number_province", "no province of 2016 has the first three digits",
                    "none, if the birth was registered abroad; test numbers have 999")};
}

Findings check(const PersonalNumber& number, std::optional<int> birth_year, char sex) {
    auto findings = check(number);
    if (birth_year && *birth_year != number.birth_year())
        findings.push_back(warning("vn.number_birth_year", "the number is of another year of birth", compare_with_register));
    if (sex != '<' && sex != number.sex())
        findings.push_back(warning("vn.number_sex", "the number is of the other sex", compare_with_register));
    return findings;
}

}  // namespace idchip::vietnam
