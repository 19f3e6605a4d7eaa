// PACE against the simulated chip, driven by pace::Terminal: Doc 9303-11, 4.4; BSI TR-03110-2, 3.3 (PIN).
#include "unit/sim/emrtd_under_test.hpp"

using namespace idchip;
using namespace idchip::test;
using pace::Password;

namespace {

Password can(std::string_view text = "500540") { return good(Password::can(text)); }
Password pin(std::string_view text) { return good(Password::pin(text)); }

sim::EmrtdConfig pin_config() {
    auto c = pace_config();
    c.pin = "123456";
    c.puk = "1234567890";
    return c;
}

CommandApdu set_at(ByteView data) { return {0x00, 0x22, 0xC1, 0xA4, to_bytes(data), {}}; }
const auto oid_gm_aes_128 = "800A04007F00070202040202"_hex;

}  // namespace

TEST_CASE("every mapping and key agreement opens the chip, with every password it has", "[sim]") {
    struct Row {
        const char* protocol;
        std::int64_t parameters;
    };
    for (const auto& [protocol, parameters] :
         {Row{"id-PACE-ECDH-GM-3DES-CBC-CBC", 12}, Row{"id-PACE-ECDH-GM-AES-CBC-CMAC-128", 13}, Row{"id-PACE-ECDH-IM-AES-CBC-CMAC-128", 13},
          Row{"id-PACE-ECDH-GM-AES-CBC-CMAC-256", 16}, Row{"id-PACE-DH-GM-AES-CBC-CMAC-128", 2}, Row{"id-PACE-DH-IM-3DES-CBC-CBC", 1}}) {
        CAPTURE(protocol);
        auto config = pace_config(protocol, parameters);
        config.lengths = {true, false, 2000, 2000, 0, sim::TooLong::correct_length};
        EmrtdUnderTest chip(std::move(config));
        chip.pace().in_application();
        CHECK(chip.read_file(0x0101) == chip.card.config().files.at(Ef::dg1));
        chip.card.power_up();
        chip.secured.reset();
        chip.pace(can()).in_application();
        CHECK(chip.select(0x0101).sw == 0x9000);
    }
}

TEST_CASE("PACE-CAM proves the chip's key", "[sim]") {
    auto config = pace_config("id-PACE-ECDH-CAM-AES-CBC-CMAC-128", 13);
    TestRng rng(3);
    const auto key = good(crypto::KeyPair::generate(config.pace[0].domain, rng));
    config.pace[0].chip_authentication_key = key.private_value.clone();
    EmrtdUnderTest chip(std::move(config));
    const auto choice = choice_of(chip.card.config().pace.front());
    const auto established = good(chip.try_pace(choice, Password::mrz(document_key)));
    REQUIRE(established.ca_ic);
    good(pace::verify_chip_authentication(choice.domain, key.public_value, *established.ca_ic, established.pk_map_ic));

    chip.card.power_up();
    chip.card.config().faults = {{sim::FaultId::cam_wrong_key}};
    const auto copy = good(chip.try_pace(choice, Password::mrz(document_key)));
    REQUIRE(copy.ca_ic);
    CHECK(error_of(pace::verify_chip_authentication(choice.domain, key.public_value, *copy.ca_ic, copy.pk_map_ic)) == "pace.cam_failed");

    chip.card.power_up();
    chip.card.config().faults = {{sim::FaultId::cam_data_absent}};
    CHECK_FALSE(good(chip.try_pace(choice, Password::mrz(document_key))).ca_ic);
}

TEST_CASE("a wrong password opens nothing, and is not counted for MRZ and CAN", "[sim]") {
    EmrtdUnderTest chip(pace_config());
    const auto choice = choice_of(chip.card.config().pace.front());
    for (int i = 0; i < 12; ++i) {
        CHECK(error_of(chip.try_pace(choice, can("500541"))) == "pace.wrong_password");
        CHECK(error_of(chip.try_pace(choice, Password::mrz("L898902C<369080619406237"))) == "pace.wrong_password");
    }
    chip.in_application();
    CHECK(chip.select(0x0101).sw == 0x6982);
    CHECK(chip("00A4000C") == "9000");
    chip.pace(can());
}

