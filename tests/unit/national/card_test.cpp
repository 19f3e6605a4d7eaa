#include "unit/unit.hpp"

#include <idchip/national/vietnam/card.hpp>

using namespace idchip;
using namespace idchip::test;
using namespace idchip::vietnam;

TEST_CASE("each kind of card is found by its name, and only by it", "[vietnam]") {
    REQUIRE(all_cards().size() == 5);
    for (const auto& card : all_cards()) {
        CHECK(card_by_name(card.name) == card.card);
        CHECK(info(card.card).name == card.name);
    }
    CHECK(card_by_name("vn-cccd-2021") == Card::vn_cccd_2021);
    CHECK(card_by_name("vn-cancuoc-2024") == Card::vn_cancuoc_2024);
    CHECK_FALSE(card_by_name("VN-CCCD-2021").has_value());
    CHECK_FALSE(card_by_name("").has_value());
}

TEST_CASE("EF.COM of the Vietnamese cards lists 61 75 63 6D 6F 6E", "[vietnam]") {
    for (const auto card : {Card::vn_cccd_2021, Card::vn_cancuoc_2024}) {
        Bytes tags;
        for (const auto ef : info(card).data_groups) append_be(tags, lds::info(ef).tag, 1);
        CHECK(to_hex(tags) == "6175636D6F6E");
        CHECK(info(card).vn_mrz);
        CHECK(info(card).format == mrz::Format::td1);
    }
    CHECK(info(Card::vn_cccd_2021).qr == QrForm::fields_7);
    CHECK(info(Card::vn_cancuoc_2024).qr == QrForm::fields_11);
    CHECK_FALSE(info(Card::icao_td1).vn_mrz);
    CHECK(info(Card::icao_td3).format == mrz::Format::td3);
    CHECK(info(Card::icao_td3).qr == QrForm::none);
}
