#include "report/progress_words.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <idchip/base/text.hpp>

namespace idchip::report {

std::string words(campaign::State state) {
    auto text = std::string(campaign::name(state));
    std::replace(text.begin(), text.end(), '_', ' ');
    return text;
}

std::string count_words(std::size_t count, std::string_view thing) { return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s"); }

std::string days_words(double days_ahead) {
    const auto days = static_cast<std::size_t>(std::llround(std::abs(days_ahead)));
    if (days == 0) return "on plan";
    return count_words(days, "day") + (days_ahead > 0 ? " ahead" : " behind");
}

std::optional<std::uint64_t> percent(const campaign::Row& row) {
    if (row.target == 0) return std::nullopt;
    return row.done * 100 / row.target;
}

std::array<std::size_t, campaign::state_count> count_states(const std::vector<campaign::Row>& rows) {
    std::array<std::size_t, campaign::state_count> counts{};
    for (const auto& row : rows) ++counts.at(static_cast<std::size_t>(row.state));
    return counts;
}

std::string line(const campaign::Notice& notice) {
    const bool of_unit = notice.unit != campaign::Unit();
    return printable(of_unit ? fmt::format("{}: {}", campaign::unit_name(notice.unit), notice.text) : notice.text);
}

}  // namespace idchip::report