TEST_CASE("MSE:Set AT of PACE: what is refused, and how", "[sim]") {
    EmrtdUnderTest chip(pace_config());
    CHECK(chip.sw(set_at(concat({oid_gm_aes_128, "830101"_hex}))) == 0x9000);
    CHECK(chip.sw(set_at(concat({oid_gm_aes_128, "83010184010D"_hex}))) == 0x9000);
    CHECK(chip.sw(set_at(concat({oid_gm_aes_128, "830101C00101"_hex}))) == 0x9000);  // unknown objects are ignored (4.4.4.1, note 2)
    CHECK(chip.sw(set_at(concat({oid_gm_aes_128, "83010184010C"_hex}))) == 0x6A88);
    CHECK(chip.sw(set_at(concat({oid_gm_aes_128, "830103"_hex}))) == 0x6A88);  // no PIN
    CHECK(chip.sw(set_at(concat({oid_gm_aes_128, "830109"_hex}))) == 0x6A88);
    CHECK(chip.sw(set_at(concat({"800A04007F00070202040204"_hex, "830101"_hex}))) == 0x6A80);  // another cipher
    CHECK(chip.sw(set_at("830101"_hex)) == 0x6A80);
    CHECK(chip.sw(set_at(oid_gm_aes_128)) == 0x6A80);
    CHECK(chip.sw(set_at("8001"_hex)) == 0x6A80);
    auto with_le = set_at(concat({oid_gm_aes_128, "830101"_hex}));
    with_le.le = 256;
    CHECK(chip.sw(with_le) == 0x6700);
    CHECK(chip("0022C1A300") == "6A86");
    chip.in_application();
    CHECK(chip.sw(set_at(concat({oid_gm_aes_128, "830101"_hex}))) == 0x6985);  // the master file is the place
    chip.card.config().quirks.pace_in_application = true;
    chip.pace();
    CHECK(chip.read_file(0x0101) == chip.card.config().files.at(Ef::dg1));
    CHECK(chip.sw(set_at(concat({oid_gm_aes_128, "830101"_hex}))) == 0x6985);  // not inside a session
}

TEST_CASE("with several parameter sets DO84 is required, with one it is optional", "[sim]") {
    auto config = pace_config();
    config.pace.push_back(offer("id-PACE-ECDH-GM-AES-CBC-CMAC-128", 16));
    config.pace.push_back(offer("id-PACE-ECDH-IM-AES-CBC-CMAC-128", 13));
    EmrtdUnderTest chip(std::move(config));
    CHECK(chip.sw(set_at(concat({oid_gm_aes_128, "830101"_hex}))) == 0x6A88);
    CHECK(chip.sw(set_at(concat({oid_gm_aes_128, "83010184010F"_hex}))) == 0x6A88);
    for (const auto& o : chip.card.config().pace) {
        chip.card.power_up();
        const auto choice = choice_of(o, true);
        good(chip.try_pace(choice, can()));
    }
    EmrtdUnderTest strict(pace_config());
    strict.card.config().quirks.pace_wants_parameter_id = true;
    CHECK(strict.sw(set_at(concat({oid_gm_aes_128, "830101"_hex}))) == 0x6A80);
    CHECK(strict.sw(set_at(concat({oid_gm_aes_128, "83010184010D"_hex}))) == 0x9000);
    strict.card.config().quirks.pace_wants_parameter_id = false;
    strict.card.config().quirks.pace_refuses_parameter_id = true;
    CHECK(strict.sw(set_at(concat({oid_gm_aes_128, "83010184010D"_hex}))) == 0x6A88);
    CHECK(strict.sw(set_at(concat({oid_gm_aes_128, "830101"_hex}))) == 0x9000);
}

TEST_CASE("the steps of PACE are one chain of commands", "[sim]") {
    EmrtdUnderTest chip(pace_config());
    const auto begin = [&] { REQUIRE(chip.sw(set_at(concat({oid_gm_aes_128, "830102"_hex}))) == 0x9000); };
    CHECK(chip("10860000027C0000") == "6985");  // nothing selected; chip authentication is not offered
    begin();
    CHECK(chip("10860000027C0000").substr(0, 8) == "7C128010");
    begin();
    CHECK(chip("00860000027C0000") == "6985");  // not the last step
    CHECK(chip("10860000027C0000") == "6985");  // and the run has ended
    begin();
    CHECK(chip("10860000027C00") == "6700");
    begin();
    CHECK(chip("10860000047C02810000") == "6A80");
    begin();
    CHECK(chip("10860001027C0000") == "6A86");
    begin();
    CHECK(chip("10860000027C0000").size() > 4);
    CHECK(chip("00B09C0004").size() == 12);     // a command in between
    CHECK(chip("10860000027C0000") == "6985");  // breaks the chain
    // A point that is not on the curve.
    begin();
    CHECK(chip("10860000027C0000").size() > 4);
    CHECK(chip("10860000457C438141 04" + std::string(128, '1') + "00") == "6A80");
    // A key sent back: the chip compares, too.
    begin();
    CHECK(chip("10860000027C0000").size() > 4);
}

