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

std::optional<Event::Kind> kind_by_name(std::string_view text) {
    for (auto kind = Event::Kind::reader_found; kind <= Event::Kind::stopping; kind = static_cast<Event::Kind>(static_cast<int>(kind) + 1))
        if (line::name(kind) == text) return kind;
    return std::nullopt;
}

// "where: cause (detail); remedy", back into its parts; what stood in brackets is all detail.
Error read_error(const std::string& error_name, const std::string& message) {
    const auto code = errc_by_name(error_name);
    if (!code) return Error(Errc::internal, {}, message);
    Error error(*code);
    const auto cause = message.find(info(*code).cause);
    if (cause == std::string::npos) return error;
    if (cause > 2) error.where = message.substr(0, cause - 2);
    const auto bracket = cause + info(*code).cause.size() + 2, end = message.rfind("); ");
    if (end != std::string::npos && end > bracket) error.detail = message.substr(bracket, end - bracket);
    return error;
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

std::optional<line::Event> read_event(std::string_view text) {
    const auto j = Json::parse(text, nullptr, false);
    if (!j.is_object()) return std::nullopt;
    const auto word = [&](const char* key) { return j.contains(key) && j[key].is_string() ? j[key].get<std::string>() : std::string(); };
    const auto number = [&](const char* key) { return j.contains(key) && j[key].is_number() ? j[key].get<double>() : 0.0; };
    Event e;
    const auto kind = kind_by_name(word("event"));
    if (!kind) return std::nullopt;
    e.kind = *kind;
    e.reader = word("reader");
    e.text = word("text");
    e.job = std::llround(number("job"));
    e.card = std::llround(number("card"));
    e.done = static_cast<std::size_t>(std::max(0.0, number("done")));
    e.total = static_cast<std::size_t>(std::max(0.0, number("total")));
    e.seconds = number("seconds");
    for (auto stage = personalize::Stage::identify; stage <= personalize::Stage::inspect;
         stage = static_cast<personalize::Stage>(static_cast<int>(stage) + 1))
        if (identifier(name(stage)) == word("stage")) e.stage = stage;
    e.end = ledger::card_state_by_name(word("end"));
    if (j.contains("error") && j["error"].is_object()) {
        const auto& error = j["error"];
        const auto text_of = [&](const char* key) {
            return error.contains(key) && error[key].is_string() ? error[key].get<std::string>() : "";
        };
        e.failure = read_error(text_of("name"), text_of("message"));
    }
    return e;
}

std::string event_line(const Event& e, Instant at) {
    const auto text = what(e);
    if (text.empty()) return {};
    const auto reader = e.reader.empty() ? "" : printable(e.reader) + ": ";
    return fmt::format("{} {}{}", to_iso(at).substr(11, 8), reader, text);
}

}  // namespace idchip::report
