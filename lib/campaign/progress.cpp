#include <idchip/campaign/progress.hpp>

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "campaign/judge.hpp"
#include "campaign/series.hpp"

namespace idchip::campaign {
namespace {

constexpr std::array<std::string_view, 3> level_names = {"province", "district", "commune"};
constexpr std::array<std::string_view, state_count> state_names = {"overdue",     "stalled",  "late",       "on_time",
                                                                   "not_started", "finished", "not_in_plan"};
constexpr int longest_window = 3660;

using Day = std::int64_t;  // since 1970-01-01

std::optional<Day> first_day(const std::vector<Issued>& issued, Date today) {
    std::optional<Date> first;
    for (const auto& i : issued)
        if (i.count > 0 && i.day <= today && (!first || i.day < *first)) first = i.day;
    if (!first) return std::nullopt;
    return days_since_epoch(*first);
}

// `start`: of rows that state none.
void put_plan(Tree& tree, const Plan& plan, std::optional<Day> start) {
    for (const auto& row : plan.rows) {
        Target target{row.goal.eligible, row.goal.target, days_since_epoch(row.goal.deadline), start};
        if (row.goal.start) target.start = days_since_epoch(*row.goal.start);
        if (target.start) target.start = std::min(*target.start, target.deadline);
        tree[tree.at(clean(row.unit))].own = target;
    }
    tree.sum_up();
}

// Where a unit has a row and rows below it.
void compare(const Node& node, std::vector<Notice>& notices) {
    if (!node.own || !node.below) return;
    const auto &own = *node.own, &below = *node.below;
    const auto differs = [&](std::string_view what, std::uint64_t a, std::uint64_t b) {
        if (a == b) return;
        notices.push_back({fmt::format("{}_differs", what), node.unit, a, b,
                           fmt::format("its own {} is {}, the rows below it add up to {}; its own is used", what, a, b)});
    };
    differs("target", own.cards, below.cards);
    differs("eligible", own.eligible, below.eligible);
    if (own.deadline < below.deadline)
        notices.push_back({"deadline_before_rows", node.unit, 0, 0,
                           fmt::format("its own deadline is {}, the latest of the rows below it {}; its own is used",
                                       to_iso(date_from_days(own.deadline)), to_iso(date_from_days(below.deadline)))});
}

// A database gives hundreds of days for each unit: its name is cleaned once.
class Finder {
public:
    explicit Finder(Tree& tree) : tree_(tree) {}
    std::size_t operator()(const Unit& unit) {
        if (last_ != nullptr && last_->first == unit) return last_->second;
        auto known = known_.find(unit);
        if (known == known_.end()) known = known_.emplace(unit, tree_.at(clean(unit))).first;
        last_ = &*known;
        return last_->second;
    }

private:
    Tree& tree_;
    std::unordered_map<Unit, std::size_t, UnitHash> known_;
    const std::pair<const Unit, std::size_t>* last_ = nullptr;
};

struct Entry {
    Day day = 0;
    std::size_t node = 0;
    std::uint64_t count = 0;
};

// In the order of the days. Those to come are told of, not counted.
std::vector<Entry> put_cards(Tree& tree, const std::vector<Issued>& issued, Date today, std::vector<Notice>& notices) {
    std::vector<Entry> entries;
    std::uint64_t ahead = 0;
    Date last = today;
    Finder find(tree);
    for (const auto& i : issued) {
        if (i.count == 0) continue;
        if (i.day <= today) {
            entries.push_back({days_since_epoch(i.day), find(i.unit), i.count});
        } else {
            ahead += i.count;
            last = std::max(last, i.day);
        }
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.day < b.day; });
    if (ahead > 0)
        notices.push_back({"after_today",
                           {},
                           ahead,
                           0,
                           fmt::format("{} cards are dated after {}, up to {}; they are not counted. Check the clocks of the stations",
                                       ahead, to_iso(today), to_iso(last))});
    return entries;
}

// The last `window` days, or those since the start where these are fewer. `start`: of units that are not in the plan.
Day rate_from(const Node& node, Day today, int window, std::optional<Day> start) {
    const auto from = today - window + 1;
    const auto begin = node.target ? node.target->start : start;
    return begin && *begin <= today ? std::max(from, *begin) : from;
}

std::vector<DayCount> count(Tree& tree, const std::vector<Entry>& entries) {
    std::vector<DayCount> days;
    std::uint64_t done = 0;
    for (const auto& entry : entries) {
        tree.count(entry.node, entry.day, entry.count);
        done += entry.count;
        if (days.empty() || days.back().day != entry.day) days.push_back({entry.day, 0});
        days.back().done = done;
    }
    return days;
}

bool is_further_behind(const Row& a, const Row& b) {
    const auto key = [](const Row& r) {
        constexpr double no_days = 1e9;
        return std::tuple(r.state == State::finished, r.days_ahead.value_or(no_days), -static_cast<double>(r.left));
    };
    return key(a) < key(b);
}

// Every target and every card stands in one row, of this list or of the other.
void list(const Tree& tree, Day today, Progress& p) {
    const int level = static_cast<int>(p.level) + 1;
    const auto& nodes = tree.nodes();
    std::vector<bool> listed(nodes.size(), false);
    for (std::size_t i = 1; i < nodes.size(); ++i) {
        const auto& node = nodes[i];
        const bool within_other = listed[node.above];
        const bool as_a_whole = node.depth >= level || (node.target && !node.below);
        listed[i] = within_other || as_a_whole;
        if (within_other) continue;
        const auto& tally = as_a_whole ? node.whole : node.direct;
        if (as_a_whole && node.target) p.rows.push_back(judge(node, today));
        else if (tally.done > 0) p.outside.push_back(outside(node, tally, today));
    }
    std::stable_sort(p.rows.begin(), p.rows.end(), is_further_behind);
    std::stable_sort(p.outside.begin(), p.outside.end(), [](const Row& a, const Row& b) { return a.done > b.done; });
}

// Cards that one unit issued beyond its target make the total look better than the other units are.
void weigh(Progress& p) {
    std::uint64_t above = 0, left = 0;
    std::size_t units = 0;
    for (const auto& row : p.rows) {
        left += row.left;
        if (row.done <= row.target) continue;
        above += row.done - row.target;
        ++units;
    }
    if (above > 0 && left > 0)
        p.notices.push_back(
            {"above_target",
             {},
             above,
             left,
             fmt::format("{} cards are above the targets of {} units, and the total counts them; the other units have {} left", above,
                         units, left)});
}

template <class Enum, std::size_t n>
std::optional<Enum> by_name(const std::array<std::string_view, n>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view name(Level level) { return level_names.at(static_cast<std::size_t>(level)); }
std::optional<Level> level_by_name(std::string_view name) { return by_name<Level>(level_names, name); }
std::string_view name(State state) { return state_names.at(static_cast<std::size_t>(state)); }

Progress progress(const Plan& plan, const std::vector<Issued>& issued, Date today_date, const Options& options) {
    const auto today = days_since_epoch(today_date);
    const auto start = options.start ? std::optional(days_since_epoch(*options.start)) : first_day(issued, today_date);
    Progress p;
    p.today = today_date;
    p.level = options.level;
    p.window_days = std::clamp(options.window_days, 1, longest_window);

    Tree tree;
    put_plan(tree, plan, start);
    for (const auto& node : tree.nodes()) compare(node, p.notices);
    const auto entries = put_cards(tree, issued, today_date, p.notices);
    for (auto& node : tree.nodes()) node.rate_from = rate_from(node, today, p.window_days, start);
    const auto days = count(tree, entries);

    list(tree, today, p);
    weigh(p);
    const auto& campaign = tree.nodes()[0];
    p.total = campaign.target ? judge(campaign, today) : outside(campaign, campaign.whole, today);
    if (campaign.target) p.series = series(*campaign.target, days, today, p.total.forecast);
    return p;
}

}  // namespace idchip::campaign
