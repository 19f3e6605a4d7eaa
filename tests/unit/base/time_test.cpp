#include "unit/unit.hpp"

#include <chrono>

#include <idchip/base/time.hpp>

using namespace idchip;
using namespace idchip::test;

TEST_CASE("leap years follow the Gregorian rule", "[base]") {
    for (const int year : {1600, 1996, 2000, 2004, 2024, 2400}) CHECK(is_valid({year, 2, 29}));
    for (const int year : {1700, 1800, 1900, 2001, 2023, 2100, 2200, 2300}) CHECK_FALSE(is_valid({year, 2, 29}));
}

TEST_CASE("impossible dates are not valid", "[base]") {
    for (const Date d : {Date{2024, 0, 1}, Date{2024, 13, 1}, Date{2024, 1, 0}, Date{2024, 1, 32}, Date{2024, 4, 31}, Date{2024, 2, 30},
                         Date{-1, 1, 1}, Date{10000, 1, 1}, Date{2024, -1, -1}, Date{2024, 1, -5}})
        CHECK_FALSE(is_valid(d));
    CHECK(is_valid({0, 1, 1}));
    CHECK(is_valid({9999, 12, 31}));
}

TEST_CASE("days and dates agree with the standard library over 400 years, day by day", "[base]") {
    using namespace std::chrono;
    const auto first = sys_days(year(1800) / 1 / 1).time_since_epoch().count();
    std::size_t wrong = 0;
    for (std::int64_t day = first; day < first + 146'097; ++day) {
        const year_month_day want{sys_days(days(day))};
        const Date date{static_cast<int>(want.year()), static_cast<int>(static_cast<unsigned>(want.month())),
                        static_cast<int>(static_cast<unsigned>(want.day()))};
        if (date_from_days(day) != date || days_since_epoch(date) != day || !is_valid(date)) ++wrong;
    }
    CHECK(wrong == 0);
}

TEST_CASE("1970 is where instants begin, and instants before it round down to their day", "[base]") {
    CHECK(days_since_epoch({1970, 1, 1}) == 0);
    CHECK(days_since_epoch({1969, 12, 31}) == -1);
    CHECK(days_since_epoch({0, 3, 1}) == -719468);
    CHECK(date_of({0}) == Date{1970, 1, 1});
    CHECK(date_of({-1}) == Date{1969, 12, 31});
    CHECK(date_of({-seconds_per_day}) == Date{1969, 12, 31});
    CHECK(date_of({-seconds_per_day - 1}) == Date{1969, 12, 30});
    CHECK(to_iso(Instant{-1}) == "1969-12-31T23:59:59Z");
    CHECK(to_iso(Instant{0}) == "1970-01-01T00:00:00Z");
    CHECK(start_of({1970, 1, 2}).seconds == seconds_per_day);
    CHECK((start_of({2000, 1, 1}) + 59).seconds == 946684859);
}

TEST_CASE("ISO dates and instants survive their text", "[base]") {
    for (const auto* text : {"1970-01-01", "2000-02-29", "9999-12-31", "0001-01-01"}) CHECK(to_iso(good(parse_iso_date(text))) == text);
    for (const auto* text : {"1970-01-01T00:00:00Z", "2026-11-21T09:30:00Z", "1949-06-30T23:59:59Z", "9999-12-31T23:59:59Z"})
        CHECK(to_iso(good(parse_iso_instant(text))) == text);
    CHECK(good(parse_iso_instant("2026-11-21")) == start_of({2026, 11, 21}));
    CHECK(good(parse_iso_instant("2016-12-31T23:59:60Z")) == start_of({2017, 1, 1}));  // a leap second is the next day's first
    CHECK(to_yymmdd({1969, 8, 6}) == "690806");
    CHECK(to_yymmdd({2000, 12, 31}) == "001231");
}

TEST_CASE("malformed dates and instants are refused", "[base]") {
    for (const auto* text : {"", "2024", "2024-1-01", "2024-01-1", "24-01-01", "2024/01/01", "2024-01-01 ", " 2024-01-01", "2024-02-30",
                             "2023-02-29", "2024-13-01", "2024-00-10", "-024-01-01", "2024-01-+1", "20240101"}) {
        CAPTURE(text);
        CHECK(error_of(parse_iso_date(text)) == "input.bad_date");
    }
    for (const auto* text :
         {"2024-01-01T00:00:00", "2024-01-01 00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:61Z",
          "2024-01-01T00:00:00z", "2024-02-30T00:00:00Z", "2024-01-01T0:00:00ZZ", "2024-01-01T00:00:00+1",
          "9999-12-31T23:59:60Z"}) {  // the last: five digits would be written, which nobody reads
        CAPTURE(text);
        CHECK(error_of(parse_iso_instant(text)) == "input.bad_date");
    }
}

TEST_CASE("dates are ordered by the calendar", "[base]") {
    CHECK(Date{2024, 1, 31} < Date{2024, 2, 1});
    CHECK(Date{2023, 12, 31} < Date{2024, 1, 1});
    CHECK(Instant{-5} < Instant{5});
}
