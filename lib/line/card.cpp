#include <idchip/line/card.hpp>

#include "base/try.hpp"
#include "line/not_the_card.hpp"

namespace idchip::line {
namespace {

using ledger::CardState;
using ledger::Intent;
using ledger::Rework;
using personalize::ChipCondition;
using personalize::Milestone;
using personalize::Outcome;

// Wrong or missing keys, another profile: the right ones can still finish the card.
bool is_of_the_station(const Error& error) {
    return error.code == Errc::scp_wrong_key || error.name().starts_with("cardkey.") || error.name().starts_with("profile.");
}

// Nobody can say whether the chip has heard it.
bool is_interruption(const Error& error) { return error.name().starts_with("transport.") || error.code == Errc::perso_stopped; }

class Work {
public:
    Work(const Station& s, transport::Transport& t, std::string reader, const ledger::Job& job, const personalize::Document& document,
         const personalize::ChipKeys& keys)
        : s_(s), t_(t), reader_(std::move(reader)), job_(job), document_(document), keys_(keys) {}

    void take(const ledger::Card& card) {
        card_ = card;
        taken_up_ = true;
    }

    Outcome run(bool resume) {
        begun_before_ = resume;
        personalize::Options options;
        options.resume = resume;
        options.keys = s_.keys;
        options.stock = s_.stock;
        options.progress = s_.progress;
        options.journal = [this](Milestone milestone, const Outcome& so_far) { return reached(milestone, so_far); };
        personalize::Job work{document_, keys_.clone(), s_.signer};
        return personalize::personalize(t_, s_.profile, work, s_.trust, s_.rng, s_.clock(), options);
    }

    // The card's end, if this outcome is one.
    Result<Made> settle(Outcome outcome) {
        Made made{card_ ? card_->id : 0, {}, std::move(outcome)};
        if (!card_ || (made.outcome.failure && is_not_the_card(*made.outcome.failure))) return made;
        made.end = end_of(made.outcome);
        if (!made.end) return made;
        const auto& failure = made.outcome.failure;
        const ledger::News news{made.outcome.sod_hash, std::string(personalize::name(made.outcome.condition)),
                                failure ? std::string(failure->name()) : std::string()};
        TRY(s_.ledger.finish(card_->id, *made.end, news, rework(*made.end), s_.clock()));
        return made;
    }

private:
    Result<void> reached(Milestone milestone, const Outcome& so_far) {
        const bool can_stop = milestone <= Milestone::locking;
        if (can_stop && s_.stop_now && s_.stop_now()) return fail(Errc::perso_stopped, reader_, "somebody has asked for it");
        const auto now = s_.clock();
        switch (milestone) {
            case Milestone::identified: return identified(so_far.serial);
            case Milestone::authenticating: return s_.ledger.intend(card_->id, Intent::authenticate, now);
            case Milestone::writing: return s_.ledger.intend(card_->id, Intent::write, now);
            case Milestone::written: return s_.ledger.advance(card_->id, CardState::written, {so_far.sod_hash, {}, {}}, now);
            case Milestone::read_back: return s_.ledger.advance(card_->id, CardState::read_back, {}, now);
            case Milestone::locking: return s_.ledger.intend(card_->id, Intent::lock, now);
            case Milestone::locked:
                // A chip that names itself only in a channel, and is found locked: no card of the ledger, unless it is the open one.
                if (!card_) return {};
                return s_.ledger.advance(card_->id, CardState::locked, {so_far.sod_hash, {}, {}}, now);
            case Milestone::accepted:
                if (!card_) return {};
                return s_.ledger.advance(card_->id, CardState::verified, {}, now);
        }
        return {};
    }

    Result<void> identified(const std::string& serial) {
        if (!card_) {
            card_ = TRY(s_.ledger.reserve(job_.id, {serial, s_.profile.name, s_.profile.hash, reader_}, s_.clock()));
            return {};
        }
        if (!serial.empty() && card_->chip == serial) surely_ours_ = true;
        if (card_->chip.empty() || card_->chip == serial) return {};
        return fail(Errc::profile_mismatch, reader_, "another card than the open one: " + serial);
    }

