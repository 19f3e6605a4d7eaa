// How far a campaign has come: each unit's plan against the cards issued in it. Pure; docs/campaign.md shows the arithmetic.
#pragma once

#include <idchip/campaign/plan.hpp>

namespace idchip::campaign {

// Cards of one unit and one day, already counted. Any order; one unit and day may come more than once.
struct Issued {
    Unit unit;
    Date day;
    std::uint64_t count = 0;
};

enum class Level { province, district, commune };
std::string_view name(Level level);
std::optional<Level> level_by_name(std::string_view name);

struct Options {
    Level level = Level::province;
    int window_days = 14;  // that the rate is taken over, today being the last; from 1 to 3660, else the nearer of both
    std::optional<Date> start =
        std::nullopt;  // of units whose plan states none; nothing: the first day on which a card was issued anywhere
};

enum class State {
    overdue,      // the deadline has passed, something is left
    stalled,      // something is left, and nothing was issued in the days of the rate
    late,         // at this rate it ends after the deadline
    on_time,      // at this rate it ends on the deadline or before
    not_started,  // before the start; or no start is known, because none is stated and nothing was issued
    finished,     // nothing is left
    not_in_plan,  // cards of a unit that no row of the plan speaks of
};
constexpr std::size_t state_count = 7;
std::string_view name(State state);  // "on_time"

struct Row {
    Unit unit;  // empty for the whole campaign
    std::uint64_t eligible = 0, target = 0, done = 0;
    std::uint64_t left = 0;               // target - done, never below 0
    std::optional<Date> start, deadline;  // nothing: not known, not in the plan
    std::uint64_t recent = 0;             // cards of the last `rate_days` days, today being the last
    int rate_days = 0;                    // the window, or the days from the start to today where these are fewer
    double rate = 0;                      // cards a day: recent / rate_days
    // What the plan has for the end of today: on the straight line from 0 on the start to `target` on the deadline, rounded down.
    std::uint64_t planned = 0;
    // The day on which that line reaches `done`, minus today: days ahead, or below 0 behind. Once finished it stays what it was on
    // the day of the last card that was wanted. Nothing without a target, and before the start.
    std::optional<double> days_ahead;
    // The day of the last card: today + left / rate, rounded up, 9999-12-31 at the latest; once finished the day on which the target
    // was reached. Nothing without a target, and where something is left and the rate is 0.
    std::optional<Date> forecast;
    State state = State::not_started;
};

// What a reader of the figures must know: a plan that says something twice and not alike, cards that are not counted or hide others.
struct Notice {
    // Stable: "target_differs", "eligible_differs", "deadline_before_rows"; "after_today", "above_target", of the whole campaign.
    std::string id;
    Unit unit;                         // empty: the whole campaign
    std::uint64_t own = 0, below = 0;  // the unit's own number, the sum of the rows below; of the last two: cards, cards left
    std::string text;                  // one sentence for a person, which does not name the unit
};

// The whole campaign at the end of a day.
struct Point {
    Date day;
    std::optional<std::uint64_t> done;  // nothing after today
    std::uint64_t planned = 0;
};

struct Progress {
    Date today;
    Level level = Level::province;
    int window_days = 0;
    // Units of the level that the plan speaks of, the furthest behind first and finished ones last. Where the plan goes less deep
    // than the level, or a province has no districts, the unit that is there stands in: no target is lost.
    std::vector<Row> rows;
    // State not_in_plan, most cards first. A unit above the level stands for cards that name no more than that.
    std::vector<Row> outside;
    // done = sum of `done` in rows and outside, whatever the level.
    Row total;
    // From the start to the last of today, deadline and forecast, but no further than twice the plan's length; some 400 days at most,
    // evenly spaced, with today and the deadline among them. Empty while no start is known.
    std::vector<Point> series;
    std::vector<Notice> notices;
};

// A unit's goal is its own row of the plan; without one the sum of the goals below, with the earliest start and the latest deadline.
// Cards count for every unit they are in, planned or not, so that no misspelt commune makes its province smaller.
Progress progress(const Plan& plan, const std::vector<Issued>& issued, Date today, const Options& options = {});

}  // namespace idchip::campaign
