// The blank card: what it takes, what it refuses and with which status word.
#include "unit/sim/card_under_test.hpp"

using namespace idchip;
using namespace idchip::test;
using iso7816::CommandApdu;

namespace {

struct Row {
    std::string_view command, sw;
};

}  // namespace

TEST_CASE("before the applet is selected a blank card knows nothing but its selection", "[sim]") {
    CardUnderTest card;
    for (const auto* command :
         {"00A4020C020101", "00B0000008", "0084000008", "00DA0062", "00E00000066304000A0101", "00D6000001AA", "00DADEAD"})
        CHECK(card(command) == "6D00");
    const Row rows[] = {{"00A4040C07A0000002471002", "6A82"},
                        {"00A4040C06A00000024710", "6A82"},
                        {"00A4040C", "6A82"},
                        {"00A4040107A0000002471001", "6A86"},
                        {"80A4040C07A0000002471001", "6E00"},
                        {"0CA4040C07A0000002471001", "6882"},
                        {"00A4040C08A0000002471001", "6700"},
                        {"00", "6700"},
                        {"00A4040007A0000002471001", "9000"}};
    for (const auto& [command, sw] : rows) {
        CAPTURE(command);
        CHECK(card(command) == sw);
    }
}

TEST_CASE("each command is refused with the status word of its fault", "[sim]") {
    CardUnderTest card;
    card.selected().with_file();
    const Row rows[] = {
        {"0084000008", "6982"},  // GET CHALLENGE without keys
        {"0082000028"
         "0000",
         "6700"},                    // Lc does not fit
        {"00A4020C020102", "6A82"},  // SELECT: no such file
        {"00A4020C020101", "9000"},  // and the one that is there
        {"00A40200020101", "6A86"},
        {"00A4000C020101", "6A86"},
        {"00A4010C020101", "6A86"},
        {"00A4020C0101", "6700"},
        {"00A4020C03010100", "6700"},
        {"00A4020C", "6700"},
        {"00A4020C02010100", "6700"},  // wrong length, Le present
        {"00A4020C020103", "6982"},
        {"00A4020C020104", "6982"},  // DG3 and DG4 need a terminal's certificate
        {"00B0000004", "6982"},      // READ BINARY before authentication
        {"00E00000066304000A0103", "6982"},
        {"00E00000066304000A0110", "6F00"},
        {"00E00000066304000A0100", "6F00"},
        {"00E00000066304000A2F00", "6F00"},
        {"00E00100066304000A0102", "6A86"},
        {"00E00001066304000A0102", "6A86"},
        {"00E00000056304000A01", "6700"},
        {"00E00000076304000A010200", "6700"},
        {"00E00000066204000A0102", "6984"},
        {"00E00000066305000A0102", "6700"},
        {"00E00000066304000A010200", "6700"},
        {"00E0000006630480000102", "6F00"},
        {"00D6000001AA", "9000"},
        {"00D60009"
         "01AA",
         "9000"},
        {"00D6000A01AA", "6A84"},
        {"00D6000902AABB", "6A84"},
        {"00D600000BAABBCCDDEEFF0011223344", "6A84"},
        {"00D6000000", "6700"},
        {"00D60000", "6700"},
        {"00D6000001AA00", "6700"},
        {"00D6800001AA", "6A86"},
        {"00D681"
         "0001AA",
         "6A86"},
        {"00DA0062", "6A80"},
        {"00DA006200", "6700"},
        {"00DA0162021234", "6A86"},
        {"00DA0065021234", "6A86"},
        {"00DADEAD0100", "6700"},
        {"00DADEAE", "6A86"},
        {"00DA0063021234", "6D00"},
        {"00DA0064021234", "6D00"},
        {"00B20000", "6D00"},
        {"00880000080102030405060708"
         "00",
         "6982"},
        {"10B0000004", "6E00"},
        {"80E00000066304000A0102", "6E00"},
        {"00D6000000000"
         "1AA",
         "6700"},  // extended length
        {"0CB0000000", "6882"},
        {"0CB000000D9701048E08000000000000000000", "6882"},  // secure messaging without a session
    };
    for (const auto& [command, sw] : rows) {
        CAPTURE(command);
        CHECK(card(command) == sw);
    }
    CHECK_FALSE(card.card->locked());
}

