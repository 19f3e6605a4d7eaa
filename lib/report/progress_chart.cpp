#include "report/progress_chart.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "report/html.hpp"

namespace idchip::report {
namespace {

using campaign::Progress;

// Of the drawing, in its own units; and of the plot within it.
constexpr double width = 1200, height = 590, left = 130, right = 1140, top = 70, bottom = 500;

// The step of a scale with at most `most` steps: 1, 2 or 5 times a power of ten.
std::uint64_t round_step(std::uint64_t whole, std::uint64_t most) {
    for (std::uint64_t power = 1;; power *= 10)
        for (const std::uint64_t digit : {1U, 2U, 5U})
            if (whole <= digit * power * most) return digit * power;
}

class Chart {
public:
    explicit Chart(const Progress& p)
        : p_(p), first_(days_since_epoch(p.series.front().day)), last_(std::max(days_since_epoch(p.series.back().day), first_ + 1)) {
        const auto highest = std::max({p.total.target, p.total.done, std::uint64_t{1}});
        step_ = round_step(highest, 6);
        most_ = static_cast<double>(highest) * 1.08;
    }

    std::string svg() {
        out_ += fmt::format(
            R"(<svg class="chart" viewBox="0 0 {} {}" role="img" paint-order="stroke" aria-labelledby="chart-title chart-text">)", width,
            height);
        out_ += "<title id=\"chart-title\">Cards issued, against the plan</title>";
        out_ += fmt::format("<desc id=\"chart-text\">{}</desc>\n", html(description()));
        scales();
        target();
        marked_day(p_.today, "today", top - 40);
        marked_day(*p_.total.deadline, "deadline", top - 12);  // its words lie over the line of today, not under it
        curve("plan", [](const campaign::Point& point) { return std::optional(point.planned); });
        curve("issued", [](const campaign::Point& point) { return point.done; });
        forecast();
        legend();
        return out_ + "</svg>\n";
    }

private:
    double x(double day) const { return left + (right - left) * (day - static_cast<double>(first_)) / static_cast<double>(last_ - first_); }
    double x(Date day) const { return x(static_cast<double>(days_since_epoch(day))); }
    double y(double cards) const { return bottom - (bottom - top) * cards / most_; }
    double y(std::uint64_t cards) const { return y(static_cast<double>(cards)); }

    bool shows(Date day) const { return days_since_epoch(day) >= first_ && days_since_epoch(day) <= last_; }

    void straight(std::string_view name, double x1, double y1, double x2, double y2) {
        out_ += fmt::format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", name, x1, y1, x2, y2);
    }
    void text(std::string_view name, double at_x, double at_y, std::string_view words) {
        out_ += fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", name, at_x, at_y, html(words));
    }

    std::string description() const {
        const auto& t = p_.total;
        auto words =
            fmt::format("By the end of {}, {} of {} cards are issued; the plan has {}.", to_iso(p_.today), t.done, t.target, t.planned);
        if (t.left > 0)
            words += t.forecast ? fmt::format(" At the present rate the last card is issued on {}; the deadline is {}.",
                                              to_iso(*t.forecast), to_iso(*t.deadline))
                                : fmt::format(" At present no cards are issued; the deadline is {}.", to_iso(*t.deadline));
        return words;
    }

    void scales() {
        for (std::uint64_t cards = 0; static_cast<double>(cards) <= most_; cards += step_) {
            straight("grid", left, y(cards), right, y(cards));
            text("scale count", left - 12, y(cards) + 7, grouped(cards));
        }
        const auto day_step = std::max<std::int64_t>(1, (last_ - first_ + 5) / 6);
        for (auto day = first_; day <= last_; day += day_step) {
            const double at = x(static_cast<double>(day));
            straight("grid", at, bottom, at, bottom + 8);
            text("scale day", at, bottom + 34, to_iso(date_from_days(day)));
        }
    }

    void target() {
        if (p_.total.target == 0) return;
        straight("target", left, y(p_.total.target), right, y(p_.total.target));
        text("mark", left + 10, y(p_.total.target) - 8, "target " + grouped(p_.total.target));
    }

    // Its words stand beside the line, on the side that has room.
    void marked_day(Date day, std::string_view name, double text_y) {
        if (!shows(day)) return;
        straight(name, x(day), text_y, x(day), bottom);
        const bool room_on_the_right = x(day) < (left + right) / 2;
        text(room_on_the_right ? "mark" : "mark end", x(day) + (room_on_the_right ? 8 : -8), text_y + 10,
             fmt::format("{} {}", name, to_iso(day)));
    }

    template <class Value>
    void curve(std::string_view name, Value value) {
        std::string points;
        for (const auto& point : p_.series)
            if (const auto cards = value(point))
                points += fmt::format("{}{:.1f},{:.1f}", points.empty() ? "" : " ", x(point.day), y(*cards));
        if (!points.empty()) out_ += fmt::format("<polyline class=\"{}\" points=\"{}\"/>\n", name, points);
    }

    // From today's cards to the target, cut off where the chart ends.
    void forecast() {
        const auto& t = p_.total;
        if (t.left == 0 || !t.forecast || !shows(p_.today)) return;
        const auto today = days_since_epoch(p_.today), ready = days_since_epoch(*t.forecast), end = std::min(ready, last_);
        const double share = static_cast<double>(end - today) / static_cast<double>(ready - today);
        straight("forecast", x(p_.today), y(t.done), x(static_cast<double>(end)),
                 y(static_cast<double>(t.done) + share * static_cast<double>(t.left)));
        out_ += fmt::format("<circle class=\"now\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"7\"/>\n", x(p_.today), y(t.done));
    }

    // Below the plot, where no curve comes.
    void legend() {
        const auto& t = p_.total;
        const std::string leads = t.left > 0 && t.forecast ? "at the present rate, until " + to_iso(*t.forecast) : "";
        const std::pair<std::string_view, std::string> entries[] = {{"issued", "issued"}, {"plan", "plan"}, {"forecast", leads}};
        double at = left;
        for (const auto& [name, words] : entries) {
            if (words.empty()) continue;
            straight(name, at, height - 18, at + 60, height - 18);
            text("mark", at + 72, height - 11, words);
            at += 220;
        }
    }

    const Progress& p_;
    std::int64_t first_, last_;
    std::uint64_t step_ = 1;
    double most_ = 1;
    std::string out_;
};

}  // namespace

std::string burn_up_chart(const Progress& progress) {
    if (progress.series.empty()) return {};
    return Chart(progress).svg();
}

}  // namespace idchip::report
