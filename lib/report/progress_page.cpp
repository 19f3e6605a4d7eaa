#include <idchip/report/progress.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "report/html.hpp"
#include "report/progress_chart.hpp"
#include "report/progress_style.hpp"
#include "report/progress_words.hpp"

namespace idchip::report {
namespace {

using campaign::Progress;
using campaign::Row;
using campaign::State;

// More tiles nobody takes in, and more rows nobody prints; the CSV has them all.
constexpr std::size_t most_shown = 500;

std::string_view sign(State state) {
    switch (state) {
        case State::overdue: return "✕";
        case State::stalled: return "■";
        case State::late: return "▲";
        case State::on_time: return "●";
        case State::not_started: return "○";
        case State::finished: return "✓";
        case State::not_in_plan: return "?";
    }
    return "?";
}

std::string badge(State state, std::string_view more = {}) {
    return fmt::format("<span class=\"badge {}\">{} {}{}</span>", name(state), sign(state), words(state), more);
}
std::string date_html(std::optional<Date> date) { return date ? fmt::format("<time>{}</time>", to_iso(*date)) : "–"; }
std::string share_html(const Row& row) { return percent(row) ? fmt::format("{} %", grouped(*percent(row))) : "–"; }
std::string days_html(const Row& row) { return row.days_ahead ? days_words(*row.days_ahead) : "–"; }
std::string rate_html(const Row& row) {
    if (row.recent == 0) return "0";
    return row.rate >= 100 ? grouped(static_cast<std::uint64_t>(row.rate + 0.5)) : fmt::format("{:.1f}", row.rate);
}

// "12 days after the deadline"
std::string between(Date day, Date deadline) {
    const auto days = days_since_epoch(day) - days_since_epoch(deadline);
    if (days == 0) return "on the deadline";
    if (days > 3650) return "more than ten years after the deadline";
    return count_words(static_cast<std::size_t>(std::abs(days)), "day") + (days > 0 ? " after the deadline" : " before the deadline");
}
std::string until(Date deadline, Date today) {
    const auto days = days_since_epoch(deadline) - days_since_epoch(today);
    if (days == 0) return "today";
    const auto words = count_words(static_cast<std::size_t>(std::abs(days)), "day");
    return days > 0 ? "in " + words : words + " ago";
}

std::string figure(std::string_view name, std::string_view value, std::string_view more) {
    return fmt::format("<div><dt>{}</dt><dd class=\"big\">{}</dd><dd class=\"soft\">{}</dd></div>\n", name, value, more);
}

std::string headline(const Progress& p) {
    const auto& t = p.total;
    std::string out = "<dl class=\"figures\">\n";
    out += figure("done", grouped(t.done), t.target > 0 ? fmt::format("{} of {}", share_html(t), grouped(t.target)) : "no target");
    out += figure("left", grouped(t.left), fmt::format("{} people are eligible", grouped(t.eligible)));
    out += figure("rate, cards a day", rate_html(t), "over the last " + count_words(static_cast<std::size_t>(t.rate_days), "day"));
    out += figure("against the plan", days_html(t), fmt::format("the plan has {} by today", grouped(t.planned)));
    const bool finished = t.state == State::finished;
    out += figure(finished ? "target reached" : "forecast", date_html(t.forecast),
                  t.forecast && t.deadline ? between(*t.forecast, *t.deadline)
                  : t.left > 0             ? "no cards at present"
                                           : "nothing to issue");
    out += figure("deadline", date_html(t.deadline), t.deadline ? until(*t.deadline, p.today) : "none");
    return out + "</dl>\n";
}

std::string chart(const Progress& p) {
    const auto svg = burn_up_chart(p);
    return "<section>\n<h2>Cards issued</h2>\n" + (svg.empty() ? "<p>Nothing to draw yet: no start is known.</p>\n" : svg) + "</section>\n";
}

// "The 500 that are furthest behind, of 11 003." where not all are shown.
std::string cut(std::size_t count, std::string_view which) {
    if (count <= most_shown) return {};
    return fmt::format("<p class=\"soft\">The {} {}, of {}.</p>\n", most_shown, which, grouped(count));
}

std::vector<Row> first_of(const std::vector<Row>& rows) {
    return {rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(rows.size(), most_shown))};
}

std::string tile_days(const Row& row) {
    if (row.days_ahead || row.state != State::not_started || !row.start) return days_html(row);
    return "starts " + date_html(row.start);
}

std::string tile(const Row& row) {
    const auto& u = row.unit;
    const auto& own = !u.commune.empty() ? u.commune : !u.district.empty() ? u.district : u.province;
    campaign::Unit around = u;
    if (!u.commune.empty()) around.commune.clear();
    else if (!u.district.empty()) around.district.clear();
    else around.province.clear();
    std::string out = fmt::format("<li class=\"{}\"><span class=\"sign\">{} {}</span><span class=\"share\">{}</span>", name(row.state),
                                  sign(row.state), words(row.state), share_html(row));
    out += fmt::format("<span class=\"unit\">{}</span>", html(own.empty() ? "-" : own));
    if (around != campaign::Unit()) out += fmt::format("<span class=\"in\">{}</span>", html(campaign::unit_name(around)));
    return out + fmt::format("<span class=\"days\">{}</span></li>\n", tile_days(row));
}

std::string overview(const Progress& p) {
    std::string out = fmt::format("<section>\n<h2>{}</h2>\n<ul class=\"states\">\n", count_words(p.rows.size(), name(p.level)));
    const auto counts = count_states(p.rows);
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts.at(i) > 0) out += fmt::format("<li>{}</li>\n", badge(static_cast<State>(i), ": " + grouped(counts.at(i))));
    out += "</ul>\n" + cut(p.rows.size(), "that are furthest behind") + "<ul class=\"tiles\">\n";
    for (const auto& row : first_of(p.rows)) out += tile(row);
    return out + "</ul>\n</section>\n";
}

