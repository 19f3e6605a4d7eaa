#include <idchip/report/line_board.hpp>

#include <fmt/format.h>

#include <idchip/base/columns.hpp>
#include <idchip/base/text.hpp>

#include "report/line_words.hpp"

namespace idchip::report {
namespace {

constexpr std::size_t longest_reader = 24;  // in a message

}  // namespace

using line::Event;
using ledger::CardState;

void LineBoard::Place::take(const Event& e, double now) {
    const auto move = [this](State to) {
        if (state != State::stopped && state != State::gone) state = to;  // a late word changes nothing there
    };
    const auto stand_still = [this, &e](State to) {
        if (state == State::stopped) return;
        state = to;
        why = own_words(e);
    };
    const auto forget_card = [this] {
        begun.reset();
        outcome.clear();
        out = false;
    };
    switch (e.kind) {
        case Event::Kind::reader_found:
        case Event::Kind::waiting:
            forget_card();
            state = e.kind == Event::Kind::waiting ? State::waiting : State::ready;
            break;
        case Event::Kind::begun:
            forget_card();
            state = State::working;
            stage = personalize::Stage::identify;
            done = total = 0;
            begun = now;
            break;
        case Event::Kind::stage:
            move(State::working);
            stage = e.stage;
            done = e.done;
            total = e.total;
            break;
        case Event::Kind::ended:
            forget_card();
            move(State::ended);
            outcome = report::outcome(e);
            seconds = e.seconds;
            if (e.end == CardState::issued) {
                ++issued;
                issued_at.push_back(now);
            }
            if (e.end == CardState::spoiled) ++spoiled;
            if (e.end == CardState::quarantined) ++quarantined;
            if (!e.end && e.card != 0) open.insert(e.card);
            break;
        case Event::Kind::passed_over:
            forget_card();
            move(State::wrong_card);
            break;
        case Event::Kind::remove:
            out = true;
            if (state != State::wrong_card) move(State::ended);
            break;
        case Event::Kind::reader_stopped: stand_still(State::stopped); break;
        case Event::Kind::reader_stuck: stand_still(State::stuck); break;
        case Event::Kind::reader_gone: stand_still(State::gone); break;
        case Event::Kind::reader_back:
            if (state != State::stopped) state = begun ? State::working : State::waiting;
            break;
        case Event::Kind::rejected:
        case Event::Kind::line_stopped:
        case Event::Kind::stopping: return;
    }
    if (e.failure) last_error = e.failure->name();
    while (!issued_at.empty() && issued_at.front() <= now - rate_window) issued_at.pop_front();
}

void LineBoard::take(const Event& e, double now) {
    // A card left open at one reader may be finished at another.
    if (e.kind == Event::Kind::ended)
        for (auto& [name, place] : places_) place.open.erase(e.card);
    if (!e.reader.empty()) places_[e.reader].take(e, now);
    if (e.kind == Event::Kind::rejected) ++rejected_;
    if (e.kind == Event::Kind::line_stopped) line_stopped_ = true;
    if (e.kind == Event::Kind::line_stopped || (e.kind == Event::Kind::stopping && !line_stopped_)) banner_ = what(e);

    const auto text = what(e);
    const bool as_it_should_be = e.kind == Event::Kind::reader_found || e.end == CardState::issued;
    if (text.empty() || as_it_should_be) return;
    const auto reader = e.reader.empty() ? "" : cut_middle(printable(e.reader), longest_reader) + ": ";
    messages_.push_back(fmt::format("{} {}{}", clock_text(now - start_), reader, text));
    if (messages_.size() > messages_kept) messages_.pop_front();
}

void LineBoard::set_queue(std::int64_t issued_before, std::int64_t left) {
    std::int64_t issued = 0;
    for (const auto& [name, place] : places_) issued += place.issued;
    issued_before_ = issued_before - issued;
    left_ = left + issued + rejected_;
}

}  // namespace idchip::report
