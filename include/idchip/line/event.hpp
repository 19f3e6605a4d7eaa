// What happens at a line, as it happens. Numbers and names of things only: no personal data.
#pragma once

#include <string>

#include <idchip/ledger/state.hpp>
#include <idchip/personalize/run.hpp>

namespace idchip::line {

struct Event {
    enum class Kind {
        reader_found,    // a worker begins at this reader
        waiting,         // for a card
        begun,           // a card: `job`; `card` when it is an open one that is finished now
        stage,           // `stage`, `done` of `total`
        ended,           // `end`, or nothing: the card is open; `failure`, `seconds`
        passed_over,     // a card lies in the reader that is nobody's business: `failure`
        remove,          // the card may be taken out
        rejected,        // `job` will not be made: `failure`
        reader_stopped,  // by the breaker: `text`
        reader_stuck,    // it has not answered for longer than any deadline: `text`
        reader_gone,
        reader_back,
        line_stopped,  // `text`
        stopping,      // somebody has asked: `text`
    } kind = Kind::waiting;
    std::string reader;  // empty: of the whole line
    std::int64_t job = 0, card = 0;
    personalize::Stage stage = personalize::Stage::identify;
    std::size_t done = 0, total = 0;
    std::optional<ledger::CardState> end;
    std::optional<Error> failure;
    double seconds = 0;
    std::string text;
};
std::string_view name(Event::Kind kind);  // "reader_found"

}  // namespace idchip::line
