#include <idchip/iso7816/card_capabilities.hpp>

#include <bit>

namespace idchip::iso7816 {
namespace {

// ISO/IEC 7816-3, 8.2: TS, T0, then TA(i) to TD(i) as the upper half of T0 and of each TD(i) announces them.
std::optional<ByteView> historical_bytes(ByteView atr) {
    if (atr.size() < 2) return std::nullopt;
    const std::size_t count = atr[1] & 0x0FU;
    std::size_t at = 2;
    auto announced = static_cast<unsigned>(atr[1] >> 4U);
    while (announced != 0) {
        const auto n = static_cast<std::size_t>(std::popcount(announced));
        if (at + n > atr.size()) return std::nullopt;
        const bool more = (announced & 8U) != 0;  // TD(i), the last of the group
        at += n;
        announced = more ? static_cast<unsigned>(atr[at - 1] >> 4U) : 0U;
    }
    if (at + count > atr.size()) return std::nullopt;
    return atr.subspan(at, count);
}

}  // namespace

std::optional<CardCapabilities> card_capabilities(ByteView atr) {
    const auto historical = historical_bytes(atr);
    if (!historical || historical->empty()) return std::nullopt;
    // 7816-4, 12.1.1.2: category 80 has compact-TLV objects up to the end, category 00 three bytes of status behind them.
    auto rest = *historical;
    if (rest[0] != 0x80 && rest[0] != 0x00) return std::nullopt;
    if (rest[0] == 0x00 && rest.size() >= 4) rest = rest.first(rest.size() - 3);
    rest = rest.subspan(1);
    while (!rest.empty()) {
        const unsigned tag = rest[0] >> 4U;
        const std::size_t length = rest[0] & 0x0FU;
        if (1 + length > rest.size()) return std::nullopt;
        if (tag == 7 && length >= 3) return CardCapabilities{(rest[3] & 0x80U) != 0, (rest[3] & 0x40U) != 0};
        rest = rest.subspan(1 + length);
    }
    return std::nullopt;
}

}  // namespace idchip::iso7816
