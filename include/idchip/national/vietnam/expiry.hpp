// How long a card is valid: Law 59/2014, Art. 19 to 21, and Law 26/2023, Art. 21.
#pragma once

#include <optional>

#include <idchip/base/time.hpp>

namespace idchip::vietnam {

// Until a date, or for life ("Không thời hạn").
struct Expiry {
    std::optional<Date> date;  // nothing: no expiry
    bool operator==(const Expiry&) const = default;
};

enum class Law {
    of_2014,  // cards from 14 on, changed at 25, 40 and 60
    of_2023,  // cards at any age, changed at 14, 25, 40 and 60; in force from 2024-07-01
};
Law law_on(Date issue);

// The day on which the person reaches that age. Who was born on 29 February reaches it on 28 February of a common year: the
// Civil Code (2015, Art. 148(3)) ends a term of months on the last day of the month where the corresponding day is missing,
// and has no rule of its own for years.
// Precondition: a valid date.
Date birthday(Date birth, int age);

// The birthday that ends the validity of a card issued on that day; none from 60 on. A card issued in the two years before
// an age of change is valid until the next one. Nothing: the law issues no card then (before birth, or under 14 in 2014).
// Precondition: valid dates.
std::optional<Expiry> expected_expiry(Law law, Date birth, Date issue);

// Whether a card may say so: the expected expiry, with room where the law or its practice leaves some (birth on 29
// February; issued between 12 and 14 under the law of 2023). A soft check: cards of other times and special cases exist.
bool is_usual_expiry(Law law, Date birth, Date issue, const Expiry& expiry);

}  // namespace idchip::vietnam
