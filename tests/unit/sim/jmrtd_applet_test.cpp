// The blank card: what it takes, what it refuses and with which status word, and what a power cut leaves of it.
#include "unit/scripted.hpp"

#include <idchip/chip/session.hpp>
#include <idchip/sim/card.hpp>

using namespace idchip;
using namespace idchip::test;
using iso7816::CommandApdu;
using lds::Ef;

namespace {

const auto select_applet = "00A4040C07A0000002471001"_hex;
// Document number L898902C<, birth 690806, expiry 940623: the worked example of Doc 9303-11, appendix D.
const auto put_keys = "00DA0062 1D 621B 04094C383938393032433C 0406363930383036 0406393430363233"_hex;
constexpr auto mrz_information = "L898902C<369080619406236";

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

struct Row { std::string_view command, sw; };

}  // namespace

TEST_CASE("before the applet is selected a blank card knows nothing but its selection", "[sim]") {
    CardUnderTest card;
    for (const auto* command : {"00A4020C020101", "00B0000008", "0084000008", "00DA0062", "00E00000066304000A0101", "00D6000001AA", "00DADEAD"})
        CHECK(card(command) == "6D00");
    const Row rows[] = {{"00A4040C07A0000002471002", "6A82"}, {"00A4040C06A00000024710", "6A82"}, {"00A4040C", "6A82"}, {"00A4040107A0000002471001", "6A86"},
                        {"80A4040C07A0000002471001", "6E00"}, {"0CA4040C07A0000002471001", "6882"}, {"00A4040C08A0000002471001", "6700"}, {"00", "6700"},
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
        {"0084000008", "6982"},                     // GET CHALLENGE without keys
        {"0082000028" "0000", "6700"},              // Lc does not fit
        {"00A4020C020102", "6A82"},                 // SELECT: no such file
        {"00A4020C020101", "9000"},                 // and the one that is there
        {"00A40200020101", "6A86"}, {"00A4000C020101", "6A86"}, {"00A4010C020101", "6A86"},
        {"00A4020C0101", "6700"}, {"00A4020C03010100", "6700"}, {"00A4020C", "6700"}, {"00A4020C02010100", "6700"},  // wrong length, Le present
        {"00A4020C020103", "6982"}, {"00A4020C020104", "6982"},  // DG3 and DG4 need a terminal's certificate
        {"00B0000004", "6982"},                     // READ BINARY before authentication
        {"00E00000066304000A0103", "6982"}, {"00E00000066304000A0110", "6F00"}, {"00E00000066304000A0100", "6F00"}, {"00E00000066304000A2F00", "6F00"},
        {"00E00100066304000A0102", "6A86"}, {"00E00001066304000A0102", "6A86"}, {"00E00000056304000A01", "6700"}, {"00E00000076304000A010200", "6700"},
        {"00E00000066204000A0102", "6984"}, {"00E00000066305000A0102", "6700"}, {"00E00000066304000A010200", "6700"}, {"00E0000006630480000102", "6F00"},
        {"00D6000001AA", "9000"}, {"00D60009" "01AA", "9000"}, {"00D6000A01AA", "6A84"}, {"00D6000902AABB", "6A84"}, {"00D600000BAABBCCDDEEFF0011223344", "6A84"},
        {"00D6000000", "6700"}, {"00D60000", "6700"}, {"00D6000001AA00", "6700"}, {"00D6800001AA", "6A86"}, {"00D681" "0001AA", "6A86"},
        {"00DA0062", "6A80"}, {"00DA006200", "6700"}, {"00DA0162021234", "6A86"}, {"00DA0065021234", "6A86"}, {"00DADEAD0100", "6700"}, {"00DADEAE", "6A86"},
        {"00DA0063021234", "6D00"}, {"00DA0064021234", "6D00"},
        {"00B20000", "6D00"}, {"00880000080102030405060708" "00", "6D00"}, {"10B0000004", "6E00"}, {"80E00000066304000A0102", "6E00"},
        {"00D6000000000" "1AA", "6700"},            // extended length
        {"0CB0000000", "6882"}, {"0CB000000D9701048E08000000000000000000", "6882"},  // secure messaging without a session
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
                        {"00DA00621D611B04094C383938393032433C04063639303830360406393430363233", "6A80"},          // wrong outer tag
                        {"00DA00621E621B04094C383938393032433C0406363930383036040639343036323300", "6A80"},        // bytes behind
                        {"00DA00621D621B04094C383938393032433C05063639303830360406393430363233", "6A80"},          // wrong inner tag
                        {"00DA00621D621B04094C383938393032436104063639303830360406393430363233", "6A80"},          // a small letter
                        {"00DA00621D621B04094C383938393032433C04063639303830410406393430363233", "6A80"},          // a date with a letter
                        {"00DA00621C621A04094C383938393032433C040536393038300406393430363233", "6A80"},            // five digits
                        {"00DA00621462120400" "0406363930383036" "0406393430363233", "6A80"},                      // no number
                        {"00DA00621F621D04094C383938393032433C040636393038303604063934303632330400", "6A80"},      // a fourth object
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
        const auto inner = concat({Bytes{0x04, 0x81, static_cast<Byte>(number.size())}, number});
        const auto object = concat({Bytes{tag, 0x81, static_cast<Byte>(inner.size())}, inner});
        return card.send(good(CommandApdu{0x00, 0xDA, 0x00, tag, object, {}, false}.encode()));
    };
    for (const Byte tag : {Byte{0x60}, Byte{0x61}}) {
        CHECK(put(tag, 128, false) == "9000");
        CHECK(put(tag, 128, true) == "9000");
        CHECK(put(tag, 127, false) == "6F00");
        CHECK(put(tag, 129, false) == "6F00");
    }
    CHECK(card("00DA0060") == "6A80");
    CHECK(card("00DA006004600204" "00") == "6A80");
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

TEST_CASE("what is written comes back through basic access control and secure messaging", "[sim]") {
    CardUnderTest card;
    card.with_keys();
    TestRng rng;
    auto content = rng.bytes(1000);
    content[0] = 0x61;
    content[1] = 0x82;
    content[2] = 0x03;
    content[3] = 0xE4;
    REQUIRE(card("00E0000006630403E80101") == "9000");
    REQUIRE(card("00A4020C020101") == "9000");
    for (std::size_t at = 0; at < content.size(); at += 200) {
        const auto block = to_bytes(ByteView(content).subspan(at, 200));
        REQUIRE(card.send(good(CommandApdu{0x00, 0xD6, static_cast<Byte>(at >> 8U), static_cast<Byte>(at), block, {}, false}.encode())) == "9000");
    }
    for (const bool lock : {false, true}) {
        card.card->power_up();
        if (lock) card.selected().locked();
        const auto t = transport::in_process(*card.card);
        chip::Session session(*t);
        good(session.select_application());
        const auto plain = good(session.read_file(Ef::dg1));
        CHECK(plain.sw == 0x6982);
        CHECK_FALSE(plain.content);
        good(session.basic_access_control(mrz_information, rng));
        const auto outcome = good(session.read_file(Ef::dg1));
        CHECK(outcome.content == content);
        CHECK(outcome.protected_status);
        CHECK(good(session.read_file(Ef::dg2)).sw == 0x6A82);
        CHECK(good(session.read_file(Ef::dg3)).sw == 0x6982);
        CHECK(good(session.send({0x00, 0xB0, 0x00, 0x00, {}, 1})).sw == 0x6985);  // the failed selections left none
        REQUIRE(good(session.read_file(Ef::dg1)).content == content);
        CHECK(good(session.send({0x00, 0xB0, 0x03, 0xE8, {}, 1})).sw == 0x6B00);
        CHECK(good(session.send({0x00, 0xB0, 0x80, 0x00, {}, 1})).sw == 0x6A86);
        CHECK(good(session.send({0x00, 0xB0, 0x00, 0x00, {}, {}})).sw == 0x6700);
        CHECK(good(session.send({0x00, 0xB0, 0x00, 0x00, {}, 256})).data.size() <= 224);
        CHECK(good(session.send({0x00, 0x84, 0x00, 0x00, {}, 8})).sw == 0x6982);  // no second authentication inside
        CHECK(good(session.send({0x00, 0xD6, 0x00, 0x00, "61"_hex, {}})).sw == (lock ? 0x6985 : 0x9000));
    }
}

TEST_CASE("the wrong document's data opens nothing", "[sim]") {
    CardUnderTest card;
    card.with_keys().with_file().locked();
    const auto t = transport::in_process(*card.card);
    chip::Session session(*t);
    good(session.select_application());
    TestRng rng;
    CHECK(error_of(session.basic_access_control("L898902C<369080619406237", rng)) == "bac.wrong_key");
    CHECK_FALSE(session.secured());
}

TEST_CASE("a plain command ends secure messaging and what it had opened", "[sim]") {
    CardUnderTest card;
    card.with_keys().with_file();
    const auto t = transport::in_process(*card.card);
    chip::Session session(*t);
    good(session.select_application());
    TestRng rng;
    good(session.basic_access_control(mrz_information, rng));
    CHECK(good(session.send({0x00, 0xA4, 0x02, 0x0C, "0101"_hex, {}})).ok());
    CHECK(card("00B0000004") == "6982");
    CHECK(error_of(session.send({0x00, 0xB0, 0, 0, {}, 4})) == "sm.broken");  // the card answers 6882 now
}

TEST_CASE("after the lock every writing command is refused, for good", "[sim]") {
    CardUnderTest card;
    card.with_keys().with_file().locked();
    CHECK(card.card->locked());
    const auto refused = [&] {
        for (const auto* command : {"00E00000066304000A0101", "00E0000006630400010001", "00D6000001AA", "00DADEAD", "00DA0060", "00DA0062"}) {
            CAPTURE(command);
            CHECK(card(command) == "6985");
        }
        CHECK(card.send(put_keys) == "6985");
        CHECK(card("00A4020C020101") == "6982");  // SELECT needs authentication now
    };
    refused();
    card.card->power_down();
    card.card->power_up();
    card.selected();
    refused();
}

TEST_CASE("a power cut in an update keeps exactly a prefix, and the card is mute until it is powered", "[sim]") {
    for (const std::size_t keep : {0U, 1U, 4U, 9U, 10U, 50U}) {
        CAPTURE(keep);
        CardUnderTest card;
        card.selected().with_file();
        REQUIRE(card("00D600000AFFFFFFFFFFFFFFFFFFFF") == "9000");
        card.card->cut_power_in_next_update(keep);
        CHECK(card("00A4020C020101") == "9000");  // other commands run
        CHECK(card("00D600000A0102030405060708090A").empty());
        CHECK(card("00A4040C07A0000002471001").empty());
        Bytes want(10, 0xFF);
        for (std::size_t i = 0; i < std::min<std::size_t>(keep, 10); ++i) want[i] = static_cast<Byte>(i + 1);
        CHECK(card.card->files().find(0x0101)->content == want);
        card.card->power_up();
        CHECK(card("00D6000001AA") == "6D00");  // the selection is gone with the power
        card.selected();
        CHECK(card("00A4020C020101") == "9000");
        CHECK(card("00D600000A0102030405060708090A") == "9000");
        CHECK(card.card->files().find(0x0101)->content == "0102030405060708090A"_hex);
    }
}

TEST_CASE("a reset forgets selection, challenge and session", "[sim]") {
    CardUnderTest card;
    card.with_keys().with_file();
    card("0084000008");
    const auto t = transport::in_process(*card.card);
    CHECK(to_hex(good(t->reset())) == "3B80800101");
    CHECK(card("00D6000001AA") == "6D00");
    card.selected();
    CHECK(card("0082000028" + std::string(80, '0') + "28") == "6982");
}

TEST_CASE("the state of a card is kept in its file, restored, and only its owner's", "[sim]") {
    const TempFolder folder;
    const auto path = folder / "card.json";
    std::string state;
    {
        CardUnderTest card(path);
        card.with_keys().with_file();
        REQUIRE(card("00D600020155") == "9000");
        REQUIRE(card("00E0000006630400040101") == "9000");
        card.locked();
        state = card.card->state_json();
        CHECK(good(read_text(path)) == state);
    }
    CardUnderTest again(path);
    CHECK(again.card->locked());
    CHECK(again.card->state_json() == state);
    CHECK(again.card->files().find(0x0101)->allocated == 10);
    CHECK(again.card->files().find(0x0101)->size == 4);
    CHECK(again.card->files().find(0x0101)->content[2] == 0x55);
    const auto t = transport::in_process(*again.card);
    chip::Session session(*t);
    TestRng rng;
    good(session.select_application());
    good(session.basic_access_control(mrz_information, rng));
    CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::all) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("a torn state survives the process as it would in the chip", "[sim]") {
    const TempFolder folder;
    const auto path = folder / "card.json";
    {
        CardUnderTest card(path);
        card.selected().with_file();
        card.card->cut_power_in_next_update(3);
        CHECK(card("00D600000A0102030405060708090A").empty());
    }
    CardUnderTest again(path);
    CHECK(to_hex(again.card->files().find(0x0101)->content) == "01020300000000000000");
}

TEST_CASE("a state file that is none, or of another card, is refused", "[sim]") {
    const TempFolder folder;
    const auto make = [&](std::string_view text) {
        good(write_text(folder / "s", text));
        sim::CardOptions options;
        options.state = folder / "s";
        return error_of(sim::make_card(options));
    };
    const std::string tail = R"("locked":false,"k_seed":"","aa_modulus":"","aa_exponent":"","files":)";
    CHECK(make("") == "input.bad_json");
    CHECK(make("{}") == "input.bad_json");
    CHECK(make("[1]") == "input.bad_json");
    CHECK(make(R"({"blank":"other",)" + tail + "{}}") == "input.bad_json");
    CHECK(make(R"({"blank":"jmrtd-applet",)" + tail + "{}}") == "none");
    CHECK(make(R"({"blank":"jmrtd-applet",)" + tail + R"({"0101":{"size":5,"content":"AA"}}})") == "input.bad_json");
    CHECK(make(R"({"blank":"jmrtd-applet",)" + tail + R"({"0101":{"size":-1,"content":"AA"}}})") == "input.bad_json");
    CHECK(make(R"({"blank":"jmrtd-applet",)" + tail + R"({"0101":{"size":1,"content":"A"}}})") == "input.bad_hex");
    CHECK(make(R"({"blank":"jmrtd-applet",)" + tail + R"({"zz":{"size":1,"content":"AA"}}})") == "input.bad_hex");
    CHECK(make(R"({"blank":"jmrtd-applet",)" + tail + R"({"010101":{"size":1,"content":"AA"}}})") == "input.bad_json");
    CHECK(make(R"({"blank":"jmrtd-applet",)" + tail + R"({"0101":{"size":1}}})") == "input.bad_json");
    sim::CardOptions unknown;
    unknown.blank = "no-such-card";
    CHECK(error_of(sim::make_card(unknown)) == "profile.not_found");
    CHECK(sim::blanks() == std::vector<std::string>{"jmrtd-applet"});
}

TEST_CASE("without power a card is mute", "[sim]") {
    CardUnderTest card;
    card.card->power_down();
    CHECK(card.send(select_applet).empty());
    card.card->power_up();
    CHECK(card.send(select_applet) == "9000");
}
