// Events of a line, for the tests of what is shown of them.
#pragma once

#include <vector>

#include <idchip/line/event.hpp>

#include "unit.hpp"

namespace idchip::test {

using ledger::CardState;
using line::Event;
using personalize::Stage;
using Kind = Event::Kind;
using Lines = std::vector<std::string>;

inline const std::string hostile = "\033[2J\u009B31mACS\r\n\u202E\xFF\x07 00";

inline Event event(Kind kind, const std::string& reader = {}, const std::string& text = {}) {
    Event e;
    e.kind = kind;
    e.reader = reader;
    e.text = text;
    return e;
}

inline Event begun(const std::string& reader, std::int64_t job) {
    auto e = event(Kind::begun, reader);
    e.job = job;
    return e;
}

inline Event stage(const std::string& reader, Stage stage, std::size_t done, std::size_t total) {
    auto e = event(Kind::stage, reader);
    e.stage = stage;
    e.done = done;
    e.total = total;
    return e;
}

inline Event ended(const std::string& reader, std::int64_t card, std::optional<CardState> end, std::optional<Error> failure = {}) {
    auto e = event(Kind::ended, reader);
    e.job = 100 + card;
    e.card = card;
    e.end = end;
    e.failure = std::move(failure);
    e.seconds = 41.24;
    return e;
}

inline Event rejected(std::int64_t job) {
    auto e = event(Kind::rejected);
    e.job = job;
    e.failure = Error(Errc::ledger_known, "record", "document_number");
    return e;
}

inline bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace idchip::test
