// Whatever goes wrong at whatever command: every card comes to an end, and no document is there twice. Each cell is one trouble at one exchange of
// one dialect; then what the next run of the line does: it finishes the open card, or makes the record that was not begun.
#include "flow/bad_disk.hpp"
#include "flow/hall.hpp"

#include <idchip/line/match.hpp>

#include "ledger/sql.hpp"

using namespace idchip;
using namespace idchip::bench;
using namespace idchip::test;
using transport::Fault;

namespace {

void reject_the_rest(Hall& hall) {
    for (auto left = good(hall.book.claim("worker", 60, today)); left; left = good(hall.book.claim("worker", 60, today)))
        good(hall.book.reject(left->id, "its card was spoiled; no other is in this test", today));
}

// The next run, with the same card in the reader.
void run_again(Hall& hall, sim::Card& chip, const ledger::Job& job) {
    for (const auto& open : good(hall.book.open_cards())) {
        const auto resumed = hall.resume(*transport::in_process(chip), open);
        if (resumed.outcome.failure) UNSCOPED_INFO(resumed.outcome.failure->message());
        CHECK(resumed.end);
    }
    good(hall.book.give_back_all("worker"));
    const auto cards = good(hall.book.cards_of_job(job.id));
    if (!cards.empty() && cards.back().state != CardState::released) return;
    // The blank is a blank again, and the record the next in the queue.
    CHECK_FALSE(chip.locked());
    const auto again = *good(hall.book.claim("worker", 60, today));
    REQUIRE(again.id == job.id);
    CHECK(hall.make(*transport::in_process(chip), again).end == CardState::issued);
}

std::string without_sequence(std::string state) {
    const auto at = state.find("\"sequence\"");
    if (at != std::string::npos) state.erase(at, state.find('\n', at) - at);
    return state;
}

// From one exchange on, until the card is reset or for good.
class Troubled final : public transport::Transport {
public:
    enum class How { nothing, reset, mute, endless_61 };
    Troubled(std::unique_ptr<transport::Transport> inner, std::size_t at, How how, std::function<void()> then)
        : inner_(std::move(inner)), at_(at), how_(how), then_(std::move(then)) {}

