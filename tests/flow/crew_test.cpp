// Several readers at work in one process: every record once, whatever a reader or a card does.
#include "flow/bench.hpp"

#include <thread>

#include "unit/unit.hpp"

#include <idchip/line/crew.hpp>
#include <idchip/line/match.hpp>

using namespace idchip;
using namespace idchip::bench;
using namespace idchip::test;
using ledger::CardState;
using line::Event;
using transport::Fault;

namespace {

// A stack of blanks, put in one after the other; the plan's fault befalls the card of that number.
class Stack final : public line::Reader {
public:
    Stack(std::string name, const Bench& bench, std::size_t cards) : name_(std::move(name)) {
        for (std::size_t i = 0; i < cards; ++i) cards_.push_back(bench.blank());
    }
    Stack& with_fault(std::size_t card, transport::FaultPlan plan) {
        faults_[card] = std::move(plan);
        return *this;
    }
    const std::string& name() const override { return name_; }
    Result<bool> wait(bool card_is_in, std::chrono::milliseconds at_most) override {
        if (!card_is_in) {
            ++at_;
            return true;
        }
        if (at_ < cards_.size()) return true;
        std::this_thread::sleep_for(at_most);
        return false;
    }
    Result<std::unique_ptr<transport::Transport>> open() override {
        auto& card = *cards_.at(at_);
        auto t = transport::in_process(card);
        const auto fault = faults_.find(at_);
        if (fault == faults_.end()) return t;
        auto plan = fault->second;
        plan.power_off = [&card] { card.power_down(); };
        return transport::with_fault(std::move(t), plan);
    }
    std::vector<std::unique_ptr<sim::Card>>& cards() { return cards_; }

private:
    std::string name_;
    std::vector<std::unique_ptr<sim::Card>> cards_;
    std::map<std::size_t, transport::FaultPlan> faults_;
    std::size_t at_ = 0;
};

// One card, put in and left there.
class Lying final : public line::Reader {
public:
    Lying(std::string name, sim::Card& card) : name_(std::move(name)), card_(card) {}
    const std::string& name() const override { return name_; }
    Result<bool> wait(bool card_is_in, std::chrono::milliseconds at_most) override {
        if (!card_is_in) std::this_thread::sleep_for(at_most);
        return card_is_in;
    }
    Result<std::unique_ptr<transport::Transport>> open() override { return transport::in_process(card_); }

private:
    std::string name_;
    sim::Card& card_;
};

struct Hall {
    TempFolder folder;
    Bench bench;
    ledger::Ledger book;
    std::vector<std::unique_ptr<line::Reader>> readers;
    std::vector<Event> events;
    line::StopWish wish = 0;
    card_keys::Source* keys = &bench.makers_keys;

    Hall(const std::string& dialect, int records)
        : bench(dialect), book(good(ledger::Ledger::open((folder / "ledger").string(), "A", today))) {
        std::vector<ledger::NewJob> jobs;
        for (int n = 0; n < records; ++n) {
            const auto text = std::to_string(n);
            jobs.push_back({"R" + text, "N" + text, "P", "", "C", 0, "people", n, text});
        }
        good(book.add(jobs, today));
    }
    Stack& add_reader(std::size_t cards) {
        auto stack = std::make_unique<Stack>("Reader " + std::to_string(readers_added++), bench, cards);
        auto& added = *stack;
        readers.push_back(std::move(stack));
        return added;
    }
    line::Station station() {
        return {.ledger = book,
                .profile = bench.profile,
                .trust = bench.trust,
                .signer = *bench.signer,
                .keys = keys,
                .rng = system_rng(),
                .clock = [] { return today; }};
    }
    line::Ready ready(const ledger::Job& job) {
        auto document = bench.document;
        good(personalize::sign_ahead(document, bench.profile, bench.keys, *bench.signer, today));
        return {job, std::move(document), bench.keys.clone()};
    }
    line::Supply supply(const std::function<void(const Event&)>& also = {}) {
        line::Supply s;
        s.readers = [this] { return std::exchange(readers, {}); };
        s.next = [this]() -> Result<std::optional<line::Ready>> {
            auto job = book.claim("A", 60, today);
            if (!job) return fail(job.error());
            if (!*job) return std::optional<line::Ready>();
            return std::optional(ready(**job));
        };
        s.again = [this](const ledger::Job& job) -> Result<line::Ready> { return ready(job); };
        s.sink = [this, also](const Event& e) {
            events.push_back(e);
            if (also) also(e);
        };
        return s;
    }
    Result<line::Summary> run(const std::function<void(const Event&)>& also = {}) { return line::run(station(), supply(also), wish); }
    std::size_t count(Event::Kind kind) const {
        return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [&](const Event& e) { return e.kind == kind; }));
    }
    std::size_t in_state(const std::string& state) { return static_cast<std::size_t>(good(book.status()).jobs[state]); }
    bool chain_is_whole() {
        return good(book.verify([](const auto&) { return true; })).findings.empty();
    }

