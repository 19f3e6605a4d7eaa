#include "campaign/series.hpp"

#include <algorithm>

namespace idchip::campaign {
namespace {

constexpr std::int64_t most_points = 400;

// A forecast of a hundred years would leave nothing of the months that matter.
std::int64_t last_day(const Target& target, std::int64_t today, std::optional<Date> forecast) {
    const auto known = std::max(today, target.deadline);
    if (!forecast) return known;
    const auto furthest = known + std::max<std::int64_t>(known - *target.start, 1);
    return std::clamp(days_since_epoch(*forecast), known, furthest);
}

}  // namespace

std::vector<Point> series(const Target& target, const std::vector<DayCount>& days, std::int64_t today, std::optional<Date> forecast) {
    if (!target.start) return {};
    const auto first = *target.start, last = last_day(target, today, forecast);
    const auto step = (last - first) / most_points + 1;
    std::vector<std::int64_t> shown = {today, target.deadline, last};
    for (auto day = first; day <= last; day += step) shown.push_back(day);
    std::sort(shown.begin(), shown.end());
    shown.erase(std::unique(shown.begin(), shown.end()), shown.end());

    std::vector<Point> points;
    auto next = days.begin();
    std::uint64_t done = 0;
    for (const auto day : shown) {
        if (day < first) continue;  // today, before the start
        for (; next != days.end() && next->day <= day; ++next) done = next->done;
        Point point{date_from_days(day), {}, planned_by(target, day)};
        if (day <= today) point.done = done;
        points.push_back(point);
    }
    return points;
}

}  // namespace idchip::campaign
