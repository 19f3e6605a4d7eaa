#include <idchip/report/line_board.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include <idchip/base/columns.hpp>
#include <idchip/base/text.hpp>

#include "report/bar.hpp"
#include "report/line_words.hpp"

namespace idchip::report {
namespace {

using Place = LineBoard::Place;
using State = Place::State;

constexpr std::string_view bold = "\033[1m", red = "\033[31m", yellow = "\033[33m", plain = "\033[0m";
constexpr std::string_view hint = "Ctrl-C: finish the cards in hand; again: stop safely";

// --- figures

// An hour; `span`: how long there was time for them.
double rate(const Place& p, double now, double span) {
    const auto recent =
        std::count_if(p.issued_at.begin(), p.issued_at.end(), [now](double at) { return at > now - LineBoard::rate_window; });
    return static_cast<double>(recent) * 3600 / span;
}

std::string eta_text(std::optional<std::int64_t> left, double an_hour) {
    if (!left || an_hour <= 0) return "-";
    const auto minutes = static_cast<std::int64_t>(std::ceil(static_cast<double>(*left) * 60 / an_hour));
    return minutes < 60 ? fmt::format("{} min", minutes) : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

// Rounded down, so that nothing less than all shows 100.
std::string yield_text(const Place& p) {
    const auto all = p.issued + p.spoiled + p.quarantined + static_cast<std::int64_t>(p.open.size());
    return all == 0 ? "-" : fmt::format("{} %", p.issued * 100 / all);
}

std::string time_text(const Place& p, double now) {
    if (p.begun) return fmt::format("{:.0f} s", std::max(now - *p.begun, 0.0));
    return p.state == State::ended || p.state == State::stopped ? fmt::format("{:.0f} s", p.seconds) : "";
}

std::string state_text(const Place& p) {
    switch (p.state) {
        case State::ready: return "ready";
        case State::waiting: return "insert card";
        case State::working:
            return p.total > 1 ? fmt::format("{:<10.10} {}", name(p.stage), bar(p.done, p.total, 8)) : std::string(name(p.stage));
        case State::ended: return !p.out ? p.outcome : p.outcome.empty() ? "remove card" : "remove: " + p.outcome;
        case State::wrong_card: return "remove: wrong card";
        case State::gone: return "GONE";
        case State::stuck: return "STUCK";
        case State::stopped: return p.outcome.empty() ? "STOPPED" : "STOPPED, " + p.outcome;  // the card lies in it still
    }
    return {};
}

std::string_view colour_of(const Place& p) {
    if (p.state == State::stuck || p.state == State::stopped) return red;
    return p.stands_still() || p.needs_somebody() ? yellow : std::string_view();
}

// --- the table of readers

struct Column {
    std::string_view title;
    std::size_t width;
    bool to_the_right;
};
enum Name : std::size_t { reader_name, state_name, seconds_in_card, cards_issued, cards_an_hour, share_issued, last_error };
constexpr std::size_t gap = 2, count = 7, least_with_titles = 5;
constexpr std::array<Column, count> all_columns = {{{"reader", 14, false},
                                                    {"state", 20, false},
                                                    {"time", 6, true},
                                                    {"issued", 6, true},
                                                    {"/h", 4, true},
                                                    {"yield", 5, true},
                                                    {"last error", 12, false}}};
// On a narrow screen.
constexpr std::array<Name, 5> given_up_first = {last_error, cards_an_hour, share_issued, seconds_in_card, cards_issued};

using Row = std::array<std::string, count>;
using Widths = std::array<std::size_t, count>;  // 0: not shown

struct Line {
    std::string text;
    std::string_view colour{};
};

Row row_of(const std::string& reader, const Place& p, double now, double span) {
    return {printable(reader),
            state_text(p),
            time_text(p, now),
            fmt::to_string(p.issued),
            fmt::format("{:.0f}", rate(p, now, span)),
            yield_text(p),
            p.stands_still() && !p.why.empty() ? p.why : p.last_error};
}

std::size_t widest(const std::vector<Row>& rows, Name column) {
    std::size_t most = 0;
    for (const auto& row : rows) most = std::max(most, columns(row.at(column)));
    return most;
}

// Figures have their widths; what is left is shared between the names of the readers and the errors.
Widths widths_for(const std::vector<Row>& rows, std::size_t width) {
    Widths w{};
    for (std::size_t i = 0; i < count; ++i) w.at(i) = all_columns.at(i).width;
    const auto used = [&w] {
        std::size_t sum = 0;
        for (const auto one : w) sum += one == 0 ? 0 : one + gap;
        return sum - gap;
    };
    for (const auto column : given_up_first)
        if (used() > width) w.at(column) = 0;
    const auto free = w[reader_name] + w[last_error] + width - std::min(used(), width);
    const auto wanted = w[last_error] == 0 ? 0 : std::min(std::max(widest(rows, last_error), w[last_error]), free / 2);
    w[reader_name] = std::min(widest(rows, reader_name), free - wanted);
    if (w[last_error] != 0) w[last_error] = free - w[reader_name];
    return w;
}

std::string text_of(const Row& row, const Widths& widths) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        if (widths.at(i) == 0) continue;
        const auto cell = i == reader_name ? cut_middle(row.at(i), widths.at(i)) : cut(row.at(i), widths.at(i));
        const std::string space(widths.at(i) - columns(cell), ' ');
        text += (text.empty() ? "" : std::string(gap, ' ')) + (all_columns.at(i).to_the_right ? space + cell : cell + space);
    }
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

struct Reader {
    const std::string* name;
    const Place* place;
};

Line rest(std::span<const Reader> readers) {
    const auto standing = std::count_if(readers.begin(), readers.end(), [](const Reader& r) { return r.place->stands_still(); });
    if (standing == 0) return {fmt::format("… and {} more", readers.size())};
    return {fmt::format("… and {} more, of which {} stand still", readers.size(), standing), red};
}

// In the order of their names, if all can be seen; else those that need somebody come first. Returns how many can be seen.
std::size_t arrange(std::vector<Reader>& readers, std::size_t lines) {
    if (readers.size() <= lines) return readers.size();
    const auto urgency = [](const Place& p) { return p.stands_still() ? 2 : p.needs_somebody() ? 1 : 0; };
    std::stable_sort(readers.begin(), readers.end(),
                     [urgency](const Reader& a, const Reader& b) { return urgency(*a.place) > urgency(*b.place); });
    return std::max<std::size_t>(lines, 1) - 1;
}

std::vector<Line> table(std::vector<Reader> readers, std::size_t width, std::size_t lines, double now, double span) {
    if (readers.empty()) return {{"no reader"}};
    std::vector<Line> result;
    std::vector<Row> rows;
    if (lines >= least_with_titles) {
        Row titles;
        for (std::size_t i = 0; i < count; ++i) titles.at(i) = all_columns.at(i).title;
        rows.push_back(titles);
        result.push_back({{}, bold});
    }
    const auto seen = arrange(readers, lines - rows.size());
    for (std::size_t i = 0; i < seen; ++i) {
        rows.push_back(row_of(*readers[i].name, *readers[i].place, now, span));
        result.push_back({{}, colour_of(*readers[i].place)});
    }
    const auto widths = widths_for(rows, width);
    for (std::size_t i = 0; i < rows.size(); ++i) result[i].text = text_of(rows[i], widths);
    if (seen < readers.size()) result.push_back(rest({readers.begin() + static_cast<std::ptrdiff_t>(seen), readers.end()}));
    return result;
}

// --- the header

struct Part {
    int rank;  // the highest is given up first
    std::string text;
};

std::string joined(std::vector<Part> parts, std::size_t width) {
    for (;;) {
        std::string text;
        for (const auto& part : parts) text += (text.empty() ? "" : "  ") + part.text;
        if (columns(text) <= width || parts.size() == 1) return text;
        parts.erase(std::max_element(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.rank < b.rank; }));
    }
}

}  // namespace

