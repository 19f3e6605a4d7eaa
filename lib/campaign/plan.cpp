#include <idchip/campaign/plan.hpp>

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include <fmt/format.h>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>

#include "base/try.hpp"
#include "campaign/csv_table.hpp"
#include "campaign/units.hpp"

namespace idchip::campaign {
namespace {

enum Column : std::size_t { province, district, commune, eligible, target, deadline, start, column_count };
constexpr std::array<std::string_view, column_count> column_names = {"province", "district", "commune", "eligible",
                                                                     "target",   "deadline", "start"};
constexpr std::array needed = {province, eligible, target, deadline};
// More people than there are: a mistake, and sums of such numbers would not fit.
constexpr std::uint64_t most_people = 10'000'000'000;

// Where each column stands in a row.
using Columns = std::array<std::optional<std::size_t>, column_count>;

class PlanReader {
public:
    explicit PlanReader(std::string_view name) : name_(name) {}

    Result<void> heading(const Cells& cells) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const auto known = std::find(column_names.begin(), column_names.end(), cells[i].text);
            if (known == column_names.end())
                return refuse(cells[i], fmt::format("unknown column \"{}\"; there are {}", printable(cells[i].text.substr(0, 40)),
                                                    fmt::join(column_names, ", ")));
            auto& column = columns_.at(static_cast<std::size_t>(known - column_names.begin()));
            if (column) return refuse(cells[i], fmt::format("column {} stands twice", *known));
            column = i;
        }
        for (const auto column : needed)
            if (!columns_.at(column))
                return refuse(cells[0],
                              fmt::format("a column \"{}\" is missing; the first line names the columns", column_names.at(column)));
        return {};
    }

    Result<void> row(const Cells& cells) {
        PlanRow row;
        row.line = cells[0].line;
        row.unit = TRY(unit(cells));
        row.goal.eligible = TRY(number(cells, eligible));
        row.goal.target = TRY(number(cells, target));
        if (row.goal.target > row.goal.eligible)
            return refuse(*cell(cells, target), fmt::format("target {} is above eligible {}", row.goal.target, row.goal.eligible));
        row.goal.deadline = TRY(date(cells, deadline));
        if (const auto* stated = cell(cells, start); stated != nullptr && !stated->text.empty()) {
            row.goal.start = TRY(date(cells, start));
            if (row.goal.deadline < *row.goal.start)
                return refuse(*cell(cells, deadline),
                              fmt::format("the deadline {} is before the start {}", to_iso(row.goal.deadline), to_iso(*row.goal.start)));
        }
        plan_.rows.push_back(std::move(row));
        return {};
    }

    Plan take() && { return std::move(plan_); }

private:
    // Nothing where the file has no such column.
    const Cell* cell(const Cells& cells, Column column) const {
        const auto at = columns_.at(column);
        return at ? &cells[*at] : nullptr;
    }

    Result<Unit> unit(const Cells& cells) {
        Unit unit;
        const std::pair<Column, std::string*> parts[] = {{province, &unit.province}, {district, &unit.district}, {commune, &unit.commune}};
        for (const auto& [column, part] : parts) {
            const auto* stated = cell(cells, column);
            if (stated == nullptr) continue;
            // Nobody would find out why two names that look alike are not the same.
            if (!is_printable(stated->text))
                return refuse(*stated, fmt::format("{} holds an invisible or control character: \"{}\"", column_names.at(column),
                                                   printable(stated->text.substr(0, 80))));
            *part = stated->text;
        }
        unit = clean(unit);
        if (unit.province.empty()) return refuse(*cell(cells, province), "province is empty; every row names its province");
        const auto [first, is_new] = lines_.emplace(unit, cells[0].line);
        if (!is_new) return refuse(cells[0], fmt::format("the unit {} has a row already, in line {}", unit_name(unit), first->second));
        return unit;
    }

    Result<std::uint64_t> number(const Cells& cells, Column column) const {
        const auto& stated = *cell(cells, column);
        const auto& digits = stated.text;
        std::uint64_t value = 0;
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (digits.empty() || read.ptr != digits.data() + digits.size() || read.ec == std::errc::invalid_argument)
            return refuse(stated, fmt::format("{} is not a whole number; give digits alone, without separators", column_names.at(column)));
        if (read.ec != std::errc() || value > most_people)
            return refuse(stated, fmt::format("{} is above {}", column_names.at(column), most_people));
        return value;
    }

    Result<Date> date(const Cells& cells, Column column) const {
        const auto& stated = *cell(cells, column);
        const auto date = parse_iso_date(stated.text);
        if (!date)
            return fail(Errc::bad_date, place(name_, stated.line, stated.character),
                        fmt::format("{}: {}", column_names.at(column), date.error().detail));
        return *date;
    }

    Failure refuse(const Cell& cell, std::string what) const {
        return fail(Errc::bad_field, place(name_, cell.line, cell.character), std::move(what));
    }

    std::string_view name_;
    Columns columns_;
    Plan plan_;
    std::unordered_map<Unit, std::size_t, UnitHash> lines_;
};

}  // namespace

Result<Plan> parse_plan(std::string_view text, std::string_view name) {
    const auto rows = TRY(read_csv(text, name));
    if (rows.empty()) return fail(Errc::bad_field, place(name, 1, 1), "the file is empty; the first line names the columns");
    PlanReader reader(name);
    TRY(reader.heading(rows[0]));
    if (rows.size() == 1) return fail(Errc::bad_field, place(name, 2, 1), "no unit has a row");
    for (std::size_t i = 1; i < rows.size(); ++i) TRY(reader.row(rows[i]));
    return std::move(reader).take();
}

Result<Plan> read_plan(const std::filesystem::path& path) { return parse_plan(TRY(read_text(path, largest_plan)), path.string()); }

}  // namespace idchip::campaign
