#include <idchip/national/vietnam/expiry.hpp>

#include <array>
#include <span>

namespace idchip::vietnam {
namespace {

// Ages at which a card is changed.
constexpr std::array ages_of_2014 = {25, 40, 60};
constexpr std::array ages_of_2023 = {14, 25, 40, 60};
constexpr int first_card_of_2014 = 14;
// Law 59/2014, Art. 21(2); Law 26/2023, Art. 21(2).
constexpr int years_before = 2;

std::span<const int> ages(Law law) {
    if (law == Law::of_2014) return ages_of_2014;
    return ages_of_2023;
}

bool is_leap_day(Date date) { return date.month == 2 && date.day == 29; }

// Where the law or its practice has two answers.
bool same_birthday(Date birth, Date expected, Date printed) {
    return printed == expected || (is_leap_day(birth) && printed == Date{expected.year, 3, 1} && !is_leap_day(expected));
}

}  // namespace

Law law_on(Date issue) { return issue < Date{2024, 7, 1} ? Law::of_2014 : Law::of_2023; }

Date birthday(Date birth, int age) {
    const Date same{birth.year + age, birth.month, birth.day};
    return is_valid(same) ? same : Date{same.year, 2, 28};
}

std::optional<Expiry> expected_expiry(Law law, Date birth, Date issue) {
    if (issue < birth) return std::nullopt;
    if (law == Law::of_2014 && issue < birthday(birth, first_card_of_2014)) return std::nullopt;
    for (const int age : ages(law)) {
        // A child's card ends at 14 whenever it was issued: sources name 23, 38 and 58 for the rule, not 12.
        const int last = age == 14 ? age : age - years_before;
        if (issue < birthday(birth, last)) return Expiry{birthday(birth, age)};
    }
    return Expiry{};
}

bool is_usual_expiry(Law law, Date birth, Date issue, const Expiry& expiry) {
    const auto expected = expected_expiry(law, birth, issue);
    if (!expected) return false;
    if (expiry == *expected) return true;
    if (!expiry.date || !expected->date) return false;
    if (same_birthday(birth, *expected->date, *expiry.date)) return true;
    // By its letter Art. 21(2) of 2023 is for 14 as well: a card of a child of 12 is then valid until 25.
    const bool child = law == Law::of_2023 && issue >= birthday(birth, 14 - years_before) && issue < birthday(birth, 14);
    return child && same_birthday(birth, birthday(birth, 25), *expiry.date);
}

}  // namespace idchip::vietnam
