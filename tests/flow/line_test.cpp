// Cards with the ledger beside them: whatever goes wrong at whatever command, every card is accounted for, and no document is there twice.
#include "flow/hall.hpp"

using namespace idchip;
using namespace idchip::bench;
using namespace idchip::test;
using personalize::ChipCondition;
using transport::Fault;

namespace {

class TornWhen final : public transport::Transport {
public:
    TornWhen(std::unique_ptr<transport::Transport> inner, const bool& torn) : inner_(std::move(inner)), torn_(torn) {}
    Result<Bytes> transmit(ByteView command) override {
        return torn_ ? Result<Bytes>(fail(Errc::card_lost, name())) : inner_->transmit(command);
    }
    Result<Bytes> reset() override { return torn_ ? Result<Bytes>(fail(Errc::card_lost, name())) : inner_->reset(); }
    std::string name() const override { return inner_->name(); }

private:
    std::unique_ptr<transport::Transport> inner_;
    const bool& torn_;
};

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

TEST_CASE("a whole card that another run would have written otherwise stays open, and is issued by the right one", "[line]") {
    for (const auto* dialect : {"iso-native", "jmrtd-applet"}) {
        INFO(dialect);
        Hall hall(dialect);
        const auto chip = hall.bench.blank();
        const auto job = hall.next_job();
        // It is torn out when it is locked.
        bool torn = false;
        auto s = hall.station();
        s.progress = [&](personalize::Stage stage, std::size_t, std::size_t) { torn = torn || stage == personalize::Stage::inspect; };
        TornWhen t(transport::in_process(*chip), torn);
        const auto made = good(line::make_card(s, t, "Reader", job, hall.bench.document, hall.bench.keys));
        REQUIRE_FALSE(made.end);
        REQUIRE(chip->locked());
        const auto open = good(hall.book.open_cards());
        REQUIRE(open.size() == 1);
        // The record's other face: as with another --portrait-format, or another file under the portrait's name.
        const auto person = sample::make_person(3, 1, date_of(today));
        const auto checked = checked_record(sample::record_json(person, "portrait.jpg"));
        const auto other_face = good(personalize::make_document(*checked.record, good(sample::draw_portrait(person, 4))));
        const auto wrong =
            good(line::resume_card(hall.station(), *transport::in_process(*chip), open[0], job, other_face, hall.bench.keys));
        REQUIRE(wrong.outcome.failure);
        CHECK(wrong.outcome.failure->code == Errc::perso_locked);
        CHECK_FALSE(wrong.end);
        CHECK(hall.resume(*transport::in_process(*chip), open[0]).end == CardState::issued);
        check_end(hall, *chip, job);
    }
}

TEST_CASE("wrong keys, or none, at the second run: the card that was begun stays open", "[line]") {
    Hall hall("iso-native");
    const auto chip = hall.bench.blank();
    const auto job = hall.next_job();
    hall.make(*transport::with_fault(transport::in_process(*chip), plan_of(Fault::torn_before, 60)), job);
    const auto open = good(hall.book.open_cards());
    REQUIRE(open.size() == 1);
    MakersKeys wrong(hall.bench.makers_keys.algorithm() != card_keys::Algorithm::aes);
    for (auto* keys : {static_cast<card_keys::Source*>(&wrong), static_cast<card_keys::Source*>(nullptr)}) {
        auto s = hall.station();
        s.keys = keys;
        const auto made = good(line::resume_card(s, *transport::in_process(*chip), open[0], job, hall.bench.document, hall.bench.keys));
        REQUIRE(made.outcome.failure);
        INFO(made.outcome.failure->message());
        CHECK_FALSE(made.end);
    }
    CHECK(hall.resume(*transport::in_process(*chip), open[0]).end == CardState::issued);
    CHECK(chip->tries_left() == 3);
}

TEST_CASE("a trust store without the card's own anchor: the locked card stays open, and is judged again", "[line]") {
    Hall hall("jmrtd-applet");
    const auto chip = hall.bench.blank();
    const auto job = hall.next_job();
    auto s = hall.station();
    const pki::TrustStore nobody;
    const line::Station blind{
        .ledger = s.ledger, .profile = s.profile, .trust = nobody, .signer = s.signer, .keys = s.keys, .rng = s.rng, .clock = s.clock};
    const auto made = good(line::make_card(blind, *transport::in_process(*chip), "Reader", job, hall.bench.document, hall.bench.keys));
    REQUIRE(made.outcome.failure);
    CHECK(made.outcome.failure->code == Errc::perso_not_accepted);
    CHECK_FALSE(made.end);
    const auto open = good(hall.book.open_cards());
    REQUIRE(open.size() == 1);
    CHECK(hall.resume(*transport::in_process(*chip), open[0]).end == CardState::issued);
    check_end(hall, *chip, job);
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
