// Who may select and read what, and what ends a session: Doc 9303-10, 3.6 and 3.11; Doc 9303-11, 4.2 to 4.4 and 9.8.
#include "unit/sim/emrtd_under_test.hpp"

using namespace idchip;
using namespace idchip::test;

TEST_CASE("an open chip is read in the clear, each DF with its own files", "[sim]") {
    auto config = plain_config();
    config.files[Ef::card_access] = file_of(0x31, 30);
    config.files[Ef::cvca] = file_of(0x42, 36);
    EmrtdUnderTest chip(std::move(config));
    const auto& files = chip.card.config().files;
    CHECK(chip.read_file(0x011C) == files.at(Ef::card_access));
    CHECK(chip.select(0x0101).sw == 0x6A82);
    CHECK(chip.select(0x011E).sw == 0x6A82);
    chip.in_application();
    CHECK(chip.read_file(0x011C) == files.at(Ef::cvca));  // the same identifier, another file
    CHECK(chip.read_file(0x0102) == files.at(Ef::dg2));
    CHECK(chip.select(0x2F00).sw == 0x6A82);
    CHECK(chip.read_short(0x01, 256).data == files.at(Ef::dg1));  // in the master file 01 is EF.ATR/INFO
    CHECK(chip("00A4000C") == "9000");
    CHECK(chip.read_short(0x01, 256).data == files.at(Ef::atr_info));
    CHECK(chip.read_short(0x1E, 256).data == files.at(Ef::dir));
    CHECK(chip("0084000008") == "6D00");
    CHECK(chip("0022C1A400") == "6D00");
    CHECK(chip("0088000008000000000000000000") == "6D00");
}

TEST_CASE("SELECT knows the forms of the standard", "[sim]") {
    EmrtdUnderTest chip(plain_config());
    CHECK(chip("00A4040C07A0000002471001") == "9000");
    CHECK(chip("00A4040007A000000247100100") == "6F098407A00000024710019000");
    CHECK(chip("00A4040007A0000002471001") == "9000");
    CHECK(chip("00A4040C07A000000247100100") == "6700");
    CHECK(chip("00A4040C06A00000024710") == "6A82");  // half a name
    CHECK(chip("00A4040C07A0000002471002") == "6A82");
    CHECK(chip("00A4020C020101") == "9000");
    CHECK(chip("00A4020C02010100") == "6700");
    CHECK(chip("00A4020002010100") == "6A86");
    CHECK(chip("00A4000C020101") == "6A82");  // the master file has no such name
    CHECK(chip("00A4000C023F00") == "9000");
    CHECK(chip("00A4080C020101") == "6A86");
    CHECK(chip("00A4020C0101") == "6700");
}

TEST_CASE("a selection that fails leaves the one before it", "[sim]") {
    EmrtdUnderTest chip(plain_config());
    chip.in_application();
    CHECK(chip("00B0000004") == "6986");
    CHECK(chip.select(0x0101).sw == 0x9000);
    CHECK(chip.select(0x0103).sw == 0x6A82);
    CHECK(chip.read(0, 2).data == "615D"_hex);
    chip.in_application();
    CHECK(chip("00B0000004") == "6986");
}

TEST_CASE("BAC: nothing of the application without it, everything with it", "[sim]") {
    EmrtdUnderTest chip(bac_config());
    CHECK(chip("0084000008") == "6985");  // the application must be selected before (4.2)
    CHECK(chip.select(0x011C).sw == 0x6A82);
    CHECK(chip.read_short(0x1E, 256).sw == 0x9000);
    chip.in_application();
    for (const auto* command : {"00A4020C02011E", "00A4020C020101", "00A4020C020109", "00B09E0000", "00B0000000"})
        CHECK(chip(command) == "6982");
    CHECK(chip("0082000028" + std::string(80, '0') + "28") == "6985");  // no challenge yet
    chip.secured.emplace(good(chip.try_bac()));
    const auto& files = chip.card.config().files;
    CHECK(chip.read_file(0x0101) == files.at(Ef::dg1));
    CHECK(chip.read_file(0x0102) == files.at(Ef::dg2));
    CHECK(chip.read_short(0x1D, 4).data == to_bytes(ByteView(files.at(Ef::sod)).first(4)));
    CHECK(chip.select(0x0109).sw == 0x6A82);
    CHECK(chip.sw({0x00, 0x84, 0, 0, {}, 8}) == 0x6985);  // no second authentication inside
    // The session goes on through selections.
    CHECK(chip.sw({0x00, 0xA4, 0x00, 0x0C, {}, {}}) == 0x9000);
    CHECK(chip.read_short(0x1E, 256).data == files.at(Ef::dir));
    chip.in_application();
    CHECK(chip.read_file(0x011E) == files.at(Ef::com));
}

