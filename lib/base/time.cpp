#include <idchip/base/time.hpp>

#include <array>
#include <charconv>
#include <chrono>

#include <fmt/compile.h>

#include "base/try.hpp"

namespace idchip {
namespace {

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
    if (text.size() < from + count) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(from, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

}  // namespace

bool is_valid(Date date) {
    if (date.year < 0 || date.year > 9999 || date.month < 1 || date.month > 12 || date.day < 1) return false;
    constexpr std::array<int, 12> lengths = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;
    const int length = lengths.at(static_cast<std::size_t>(date.month - 1)) + (date.month == 2 && leap ? 1 : 0);
    return date.day <= length;
}

Result<Date> parse_iso_date(std::string_view text) {
    const auto y = digits(text, 0, 4);
    const auto m = digits(text, 5, 2);
    const auto d = digits(text, 8, 2);
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' || !y || !m || !d) return fail(Errc::bad_date, {}, "want YYYY-MM-DD");
    const Date date{*y, *m, *d};
    if (!is_valid(date)) return fail(Errc::bad_date, {}, "no such day");
    return date;
}

std::string to_iso(Date date) { return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}"), date.year, date.month, date.day); }

std::string to_yymmdd(Date date) { return fmt::format("{:02}{:02}{:02}", date.year % 100, date.month, date.day); }

// Days from civil and back: the proleptic Gregorian calendar in 400-year eras that start on 1 March.
std::int64_t days_since_epoch(Date date) {
    const std::int64_t y = date.month <= 2 ? date.year - 1 : date.year;
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    const std::int64_t year_of_era = y - era * 400;
    const std::int64_t month_from_march = (date.month + 9) % 12;
    const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

Date date_from_days(std::int64_t days) {
    const std::int64_t z = days + 719468;
    const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    const std::int64_t day_of_era = z - era * 146097;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const int day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    const int month = static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    return {static_cast<int>(year_of_era + era * 400) + (month <= 2 ? 1 : 0), month, day};
}

Instant now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::seconds>(since).count()};
}

Instant start_of(Date date) { return {days_since_epoch(date) * seconds_per_day}; }

Date date_of(Instant instant) {
    const std::int64_t days = instant.seconds / seconds_per_day - (instant.seconds % seconds_per_day < 0 ? 1 : 0);
    return date_from_days(days);
}

std::string to_iso(Instant instant) {
    const Date date = date_of(instant);
    const std::int64_t rest = instant.seconds - days_since_epoch(date) * seconds_per_day;
    return fmt::format("{}T{:02}:{:02}:{:02}Z", to_iso(date), rest / 3600, rest / 60 % 60, rest % 60);
}

Result<Instant> parse_iso_instant(std::string_view text) {
    if (text.size() == 10) return start_of(TRY(parse_iso_date(text)));
    const auto h = digits(text, 11, 2);
    const auto m = digits(text, 14, 2);
    const auto s = digits(text, 17, 2);
    if (text.size() != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z' || !h || !m || !s || *h > 23 ||
        *m > 59 || *s > 60)
        return fail(Errc::bad_date, {}, "want YYYY-MM-DDThh:mm:ssZ");
    const Date date = TRY(parse_iso_date(text.substr(0, 10)));
    const auto instant = start_of(date) + (*h * 3600 + *m * 60 + *s);
    if (date_of(instant).year > 9999) return fail(Errc::bad_date, {}, "no such time");  // a leap second in the last year of four digits
    return instant;
}

}  // namespace idchip
