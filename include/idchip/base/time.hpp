// Calendar dates and instants, always UTC; the clock is an argument, never read in a pure function.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include <idchip/base/result.hpp>

namespace idchip {

struct Date {
    int year = 1970;
    int month = 1;
    int day = 1;
    auto operator<=>(const Date&) const = default;
};

bool is_valid(Date date);
// YYYY-MM-DD. Errors: input.bad_date.
Result<Date> parse_iso_date(std::string_view text);
std::string to_iso(Date date);
// YYMMDD.
std::string to_yymmdd(Date date);
// Days since 1970-01-01.
std::int64_t days_since_epoch(Date date);
Date date_from_days(std::int64_t days);

// Seconds since 1970-01-01T00:00:00Z.
struct Instant {
    std::int64_t seconds = 0;
    auto operator<=>(const Instant&) const = default;
};

Instant now();
Instant start_of(Date date);
Date date_of(Instant instant);
// 2026-11-21T09:30:00Z
std::string to_iso(Instant instant);
Result<Instant> parse_iso_instant(std::string_view text);
inline Instant operator+(Instant i, std::int64_t seconds) { return {i.seconds + seconds}; }
constexpr std::int64_t seconds_per_day = 86400;

}  // namespace idchip
