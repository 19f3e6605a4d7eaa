// Which keys a description may have. data/schema/sim-card.schema.json says the same, and a test compares.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace idchip::cards {

using Keys = std::vector<std::string_view>;
const std::map<std::string_view, Keys>& all_keys();  // by section
// Precondition: there is such a section.
const Keys& keys_of(std::string_view section);

}  // namespace idchip::cards
