#include <idchip/report/progress.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <idchip/base/columns.hpp>
#include <idchip/base/text.hpp>
#include <idchip/report/csv.hpp>

#include "base/try.hpp"
#include "report/bar.hpp"
#include "report/progress_words.hpp"
#include "report/tree.hpp"

namespace idchip::report {
namespace {

using campaign::Progress;
using campaign::Row;

constexpr std::size_t bar_cells = 12, longest_name = 40;

// --- for a terminal

std::string date_text(std::optional<Date> date) { return date ? to_iso(*date) : "-"; }
std::string share_text(const Row& row) { return percent(row) ? fmt::format("{} %", *percent(row)) : "-"; }
double rounded(double value) { return std::round(value * 10) / 10 + 0.0; }  // and no -0
std::string days_text(const Row& row) { return row.days_ahead ? fmt::format("{:+.1f}", rounded(*row.days_ahead)) : "-"; }

using Line = std::array<std::string, 11>;
constexpr std::array<bool, 11> to_the_right = {false, true, true, true, false, true, true, true, false, false, false};

Line line_of(const Row& row, const std::string& label) {
    return {label,
            fmt::to_string(row.done),
            fmt::to_string(row.target),
            share_text(row),
            bar(row.done, row.target, bar_cells),
            fmt::to_string(row.left),
            fmt::format("{:.1f}", row.rate),
            days_text(row),
            date_text(row.forecast),
            date_text(row.deadline),
            words(row.state)};
}

std::string aligned(const std::vector<Line>& lines) {
    std::array<std::size_t, 11> widths{};
    for (const auto& l : lines)
        for (std::size_t i = 0; i < l.size(); ++i) widths.at(i) = std::max(widths.at(i), columns(l.at(i)));
    std::string text;
    for (const auto& l : lines) {
        std::string out;
        for (std::size_t i = 0; i < l.size(); ++i) {
            const std::string gap(widths.at(i) - columns(l.at(i)), ' ');
            out += (i == 0 ? "" : "  ") + (to_the_right.at(i) ? gap + l.at(i) : l.at(i) + gap);
        }
        text += out.substr(0, out.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

std::string states_text(const Progress& p) {
    const auto counts = count_states(p.rows);
    std::string text;
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts.at(i) > 0)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counts.at(i), words(static_cast<campaign::State>(i)));
    return text.empty() ? "no units" : text;
}

// --- for a spreadsheet

Result<void> write_row(CsvFile& csv, std::string_view kind, const Row& row) {
    const auto days = [&row](bool ahead) {
        if (!row.days_ahead || (ahead ? *row.days_ahead < 0 : *row.days_ahead >= 0)) return std::string();
        return fmt::format("{:.1f}", std::abs(rounded(*row.days_ahead)));
    };
    const auto date = [](std::optional<Date> d) { return d ? to_iso(*d) : std::string(); };
    return csv.row({kind, row.unit.province, row.unit.district, row.unit.commune, fmt::to_string(row.eligible), fmt::to_string(row.target),
                    date(row.start), date(row.deadline), fmt::to_string(row.done), fmt::to_string(row.left), fmt::to_string(row.recent),
                    fmt::to_string(row.rate_days), fmt::format("{:.1f}", row.rate), fmt::to_string(row.planned), days(true), days(false),
                    date(row.forecast), campaign::name(row.state)});
}

// --- for a program

Json date_json(std::optional<Date> date) { return date ? Json(to_iso(*date)) : Json(); }

Json unit_json(const campaign::Unit& unit) {
    Json j;
    j["province"] = unit.province;
    j["district"] = unit.district;
    j["commune"] = unit.commune;
    return j;
}

Json row_json(const Row& row, bool with_unit) {
    Json j = with_unit ? unit_json(row.unit) : Json::object();
    j["eligible"] = row.eligible;
    j["target"] = row.target;
    j["start"] = date_json(row.start);
    j["deadline"] = date_json(row.deadline);
    j["done"] = row.done;
    j["left"] = row.left;
    j["recent"] = row.recent;
    j["rate_days"] = row.rate_days;
    j["rate"] = rounded(row.rate);
    j["planned"] = row.planned;
    j["days_ahead"] = row.days_ahead ? Json(rounded(*row.days_ahead)) : Json();
    j["forecast"] = date_json(row.forecast);
    j["state"] = campaign::name(row.state);
    return j;
}

Json rows_json(const std::vector<Row>& rows) {
    Json j = Json::array();
    for (const auto& row : rows) j.push_back(row_json(row, true));
    return j;
}

Json point_json(const campaign::Point& point) {
    Json j;
    j["day"] = to_iso(point.day);
    j["done"] = point.done ? Json(*point.done) : Json();
    j["planned"] = point.planned;
    return j;
}

Json notice_json(const campaign::Notice& notice) {
    Json j;
    j["id"] = notice.id;
    j["unit"] = unit_json(notice.unit);
    j["own"] = notice.own;
    j["below"] = notice.below;
    j["text"] = notice.text;
    return j;
}

}  // namespace

std::string progress_table(const Progress& p) {
    const auto label = [](const Row& row) { return cut(printable(campaign::unit_name(row.unit)), longest_name); };
    std::vector<Line> lines = {
        {std::string(campaign::name(p.level)), "done", "target", "%", "", "left", "a day", "days +/-", "forecast", "deadline", "state"}};
    for (const auto& row : p.rows) lines.push_back(line_of(row, label(row)));
    lines.push_back(line_of(p.total, "total"));
    auto text = fmt::format("{}, by {}; rate over {}\n\n{}\n{}\n", to_iso(p.today), campaign::name(p.level),
                            count_words(static_cast<std::size_t>(p.window_days), "day"), aligned(lines), states_text(p));
    if (!p.outside.empty()) text += "\nnot in the plan, but counted in the total:\n";
    for (const auto& row : p.outside) text += fmt::format("  {}: {}\n", label(row), count_words(row.done, "card"));
    if (!p.notices.empty()) text += "\nnotices:\n";
    for (const auto& notice : p.notices) text += "  " + line(notice) + "\n";
    return text;
}

Result<void> write_progress_csv(const std::filesystem::path& path, const Progress& p) {
    auto csv = TRY(CsvFile::create(path));
    TRY(csv.row({"row", "province", "district", "commune", "eligible", "target", "start", "deadline", "done", "left", "recent", "rate_days",
                 "rate", "planned", "days_ahead", "days_behind", "forecast", "state"}));
    TRY(write_row(csv, "total", p.total));
    for (const auto& row : p.rows) TRY(write_row(csv, "unit", row));
    for (const auto& row : p.outside) TRY(write_row(csv, "not_in_plan", row));
    return csv.finish();
}

std::string progress_json(const Progress& p) {
    Json j;
    j["today"] = to_iso(p.today);
    j["level"] = campaign::name(p.level);
    j["window_days"] = p.window_days;
    j["total"] = row_json(p.total, false);
    j["units"] = rows_json(p.rows);
    j["not_in_plan"] = rows_json(p.outside);
    j["series"] = Json::array();
    for (const auto& point : p.series) j["series"].push_back(point_json(point));
    j["notices"] = Json::array();
    for (const auto& notice : p.notices) j["notices"].push_back(notice_json(notice));
    return j.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace idchip::report