private:
    int readers_added = 0;
};

}  // namespace

TEST_CASE("four readers, twenty records: every record once", "[line]") {
    for (const auto* dialect : dialects) {
        Hall hall(dialect, 20);
        for (int n = 0; n < 4; ++n) hall.add_reader(20);
        const auto summary = good(hall.run());
        CAPTURE(dialect);
        CHECK((summary.issued == 20 && summary.open == 0 && summary.spoiled == 0));
        CHECK(summary.stopped.empty());
        CHECK(hall.in_state("issued") == 20);
        CHECK(hall.count(Event::Kind::ended) == 20);
        CHECK(hall.count(Event::Kind::reader_found) == 4);
        CHECK(hall.chain_is_whole());
        // Once more: nothing is left to do.
        hall.add_reader(5);
        CHECK(good(hall.run()).issued == 0);
    }
}

TEST_CASE("somebody asks to stop: cards in hand are finished, no other is begun", "[line]") {
    Hall hall("jmrtd-applet", 20);
    for (int n = 0; n < 3; ++n) hall.add_reader(20);
    const auto summary = good(hall.run([&](const Event& e) {
        if (e.kind == Event::Kind::ended) hall.wish = 1;
    }));
    CHECK(summary.issued >= 1);
    CHECK(summary.issued <= 4);
    CHECK(good(hall.book.status()).open_cards == 0);
    CHECK(hall.in_state("in_work") == 0);
    CHECK(hall.in_state("queued") == 20 - summary.issued);
}

TEST_CASE("asked twice: it stops before what cannot be undone, and the card stays open until it is finished", "[line]") {
    for (const auto* dialect : dialects) {
        CAPTURE(dialect);
        Hall hall(dialect, 3);
        std::vector<std::unique_ptr<sim::Card>> chips;
        chips.push_back(hall.bench.blank());
        hall.readers.push_back(std::make_unique<Lying>("Reader 0", *chips[0]));
        auto summary = good(hall.run([&](const Event& e) {
            if (e.kind == Event::Kind::stage && e.stage == personalize::Stage::write && e.done == 5) hall.wish = 2;
        }));
        CHECK(summary.open == 1);
        CHECK_FALSE(chips[0]->locked());
        CHECK(good(hall.book.status()).open_cards == 1);
        CHECK(hall.in_state("queued") == 2);
        // Another card is not taken for it.
        hall.wish = 0;
        auto only_open = hall.supply();
        only_open.next = nullptr;
        chips.push_back(hall.bench.blank());
        hall.readers.push_back(std::make_unique<Lying>("Reader 1", *chips[1]));
        CHECK(good(line::run(hall.station(), only_open, hall.wish, {std::chrono::milliseconds(0)})).issued == 0);
        CHECK(hall.count(Event::Kind::passed_over) == 1);
        hall.readers.push_back(std::make_unique<Lying>("Reader 0", *chips[0]));
        summary = good(line::run(hall.station(), only_open, hall.wish, {std::chrono::milliseconds(0)}));
        CHECK(summary.issued == 1);
        CHECK(chips[0]->locked());
        CHECK(good(hall.book.status()).open_cards == 0);
        CHECK(hall.chain_is_whole());
    }
}

TEST_CASE("a run that begins anew finishes the open card that lies in its reader first", "[line]") {
    Hall hall("gp-dgi", 2);
    const auto chip = hall.bench.blank();
    hall.readers.push_back(std::make_unique<Lying>("Reader 0", *chip));
    good(hall.run([&](const Event& e) {
        if (e.kind == Event::Kind::stage && e.stage == personalize::Stage::write && e.done == 5) hall.wish = 2;
    }));
    REQUIRE(good(hall.book.open_cards()).size() == 1);
    const auto job = good(hall.book.open_cards()).at(0).job;
    hall.wish = 0;
    hall.readers.push_back(std::make_unique<Lying>("Reader 7", *chip));  // a GlobalPlatform card tells its name
    good(hall.run([&](const Event& e) {
        if (e.kind == Event::Kind::remove) hall.wish = 1;
    }));
    CHECK(good(hall.book.job(job))->state == ledger::JobState::issued);
    CHECK(hall.in_state("queued") == 1);
}

