// Plans of campaigns: whatever is read can be written and read again; the form of the line ends makes no difference; every fault has its
// place.
#include "fuzz.hpp"

#include <algorithm>

#include <idchip/base/text.hpp>
#include <idchip/campaign/plan.hpp>

using namespace idchip;
using campaign::Plan;

namespace {

constexpr auto name = "plan.csv";

bool same(const Plan& a, const Plan& b, bool with_lines) {
    return std::equal(a.rows.begin(), a.rows.end(), b.rows.begin(), b.rows.end(), [&](const auto& x, const auto& y) {
        return x.unit == y.unit && x.goal == y.goal && (!with_lines || x.line == y.line);
    });
}

std::string quoted(const std::string& text) {
    std::string q = "\"";
    for (const char c : text) q += c == '"' ? "\"\"" : std::string(1, c);
    return q + "\"";
}

// Columns in another order than docs/campaign.md has.
std::string written(const Plan& plan) {
    std::string text = "start;deadline;target;eligible;commune;district;province\n";
    for (const auto& [unit, goal, line] : plan.rows)
        text += (goal.start ? to_iso(*goal.start) : "") + ";" + to_iso(goal.deadline) + ";" + std::to_string(goal.target) + ";" +
                std::to_string(goal.eligible) + ";" + quoted(unit.commune) + ";" + quoted(unit.district) + ";" + quoted(unit.province) +
                "\n";
    return text;
}

void check_plan(const Plan& plan) {
    FUZZ_CHECK(!plan.rows.empty());
    std::size_t line = 1;
    for (const auto& row : plan.rows) {
        FUZZ_CHECK(row.line > line);
        line = row.line;
        FUZZ_CHECK(row.goal.target <= row.goal.eligible && row.goal.eligible <= 10'000'000'000);
        FUZZ_CHECK(is_valid(row.goal.deadline));
        if (row.goal.start) FUZZ_CHECK(is_valid(*row.goal.start) && *row.goal.start <= row.goal.deadline);
        FUZZ_CHECK(!row.unit.province.empty() && campaign::clean(row.unit) == row.unit);
        FUZZ_CHECK(is_printable(campaign::unit_name(row.unit)));
        FUZZ_CHECK(std::count_if(plan.rows.begin(), plan.rows.end(), [&](const auto& other) { return other.unit == row.unit; }) == 1);
    }
    const auto again = campaign::parse_plan(written(plan), name);
    FUZZ_CHECK(again && same(*again, plan, false));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(as_text({data, size}));
    const auto plan = campaign::parse_plan(text, name);
    if (plan) {
        check_plan(*plan);
    } else {
        const auto& error = plan.error();
        FUZZ_CHECK(error.code == Errc::bad_field || error.code == Errc::bad_date || error.code == Errc::bad_utf8);
        FUZZ_CHECK(error.where.starts_with("plan.csv:") && is_printable(error.detail));
    }
    if (text.find('\r') == std::string::npos) {
        std::string crlf;
        for (const char c : text) crlf += c == '\n' ? "\r\n" : std::string(1, c);
        const auto other = campaign::parse_plan(crlf, name);
        FUZZ_CHECK(other.has_value() == plan.has_value());
        FUZZ_CHECK(plan ? same(*plan, *other, true) : plan.error().where == other.error().where);
    }
    return 0;
}