std::string table_row(const Row& row, std::string_view label, std::string_view kind) {
    std::string out = fmt::format("<tr{}><th scope=\"row\">{}</th><td>{}</td>", kind, label, badge(row.state));
    for (const auto& number : {days_html(row), share_html(row), grouped(row.done), grouped(row.target), grouped(row.left), rate_html(row)})
        out += fmt::format("<td class=\"number\">{}</td>", number);
    return out + fmt::format("<td>{}</td><td>{}</td></tr>\n", date_html(row.forecast), date_html(row.deadline));
}

std::string table(const Progress& p) {
    std::string out = "<section>\n<h2>The furthest behind first</h2>\n" + cut(p.rows.size(), "that are furthest behind");
    out += fmt::format("<div class=\"wide\">\n<table>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">state</th>", name(p.level));
    out += "<th scope=\"col\" class=\"number\" aria-sort=\"ascending\">against the plan ▾</th>";
    for (const auto column : {"done, %", "done", "target", "left", "a day"})
        out += fmt::format("<th scope=\"col\" class=\"number\">{}</th>", column);
    for (const auto column : {"forecast", "deadline"}) out += fmt::format("<th scope=\"col\">{}</th>", column);
    out += "</tr></thead>\n<tbody>\n" + table_row(p.total, "total", " class=\"sum\"");
    for (const auto& row : first_of(p.rows)) out += table_row(row, html(campaign::unit_name(row.unit)), "");
    return out + "</tbody>\n</table>\n</div>\n</section>\n";
}

std::string outside(const Progress& p) {
    if (p.outside.empty()) return {};
    std::string out = "<section>\n<h2>Not in the plan</h2>\n<p>These cards count in the total. A name that is spelt in two ways, or a ";
    out += "unit that was merged, often is the reason.</p>\n" + cut(p.outside.size(), "with the most cards");
    out += "<div class=\"wide\">\n<table class=\"short\">\n<thead><tr><th scope=\"col\">unit</th>";
    out += "<th scope=\"col\" class=\"number\">cards</th><th scope=\"col\" class=\"number\">a day</th></tr></thead>\n<tbody>\n";
    for (const auto& row : first_of(p.outside))
        out += fmt::format("<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
                           html(campaign::unit_name(row.unit)), grouped(row.done), rate_html(row));
    return out + "</tbody>\n</table>\n</div>\n</section>\n";
}

std::string notices(const Progress& p) {
    if (p.notices.empty()) return {};
    std::string out = "<section>\n<h2>Notices</h2>\n<ul>\n";
    for (const auto& notice : p.notices) out += fmt::format("<li>{}</li>\n", html(line(notice)));
    return out + "</ul>\n</section>\n";
}

}  // namespace

std::string progress_page(const Progress& p, std::string_view title, Instant generated_at) {
    std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
    out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    out += fmt::format("<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n", html(title), progress_style);
    out += fmt::format("<header>\n<h1>{}</h1>\n<p>{} By the end of {}, by {}.</p>\n</header>\n<main>\n", html(title), badge(p.total.state),
                       date_html(p.today), name(p.level));
    out += headline(p) + chart(p) + overview(p) + table(p) + outside(p) + notices(p);
    return out + fmt::format("</main>\n<footer>\n<p class=\"soft\">Made at <time>{}</time>.</p>\n</footer>\n</body>\n</html>\n",
                             to_iso(generated_at));
}

}  // namespace idchip::report
