#include "campaign/tree.hpp"

#include <algorithm>

namespace idchip::campaign {
namespace {

int depth_of(const Unit& unit) { return !unit.commune.empty() ? 3 : !unit.district.empty() ? 2 : 1; }

void add(std::optional<Target>& sum, const Target& more) {
    if (!sum) {
        sum = more;
        return;
    }
    sum->eligible += more.eligible;
    sum->cards += more.cards;
    sum->deadline = std::max(sum->deadline, more.deadline);
    if (more.start) sum->start = std::min(sum->start.value_or(*more.start), *more.start);
}

}  // namespace

// 64 bits hold every step: the target is divided first, and what remains is smaller than the number of days.
std::uint64_t planned_by(const Target& target, std::int64_t day) {
    if (!target.start || day < *target.start) return 0;
    if (day >= target.deadline) return target.cards;
    const auto length = static_cast<std::uint64_t>(target.deadline - *target.start);
    const auto gone = static_cast<std::uint64_t>(day - *target.start);
    return target.cards / length * gone + target.cards % length * gone / length;
}

std::size_t Tree::at(const Unit& unit) {
    if (const auto known = ids_.find(unit); known != ids_.end()) return known->second;
    const int depth = depth_of(unit);
    Unit above = unit;
    above.commune.clear();
    if (depth == 2) above.district.clear();
    const auto above_at = depth == 1 ? 0 : at(above);
    Node node;
    node.unit = unit;
    node.above = above_at;
    node.depth = depth;
    nodes_.push_back(std::move(node));
    ids_.emplace(unit, nodes_.size() - 1);
    return nodes_.size() - 1;
}

void Tree::sum_up() {
    for (auto i = nodes_.size(); i-- > 0;) {
        auto& node = nodes_[i];
        node.target = node.own ? node.own : node.below;
        if (i > 0 && node.target) add(nodes_[node.above].below, *node.target);
    }
}

void Tree::count(std::size_t at, std::int64_t day, std::uint64_t count) {
    nodes_[at].direct.add(count, day >= nodes_[at].rate_from);
    for (;;) {
        auto& node = nodes_[at];
        node.whole.add(count, day >= node.rate_from);
        if (!node.reached && node.target && node.target->cards > 0 && node.whole.done >= node.target->cards) node.reached = day;
        if (at == 0) return;
        at = node.above;
    }
}

}  // namespace idchip::campaign
