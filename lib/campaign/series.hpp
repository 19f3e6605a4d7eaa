// The campaign day by day, for charts.
#pragma once

#include "campaign/tree.hpp"

namespace idchip::campaign {

struct DayCount {
    std::int64_t day = 0;
    std::uint64_t done = 0;  // cumulated
};

// As Progress::series. `days` has the days on which cards were issued, ascending.
std::vector<Point> series(const Target& target, const std::vector<DayCount>& days, std::int64_t today, std::optional<Date> forecast);

}  // namespace idchip::campaign