    // Nothing: the card stays open.
    std::optional<CardState> end_of(const Outcome& o) const {
        if (!o.failure) return CardState::issued;
        switch (o.condition) {
            // Of a card that was begun before, this says nothing: perhaps another one lies in the reader now.
            case ChipCondition::untouched: return begun_before_ ? std::nullopt : std::optional(CardState::released);
            // Where a blank should be lies somebody's card; or ours, and it is not what was written.
            case ChipCondition::found_written:
            case ChipCondition::found_locked:
                if (is_interruption(*o.failure)) return std::nullopt;
                if (begun_before_) return is_lost(o) ? std::optional(CardState::spoiled) : std::nullopt;
                // A chip without a name may be one that was issued an hour ago: it is no blank of the stock.
                return card_->chip.empty() ? CardState::released : CardState::quarantined;
            case ChipCondition::key_refused: return CardState::quarantined;
            case ChipCondition::half_written:
            case ChipCondition::written:
            case ChipCondition::lock_unknown:
            case ChipCondition::locked:
                if (is_interruption(*o.failure) || is_of_the_station(*o.failure)) return std::nullopt;
                // Most often it is the trust store or the clock. It is judged once more when somebody has looked.
                if (o.failure->code == Errc::perso_not_accepted && !taken_up_) return std::nullopt;
                return CardState::spoiled;
            case ChipCondition::finished: return std::nullopt;  // the ledger could not be told
        }
        return std::nullopt;
    }

    // The chip is the open card's, and no run will make its document of it. What was found locked is another document only if its EF.SOD is
    // another one: how this run would have written it says nothing.
    bool is_lost(const Outcome& o) const {
        if (!surely_ours_ || is_of_the_station(*o.failure)) return false;
        if (o.condition == ChipCondition::found_written) return true;
        return !o.sod_hash.empty() && !card_->sod_hash.empty() && o.sod_hash != card_->sod_hash;
    }

    Rework rework(CardState end) const {
        if (end == CardState::released) return Rework::at_once;
        const bool costs = end == CardState::spoiled || end == CardState::quarantined;
        return costs && job_.attempts + 1 >= s_.most_attempts ? Rework::reject : s_.rework;
    }

    const Station& s_;
    transport::Transport& t_;
    std::string reader_;
    const ledger::Job& job_;
    const personalize::Document& document_;
    const personalize::ChipKeys& keys_;
    std::optional<ledger::Card> card_;
    bool begun_before_ = false;
    bool taken_up_ = false;     // another run has begun the card
    bool surely_ours_ = false;  // the chip has said the name that the ledger has of it
};

// Something has been written, and neither the chip nor the ledger forbids to look again.
bool wants_another_look(const Outcome& o) {
    const bool begun = o.condition == ChipCondition::half_written || o.condition == ChipCondition::written ||
                       o.condition == ChipCondition::lock_unknown || o.condition == ChipCondition::locked;
    return o.failure && begun && !is_not_the_card(*o.failure) && o.failure->code != Errc::perso_stopped;
}

}  // namespace

Result<Made> make_card(const Station& s, transport::Transport& t, const std::string& reader, const ledger::Job& job,
                       const personalize::Document& document, const personalize::ChipKeys& keys) {
    Work work(s, t, reader, job, document, keys);
    auto outcome = work.run(false);
    if (wants_another_look(outcome)) outcome = work.run(true);
    return work.settle(std::move(outcome));
}

Result<Made> resume_card(const Station& s, transport::Transport& t, const ledger::Card& card, const ledger::Job& job,
                         const personalize::Document& document, const personalize::ChipKeys& keys) {
    Work work(s, t, card.reader, job, document, keys);
    work.take(card);
    return work.settle(work.run(true));
}

}  // namespace idchip::line
