// The card in use: sessions, the lock, and what a power cut leaves.
#include "unit/sim/card_under_test.hpp"

#include <idchip/chip/session.hpp>

using namespace idchip;
using namespace idchip::test;
using iso7816::CommandApdu;
using lds::Ef;

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
        REQUIRE(card.send(good(CommandApdu{0x00, 0xD6, static_cast<Byte>(at >> 8U), static_cast<Byte>(at), block, {}, false}.encode())) ==
                "9000");
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
        for (const auto* command :
             {"00E00000066304000A0101", "00E0000006630400010001", "00D6000001AA", "00DADEAD", "00DA0060", "00DA0062"}) {
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
    CHECK(sim::blanks() == std::vector<std::string>{"jmrtd-applet", "jmrtd-applet-lifecycle", "gp-dgi", "iso-native"});
}

TEST_CASE("without power a card is mute", "[sim]") {
    CardUnderTest card;
    card.card->power_down();
    CHECK(card.send(select_applet).empty());
    card.card->power_up();
    CHECK(card.send(select_applet) == "9000");
}

TEST_CASE("a bent protected command ends the card's session with a plain status word", "[sim]") {
    CardUnderTest card;
    card.with_keys().with_file();
    TestRng rng;
    auto bac = bac::Terminal::fresh(bac::derive_access_keys(bac::k_seed(mrz_information).view()), rng);
    const auto transmit = [&](const CommandApdu& c) { return good(iso7816::ResponseApdu::parse(card.card->transmit(good(c.encode())))); };
    const auto answer = transmit(good(bac.external_authenticate(transmit(bac.get_challenge()))));
    sm::Terminal terminal(good(bac.finish(answer)));
    const CommandApdu select{0x00, 0xA4, 0x02, 0x0C, "0101"_hex, {}};
    CHECK(good(terminal.unprotect(transmit(good(terminal.protect(select))))).ok());
    auto bent = good(terminal.protect(select));
    bent.data.back() = static_cast<Byte>(bent.data.back() ^ 1U);
    CHECK(to_hex(transmit(bent).encode()) == "6988");
    CHECK(to_hex(transmit(bent).encode()) == "6882");  // no session any more
    CHECK(card("00B0000004") == "6982");
}
