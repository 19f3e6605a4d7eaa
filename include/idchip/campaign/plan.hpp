// The plan of an issuing campaign: how many cards each administrative unit is to issue, and by when. docs/campaign.md has the columns.
#pragma once

#include <filesystem>
#include <vector>

#include <idchip/base/time.hpp>
#include <idchip/record/record.hpp>

namespace idchip::campaign {

// A province, a district or a commune: the deepest part that is named says which. A commune needs no district: since July 2025
// Vietnam has provinces and communes only.
using record::Unit;

// In numbers of people and of cards; `deadline` is the last day that is still in time. target <= eligible, start <= deadline.
struct Goal {
    std::uint64_t eligible = 0, target = 0;
    Date deadline;
    std::optional<Date> start;  // nothing: that of the campaign
    bool operator==(const Goal&) const = default;
};
struct PlanRow {
    Unit unit;  // in its clean form
    Goal goal;
    std::size_t line = 0;  // of the file, from 1
};
struct Plan {
    std::vector<PlanRow> rows;  // one for a unit at most
};

constexpr std::size_t largest_plan = 16U << 20U;  // bytes

// CSV (RFC 4180, UTF-8, byte order mark tolerated) with a heading; `,` `;` or tab, whichever the heading has most of. Lines without
// anything are passed over. `name` stands in messages. The whole text is checked; the first fault is the error.
// Errors, their place as "name:line:character", both from 1: input.bad_field, input.bad_date, input.bad_utf8.
Result<Plan> parse_plan(std::string_view text, std::string_view name);
// `path` "-" is standard input. Errors: as above, input.too_large, input.not_found, io.failed.
Result<Plan> read_plan(const std::filesystem::path& path);

// How units are compared: composed Unicode, single spaces and none at the ends, case as it is. Text that is not UTF-8 stays as it is.
Unit clean(const Unit& unit);
// "Phường Mẫu, Hà Nội": the parts that are named, the smallest first, as in an address; "-" for none.
std::string unit_name(const Unit& unit);

}  // namespace idchip::campaign