std::string LineBoard::header(std::size_t width, double now, double span) const {
    Place all;
    double an_hour = 0;
    std::size_t open = 0;
    for (const auto& [name, place] : places_) {
        all.issued += place.issued;
        all.spoiled += place.spoiled;
        all.quarantined += place.quarantined;
        open += place.open.size();
        an_hour += rate(place, now, span);
    }
    const auto left = left_ ? std::optional(std::max<std::int64_t>(*left_ - all.issued - rejected_, 0)) : std::nullopt;
    std::vector<Part> parts = {{7, printable(station_)},
                               {6, clock_text(now - start_)},
                               {0, fmt::format("issued {}", all.issued)},
                               {1, "left " + (left ? fmt::to_string(*left) : "-")},
                               {3, fmt::format("{:.0f}/h", an_hour)},
                               {2, "ETA " + eta_text(left, an_hour)}};
    if (all.spoiled > 0) parts.push_back({4, fmt::format("spoiled {}", all.spoiled)});
    if (all.quarantined > 0) parts.push_back({4, fmt::format("quarantined {}", all.quarantined)});
    if (open > 0) parts.push_back({5, fmt::format("open {}", open)});
    if (left) parts.push_back({8, fmt::format("{} of {} in all", issued_before_ + all.issued, issued_before_ + all.issued + *left)});
    return joined(std::move(parts), width);
}

std::vector<std::string> LineBoard::frame(std::size_t width, std::size_t height, double now, bool colour) const {
    const auto span = std::clamp(now - start_, 1.0, rate_window);
    std::vector<Line> lines = {{header(width, now, span), bold}};
    if (!banner_.empty()) lines.push_back({banner_, line_stopped_ ? red : yellow});

    // What readers leave is for the messages, and a quarter in any case.
    const bool with_hint = height >= 3;
    const auto room = height - std::min(height, lines.size() + (with_hint ? 1 : 0));
    const auto wanted = std::max<std::size_t>(places_.size(), 1) + (room >= least_with_titles ? 1 : 0);
    const auto messages = std::min(messages_.size(), std::max(room - std::min(room, wanted), room / 4));
    std::vector<Reader> readers;
    for (const auto& [name, place] : places_) readers.push_back({&name, &place});
    if (room > 0)
        for (auto& line : table(std::move(readers), width, room - messages, now, span)) lines.push_back(std::move(line));
    if (room > messages + wanted) lines.push_back({});
    for (auto i = messages_.size() - messages; i < messages_.size(); ++i) lines.push_back({messages_[i]});
    if (with_hint) lines.push_back({std::string(hint)});

    if (lines.size() > height) lines.resize(height);
    std::vector<std::string> frame;
    for (const auto& line : lines) {
        auto text = cut(line.text, width);
        if (colour && !line.colour.empty()) text = fmt::format("{}{}{}", line.colour, text, plain);
        frame.push_back(std::move(text));
    }
    return frame;
}

}  // namespace idchip::report
