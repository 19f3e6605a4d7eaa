// Cards with the ledger beside them: whatever goes wrong at whatever command, every card is accounted for, and no document is there twice.
#include "flow/hall.hpp"

using namespace idchip;
using namespace idchip::bench;
using namespace idchip::test;
using personalize::ChipCondition;
using transport::Fault;

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
