// One reader's cards with the ledger beside them, and what must hold when they have come to an end.
#pragma once

#include "flow/bench.hpp"
#include "unit/unit.hpp"

#include <idchip/line/card.hpp>

namespace idchip::bench {

using namespace idchip::test;
using ledger::CardState;
using ledger::JobState;

// A ledger with as many jobs as are asked for, all of the bench's one document under other numbers: the ledger cannot know.
class Hall {
public:
    explicit Hall(const std::string& dialect) : bench(dialect), book(open()) {}

    std::string file() const { return (folder_ / "ledger").string(); }
    ledger::Ledger open() const { return good(ledger::Ledger::open(file(), "A", today)); }

    ledger::Job next_job() {
        const auto n = std::to_string(++jobs_);
        good(book.add(std::vector{ledger::NewJob{"R" + n, "N" + n, "P", "", "C", 0, "people", jobs_, n}}, today));
        return *good(book.claim("worker", 60, today));
    }
    line::Station station() {
        return {.ledger = book,
                .profile = bench.profile,
                .trust = bench.trust,
                .signer = signer != nullptr ? *signer : *bench.signer,
                .keys = keys != nullptr ? keys : &bench.makers_keys,
                .rng = system_rng(),
                .clock = [this] { return now; }};
    }
    line::Made make(transport::Transport& t, const ledger::Job& job) { return good(try_to_make(t, job)); }
    Result<line::Made> try_to_make(transport::Transport& t, const ledger::Job& job) {
        const auto s = station();
        return line::make_card(s, t, "Reader", job, bench.document, bench.keys);
    }
    line::Made resume(transport::Transport& t, const ledger::Card& card) {
        const auto s = station();
        return good(line::resume_card(s, t, card, *good(book.job(card.job)), bench.document, bench.keys));
    }
    std::vector<std::string> findings() {
        return good(book.verify([](const auto&) { return true; })).findings;
    }

private:
    TempFolder folder_;
    std::int64_t jobs_ = 0;

public:
    Bench bench;
    ledger::Ledger book;
    pki::ContentSigner* signer = nullptr;  // these instead of the bench's
    card_keys::Source* keys = nullptr;
    Instant now = today;
};

inline std::size_t count_exchanges(Hall& hall) {
    const auto card = hall.bench.blank();
    const auto counters = std::make_shared<transport::Counters>();
    const auto t = transport::with_counters(transport::in_process(*card), counters);
    const auto made = hall.make(*t, hall.next_job());
    if (made.outcome.failure) FAIL(made.outcome.failure->message());
    REQUIRE(made.end == CardState::issued);
    return counters->commands;
}

inline bool is_finished_document(Hall& hall, sim::Card& card) {
    const auto outcome = hall.bench.run(*transport::in_process(card), true);
    return !outcome.failure && outcome.was_finished;
}

// What must hold for this job and this chip when nothing runs any more.
inline void check_end(Hall& hall, sim::Card& chip, const ledger::Job& job) {
    const auto cards = good(hall.book.cards_of_job(job.id));
    const auto state = good(hall.book.job(job.id))->state;
    std::size_t issued = 0;
    for (const auto& card : cards) {
        CHECK_FALSE(is_open(card.state));
        issued += card.state == CardState::issued ? 1 : 0;
    }
    CHECK(issued <= 1);
    CHECK((state == JobState::issued) == (issued == 1));
    if (issued == 1) CHECK(is_finished_document(hall, chip));
    // A locked chip is issued or spoiled (or in quarantine), never forgotten.
    if (chip.locked()) {
        REQUIRE_FALSE(cards.empty());
        CHECK((cards.back().state == CardState::issued || cards.back().state == CardState::spoiled ||
               cards.back().state == CardState::quarantined));
    }
}

}  // namespace idchip::bench
