#include "national/vietnam/text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/base/unicode.hpp>
#include <idchip/mrz/names.hpp>

namespace idchip::vietnam {
namespace {

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Precondition: digits.
int value(std::string_view digits) {
    int v = 0;
    for (const char c : digits) v = v * 10 + (c - '0');
    return v;
}

// As the zone would have it: upper case, no marks. Composed and decomposed letters come out the same.
std::string plain(std::string_view text) {
    const auto result = mrz::transliterate(text);
    return result && result->unmapped.empty() ? result->text : std::string();
}

}  // namespace

bool is_clean(std::string_view text) { return is_printable(text); }

bool is_composed(std::string_view text) { return is_valid_utf8(as_bytes(text)) && is_nfc(text); }

std::string composed(std::string_view text) { return is_valid_utf8(as_bytes(text)) ? to_nfc(text) : std::string(text); }

bool is_digits(std::string_view text, std::size_t count) { return text.size() == count && all_digits(text); }

bool is_old_number(std::string_view text) { return is_digits(text, 9) || is_digits(text, 12); }

bool is_serial(std::string_view text) {
    const auto plain_letter = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    return text.size() == 16 && std::all_of(text.begin(), text.end(), plain_letter);
}

std::optional<Date> read_date(std::string_view text, DateForm form) {
    std::string digits(text);
    if (form == DateForm::slashes) {
        if (text.size() != 10 || text[2] != '/' || text[5] != '/') return std::nullopt;
        std::erase(digits, '/');
    }
    if (!is_digits(digits, 8)) return std::nullopt;
    const std::string_view d = digits;
    const Date date{value(d.substr(4)), value(d.substr(2, 2)), value(d.substr(0, 2))};
    if (!is_valid(date) || date.year < 1) return std::nullopt;
    return date;
}

std::string write_date(Date date, DateForm form) {
    if (form == DateForm::slashes) return fmt::format("{:02}/{:02}/{:04}", date.day, date.month, date.year);
    return fmt::format("{:02}{:02}{:04}", date.day, date.month, date.year);
}

std::string_view sex_text(char sex) { return sex == 'M' ? "Nam" : sex == 'F' ? "Nữ" : ""; }

char read_sex(std::string_view text) {
    const auto word = plain(text);
    return word == "NAM" ? 'M' : word == "NU" ? 'F' : '<';
}

bool means_no_expiry(std::string_view text) { return plain(text) == "KHONG<THOI<HAN"; }

}  // namespace idchip::vietnam
