// The generations of the card, as data.
#pragma once

#include <idchip/lds/files.hpp>
#include <idchip/mrz/mrz.hpp>

namespace idchip::vietnam {

enum class Card {
    vn_cccd_2021,     // "căn cước công dân" with a chip, Circular 06/2021
    vn_cancuoc_2024,  // "thẻ căn cước", Law 26/2023 and Circular 16/2024
    icao_td1,         // plain Doc 9303-5
    icao_td2,         // plain Doc 9303-6
    icao_td3,         // plain Doc 9303-4
};

enum class QrForm { none, fields_7, fields_11 };

struct CardInfo {
    Card card;
    std::string_view name;  // "vn-cccd-2021"
    mrz::Format format;
    bool vn_mrz;  // the zone of mrz_variant.hpp
    QrForm qr;
    std::span<const lds::Ef> data_groups;  // in the order of EF.COM; ICAO: those that must be there
};

const CardInfo& info(Card card);
std::span<const CardInfo> all_cards();
// Exactly as `name` has it.
std::optional<Card> card_by_name(std::string_view name);

}  // namespace idchip::vietnam
