// A blank card with the commands that tests begin with.
#pragma once

#include "unit/scripted.hpp"

#include <idchip/sim/card.hpp>

namespace idchip::test {

inline const auto select_applet = "00A4040C07A0000002471001"_hex;
// Document number L898902C<, birth 690806, expiry 940623: the worked example of Doc 9303-11, appendix D.
inline const auto put_keys = "00DA0062 1D 621B 04094C383938393032433C 0406363930383036 0406393430363233"_hex;
inline constexpr auto mrz_information = "L898902C<369080619406236";

struct CardUnderTest {
    TestRng rng;
    std::unique_ptr<sim::Card> card;
    explicit CardUnderTest(std::filesystem::path state = {}, std::size_t memory = 80 * 1024) {
        sim::CardOptions options;
        options.state = std::move(state);
        options.memory = memory;
        options.rng = &rng;
        card = good(sim::make_card(options));
        card->power_up();
    }
    // The answer in hexadecimal; empty: mute.
    std::string operator()(std::string_view hex) { return to_hex(card->transmit(good(from_hex(hex)))); }
    std::string send(ByteView bytes) { return to_hex(card->transmit(bytes)); }
    CardUnderTest& selected() {
        REQUIRE(send(select_applet) == "9000");
        return *this;
    }
    CardUnderTest& with_keys() {
        selected();
        REQUIRE(send(put_keys) == "9000");
        return *this;
    }
    // A file of ten bytes, selected.
    CardUnderTest& with_file() {
        REQUIRE((*this)("00E00000066304000A0101") == "9000");
        REQUIRE((*this)("00A4020C020101") == "9000");
        return *this;
    }
    CardUnderTest& locked() {
        REQUIRE((*this)("00DADEAD") == "9000");
        return *this;
    }
};

}  // namespace idchip::test
