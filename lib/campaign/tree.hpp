// The units of a campaign, each below the one it lies in, with its goal and its cards. Days are numbers since 1970-01-01.
#pragma once

#include <unordered_map>

#include <idchip/campaign/progress.hpp>

#include "campaign/units.hpp"

namespace idchip::campaign {

// As Goal, in numbers of days.
struct Target {
    std::uint64_t eligible = 0, cards = 0;
    std::int64_t deadline = 0;
    std::optional<std::int64_t> start;  // never behind the deadline
};

// What the straight line from the start to the deadline reaches at the end of `day`, rounded down.
std::uint64_t planned_by(const Target& target, std::int64_t day);

struct Tally {
    std::uint64_t done = 0, recent = 0;
    void add(std::uint64_t count, bool is_recent) {
        done += count;
        recent += is_recent ? count : 0;
    }
};

struct Node {
    Unit unit;
    std::size_t above = 0;
    int depth = 0;  // 0 the campaign, then as Level + 1
    std::optional<Target> own, below, target;
    std::int64_t rate_from = 0;           // the first day of those that the rate is taken over
    Tally whole, direct;                  // direct: of cards that name this unit and none in it
    std::optional<std::int64_t> reached;  // the day on which the target was
};

class Tree {
public:
    Tree() : nodes_(1) {}

    // Of the unit in its clean form; made, with those above it, where it is new.
    std::size_t at(const Unit& unit);
    Node& operator[](std::size_t i) { return nodes_[i]; }
    // Those above come before those below; the first is the campaign.
    std::vector<Node>& nodes() { return nodes_; }
    const std::vector<Node>& nodes() const { return nodes_; }

    // From the rows' own goals: `below` and `target` of every unit.
    void sum_up();
    // `count` cards of `day`. Days must come in their order.
    void count(std::size_t node, std::int64_t day, std::uint64_t count);

private:
    std::vector<Node> nodes_;
    std::unordered_map<Unit, std::size_t, UnitHash> ids_;
};

}  // namespace idchip::campaign
