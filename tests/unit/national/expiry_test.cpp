#include "unit/unit.hpp"

#include <idchip/national/vietnam/expiry.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::vietnam;

namespace {

Date day(std::string_view iso) { return good(parse_iso_date(iso)); }

// "2039-05-15", "none", or "no card".
std::string expected(Law law, std::string_view birth, std::string_view issue) {
    const auto e = expected_expiry(law, day(birth), day(issue));
    if (!e) return "no card";
    return e->date ? to_iso(*e->date) : "none";
}
std::string in_2014(std::string_view birth, std::string_view issue) { return expected(Law::of_2014, birth, issue); }
std::string in_2023(std::string_view birth, std::string_view issue) { return expected(Law::of_2023, birth, issue); }

bool usual(Law law, std::string_view birth, std::string_view issue, std::string_view printed) {
    return is_usual_expiry(law, day(birth), day(issue), printed == "none" ? Expiry{} : Expiry{day(printed)});
}

}  // namespace

TEST_CASE("the worked examples of the card end as their zones say", "[vietnam]") {
    CHECK(in_2014("1999-05-15", "2022-06-20") == "2039-05-15");  // 23 years old: past 25, to 40
    CHECK(in_2014("1960-03-01", "2021-05-01") == "none");
}

TEST_CASE("a card ends at 25, 40 or 60, and one issued in the two years before at the next age", "[vietnam]") {
    for (const auto law : {Law::of_2014, Law::of_2023}) {
        CHECK(expected(law, "2000-06-15", "2014-06-15") == "2025-06-15");  // 14 years old
        CHECK(expected(law, "2000-06-15", "2023-06-14") == "2025-06-15");  // one day short of 23
        CHECK(expected(law, "2000-06-15", "2023-06-15") == "2040-06-15");  // 23
        CHECK(expected(law, "2000-06-15", "2025-06-15") == "2040-06-15");  // 25
        CHECK(expected(law, "2000-06-15", "2038-06-14") == "2040-06-15");
        CHECK(expected(law, "2000-06-15", "2038-06-15") == "2060-06-15");  // 38
        CHECK(expected(law, "2000-06-15", "2058-06-14") == "2060-06-15");
        CHECK(expected(law, "2000-06-15", "2058-06-15") == "none");  // 58
        CHECK(expected(law, "2000-06-15", "2090-01-01") == "none");
        CHECK(expected(law, "2000-06-15", "2000-06-14") == "no card");  // before birth
    }
}

TEST_CASE("the law of 2014 has no card under 14, the law of 2023 has one until the 14th birthday", "[vietnam]") {
    CHECK(in_2014("2010-06-15", "2024-06-14") == "no card");
    CHECK(in_2014("2010-06-15", "2024-06-15") == "2035-06-15");
    CHECK(in_2023("2024-07-02", "2024-07-02") == "2038-07-02");
    CHECK(in_2023("2012-01-01", "2025-12-31") == "2026-01-01");
    CHECK(in_2023("2012-01-01", "2026-01-01") == "2037-01-01");
    CHECK(law_on(day("2024-06-30")) == Law::of_2014);
    CHECK(law_on(day("2024-07-01")) == Law::of_2023);
}

TEST_CASE("who was born on 29 February has a birthday on the 28th in common years", "[vietnam]") {
    CHECK(birthday(day("2000-02-29"), 25) == day("2025-02-28"));
    CHECK(birthday(day("2000-02-29"), 40) == day("2040-02-29"));
    CHECK(birthday(day("2000-02-28"), 25) == day("2025-02-28"));
    CHECK(in_2023("2000-02-29", "2020-01-01") == "2025-02-28");
    CHECK(in_2023("2000-02-29", "2023-02-27") == "2025-02-28");
    CHECK(in_2023("2000-02-29", "2023-02-28") == "2040-02-29");  // 23 on that day
    CHECK(usual(Law::of_2023, "2000-02-29", "2020-01-01", "2025-02-28"));
    CHECK(usual(Law::of_2023, "2000-02-29", "2020-01-01", "2025-03-01"));        // the other custom
    CHECK_FALSE(usual(Law::of_2023, "2000-02-29", "2023-02-28", "2040-03-01"));  // that year has the day
    CHECK_FALSE(usual(Law::of_2023, "2000-02-28", "2020-01-01", "2025-03-01"));
}

TEST_CASE("an expiry is usual only as the law has it, with room for children of 12 and 13", "[vietnam]") {
    CHECK(usual(Law::of_2014, "1999-05-15", "2022-06-20", "2039-05-15"));
    CHECK_FALSE(usual(Law::of_2014, "1999-05-15", "2022-06-20", "2024-05-15"));
    CHECK_FALSE(usual(Law::of_2014, "1999-05-15", "2022-06-20", "2039-05-16"));
    CHECK_FALSE(usual(Law::of_2014, "1999-05-15", "2022-06-20", "none"));
    CHECK(usual(Law::of_2014, "1960-03-01", "2021-05-01", "none"));
    CHECK_FALSE(usual(Law::of_2014, "1960-03-01", "2021-05-01", "2099-12-31"));
    CHECK(usual(Law::of_2023, "2012-06-15", "2025-01-01", "2026-06-15"));
    CHECK(usual(Law::of_2023, "2012-06-15", "2025-01-01", "2037-06-15"));        // 12 years old
    CHECK_FALSE(usual(Law::of_2023, "2012-06-15", "2024-06-14", "2037-06-15"));  // 11
    CHECK_FALSE(usual(Law::of_2014, "2010-06-15", "2021-06-15", "2024-06-15"));  // no card then
}
