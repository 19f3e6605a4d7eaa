// What a unit's goal and its cards come to on one day.
#pragma once

#include "campaign/tree.hpp"

namespace idchip::campaign {

// Precondition: the unit has a target.
Row judge(const Node& node, std::int64_t today);
// Cards of a unit that the plan does not speak of, all of them or those of `node.direct`.
Row outside(const Node& node, const Tally& tally, std::int64_t today);

}  // namespace idchip::campaign