    Result<Bytes> transmit(ByteView command) override {
        if (count_++ == at_) {
            if (then_) then_();
            in_trouble_ = true;
        }
        if (in_trouble_ && how_ == How::reset) return fail(Errc::card_lost, name());  // pcsc-lite says so until it is opened anew
        if (in_trouble_ && how_ == How::mute) return fail(Errc::deadline, name());
        if (in_trouble_ && how_ == How::endless_61) return Bytes{0xAA, 0x61, 0x10};
        return inner_->transmit(command);
    }
    Result<Bytes> reset() override {
        if (in_trouble_ && how_ == How::mute) return fail(Errc::deadline, name());
        in_trouble_ = false;
        return inner_->reset();
    }
    std::string name() const override { return inner_->name(); }

private:
    std::unique_ptr<transport::Transport> inner_;
    std::size_t at_, count_ = 0;
    How how_;
    std::function<void()> then_;
    bool in_trouble_ = false;
};

// Keys in a token that somebody pulls out.
class SignerInToken final : public pki::ContentSigner {
public:
    SignerInToken(pki::ContentSigner& inner, const bool& gone) : inner_(inner), gone_(gone) {}
    const pki::Certificate& certificate() const override { return inner_.certificate(); }
    crypto::SignatureAlgorithm algorithm() const override { return inner_.algorithm(); }
    Result<Bytes> sign(ByteView message) override { return gone_ ? Result<Bytes>(fail(Errc::token_lost)) : inner_.sign(message); }

private:
    pki::ContentSigner& inner_;
    const bool& gone_;
};
class KeysInToken final : public card_keys::Source {
public:
    KeysInToken(card_keys::Source& inner, const bool& gone) : inner_(inner), gone_(gone) {}
    Result<card_keys::KeySet> keys(ByteView card) override {
        return gone_ ? Result<card_keys::KeySet>(fail(Errc::token_lost)) : inner_.keys(card);
    }
    card_keys::Algorithm algorithm() const override { return inner_.algorithm(); }

private:
    card_keys::Source& inner_;
    const bool& gone_;
};

struct Round {
    explicit Round(const std::string& name) : dialect(name), hall(name), total(count_exchanges(hall)) {}
    std::string dialect;
    Hall hall;
    std::size_t total, cells = 0;
};

void faults_of_the_exchange(Round& round) {
    constexpr std::uint16_t words[] = {0x6F00, 0x6581, 0x6300, 0x63C0, 0x6982, 0x6985, 0x6988, 0x6A84, 0x6C10, 0x6110, 0x6A80};
    // Two words at each command.
    constexpr std::pair<Fault, std::size_t> faults[] = {{Fault::torn_before, 0}, {Fault::torn_after, 0}, {Fault::torn_half, 0},
                                                        {Fault::short_reply, 0}, {Fault::garbage, 0},    {Fault::status_word, 0},
                                                        {Fault::status_word, 5}, {Fault::reader_gone, 0}};
    auto& hall = round.hall;
    for (const auto& [fault, shift] : faults) {
        for (std::size_t at = static_cast<std::size_t>(fault) % stride; at < round.total; at += stride) {
            ++round.cells;
            INFO(round.dialect << ", fault " << static_cast<int>(fault) << " at " << at);
            const auto chip = hall.bench.blank();
            const auto job = hall.next_job();
            auto plan = plan_of(fault, at, words[(at + shift) % std::size(words)]);
            plan.power_off = [&] { chip->power_down(); };
            plan.cut = [&] { chip->cut_power_in_next_update(7); };
            const auto made = hall.make(*transport::with_fault(transport::in_process(*chip), plan), job);
            INFO("condition " << name(made.outcome.condition));
            CHECK(made.outcome.authentications <= 2);  // once to write, once more after reading as a terminal
            CHECK(chip->tries_left() >= 2);            // an attempt that was cut off may have cost one, and a good one gives it back
            run_again(hall, *chip, job);
            check_end(hall, *chip, job);
            reject_the_rest(hall);
        }
    }
}

void silence_chatter_reset_and_swap(Round& round) {
    using How = Troubled::How;
    auto& hall = round.hall;
    for (const auto how : {How::reset, How::mute, How::endless_61}) {
        for (std::size_t at = static_cast<std::size_t>(how) % stride; at < round.total; at += stride) {
            ++round.cells;
            INFO(round.dialect << ", trouble " << static_cast<int>(how) << " at " << at);
            const auto chip = hall.bench.blank();
            const auto job = hall.next_job();
            Troubled t(transport::in_process(*chip), at, how, [&] {
                if (how != How::reset) return;
                chip->power_down();
                chip->power_up();
            });
            const auto made = hall.make(t, job);
            CHECK(chip->tries_left() >= 2);
            run_again(hall, *chip, job);
            check_end(hall, *chip, job);
            reject_the_rest(hall);
        }
    }
    // Out, and another blank in its place. A chip that says its name is missed; one without may be taken for the other's, and then that one is
    // no document.
    const bool has_name = round.dialect == "gp-dgi" || round.dialect == "iso-native";
    for (std::size_t at = 0; at < round.total; at += stride) {
        ++round.cells;
        INFO(round.dialect << ", swapped at " << at);
        const auto chip = hall.bench.blank(), other = hall.bench.blank();
        const auto job = hall.next_job();
        auto plan = plan_of(Fault::torn_before, at);
        plan.power_off = [&] { chip->power_down(); };
        hall.make(*transport::with_fault(transport::in_process(*chip), plan), job);
        const auto before = without_sequence(other->state_json());
        const auto t = transport::in_process(*other);
        const auto found = good(personalize::recognize(*t, hall.bench.profile, system_rng()));
        const auto here = line::open_card_here(good(hall.book.open_cards()), found, "A", "Reader");
        if (here) CHECK_FALSE(has_name);
        if (here) CHECK(hall.resume(*t, *here).end);
        // Only that it was asked for its name has left a trace: a count of challenges.
        else CHECK(without_sequence(other->state_json()) == before);
        const bool taken = other->locked();
        CHECK_FALSE((taken && chip->locked()));
        if (!taken) run_again(hall, *chip, job);
        check_end(hall, taken ? *other : *chip, job);
        reject_the_rest(hall);
    }
}

void troubles_of_the_hall(Round& round) {
    enum class Trouble { disk_full, sync_fails, ledger_held, token_gone, clock_jumps };
    constexpr Trouble troubles[] = {Trouble::disk_full, Trouble::sync_fails, Trouble::ledger_held, Trouble::token_gone,
                                    Trouble::clock_jumps};
    constexpr std::int64_t years = 15 * 365 * 86'400L;
    auto& hall = round.hall;
    const auto other_program = good(ledger::open_sqlite(hall.file()));
    for (const auto trouble : troubles) {
        for (std::size_t at = static_cast<std::size_t>(trouble) % stride; at < round.total; at += stride) {
            ++round.cells;
            INFO(round.dialect << ", trouble " << static_cast<int>(trouble) << " at " << at);
            const auto chip = hall.bench.blank();
            const auto job = hall.next_job();
            bool token_is_gone = false;
            SignerInToken signer(*hall.bench.signer, token_is_gone);
            KeysInToken keys(hall.bench.makers_keys, token_is_gone);
            hall.signer = &signer;
            hall.keys = &keys;
            Troubled t(transport::in_process(*chip), at, Troubled::How::nothing, [&] {
                switch (trouble) {
                    case Trouble::disk_full: bad_disk::write_error = ENOSPC; break;
                    case Trouble::sync_fails: bad_disk::sync_error = EIO; break;
                    case Trouble::ledger_held:
                        bad_disk::sleeps_not = true;
                        good(other_program->run("BEGIN IMMEDIATE"));
                        break;
                    case Trouble::token_gone: token_is_gone = true; break;
                    case Trouble::clock_jumps: hall.now = {today.seconds + (at % 2 == 0 ? years : -years)}; break;
                }
            });
            const auto made = hall.try_to_make(t, job);
            const bool is_issued = made && made->end == CardState::issued;
            const bool was_locked = chip->locked();
            bad_disk::mend();
            if (trouble == Trouble::ledger_held) good(other_program->run("ROLLBACK"));
            hall.now = today;
            token_is_gone = false;
            // Nobody goes on with a ledger that could not be synced.
            hall.book = hall.open();
            if (trouble == Trouble::disk_full || trouble == Trouble::ledger_held) {
                // Every card has steps to write down to its very end.
                CHECK_FALSE(is_issued);
                const auto open = good(hall.book.open_cards());
                // What was locked had been written down as about to be.
                if (was_locked) {
                    REQUIRE(open.size() == 1);
                    CHECK((open[0].intent == name(ledger::Intent::lock) || open[0].state > CardState::read_back));
                }
            }
            run_again(hall, *chip, job);
            check_end(hall, *chip, job);
            CHECK(good(hall.book.job(job.id))->state == JobState::issued);  // none of this is the card's fault
            reject_the_rest(hall);
        }
    }
}

void every_trouble_at_every_command(const std::string& dialect) {
    const bad_disk::Fast fast;
    Round round(dialect);
    faults_of_the_exchange(round);
    silence_chatter_reset_and_swap(round);
    troubles_of_the_hall(round);
    CHECK(good(round.hall.book.open_cards()).empty());
    CHECK(round.hall.findings().empty());
    CHECK(round.cells >= 16 * (round.total / stride));
    CHECK(round.cells > 3000 / stride);
}

}  // namespace

// One for each dialect, so that two of them may run side by side.
TEST_CASE("every trouble at every command: jmrtd-applet", "[line][matrix]") { every_trouble_at_every_command("jmrtd-applet"); }
TEST_CASE("every trouble at every command: jmrtd-applet-lifecycle", "[line][matrix]") {
    every_trouble_at_every_command("jmrtd-applet-lifecycle");
}
TEST_CASE("every trouble at every command: gp-dgi", "[line][matrix]") { every_trouble_at_every_command("gp-dgi"); }
TEST_CASE("every trouble at every command: iso-native", "[line][matrix]") { every_trouble_at_every_command("iso-native"); }
