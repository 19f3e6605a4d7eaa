// What happens at one reader, in a thread of its own: card after card, until nothing more is to be begun.
#pragma once

#include <thread>

#include <idchip/line/match.hpp>

#include "line/not_the_card.hpp"
#include "line/shared.hpp"

namespace idchip::line {

constexpr std::chrono::milliseconds glance{200};   // how long nobody looks whether to stop
constexpr std::chrono::milliseconds breath{1000};  // before a reader that refused is asked again

class Worker {
public:
    Worker(Crew& crew, std::unique_ptr<Reader> reader) : crew_(crew), reader_(std::move(reader)) {}

    void run() {
        tell(Event::Kind::reader_found);
        while (card_comes() && one_card() && card_goes()) {
        }
        is_over = true;
    }

    std::atomic<bool> is_over = false;

private:
    Event event(Event::Kind kind) const {
        Event e;
        e.kind = kind;
        e.reader = reader_->name();
        return e;
    }
    void tell(Event::Kind kind) { crew_.tell(event(kind)); }
    void pass_over(const Error& error) {
        auto e = event(Event::Kind::passed_over);
        e.failure = error;
        crew_.tell(e);
    }

    // Whether a card is in, or out. A reader that is gone has no card in it: what comes back is another one until it has said who it is.
    bool sees(bool card_is_in) {
        const auto seen = reader_->wait(card_is_in, glance);
        if (gone_ != !seen) {
            gone_ = !seen;
            tell(gone_ ? Event::Kind::reader_gone : Event::Kind::reader_back);
        }
        if (!gone_) return *seen;
        if (card_is_in) std::this_thread::sleep_for(glance);
        return !card_is_in;
    }

    bool card_comes() { return waits(Event::Kind::waiting, true); }
    bool card_goes() { return waits(Event::Kind::remove, false); }

    // False: nothing more is to be begun here.
    bool waits(Event::Kind what, bool card_is_in) {
        tell(what);
        const auto begin = Clock::now();
        while (crew_.may_begin()) {
            if (sees(card_is_in)) return true;
            if (crew_.is_done()) return false;
            if (crew_.patience.for_cards && Clock::now() - begin >= *crew_.patience.for_cards) return false;
        }
        return false;
    }

    // False: this worker ends.
    bool one_card() {
        auto done = look();
        if (done) return *done;
        crew_.stop(done.error());
        return false;
    }

    // Errors: those that stop the line.
    Result<bool> look() {
        auto transport = reader_->open();
        if (!transport) return cannot(transport.error());
        const auto open = TRY(crew_.open_cards());
        if (!open.empty()) {
            const auto found = personalize::recognize(**transport, crew_.station.profile, crew_.station.rng);
            // A card of another kind is no open one; what it is, the run will say.
            if (!found && found.error().name().starts_with("transport.")) return cannot(found.error());
            const auto here = found ? open_card_here(open, *found, crew_.station.ledger.station(), reader_->name()) : std::nullopt;
            if (here && crew_.take(here->job)) {
                auto finished = finish(**transport, *here);
                crew_.let_go(here->job);
                TRY(crew_.open_cards());
                return finished;
            }
        }
        if (!crew_.begins_anew()) {
            pass_over(Error(Errc::ledger_order, reader_->name(), "it is none of the open cards"));
            return true;
        }
        return begin(**transport);
    }

    Result<bool> cannot(const Error& error) {
        pass_over(error);
        Made nothing;
        nothing.outcome.failure = error;
        std::this_thread::sleep_for(breath);
        return crew_.count(reader_->name(), nothing);
    }

    Result<bool> finish(transport::Transport& transport, const ledger::Card& card) {
        const auto job = TRY(crew_.job_of(card));
        auto ready = crew_.again(job);
        if (!ready && is_not_the_card(ready.error())) return fail(ready.error());
        if (!ready) {
            pass_over(ready.error());
            return true;
        }
        return work(*ready, &card, transport);
    }

    Result<bool> begin(transport::Transport& transport) {
        while (crew_.may_begin()) {
            auto ready = crew_.stock.take(glance);
            if (!ready) {
                if (crew_.is_done()) return false;
                continue;
            }
            const auto id = ready->job.id;
            if (!crew_.take(id)) continue;
            const auto is_ours = crew_.is_still_ours(ready->job);
            if (!is_ours || !*is_ours) {
                crew_.let_go(id);
                TRY(is_ours);
                continue;
            }
            auto worked = work(*ready, nullptr, transport);
            crew_.let_go(id);
            return worked;
        }
        return false;
    }

    Result<bool> work(Ready& ready, const ledger::Card* open, transport::Transport& transport) {
        auto begun = event(Event::Kind::begun);
        begun.job = ready.job.id;
        begun.card = open != nullptr ? open->id : 0;
        crew_.tell(begun);
        const auto start = Clock::now();
        const auto station = station_for(ready.job.id);
        const auto made = open != nullptr ? TRY(resume_card(station, transport, *open, ready.job, ready.document, ready.keys))
                                          : TRY(make_card(station, transport, reader_->name(), ready.job, ready.document, ready.keys));
        auto ended = event(Event::Kind::ended);
        ended.job = ready.job.id;
        ended.card = made.card;
        ended.end = made.end;
        ended.failure = made.outcome.failure;
        ended.seconds = std::chrono::duration<double>(Clock::now() - start).count();
        crew_.tell(ended);
        if (made.card == 0) return not_begun(ready.job, made);
        if (ready.after) {
            const personalize::Job job{ready.document, ready.keys.clone(), station.signer};
            TRY(ready.after(job, made));
        }
        TRY(tell_rejected(ready.job.id, made));
        // A ledger that does not answer has been told nothing of this card, and a key that does not sign signs no other: none is begun.
        if (made.outcome.failure && is_not_the_card(*made.outcome.failure)) return fail(*made.outcome.failure);
        return crew_.count(reader_->name(), made);
    }

    // A record that has cost too many cards is not made any more.
    Result<void> tell_rejected(std::int64_t id, const Made& made) {
        if (!made.end || *made.end == ledger::CardState::issued || *made.end == ledger::CardState::released) return {};
        const auto job = TRY(crew_.station.ledger.job(id));
        if (!job || job->state != ledger::JobState::rejected) return {};
        auto e = event(Event::Kind::rejected);
        e.job = id;
        e.text = job->reason;
        crew_.tell(e);
        return {};
    }

    // No card of the ledger: the job goes back.
    Result<bool> not_begun(const ledger::Job& job, const Made& made) {
        const auto& failure = made.outcome.failure;
        // Another station took the job when our lease was over: that says nothing of the reader. Or the chip is somebody's.
        const bool is_taken = failure && failure->code == Errc::ledger_order;
        const bool is_known = failure && failure->code == Errc::ledger_known;
        if (failure && is_not_the_card(*failure) && !is_known && !is_taken) return fail(*failure);
        TRY(crew_.give_back(job));
        return is_taken || crew_.count(reader_->name(), made);
    }

    Station station_for(std::int64_t job) {
        auto station = crew_.station;
        station.stop_now = [this] { return crew_.must_stop(); };
        station.progress = [this, job](personalize::Stage stage, std::size_t done, std::size_t total) {
            auto e = event(Event::Kind::stage);
            e.job = job;
            e.stage = stage;
            e.done = done;
            e.total = total;
            crew_.tell(e);
        };
        return station;
    }

    Crew& crew_;
    std::unique_ptr<Reader> reader_;
    bool gone_ = false;
};

}  // namespace idchip::line