TEST_CASE("files are created within the memory, and once created never grow", "[sim]") {
    CardUnderTest card({}, 1000);
    card.selected();
    const Row rows[] = {{"00E0000006630403200101", "9000"}, {"00E0000006630400C90102", "6A84"}, {"00E0000006630400C80102", "9000"},
                        {"00E0000006630400010105", "6A84"}, {"00E0000006630403210101", "6A84"}, {"00E0000006630400100101", "9000"},
                        {"00E0000006630403200101", "9000"}, {"00E0000006630400000106", "9000"}};
    for (const auto& [command, sw] : rows) {
        CAPTURE(command);
        CHECK(card(command) == sw);
    }
    CHECK(card.card->files().used() == 1000);
    CHECK(card.card->files().find(0x0101)->size == 0x320);
    // Made smaller, a file takes no more than its size.
    REQUIRE(card("00E0000006630400020101") == "9000");
    REQUIRE(card("00A4020C020101") == "9000");
    CHECK(card("00D6000002AABB") == "9000");
    CHECK(card("00D6000003AABBCC") == "6A84");
}

TEST_CASE("an update needs a selected file, and a failed selection takes the old one away", "[sim]") {
    CardUnderTest card;
    card.selected();
    CHECK(card("00D6000001AA") == "6985");
    card.with_file();
    CHECK(card("00D6000001AA") == "9000");
    CHECK(card("00A4020C020105") == "6A82");
    CHECK(card("00D6000001AA") == "6985");
    card.with_file();
    card.send(select_applet);
    CHECK(card("00D6000001AA") == "6985");
}

TEST_CASE("access keys are taken in their exact structure only", "[sim]") {
    CardUnderTest card;
    card.selected();
    const Row rows[] = {{"00DA0062026200", "6A80"},
                        {"00DA00621D611B04094C383938393032433C04063639303830360406393430363233", "6A80"},    // wrong outer tag
                        {"00DA00621E621B04094C383938393032433C0406363930383036040639343036323300", "6A80"},  // bytes behind
                        {"00DA00621D621B04094C383938393032433C05063639303830360406393430363233", "6A80"},    // wrong inner tag
                        {"00DA00621D621B04094C383938393032436104063639303830360406393430363233", "6A80"},    // a small letter
                        {"00DA00621D621B04094C383938393032433C04063639303830410406393430363233", "6A80"},    // a date with a letter
                        {"00DA00621C621A04094C383938393032433C040536393038300406393430363233", "6A80"},      // five digits
                        {"00DA00621462120400"
                         "0406363930383036"
                         "0406393430363233",
                         "6A80"},                                                                              // no number
                        {"00DA00621F621D04094C383938393032433C040636393038303604063934303632330400", "6A80"},  // a fourth object
                        {"00DA00621D621B04094C383938393032433C04063639303830360406393430363233", "9000"}};
    for (const auto& [command, sw] : rows) {
        CAPTURE(command);
        CHECK(card(command) == sw);
    }
}

TEST_CASE("RSA parts are taken at the applet's one size", "[sim]") {
    CardUnderTest card;
    card.selected();
    const auto put = [&](Byte tag, std::size_t size, bool zero) {
        Bytes number(size, 0xA1);
        if (zero) number.insert(number.begin(), 0);
        const auto object = concat({Bytes{tag, 0x00, 0x04, 0x81, static_cast<Byte>(number.size())}, number});
        return card.send(good(CommandApdu{0x00, 0xDA, 0x00, tag, object, {}, false}.encode()));
    };
    for (const Byte tag : {Byte{0x60}, Byte{0x61}}) {
        CHECK(put(tag, 128, false) == "9000");
        CHECK(put(tag, 128, true) == "9000");
        CHECK(put(tag, 127, false) == "6F00");
        CHECK(put(tag, 129, false) == "6F00");
    }
    CHECK(card("00DA0060") == "6A80");
    CHECK(card("00DA006004600204"
               "00") == "6A80");
}

TEST_CASE("a challenge serves one attempt, and wrong attempts are all refused alike", "[sim]") {
    CardUnderTest card;
    card.with_keys();
    CHECK(card("0084000009") == "6700");
    CHECK(card("00840000") == "6700");
    CHECK(card("0084010008") == "6A86");
    CHECK(card("008400000101") == "6700");
    const auto authenticate = "0082000028" + std::string(80, '0') + "28";
    CHECK(card(authenticate) == "6982");  // no challenge yet
    CHECK(card("0084000008").size() == 20);
    CHECK(card("0082000027" + std::string(78, '0') + "28") == "6700");
    CHECK(card("0082000028" + std::string(80, '0')) == "6700");
    CHECK(card("0082010028" + std::string(80, '0') + "28") == "6A86");
    CHECK(card(authenticate) == "6982");  // wrong
    CHECK(card(authenticate) == "6982");  // and the challenge is used up
    CHECK(card("0084000008") != card("0084000008"));
}
