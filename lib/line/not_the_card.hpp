// Trouble that is neither the card's nor the reader's: the ledger, the disk, the document signer's key. The next card would have it, too.
#pragma once

#include <idchip/base/result.hpp>

namespace idchip::line {

inline bool is_not_the_card(const Error& error) {
    for (const auto* room : {"ledger.", "io.", "signer.", "token.", "pool."})
        if (error.name().starts_with(room)) return true;
    return false;
}

}  // namespace idchip::line