TEST_CASE("a blank is never taken for a card that was written to its end", "[line]") {
    ledger::Card card;
    card.station = "A";
    card.reader = "R";
    card.state = CardState::writing;
    card.intent = "write";
    personalize::Identified found;
    CHECK(line::open_card_here({card}, found, "A", "R"));
    CHECK_FALSE(line::open_card_here({card}, found, "B", "R"));
    CHECK_FALSE(line::open_card_here({card}, found, "A", "S"));
    card.intent = "lock";
    CHECK_FALSE(line::open_card_here({card}, found, "A", "R"));
    card.intent.clear();
    card.state = CardState::written;
    CHECK_FALSE(line::open_card_here({card}, found, "A", "R"));
    found.state = profile::ChipState::written;
    CHECK(line::open_card_here({card}, found, "A", "R"));
    found.state = profile::ChipState::locked;
    CHECK(line::open_card_here({card}, found, "A", "R"));
    // With a name only that name counts, wherever it lies.
    card.chip = "0102";
    CHECK(line::open_card_here({card}, found, "A", "R"));  // locked, it tells its name no more
    found.serial = {0x01, 0x02};
    CHECK(line::open_card_here({card}, found, "B", "S"));
    found.serial = {0x01, 0x03};
    CHECK_FALSE(line::open_card_here({card}, found, "A", "R"));
}

TEST_CASE("a record that another station has taken over, when its lease was over, costs no blank", "[line]") {
    Hall hall("jmrtd-applet", 1);
    hall.add_reader(2);
    auto other = good(ledger::Ledger::open((hall.folder / "ledger").string(), "B", today));
    auto supply = hall.supply();
    supply.next = [&other, next = supply.next] {
        auto ready = next();
        if (ready && *ready) good(other.claim("B", 60, today + 61));
        return ready;
    };
    CHECK(good(line::run(hall.station(), supply, hall.wish)).issued == 0);
    CHECK(hall.count(Event::Kind::ended) == 0);
    // Nor does this station give back what is not its own any more.
    const auto job = good(hall.book.jobs_of_record("R0"))[0];
    CHECK((job.state == ledger::JobState::in_work && job.worker == "B"));
}

TEST_CASE("wrong keys stop the line with the first card, and no card loses a try", "[line]") {
    Hall hall("gp-dgi", 10);
    hall.add_reader(5);
    MakersKeys wrong(false);
    hall.keys = &wrong;
    const auto summary = good(hall.run());
    CHECK(summary.issued == 0);
    CHECK(summary.stopped.find("scp.wrong_key") != std::string::npos);
    CHECK(hall.count(Event::Kind::line_stopped) == 1);
    CHECK(hall.in_state("queued") == 10);
}

TEST_CASE("a reader that tears one card after the other is stopped; the others go on", "[line]") {
    Hall hall("iso-native", 12);
    auto& bad = hall.add_reader(20);
    for (std::size_t n = 0; n < 20; ++n) bad.with_fault(n, plan_of(Fault::reader_gone, 30));
    hall.add_reader(20);
    const auto summary = good(hall.run());
    CHECK(hall.count(Event::Kind::reader_stopped) == 1);
    // Cards torn in mid-work are open until they are put in again.
    CHECK(summary.open == 3);
    CHECK(summary.issued == 9);
    CHECK(good(hall.book.status()).open_cards == 3);
    CHECK(hall.chain_is_whole());
}

TEST_CASE("a reader that is plugged in later works, too", "[line]") {
    Hall hall("jmrtd-applet", 6);
    hall.add_reader(2);
    auto s = hall.supply();
    int asked = 0;
    s.readers = [&] {
        if (++asked == 2) hall.add_reader(10);
        return std::exchange(hall.readers, {});
    };
    const auto summary = good(line::run(hall.station(), s, hall.wish));
    CHECK(summary.issued == 6);
    CHECK(hall.count(Event::Kind::reader_found) == 2);
}

TEST_CASE("a ledger that cannot be written stops the line, and says why", "[line]") {
    Hall hall("jmrtd-applet", 3);
    hall.add_reader(3);
    auto s = hall.supply();
    s.next = []() -> Result<std::optional<line::Ready>> { return fail(Errc::ledger_lost, "server"); };
    const auto summary = line::run(hall.station(), s, hall.wish);
    REQUIRE_FALSE(summary);
    CHECK(summary.error().code == Errc::ledger_lost);
    CHECK(good(hall.book.status()).open_cards == 0);
}
