#include <idchip/report/line_board.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <idchip/base/text.hpp>

#include "report/line_words.hpp"
#include "report/tree.hpp"

namespace idchip::report {
namespace {

using line::Event;

std::string identifier(std::string_view words) {
    std::string result(words);
    std::replace(result.begin(), result.end(), ' ', '_');
    return result;
}

std::string job_and_card(const Event& e) {
    if (e.card == 0) return fmt::format("job {}", e.job);
    if (e.job == 0) return fmt::format("card {}", e.card);
    return fmt::format("job {}, card {}", e.job, e.card);
}

std::string with(std::string head, const std::string& tail) { return tail.empty() ? head : head + ": " + tail; }

}  // namespace

std::string_view outcome(const Event& e) {
    if (e.end) return ledger::name(*e.end);
    return e.card == 0 ? "not begun" : "open";
}

std::string clock_text(double seconds) {
    const auto s = static_cast<std::int64_t>(std::max(seconds, 0.0));
    return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
}

std::string own_words(const Event& e) {
    std::string_view text = e.text;
    if (!e.reader.empty() && text.starts_with(e.reader + ": ")) text.remove_prefix(e.reader.size() + 2);
    return printable(text);
}

std::string what(const Event& e) {
    const auto why = e.failure ? printable(e.failure->message()) : std::string();
    switch (e.kind) {
        case Event::Kind::waiting:
        case Event::Kind::begun:
        case Event::Kind::stage:
        case Event::Kind::remove: return {};
        case Event::Kind::reader_found: return "ready";
        case Event::Kind::ended: return with(fmt::format("{}: {}, {:.1f} s", job_and_card(e), outcome(e), e.seconds), why);
        case Event::Kind::passed_over: return with("wrong card", why);
        case Event::Kind::rejected: return with(job_and_card(e) + " rejected", why);
        case Event::Kind::reader_stopped: return with("STOPPED", own_words(e));
        case Event::Kind::reader_stuck: return with("STUCK", own_words(e));
        case Event::Kind::reader_gone: return with("GONE", own_words(e));
        case Event::Kind::reader_back: return with("back", own_words(e));
        case Event::Kind::line_stopped: return with("LINE STOPPED", own_words(e));
        case Event::Kind::stopping: return with("stopping", own_words(e));
    }
    return {};
}

std::string event_json(const Event& e, Instant at) {
    Json j;
    j["at"] = to_iso(at);
    j["event"] = name(e.kind);
    if (!e.reader.empty()) j["reader"] = e.reader;
    if (e.job != 0) j["job"] = e.job;
    if (e.card != 0) j["card"] = e.card;
    if (e.kind == Event::Kind::stage) {
        j["stage"] = identifier(name(e.stage));
        j["done"] = e.done;
        j["total"] = e.total;
    }
    if (e.kind == Event::Kind::ended) {
        j["end"] = identifier(outcome(e));
        j["seconds"] = std::round(e.seconds * 1000) / 1000;
    }
    if (e.failure) j["error"] = {{"name", e.failure->name()}, {"message", e.failure->message()}};
    if (!e.text.empty()) j["text"] = e.text;
    // In ASCII: no name of a reader can steer the terminal that shows it.
    return j.dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string event_line(const Event& e, Instant at) {
    const auto text = what(e);
    if (text.empty()) return {};
    const auto reader = e.reader.empty() ? "" : printable(e.reader) + ": ";
    return fmt::format("{} {}{}", to_iso(at).substr(11, 8), reader, text);
}

}  // namespace idchip::report
