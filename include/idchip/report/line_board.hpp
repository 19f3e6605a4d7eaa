// What happens at a production line: for a program, for a log, and for the people who stand there.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <vector>

#include <idchip/base/time.hpp>
#include <idchip/line/event.hpp>

namespace idchip::report {

// One object on one line, in ASCII: "at", "event", and what the event has of "reader", "job", "card", "stage" ("read_back") with "done" and
// "total", "end" with "seconds", "error" {"name", "message"}, "text". "end" is a card's state, "open", or "not_begun": no chip was taken.
std::string event_json(const line::Event& event, Instant at);
// What event_json has written, by another process of the same program; nothing for anything else.
std::optional<line::Event> read_event(std::string_view json);

// "09:30:00 ACS ACR1281 00 01: job 5, card 7: issued, 41.2 s" (UTC), safe to print. Empty for what no log needs: stages, cards put in and
// taken out.
std::string event_line(const line::Event& event, Instant at);

// The whole line on one screen. Times are seconds of one steady clock. Not for two threads at once.
class LineBoard {
public:
    static constexpr double rate_window = 600;  // rates are those of the last ten minutes, or of the time since the start
    static constexpr std::size_t messages_kept = 3;

    LineBoard(std::string station, double now) : station_(std::move(station)), start_(now) {}

    void take(const line::Event& event, double now);
    // What the ledger says at this moment, as often as wanted: documents issued, and jobs neither issued nor rejected. What is taken
    // afterwards is counted on.
    void set_queue(std::int64_t issued_before, std::int64_t left);

    // At most `height` lines of at most `width` columns, escape sequences of `colour` not counted. The readers stand in the order of their
    // names; if there are too many, those that need somebody come first, and the rest is a number.
    std::vector<std::string> frame(std::size_t width, std::size_t height, double now, bool colour) const;

    // What the board knows of one reader.
    struct Place {
        enum class State { ready, waiting, working, ended, wrong_card, gone, stuck, stopped } state = State::ready;
        personalize::Stage stage = personalize::Stage::identify;
        std::size_t done = 0, total = 0;
        std::optional<double> begun{};  // when: the card in hand
        std::string outcome{};          // of the card that lies in it: "issued"
        double seconds = 0;
        bool out = false;  // the card may be taken out
        std::int64_t issued = 0, spoiled = 0, quarantined = 0;
        std::set<std::int64_t> open{};  // cards left open here that have ended nowhere yet
        std::deque<double> issued_at{};
        std::string last_error{}, why{};  // why: it stopped, is stuck or gone

        void take(const line::Event& event, double now);
        bool stands_still() const { return state >= State::gone; }
        bool needs_somebody() const { return state == State::wrong_card || (state == State::ended && outcome != "issued"); }
    };

private:
    std::string header(std::size_t width, double now, double span) const;

    std::string station_;
    double start_ = 0;
    std::map<std::string, Place> places_;
    std::deque<std::string> messages_;
    std::string banner_;  // "LINE STOPPED: ..."
    bool line_stopped_ = false;
    std::optional<std::int64_t> left_;  // here and next: as if nothing had been done here
    std::int64_t issued_before_ = 0, rejected_ = 0;
};

}  // namespace idchip::report
