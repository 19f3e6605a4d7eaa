// Plans and cards for the tests of the campaign.
#pragma once

#include <idchip/campaign/progress.hpp>

#include "unit.hpp"

namespace idchip::test {

using campaign::Issued;
using campaign::Level;
using campaign::State;
using campaign::Unit;

inline const Date first{2026, 1, 1}, last{2026, 4, 11}, today{2026, 2, 20};  // last = first + 100 days, today = first + 50 days

inline campaign::Plan plan_of(const std::string& rows) {
    return good(campaign::parse_plan("province,district,commune,eligible,target,deadline,start\n" + rows, "plan.csv"));
}
// 1000 cards in 100 days: ten a day.
inline campaign::Plan thousand() { return plan_of("A,,,1200,1000,2026-04-11,2026-01-01\n"); }

inline Issued cards(const Unit& unit, Date day, std::uint64_t count) { return {unit, day, count}; }

inline const campaign::Row& row_of(const std::vector<campaign::Row>& rows, const Unit& unit) {
    for (const auto& row : rows)
        if (row.unit == unit) return row;
    FAIL("no row for " << campaign::unit_name(unit));
    return rows.at(0);
}

inline std::uint64_t sum_of(const std::vector<campaign::Row>& rows, std::uint64_t campaign::Row::*figure) {
    std::uint64_t sum = 0;
    for (const auto& row : rows) sum += row.*figure;
    return sum;
}

}  // namespace idchip::test