TEST_CASE("a PIN is counted down, suspended, resumed by the CAN, blocked, and unblocked by the PUK", "[sim]") {
    EmrtdUnderTest chip(pin_config());
    const auto choice = choice_of(chip.card.config().pace.front());
    const auto status = [&](Byte reference) { return chip.sw(set_at(concat({oid_gm_aes_128, tlv::element(0x83, Bytes{reference})}))); };
    const auto fresh = [&] {
        chip.card.power_up();
        chip.secured.reset();
    };
    CHECK(status(3) == 0x9000);
    const auto wrong = chip.try_pace(choice, pin("111111"));
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().sw == 0x63C2);
    CHECK(status(3) == 0x63C2);
    good(chip.try_pace(choice, pin("123456")));  // a success restores the counter
    CHECK(chip.card.pin_tries_left() == 3);
    fresh();
    CHECK_FALSE(chip.try_pace(choice, pin("111111")));
    CHECK_FALSE(chip.try_pace(choice, pin("111111")));
    CHECK(chip.card.pin_tries_left() == 1);
    // Suspended: the right PIN alone opens nothing.
    CHECK(status(3) == 0x63C1);
    CHECK(chip("10860000027C0000") == "6985");
    CHECK(chip.card.pin_tries_left() == 1);
    // Resumed by the CAN: a right PIN restores, and its keys take the place of those of the CAN.
    const auto resumed = [&](std::string_view word) {
        fresh();
        chip.pace(can());
        REQUIRE(status(3) == 0x63C1);
        pace::Terminal terminal(choice, pin(word), pace::Randoms::fresh(choice, chip.terminal_rng));
        auto response = ResponseApdu::of(0x63C2);  // the terminal's role takes 63C1 for the end of it
        for (;;) {
            auto next = terminal.next(response);
            if (!next) return next.error().sw.value_or(0);
            if (!*next) break;
            response = chip.send(**next);
        }
        chip.secured.emplace(std::move(terminal.take().session));
        return std::uint16_t{0x9000};
    };
    CHECK(resumed("123456") == 0x9000);
    CHECK(chip.card.pin_tries_left() == 3);
    CHECK(chip.read_short(0x1D, 10).sw == 0x9000);
    // Blocked.
    fresh();
    CHECK_FALSE(chip.try_pace(choice, pin("111111")));
    CHECK_FALSE(chip.try_pace(choice, pin("111111")));
    CHECK(resumed("111111") == 0x63C0);
    CHECK(chip.read_short(0x1D, 10).sw == 0x9000);  // the session of the CAN goes on
    fresh();
    CHECK(status(3) == 0x63C0);
    CHECK(chip("10860000027C0000") == "6983");
    CHECK(error_of(chip.try_pace(choice, pin("123456"))) == "pace.blocked");
    // The PUK unblocks.
    CHECK(chip("002C0303") == "6982");
    fresh();
    chip.pace(can());
    CHECK(chip.sw({0x00, 0x2C, 0x03, 0x03, {}, {}}) == 0x6982);
    fresh();
    chip.pace(good(Password::puk("1234567890")));
    CHECK(chip.sw({0x00, 0x2C, 0x02, 0x03, {}, {}}) == 0x6A86);
    CHECK(chip.sw({0x00, 0x2C, 0x03, 0x03, {}, {}}) == 0x9000);
    CHECK(chip.card.pin_tries_left() == 3);
    fresh();
    chip.pace(pin("123456"));
}

TEST_CASE("a PIN is counted before its token is looked at", "[sim]") {
    EmrtdUnderTest chip(pin_config());
    REQUIRE(chip.sw(set_at(concat({oid_gm_aes_128, "830103"_hex}))) == 0x9000);
    CHECK(chip("10860000027C0000").size() > 4);
    chip.card.power_up();  // torn out after the nonce: nothing was tried
    CHECK(chip.card.pin_tries_left() == 3);
    chip.card.config().faults = {{sim::FaultId::pace_step_mute, {}, 0, 0x6A82, 4}};
    const auto choice = choice_of(chip.card.config().pace.front());
    pace::Terminal terminal(choice, pin("111111"), pace::Randoms::fresh(choice, chip.terminal_rng));
    auto response = chip.send(terminal.set_at());
    for (int i = 0; i < 3; ++i) response = chip.send(*good(terminal.next(response)));
    CHECK(chip.card.transmit(good((*good(terminal.next(response))).encode())).empty());
    CHECK(chip("00B09C0004").empty());  // out of the field
}

TEST_CASE("certification authority references come only where they are asked for", "[sim]") {
    EmrtdUnderTest chip(pace_config());
    const auto choice = choice_of(chip.card.config().pace.front());
    CHECK(good(chip.try_pace(choice, can(), true)).certification_authority_references.empty());
}
