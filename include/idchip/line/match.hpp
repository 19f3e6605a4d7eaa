// Which open card of the ledger is the one that lies in a reader.
#pragma once

#include <idchip/ledger/ledger.hpp>
#include <idchip/personalize/run.hpp>

namespace idchip::line {

// By the name that the chip tells. A chip without a name, or one that tells it no more since it is locked, is taken for the last open one of this
// station's reader, but a blank never for one that was written to its end: that one lies elsewhere. Whether it truly is this record's, the
// resumed run finds out before it changes anything on a locked chip.
std::optional<ledger::Card> open_card_here(const std::vector<ledger::Card>& open, const personalize::Identified& found,
                                           const std::string& station, const std::string& reader);

}  // namespace idchip::line