TEST_CASE("BAC: a wrong key, a wrong MAC, a used challenge open nothing", "[sim]") {
    EmrtdUnderTest chip(bac_config());
    chip.in_application();
    CHECK(error_of(chip.try_bac("L898902C<369080619406237")) == "bac.wrong_key");
    CHECK(chip.select(0x0101).sw == 0x6982);
    auto bac = bac::Terminal::fresh(bac::derive_access_keys(bac::k_seed(document_key).view()), chip.terminal_rng);
    auto command = good(bac.external_authenticate(chip.plain(bac.get_challenge())));
    CHECK(command.data.size() == 40);
    auto bent = command;
    bent.data[39] = static_cast<Byte>(bent.data[39] ^ 1U);
    CHECK(chip.plain(bent).sw == 0x6300);
    CHECK(chip.plain(command).sw == 0x6985);  // the challenge is spent
    for (const auto* text : {"0084000000", "0084000007", "00840000", "008400000100", "008400000109"}) CHECK(chip(text) == "6700");
    CHECK(chip("0084000108") == "6A86");
    CHECK(chip("0084000008").size() == 20);
    CHECK(chip("0084000008") != chip("0084000008"));
    command.le.reset();
    CHECK(chip.plain(command).sw == 0x6700);
}

TEST_CASE("an aborted selection of the application forgets the challenge", "[sim]") {
    EmrtdUnderTest chip(bac_config());
    chip.in_application();
    auto bac = bac::Terminal::fresh(bac::derive_access_keys(bac::k_seed(document_key).view()), chip.terminal_rng);
    const auto command = good(bac.external_authenticate(chip.plain(bac.get_challenge())));
    chip.in_application();
    CHECK(chip.plain(command).sw == 0x6985);
    chip.bac();
    chip.card.power_up();
    chip.secured.reset();
    CHECK(chip("00A4020C020101") == "6A82");  // the master file again
    chip.in_application();
    CHECK(chip("00A4020C020101") == "6982");
}

TEST_CASE("PACE: the master file tells what is free, and the rest after PACE", "[sim]") {
    EmrtdUnderTest chip(pace_config());
    const auto& files = chip.card.config().files;
    CHECK(chip.read_file(0x011C) == files.at(Ef::card_access));
    CHECK(chip.read_short(0x1C, 256).data == files.at(Ef::card_access));
    CHECK(chip.read_short(0x1E, 256).data == files.at(Ef::dir));
    CHECK(chip.read_short(0x01, 256).data == files.at(Ef::atr_info));
    CHECK(chip("00A4020C02011D") == "6982");
    CHECK(chip("00B09D0000") == "6982");
    chip.in_application();
    // 4.4.2: also of files that are not there.
    for (const auto* command : {"00A4020C02011E", "00A4020C020101", "00A4020C020109", "00B09E0000", "00B0890000", "00B0000000"})
        CHECK(chip(command) == "6982");
    CHECK(chip("0084000008") == "6D00");
    CHECK(chip("00A4000C") == "9000");
    chip.pace();
    CHECK(chip.read_file(0x011D) == files.at(Ef::card_security));  // the current DF is still the master file
    chip.in_application();
    CHECK(chip.read_file(0x011D) == files.at(Ef::sod));
    CHECK(chip.read_file(0x0102) == files.at(Ef::dg2));
}

TEST_CASE("EF.CardSecurity wants PACE, and BAC is not enough", "[sim]") {
    auto config = pace_config();
    config.bac = true;
    EmrtdUnderTest chip(std::move(config));
    chip.bac();
    CHECK(chip.sw({0x00, 0xA4, 0x00, 0x0C, {}, {}}) == 0x9000);
    CHECK(chip.select(0x011D).sw == 0x6982);
    CHECK(chip.read_short(0x1D, 256).sw == 0x6982);
    CHECK(chip.select(0x011C).sw == 0x9000);
}

TEST_CASE("a plain command ends the session with all that it had opened", "[sim]") {
    for (const bool with_pace : {false, true}) {
        CAPTURE(with_pace);
        EmrtdUnderTest chip(with_pace ? pace_config() : bac_config());
        const auto open = [&] {
            chip.secured.reset();
            chip.card.power_up();
            if (with_pace) chip.pace().in_application();
            else chip.bac();
            REQUIRE(chip.select(0x0101).sw == 0x9000);
        };
        // 4.3.2: unauthenticated reads and selections get 6982 once the channel had been there.
        for (const auto* command : {"00B0000004", "00B0810004", "00A4020C020101", "00A4020C020109"}) {
            open();
            CHECK(chip(command) == "6982");
            CHECK(chip.plain(good(chip.secured->protect({0x00, 0xB0, 0, 0, {}, 4}))).encode() == "6882"_hex);
            CHECK(chip("00B0000004") == "6982");
        }
        open();
        CHECK(chip(to_hex(select_application)) == "9000");
        CHECK(chip("00A4020C020101") == "6982");
        open();
        CHECK(chip("00FF0000") == "6D00");
        CHECK(chip("00A4020C020101") == "6982");
    }
}

