#include <idchip/line/crew.hpp>

#include <map>
#include <set>
#include <thread>

#include <idchip/line/match.hpp>

#include "base/try.hpp"
#include "line/not_the_card.hpp"
#include "line/stock.hpp"

namespace idchip::line {
namespace {

using Clock = std::chrono::steady_clock;
using ledger::CardState;

constexpr std::chrono::milliseconds glance{200};   // how long nobody looks whether to stop
constexpr std::chrono::milliseconds breath{1000};  // before a reader that refused is asked again

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
    Result<void> give_back(std::int64_t job) {
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
            if (made.end == CardState::issued) ++summary_.issued;
            if (made.end == CardState::spoiled) ++summary_.spoiled;
            if (made.end == CardState::quarantined) ++summary_.quarantined;
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

    // False: nothing more is to be begun here.
    bool card_comes() {
        tell(Event::Kind::waiting);
        const auto begin = Clock::now();
        while (crew_.may_begin()) {
            if (sees(true)) return true;
            if (crew_.is_done()) return false;
            if (crew_.patience.for_cards && Clock::now() - begin >= *crew_.patience.for_cards) return false;
        }
        return false;
    }

    bool card_goes() {
        tell(Event::Kind::remove);
        const auto begin = Clock::now();
        while (crew_.may_begin()) {
            if (sees(false)) return true;
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
            crew_.take(id);
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
        const auto made = open != nullptr
                              ? TRY(resume_card(station, transport, *open, ready.job, ready.document, ready.keys))
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
        if (!made.end || *made.end == CardState::issued || *made.end == CardState::released) return {};
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
        // The chip is somebody's; or another station took the job when our lease was over.
        const bool is_known = failure && (failure->code == Errc::ledger_known || failure->code == Errc::ledger_order);
        if (failure && is_not_the_card(*failure) && !is_known) return fail(*failure);
        TRY(crew_.give_back(job.id));
        return crew_.count(reader_->name(), made);
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

// Workers for the readers that are there, and for those that come.
class Hall {
public:
    explicit Hall(Crew& crew) : crew_(crew) {}
    ~Hall() {
        for (auto& thread : threads_) thread.join();
    }
    Hall(const Hall&) = delete;
    Hall& operator=(const Hall&) = delete;

    void open() {
        take_in();
        auto looked = Clock::now();
        while (crew_.may_begin() && !crew_.is_done() && !all_over()) {
            std::this_thread::sleep_for(glance);
            look_round();
            if (Clock::now() - looked < breath) continue;
            take_in();
            looked = Clock::now();
        }
        for (; !all_over(); look_round()) std::this_thread::sleep_for(glance / 4);
    }

private:
    void look_round() {
        crew_.heed();
        crew_.watch();
    }
    void take_in() {
        for (auto& reader : crew_.supply.readers()) {
            workers_.push_back(std::make_unique<Worker>(crew_, std::move(reader)));
            threads_.emplace_back([worker = workers_.back().get()] { worker->run(); });
        }
        crew_.stock.want(workers_.size());
    }
    // A line that begins anew and has no reader waits for one; whoever only finishes has nothing to do there.
    bool all_over() const {
        if (workers_.empty()) return !crew_.begins_anew() || !crew_.may_begin() || crew_.is_done();
        return std::all_of(workers_.begin(), workers_.end(), [](const auto& worker) { return worker->is_over.load(); });
    }

    Crew& crew_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::vector<std::thread> threads_;
};

}  // namespace

Result<Summary> run(const Station& station, const Supply& supply, const StopWish& wish, const Patience& patience) {
    Crew crew(station, supply, wish, patience);
    std::thread preparing;
    if (crew.begins_anew())
        preparing = std::thread([&crew] {
            if (const auto filled = crew.stock.fill(crew.supply.next); !filled) crew.stop(filled.error());
        });
    { Hall(crew).open(); }
    crew.stock.close();
    if (preparing.joinable()) preparing.join();
    for (const auto& ready : crew.stock.left())
        if (const auto back = crew.give_back(ready.job.id); !back) crew.stop(back.error());
    return crew.result();
}

}  // namespace idchip::line
