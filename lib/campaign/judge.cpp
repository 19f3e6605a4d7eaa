#include "campaign/judge.hpp"

#include <algorithm>

namespace idchip::campaign {
namespace {

void count_cards(Row& row, const Node& node, const Tally& tally, std::int64_t today) {
    row.done = tally.done;
    row.recent = tally.recent;
    row.rate_days = static_cast<int>(today - node.rate_from + 1);
    row.rate = static_cast<double>(row.recent) / row.rate_days;
}

std::optional<double> days_ahead(const Row& row, const Node& node, std::int64_t today) {
    const auto& target = *node.target;
    if (row.target == 0 || !target.start || (row.left > 0 && today < *target.start)) return std::nullopt;
    const double share = std::min(1.0, static_cast<double>(row.done) / static_cast<double>(row.target));
    const double reached_by_plan = static_cast<double>(*target.start) + share * static_cast<double>(target.deadline - *target.start);
    return reached_by_plan - static_cast<double>(node.reached.value_or(today));
}

std::optional<std::int64_t> last_day(const Row& row, std::int64_t today) {
    if (row.left == 0 || row.recent == 0) return std::nullopt;
    static const std::int64_t end_of_time = days_since_epoch({9999, 12, 31});
    // left / (recent / days), rounded up, in steps that 64 bits hold
    const auto windows = row.left / row.recent, rest = row.left % row.recent;
    const auto days = static_cast<std::uint64_t>(row.rate_days);
    if (windows > static_cast<std::uint64_t>(end_of_time)) return end_of_time;
    const auto needed = windows * days + (rest * days + row.recent - 1) / row.recent;
    return std::min(end_of_time, today + static_cast<std::int64_t>(needed));
}

State state(const Row& row, Date today) {
    if (row.left == 0) return State::finished;
    if (!row.start || today < *row.start) return State::not_started;
    if (*row.deadline < today) return State::overdue;
    if (row.recent == 0) return State::stalled;
    return *row.forecast <= *row.deadline ? State::on_time : State::late;
}

}  // namespace

Row judge(const Node& node, std::int64_t today) {
    const auto& target = *node.target;
    Row row;
    row.unit = node.unit;
    row.eligible = target.eligible;
    row.target = target.cards;
    row.deadline = date_from_days(target.deadline);
    if (target.start) row.start = date_from_days(*target.start);
    count_cards(row, node, node.whole, today);
    row.left = row.target > row.done ? row.target - row.done : 0;
    row.planned = planned_by(target, today);
    row.days_ahead = days_ahead(row, node, today);
    if (const auto last = node.reached ? node.reached : last_day(row, today)) row.forecast = date_from_days(*last);
    row.state = state(row, date_from_days(today));
    return row;
}

Row outside(const Node& node, const Tally& tally, std::int64_t today) {
    Row row;
    row.unit = node.unit;
    count_cards(row, node, tally, today);
    row.state = State::not_in_plan;
    return row;
}

}  // namespace idchip::campaign