TEST_CASE("errors of secure messaging come in the clear and end the session", "[sim]") {
    EmrtdUnderTest chip(bac_config());
    const CommandApdu read{0x00, 0xB0, 0x81, 0x00, {}, 4};
    const auto after = [&](auto&& bend) {
        chip.secured.reset();
        chip.card.power_up();
        chip.bac();
        auto command = good(chip.secured->protect(read));
        bend(command);
        const auto answer = chip.card.transmit(good(command.encode()));
        CHECK(chip("00B0810004") == "6982");
        const auto gone = chip.plain(good(chip.secured->protect(read)));
        CHECK(gone.sw == 0x6882);
        CHECK(gone.data.empty());
        return to_hex(answer);
    };
    CHECK(after([](CommandApdu& c) { c.data.back() = static_cast<Byte>(c.data.back() ^ 1U); }) == "6988");
    CHECK(after([](CommandApdu& c) { c.p2 = 1; }) == "6988");
    CHECK(after([](CommandApdu& c) { c.data.resize(3); }) == "6987");  // DO97 alone
    CHECK(after([](CommandApdu& c) { c.data.pop_back(); }) == "6988");
    CHECK(after([](CommandApdu& c) { c.data.clear(); }) == "6987");
    CHECK(after([](CommandApdu& c) { c.le.reset(); }) == "6700");
    CHECK(after([](CommandApdu& c) { c.le = 20; }) == "6700");  // figure 5: the outer Le is 00
    CHECK(after([](CommandApdu& c) { c.cla = 0x08; }) == "6882");
    CHECK(after([](CommandApdu& c) { c.cla = 0x04; }) == "6882");
    CHECK(after([](CommandApdu& c) { c.cla = 0x0D; }) == "6881");
    CHECK(after([](CommandApdu& c) { c.cla = 0x8C; }) == "6E00");
    CHECK(after([](CommandApdu& c) {
              c.extended = true;
              c.le = 65536;
          }) == "6700");
}

TEST_CASE("a protected command without a session is refused", "[sim]") {
    EmrtdUnderTest chip(bac_config());
    CHECK(chip("0CB081000D9701048E08000000000000000000") == "6882");
    CHECK(chip("8084000008") == "6E00");
    CHECK(chip("0184000008") == "6881");
    CHECK(chip("1084000008") == "6884");
    CHECK(chip("00") == "6700");
    CHECK(chip("00A4040C08A0000002471001") == "6700");
    chip.card.power_down();
    CHECK(chip("00A4040C07A0000002471001").empty());
}

TEST_CASE("errors that are answers keep the session", "[sim]") {
    EmrtdUnderTest chip(bac_config());
    chip.bac();
    CHECK(chip.select(0x0109).sw == 0x6A82);
    CHECK(chip.sw({0x00, 0xD6, 0, 0, "00"_hex, {}}) == 0x6D00);
    CHECK(chip.sw({0x00, 0xB0, 0, 0, {}, {}}) == 0x6700);
    CHECK(chip.read(0, 4).sw == 0x6986);
    CHECK(chip.sw({0x10, 0xB0, 0, 0, {}, 4}) == 0x6884);
    CHECK(chip.read_short(0x01, 4).sw == 0x9000);
}

TEST_CASE("files that are refused by description are refused", "[sim]") {
    auto config = bac_config();
    config.files[Ef::dg14] = file_of(0x6E, 40);
    config.refused[Ef::dg14] = 0x6983;
    config.refused[Ef::dir] = 0x6985;
    EmrtdUnderTest chip(std::move(config));
    CHECK(chip.select(0x2F00).sw == 0x6985);
    CHECK(chip.read_short(0x1E, 256).sw == 0x6985);
    chip.in_application();
    CHECK(chip.select(0x010E).sw == 0x6982);  // strangers are told nothing
    chip.bac();
    CHECK(chip.select(0x010E).sw == 0x6983);
    CHECK(chip.read_short(0x0E, 256).sw == 0x6983);
}

TEST_CASE("quirks of SELECT", "[sim]") {
    auto config = bac_config();
    config.quirks.select_p2 = 0x00;
    config.quirks.select_needs_le = true;
    config.quirks.select_mf = 0x6D00;
    EmrtdUnderTest chip(std::move(config));
    CHECK(chip("00A4040C07A0000002471001") == "6A86");
    CHECK(chip("00A4040007A0000002471001") == "6700");
    CHECK(chip("00A4040007A000000247100100") == "6F098407A00000024710019000");
    CHECK(chip("00A4000000") == "6D00");
    CHECK(chip("0084000008").size() == 20);  // still in the application
    CHECK(chip("00A4020002010100") == "6982");

    auto lax = bac_config();
    lax.quirks.plain_select = true;
    lax.quirks.abort_selects_mf = true;
    EmrtdUnderTest other(std::move(lax));
    other.in_application();
    CHECK(other.select(0x0101).sw == 0x9000);
    CHECK(other.select(0x0109).sw == 0x6A82);
    CHECK(other("00B0000004") == "6982");
    other.bac();
    CHECK(other("00B0000004") == "6986");  // the master file, and no file in it selected
    CHECK(other("0084000008") == "6985");
}
