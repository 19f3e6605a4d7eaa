#include "unit/unit.hpp"

#include <idchip/base/unicode.hpp>

using namespace idchip;

TEST_CASE("spellings of one text fold to the same", "[base]") {
    const auto folded = to_folded("Trần Bình");
    for (const auto* text : {"TRẦN BÌNH", "trần bình", "Tr\u00E2\u0300n Bi\u0300nh", "TRA\u0302\u0300N BI\u0300NH",
                             "Tr\u1EA7n\u00A0B\u00ECnh", "  Trần   Bình ", "Tr\u00ADần B\u200Bình", "\uFF34rần Bình"})
        CHECK(to_folded(text) == folded);
    for (const auto* text : {"Tran Binh", "Trân Bình", "Trần Bính", "TrầnBình", ""}) CHECK(to_folded(text) != folded);
    CHECK(to_folded("ẞ") == "ss");
    CHECK(to_folded(" \u00A0 ").empty());
    CHECK(to_folded(folded) == folded);
}
