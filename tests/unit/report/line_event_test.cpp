// The events of a line for programs and for a log.
#include "line_events.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include <idchip/base/text.hpp>
#include <idchip/report/line_board.hpp>

using namespace idchip;
using namespace idchip::test;

namespace {

const Instant at = start_of({2026, 11, 21}) + 34200;  // 09:30:00

std::vector<std::string> keys(const nlohmann::ordered_json& j) {
    std::vector<std::string> result;
    for (const auto& [key, value] : j.items()) result.push_back(key);
    return result;
}
nlohmann::ordered_json json_of(const Event& e) {
    const auto text = report::event_json(e, at);
    CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; }));
    return nlohmann::ordered_json::parse(text);
}

}  // namespace

// --- for a program

TEST_CASE("line: an event as JSON has the keys that it has something to say for", "[line]") {
    CHECK(report::event_json(begun("ACS 00", 5), at) == R"({"at":"2026-11-21T09:30:00Z","event":"begun","reader":"ACS 00","job":5})");
    CHECK(keys(json_of(event(Kind::waiting, "ACS 00"))) == Lines{"at", "event", "reader"});
    CHECK(keys(json_of(event(Kind::line_stopped, "", "why"))) == Lines{"at", "event", "text"});

    const auto s = json_of(stage("ACS 00", Stage::read_back, 0, 1));
    CHECK(keys(s) == Lines{"at", "event", "reader", "stage", "done", "total"});
    CHECK(s.at("stage") == "read_back");
    CHECK(s.at("done") == 0);

    const auto bad = json_of(ended("ACS 00", 7, CardState::spoiled, Error(Errc::ledger_order, "card 7").with_sw(0x6A82)));
    CHECK(keys(bad) == Lines{"at", "event", "reader", "job", "card", "end", "seconds", "error"});
    CHECK(bad.at("end") == "spoiled");
    CHECK(bad.at("seconds") == 41.24);
    CHECK(bad.at("error").at("name") == "ledger.order");
    CHECK(holds(bad.at("error").at("message"), "6A82"));
    CHECK(keys(bad.at("error")) == Lines{"name", "message"});
    CHECK(json_of(rejected(5)).at("error").at("name") == "ledger.known");
}

TEST_CASE("line: the end of a card is its state, open, or that none was begun", "[line]") {
    CHECK(json_of(ended("r", 7, CardState::issued)).at("end") == "issued");
    CHECK(json_of(ended("r", 7, {})).at("end") == "open");
    CHECK(json_of(ended("r", 0, {})).at("end") == "not_begun");
}

TEST_CASE("line: JSON keeps a hostile name, and steers no terminal", "[line]") {
    const auto j = json_of(event(Kind::reader_gone, hostile));  // which looks at every character
    CHECK(j.at("reader") == "\033[2J\u009B31mACS\r\n\u202E\uFFFD\x07 00");
}

// --- for a log

TEST_CASE("line: the log has what somebody may look for later", "[line]") {
    CHECK(report::event_line(ended("ACS 00", 7, CardState::issued), at) == "09:30:00 ACS 00: job 107, card 7: issued, 41.2 s");
    const auto bad = report::event_line(ended("ACS 00", 7, {}, Error(Errc::ledger_busy, "ledger")), at);
    CHECK(bad.starts_with("09:30:00 ACS 00: job 107, card 7: open, 41.2 s: ledger: another process holds the ledger; "));
    CHECK(report::event_line(ended("ACS 00", 0, {}), at) == "09:30:00 ACS 00: job 100: not begun, 41.2 s");
    CHECK(report::event_line(rejected(5), at).starts_with("09:30:00 job 5 rejected: record: "));
    CHECK(report::event_line(event(Kind::reader_found, "ACS 00"), at) == "09:30:00 ACS 00: ready");
    CHECK(report::event_line(event(Kind::reader_gone, "ACS 00"), at) == "09:30:00 ACS 00: GONE");
    CHECK(report::event_line(event(Kind::stopping, "", "asked by SIGINT"), at) == "09:30:00 stopping: asked by SIGINT");
}

TEST_CASE("line: a reader is not named twice", "[line]") {
    CHECK(report::event_line(event(Kind::reader_stopped, "ACS 00", "ACS 00: 3 of the last 10 cards failed"), at) ==
          "09:30:00 ACS 00: STOPPED: 3 of the last 10 cards failed");
}

TEST_CASE("line: the log has no chatter", "[line]") {
    for (const auto kind : {Kind::waiting, Kind::begun, Kind::stage, Kind::remove}) CHECK(report::event_line(event(kind, "r"), at).empty());
}

TEST_CASE("line: a hostile name or text is one printable line of the log", "[line]") {
    const auto text = report::event_line(event(Kind::reader_stuck, hostile, hostile + ": " + hostile), at);
    CHECK(is_printable(text));
    CHECK(text ==
          R"(09:30:00 \u{1B}[2J\u{9B}31mACS\u{D}\u{A}\u{202E}\xFF\u{7} 00: STUCK: \u{1B}[2J\u{9B}31mACS\u{D}\u{A}\u{202E}\xFF\u{7} 00)");
    CHECK(is_printable(report::event_line(ended("r", 1, {}, Error(Errc::ledger_bad, hostile, hostile)), at)));
}

TEST_CASE("line: what one process has written, another one reads", "[line]") {
    auto on_its_way = stage("ACS \u1ec7 00", Stage::read_back, 3, 9);
    on_its_way.job = 5;
    for (const auto& e : {begun("ACS 00", 5), on_its_way, ended("ACS 00", 7, CardState::spoiled, Error(Errc::ledger_order)),
                          ended("r", 7, {}), ended("r", 0, {}), event(Kind::line_stopped, "", "why"), rejected(5)}) {
        const auto text = report::event_json(e, at);
        const auto again = report::read_event(text);
        REQUIRE(again);
        CHECK(report::event_json(*again, at) == text);
    }
    for (const auto* bad : {"", "{}", "[]", "{\"event\":\"other\"}", "{\"event\":5}", "{\"event\":\"begun\""})
        CHECK_FALSE(report::read_event(bad));
}
