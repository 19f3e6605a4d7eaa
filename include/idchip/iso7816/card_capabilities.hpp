// What a card says it can do, in the historical bytes of its ATR (ISO/IEC 7816-3, 8.2; 7816-4, 12.1.1).
#pragma once

#include <idchip/base/bytes.hpp>

namespace idchip::iso7816 {

// Third software function of the card capabilities (7816-4, table 119).
struct CardCapabilities {
    bool command_chaining = false;
    bool extended_length = false;
};
// Nothing where the historical bytes do not say, or are no compact-TLV.
std::optional<CardCapabilities> card_capabilities(ByteView atr);

}  // namespace idchip::iso7816
