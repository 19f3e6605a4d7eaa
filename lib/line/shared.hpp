// What the workers of a line share: who may begin what, who has which card, and who is told.
#pragma once

#include <map>
#include <mutex>
#include <set>

#include <idchip/line/crew.hpp>

#include "base/try.hpp"
#include "line/stock.hpp"

namespace idchip::line {

using Clock = std::chrono::steady_clock;

// What the workers share.
class Crew {
public:
    Crew(const Station& shared, const Supply& source, const StopWish& wish, const Patience& time)
        : station(shared), supply(source), patience(time), wish_(wish) {}

    bool may_begin() const { return wish_ == 0 && !stopped_; }
    bool must_stop() const { return wish_ >= 2; }
    bool begins_anew() const { return static_cast<bool>(supply.next); }
    // Nothing is left, and nothing can come back from a card in hand.
    bool is_done() const {
        const std::scoped_lock lock(mutex_);
        return in_hand_ == 0 && (begins_anew() ? stock.is_exhausted() : none_is_open_);
    }

    void tell(const Event& event) {
        const std::scoped_lock lock(telling_);
        heard_[event.reader] = {Clock::now(), event.kind == Event::Kind::begun || event.kind == Event::Kind::stage};
        supply.sink(event);
    }

    // That somebody has asked is told once, each time.
    void heed() {
        const int wish = wish_;
        if (wish == heeded_) return;
        heeded_ = wish;
        Event e;
        e.kind = Event::Kind::stopping;
        e.text = wish == 1 ? "cards in hand are finished, no other is begun" : "before the next step that cannot be undone";
        tell(e);
    }

    // A reader at work from which nothing has been heard for too long is told once.
    void watch() {
        const std::scoped_lock lock(telling_);
        for (auto& [reader, heard] : heard_) {
            if (!heard.at_work || Clock::now() - heard.at < patience.until_stuck) continue;
            heard.at_work = false;
            Event e;
            e.kind = Event::Kind::reader_stuck;
            e.reader = reader;
            e.text = "nothing was heard of it; its card is open until it has been asked again";
            supply.sink(e);
        }
    }

    void stop(const Error& error) {
        const std::scoped_lock lock(mutex_);
        stopped_ = true;
        if (!error_) error_ = error;
    }

    // Cards that an earlier run, or another worker of this one, left open. Those in a worker's hand are nobody else's.
    Result<std::vector<ledger::Card>> open_cards() {
        const std::scoped_lock lock(mutex_);
        auto open = TRY(station.ledger.open_cards());
        none_is_open_ = open.empty();
        std::erase_if(open, [this](const ledger::Card& card) { return taken_.contains(card.job); });
        return open;
    }
    // False: another worker has it.
    bool take(std::int64_t job) {
        const std::scoped_lock lock(mutex_);
        if (!taken_.insert(job).second) return false;
        ++in_hand_;
        return true;
    }
    // What became of the card may have sent its job back to the queue.
    void let_go(std::int64_t job) {
        stock.look_again();
        const std::scoped_lock lock(mutex_);
        taken_.erase(job);
        --in_hand_;
    }
    Result<ledger::Job> job_of(const ledger::Card& card) {
        auto job = TRY(station.ledger.job(card.job));
        if (!job) return fail(Errc::ledger_order, "card " + std::to_string(card.id), "its job is not there");
        return *job;
    }

    Result<Ready> again(const ledger::Job& job) {
        const std::scoped_lock lock(asking_);
        return supply.again(job);
    }
    // A job that waited for a card until its lease had ended may be another station's by now.
    Result<bool> is_still_ours(const ledger::Job& job) {
        const auto now = TRY(station.ledger.job(job.id));
        return now && now->state == ledger::JobState::in_work && now->worker == job.worker;
    }
    Result<void> give_back(const ledger::Job& job) {
        auto back = station.ledger.give_back(job);
        if (!back && back.error().code == Errc::ledger_order) return {};  // another station has it by now
        return back;
    }

    // Whether this reader goes on.
    bool count(const std::string& reader, const Made& made) {
        Stop stop;
        {
            const std::scoped_lock lock(mutex_);
            if (made.card != 0 && !made.end) open_.insert(made.card);
            else open_.erase(made.card);
            if (made.end == ledger::CardState::issued) ++summary_.issued;
            if (made.end == ledger::CardState::spoiled) ++summary_.spoiled;
            if (made.end == ledger::CardState::quarantined) ++summary_.quarantined;
            stop = breaker_.after(reader, made.outcome);
            if (stop.scope == Scope::line) {
                stopped_ = true;
                if (summary_.stopped.empty()) summary_.stopped = stop.why;
            }
        }
        if (stop.scope == Scope::none) return true;
        if (stop.scope == Scope::reader) ++readers_stopped_;
        Event e;
        e.kind = stop.scope == Scope::line ? Event::Kind::line_stopped : Event::Kind::reader_stopped;
        e.reader = reader;
        e.text = stop.why;
        tell(e);
        return false;
    }

    Result<Summary> result() {
        if (error_) return fail(*error_);
        summary_.open = open_.size();
        summary_.readers_stopped = readers_stopped_;
        return std::move(summary_);
    }

    const Station& station;
    const Supply& supply;
    const Patience& patience;
    Stock stock;

private:
    struct Heard {
        Clock::time_point at;
        bool at_work = false;
    };
    const StopWish& wish_;
    int heeded_ = 0;
    mutable std::mutex mutex_;
    std::mutex telling_, asking_;
    std::map<std::string, Heard> heard_;
    std::atomic<bool> stopped_ = false;
    std::optional<Error> error_;
    Breaker breaker_;
    std::set<std::int64_t> taken_;  // jobs in a worker's hand
    std::set<std::int64_t> open_;   // cards that this run has left open so far
    std::atomic<std::size_t> readers_stopped_ = 0;
    std::size_t in_hand_ = 0;
    bool none_is_open_ = false;
    Summary summary_;
};

}  // namespace idchip::line
