#include <idchip/line/match.hpp>

namespace idchip::line {
namespace {

// All of it was written: that chip is no blank any more.
bool is_surely_written(const ledger::Card& card) { return card.state >= ledger::CardState::written || may_be_locked(card); }

}  // namespace

std::optional<ledger::Card> open_card_here(const std::vector<ledger::Card>& open, const personalize::Identified& found,
                                           const std::string& station, const std::string& reader) {
    const auto chip = to_hex(found.serial);
    const bool is_locked = found.state == profile::ChipState::locked;
    std::optional<ledger::Card> here;
    for (const auto& card : open) {
        if (!chip.empty()) {
            if (card.chip == chip) return card;
            continue;
        }
        if (card.station != station || card.reader != reader) continue;
        if (!card.chip.empty() && !is_locked) continue;
        if (found.state == profile::ChipState::blank && is_surely_written(card)) continue;
        here = card;
    }
    return here;
}

}  // namespace idchip::line
