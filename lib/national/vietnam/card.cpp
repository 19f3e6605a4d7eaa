#include <idchip/national/vietnam/card.hpp>

#include <array>

namespace idchip::vietnam {
namespace {

using lds::Ef;
using mrz::Format;

// Tags 61 75 63 6D 6F 6E, as EF.COM of the cards lists them. Of the card of 2024 no other list was ever shown.
constexpr std::array vietnamese = {Ef::dg1, Ef::dg2, Ef::dg3, Ef::dg13, Ef::dg15, Ef::dg14};
// Doc 9303-10, table 36: what every document has.
constexpr std::array mandatory = {Ef::dg1, Ef::dg2};

// In the order of the enumeration.
constexpr std::array cards = {
    CardInfo{Card::vn_cccd_2021, "vn-cccd-2021", Format::td1, true, QrForm::fields_7, vietnamese},
    CardInfo{Card::vn_cancuoc_2024, "vn-cancuoc-2024", Format::td1, true, QrForm::fields_11, vietnamese},
    CardInfo{Card::icao_td1, "icao-td1", Format::td1, false, QrForm::none, mandatory},
    CardInfo{Card::icao_td2, "icao-td2", Format::td2, false, QrForm::none, mandatory},
    CardInfo{Card::icao_td3, "icao-td3", Format::td3, false, QrForm::none, mandatory},
};

}  // namespace

const CardInfo& info(Card card) { return cards.at(static_cast<std::size_t>(card)); }
std::span<const CardInfo> all_cards() { return cards; }

std::optional<Card> card_by_name(std::string_view name) {
    for (const auto& card : cards)
        if (card.name == name) return card.card;
    return std::nullopt;
}

}  // namespace idchip::vietnam
