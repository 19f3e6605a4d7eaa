// Cards with the ledger beside them: whatever goes wrong at whatever command, every card is accounted for, and no document is there twice.
#include "flow/bench.hpp"

#include "unit/unit.hpp"

#include <idchip/line/card.hpp>

using namespace idchip;
using namespace idchip::bench;
using namespace idchip::test;
using ledger::CardState;
using ledger::JobState;
using personalize::ChipCondition;
using transport::Fault;

namespace {

// A ledger with as many jobs as are asked for, all of the bench's one document under other numbers: the ledger cannot know.
class Hall {
public:
    explicit Hall(const std::string& dialect)
        : bench(dialect), book(good(ledger::Ledger::open((folder_ / "ledger").string(), "A", today))) {}

    ledger::Job next_job() {
        const auto n = std::to_string(++jobs_);
        good(book.add(std::vector{ledger::NewJob{"R" + n, "N" + n, "P", "", "C", 0, "people", jobs_, n}}, today));
        return *good(book.claim("worker", 60, today));
    }
    line::Station station() {
        return {.ledger = book,
                .profile = bench.profile,
                .trust = bench.trust,
                .signer = *bench.signer,
                .keys = &bench.makers_keys,
                .rng = system_rng(),
                .clock = [] { return today; }};
    }
    line::Made make(transport::Transport& t, const ledger::Job& job) {
        auto s = station();
        return good(line::make_card(s, t, "Reader", job, bench.document, bench.keys));
    }
    line::Made resume(transport::Transport& t, const ledger::Card& card) {
        auto s = station();
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
};

std::size_t count_exchanges(Hall& hall) {
    const auto card = hall.bench.blank();
    const auto counters = std::make_shared<transport::Counters>();
    const auto t = transport::with_counters(transport::in_process(*card), counters);
    const auto made = hall.make(*t, hall.next_job());
    if (made.outcome.failure) FAIL(made.outcome.failure->message());
    REQUIRE(made.end == CardState::issued);
    return counters->commands;
}

bool is_finished_document(Hall& hall, sim::Card& card) {
    const auto outcome = hall.bench.run(*transport::in_process(card), true);
    return !outcome.failure && outcome.was_finished;
}

// What must hold for this job and this chip when nothing runs any more.
void check_end(Hall& hall, sim::Card& chip, const ledger::Job& job) {
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

}  // namespace

TEST_CASE("a card on the line is reserved, written, locked, verified and issued in the ledger", "[line]") {
    for (const auto* dialect : dialects) {
        INFO(dialect);
        Hall hall(dialect);
        const auto chip = hall.bench.blank();
        const auto job = hall.next_job();
        const auto made = hall.make(*transport::in_process(*chip), job);
        CHECK(made.end == CardState::issued);
        check_end(hall, *chip, job);
        std::vector<std::string> kinds;
        for (const auto& e : good(hall.book.events_of_job(job.id))) kinds.push_back(e.kind == "intent" ? e.detail : e.kind);
        const auto at = [&](std::string_view kind) { return std::find(kinds.begin(), kinds.end(), kind) - kinds.begin(); };
        CHECK(at("reserved") < at("writing"));
        CHECK(at("write") < at("written"));
        CHECK(at("lock") < at("locked"));
        CHECK(at("locked") < at("verified"));
        CHECK(kinds.back() == "issued");
        const auto card = good(hall.book.card(made.card));
        CHECK(card->sod_hash.size() == 64);
        CHECK(card->profile_hash == hall.bench.profile.hash);

        // The same chip for the next person: it is somebody's.
        const auto next = hall.next_job();
        const auto before = chip->state_json();
        const auto again = hall.make(*transport::in_process(*chip), next);
        CHECK(again.outcome.failure);
        CHECK(again.end != CardState::issued);
        if (dialect != std::string("gp-dgi")) CHECK(chip->state_json() == before);
        CHECK(is_finished_document(hall, *chip));
        CHECK(hall.findings().empty());
    }
}

TEST_CASE("whatever fault at whatever command: every card of the line comes to an end, and no document is there twice", "[line]") {
    constexpr std::uint16_t words[] = {0x6F00, 0x6581, 0x6300, 0x63C0, 0x6982, 0x6985, 0x6988, 0x6A84, 0x6C10, 0x6110, 0x6A80};
    // Two words at each command.
    constexpr std::pair<Fault, std::size_t> faults[] = {{Fault::torn_before, 0}, {Fault::torn_after, 0}, {Fault::torn_half, 0},
                                                        {Fault::short_reply, 0}, {Fault::garbage, 0},    {Fault::status_word, 0},
                                                        {Fault::status_word, 5}, {Fault::reader_gone, 0}};
    std::size_t cells = 0;
    for (const auto* dialect : dialects) {
        Hall hall(dialect);
        const auto total = count_exchanges(hall);
        for (const auto& [fault, shift] : faults) {
            for (std::size_t at = static_cast<std::size_t>(fault) % stride; at < total; at += stride) {
                INFO(dialect << ", fault " << static_cast<int>(fault) << " at " << at);
                ++cells;
                const auto chip = hall.bench.blank();
                const auto job = hall.next_job();
                auto plan = plan_of(fault, at, words[(at + shift) % std::size(words)]);
                plan.power_off = [&] { chip->power_down(); };
                plan.cut = [&] { chip->cut_power_in_next_update(7); };
                const auto made = hall.make(*transport::with_fault(transport::in_process(*chip), plan), job);
                INFO("condition " << name(made.outcome.condition));
                CHECK(made.outcome.authentications <= 2);  // once to write, once more after reading as a terminal
                CHECK(chip->tries_left() >= 2);            // an attempt that was cut off may have cost one, and a good one gives it back
                if (made.card == 0 || made.end == CardState::released) {
                    CHECK_FALSE(chip->locked());
                    if (made.card == 0) good(hall.book.give_back(job));
                    // The blank is a blank again, and the record the next in the queue.
                    const auto again = *good(hall.book.claim("worker", 60, today));
                    REQUIRE(again.id == job.id);
                    CHECK(hall.make(*transport::in_process(*chip), again).end == CardState::issued);
                } else if (!made.end) {
                    const auto open = good(hall.book.open_cards());
                    REQUIRE(open.size() == 1);
                    const auto resumed = hall.resume(*transport::in_process(*chip), open[0]);
                    if (resumed.outcome.failure) UNSCOPED_INFO(resumed.outcome.failure->message());
                    CHECK(resumed.end);
                }
                check_end(hall, *chip, job);
                for (auto left = good(hall.book.claim("worker", 60, today)); left; left = good(hall.book.claim("worker", 60, today)))
                    good(hall.book.reject(left->id, "its card was spoiled; no other is in this test", today));
            }
        }
        CHECK(good(hall.book.open_cards()).empty());
        CHECK(hall.findings().empty());
    }
    CHECK(cells > 8000 / stride);
}

TEST_CASE("a card that is swapped for another one in mid-work is not written, and the ledger keeps the two apart", "[line]") {
    Hall hall("iso-native");
    const auto first = hall.bench.blank(), second = hall.bench.blank();
    const auto job = hall.next_job();
    {
        auto plan = plan_of(Fault::torn_before, 30);
        CHECK_FALSE(hall.make(*transport::with_fault(transport::in_process(*first), plan), job).end == CardState::spoiled);
    }
    const auto open = good(hall.book.open_cards());
    if (open.empty()) return;  // the second look at once has finished it
    const auto before = second->state_json();
    const auto wrong = hall.resume(*transport::in_process(*second), open[0]);
    CHECK_FALSE(wrong.end);
    CHECK(second->state_json() == before);
    CHECK(hall.resume(*transport::in_process(*first), open[0]).end == CardState::issued);
}

TEST_CASE("wrong keys cost no card and no try; the record is the next again", "[line]") {
    Hall hall("gp-dgi");
    const auto chip = hall.bench.blank();
    const auto job = hall.next_job();
    MakersKeys wrong(false);  // another MAC key
    auto s = hall.station();
    s.keys = &wrong;
    const auto made = good(line::make_card(s, *transport::in_process(*chip), "Reader", job, hall.bench.document, hall.bench.keys));
    REQUIRE(made.outcome.failure);
    CHECK(made.end == CardState::released);
    CHECK(chip->tries_left() == 3);
    CHECK(good(hall.book.claim("worker", 60, today))->id == job.id);
}

TEST_CASE("a ledger that cannot be written stops the card before the step, and nothing is lost", "[line]") {
    for (const auto* dialect : {"jmrtd-applet", "iso-native"}) {
        Hall hall(dialect);
        const auto chip = hall.bench.blank();
        const auto job = hall.next_job();
        // Somebody else finishes the job's card in the ledger in the middle of it.
        auto s = hall.station();
        bool done = false;
        s.progress = [&](personalize::Stage stage, std::size_t at, std::size_t) {
            if (done || stage != personalize::Stage::write || at != 5) return;
            done = true;
            good(hall.book.finish(good(hall.book.open_cards()).at(0).id, CardState::quarantined, {}, ledger::Rework::reject, today));
        };
        const auto made = good(line::make_card(s, *transport::in_process(*chip), "Reader", job, hall.bench.document, hall.bench.keys));
        REQUIRE(made.outcome.failure);
        CHECK(made.outcome.failure->code == Errc::ledger_order);
        CHECK_FALSE(made.end);
        CHECK_FALSE(chip->locked());
        CHECK(good(hall.book.job(job.id))->state == JobState::rejected);
    }
}
