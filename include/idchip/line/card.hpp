// One job, one card, one reader: the personalization with the ledger beside it. Whatever happens, the ledger says what became of the card, or
// that it is open and must be put into a reader again.
#pragma once

#include <idchip/ledger/ledger.hpp>
#include <idchip/personalize/run.hpp>

namespace idchip::line {

// What the workers of a station share: all of it is used from several threads.
struct Station {
    ledger::Ledger& ledger;
    const profile::Profile& profile;
    const pki::TrustStore& trust;
    pki::ContentSigner& signer;
    card_keys::Source* keys = nullptr;
    const std::set<std::string>* stock = nullptr;
    Rng& rng;
    std::function<Instant()> clock;
    ledger::Rework rework = ledger::Rework::end_of_batch;
    std::int64_t most_attempts = 3;  // cards that a record may cost before it is rejected
    std::function<void(personalize::Stage stage, std::size_t done, std::size_t total)> progress{};
    // Asked before everything that cannot be undone: whether to stop here. The card stays open, or untouched.
    std::function<bool()> stop_now{};
};

struct Made {
    std::int64_t card = 0;                 // in the ledger; 0: no chip was taken
    std::optional<ledger::CardState> end;  // nothing: open
    personalize::Outcome outcome;
};

// A claimed job onto the card that lies in the reader. A card that was interrupted is looked at once more at once. Without a card of the
// ledger the job is still claimed: the caller gives it back. Errors: ledger.*, io.*: the card is as open as the ledger last heard; an error
// of the ledger on the way stands in the outcome.
Result<Made> make_card(const Station& station, transport::Transport& transport, const std::string& reader, const ledger::Job& job,
                       const personalize::Document& document, const personalize::ChipKeys& keys);

// An open card that lies in the reader, to its end. A card that is not this one stays untouched, and the open one open. Errors: as make_card.
Result<Made> resume_card(const Station& station, transport::Transport& transport, const ledger::Card& card, const ledger::Job& job,
                         const personalize::Document& document, const personalize::ChipKeys& keys);

}  // namespace idchip::line
