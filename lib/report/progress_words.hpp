// Words and numbers that every form of the progress report has in common.
#pragma once

#include <array>

#include <idchip/campaign/progress.hpp>

namespace idchip::report {

std::string words(campaign::State state);                            // "on time"
std::string count_words(std::size_t count, std::string_view thing);  // "1 day", "2 days"
// "12 days behind", "on plan"
std::string days_words(double days_ahead);
// Rounded down, so that nothing unfinished shows 100; nothing without a target.
std::optional<std::uint64_t> percent(const campaign::Row& row);
std::array<std::size_t, campaign::state_count> count_states(const std::vector<campaign::Row>& rows);
// "Hà Nội: its own target is ...", safe to print.
std::string line(const campaign::Notice& notice);

}  // namespace idchip::report
