// The fork with a life cycle: each step, what it takes away, and which status word says so.
#include "unit/sim/card_under_test.hpp"

#include <nlohmann/json.hpp>

#include <idchip/chip/session.hpp>
#include <idchip/lds/files.hpp>
#include <idchip/lds/security_infos.hpp>

using namespace idchip;
using namespace idchip::test;
using iso7816::CommandApdu;
using lds::Ef;

namespace {

struct Row {
    std::string_view command, sw;
};

constexpr auto to_personalized = "00DADEAF", to_locked = "00DADEAD";
// The zone of CardUnderTest, under the tags of the fork's own tools.
constexpr auto put_keys_of_fork = "00DA006220621E5F1F094C383938393032433C5F18063639303830365F1906393430363233";

struct LifecycleUnderTest : CardUnderTest {
    explicit LifecycleUnderTest(std::filesystem::path state = {}) {
        sim::CardOptions options;
        options.blank = "jmrtd-applet-lifecycle";
        options.state = std::move(state);
        options.rng = &rng;
        card = good(sim::make_card(options));
        card->power_up();
    }
    void check(std::span<const Row> rows) {
        for (const auto& [command, sw] : rows) {
            CAPTURE(command);
            CHECK((*this)(command) == sw);
        }
    }
    std::string put(Byte p1, Byte p2, Bytes data) {
        return send(good(CommandApdu{0x00, 0xDA, p1, p2, std::move(data), {}, false}.encode()));
    }
    void write(std::uint16_t fid, ByteView content) {
        Bytes create = {0x63, 0x04};
        append_be(create, content.size(), 2);
        append_be(create, fid, 2);
        REQUIRE(send(good(CommandApdu{0x00, 0xE0, 0, 0, create, {}, false}.encode())) == "9000");
        REQUIRE(send(good(CommandApdu{0x00, 0xA4, 0x02, 0x0C, to_bytes(ByteView(create).last(2)), {}, false}.encode())) == "9000");
        REQUIRE(send(good(CommandApdu{0x00, 0xD6, 0, 0, to_bytes(content), {}, false}.encode())) == "9000");
    }
    void again() {
        card->power_down();
        card->power_up();
        selected();
    }
};

Bytes element(Byte tag, ByteView value) { return concat({Bytes{tag, static_cast<Byte>(value.size())}, to_bytes(value)}); }

// Of P-256, whole, with one part replaced.
Bytes ca_key(Byte replaced = 0, const Bytes& by = {}) {
    const auto& p = crypto::parameters(crypto::Curve::p256);
    Bytes all;
    const std::pair<Byte, Bytes> parts[] = {{Byte{0x81}, p.p},        {Byte{0x82}, p.a},
                                            {Byte{0x83}, p.b},        {Byte{0x84}, concat({Bytes{0x04}, p.generator_x, p.generator_y})},
                                            {Byte{0x85}, p.order},    {Byte{0x86}, Bytes(32, 0x11)},
                                            {Byte{0x87}, Bytes{0x01}}};
    for (const auto& [tag, value] : parts)
        if (tag != replaced) append(all, element(tag, value));
        else if (!by.empty()) append(all, by);
    return all;
}

Bytes trust_point(Byte version = 0x00) {
    const auto key = concat({element(0x06, "04007F00070202020101"_hex), Bytes{0x81, 0x40}, Bytes(64, 0xA5), element(0x82, "010001"_hex)});
    const auto body = concat({"5F2901"_hex, Bytes{version}, "4202 5554"_hex, "7F49"_hex, Bytes{static_cast<Byte>(key.size())}, key,
                              "5F2002 5554 7F4C0E 0609 04007F000703010201 5301C0 5F2506020600010001 5F2406020600010001"_hex});
    return concat({"7F4E81"_hex, Bytes{static_cast<Byte>(body.size())}, body});
}

}  // namespace

TEST_CASE("the life cycle goes one step after the other, and a step can be said again", "[sim]") {
    LifecycleUnderTest card;
    const Row blank[] = {{"00DADEAF", "6D00"},     {"00A4040C07A0000002471001", "9000"},
                         {"00DADEAD", "6985"},  // too early
                         {"00DADEAD0100", "6700"}, {"00DADEAF0100", "6700"},
                         {"00DADEAE", "6A86"},     {"00DADEAF00", "6700"}};
    card.check(blank);
    CHECK(card(to_personalized) == "9000");
    CHECK(card(to_personalized) == "9000");
    CHECK_FALSE(card.card->locked());
    CHECK(card(to_locked) == "9000");
    CHECK(card(to_locked) == "9000");
    CHECK(card(to_personalized) == "6985");  // no way back
    CHECK(card.card->locked());
    card.again();
    CHECK(card(to_personalized) == "6985");
    CHECK(card(to_locked) == "9000");
}

TEST_CASE("nothing is written after the first step: 6986, and after the second: 6985", "[sim]") {
    LifecycleUnderTest card;
    card.with_keys().with_file();
    for (const auto& [step, status] : {Row{to_personalized, "6986"}, Row{to_locked, "6985"}}) {
        REQUIRE(card(step) == "9000");
        const auto state = card.card->state_json();
        for (const bool afresh : {false, true}) {
            CAPTURE(step, afresh);
            if (afresh) card.again();
            CHECK(card("00E00000066304000A0101") == status);
            CHECK(card("00E00000066204000100"
                       "01") == status);  // before anything else is looked at
            CHECK(card("00A4020C02011E") == "6A82");
            CHECK(card("00D6000001AA") == "6985");  // no file selected
            CHECK(card.send(put_keys) == status);
            for (const auto* put : {"00DA0060", "00DA0061", "00DA0063", "00DA0064", "00DA0164", "00DA0065", "00DA0066", "00DA0162"})
                CHECK(card(put) == status);
        }
        CHECK(card.card->state_json() == state);
    }
    SECTION("a file that was selected before takes nothing either") {
        LifecycleUnderTest other;
        other.with_keys().with_file();
        REQUIRE(other(to_personalized) == "9000");
        CHECK(other("00D6000001AA") == "6986");
        REQUIRE(other(to_locked) == "9000");
        CHECK(other("00D6000001AA") == "6985");
        CHECK(other("00A4020C020101") == "6982");  // and cannot be selected in the clear
    }
}

TEST_CASE("the date and the open reading are set in every state, the locked one too", "[sim]") {
    LifecycleUnderTest card;
    card.with_keys();
    for (const auto* step : {"", to_personalized, to_locked}) {
        if (*step != '\0') REQUIRE(card(step) == "9000");
        const Row rows[] = {{"00DA0067", "6700"},
                            {"00DA00670100", "6700"},
                            {"00DA006707323631313231"
                             "30",
                             "6700"},
                            {"00DA006706323631313231", "9000"},
                            {"00DA006706020601010201", "9000"},
                            {"00DA0067060206010102"
                             "0A",
                             "6A80"},
                            {"00DA0067063236313341"
                             "31",
                             "6A80"},
                            {"00DA006706323631333031", "6A80"},  // month 13
                            {"00DADEFE", "6700"},
                            {"00DADEFE0102", "6A80"},
                            {"00DADEFE020101", "6700"},
                            {"00DADEFE0101", "9000"}};
        card.check(rows);
    }
    CHECK(nlohmann::json::parse(card.card->state_json())["issued"]["date"] == "2026-11-21");
}

TEST_CASE("both forms of the zone give the same keys", "[sim]") {
    LifecycleUnderTest ours, theirs;
    ours.selected();
    theirs.selected();
    CHECK(ours("0084000008") == "6982");
    REQUIRE(ours.send(put_keys) == "9000");
    REQUIRE(theirs(put_keys_of_fork) == "9000");
    CHECK(ours.card->state_json() == theirs.card->state_json());
    CHECK(ours("0084000008").size() == 20);  // at once, without a reset
    const Row rows[] = {{"00DA0062", "6A80"},
                        {"00DA006220621E5F1F094C383938393032433C5F18063639303830365F1906393430363241", "6A80"},  // no date
                        {"00DA006220621E5F1F094C383938393032433C5F18063639303830365F1806393430363233", "6A80"},  // another tag
                        {"00DA00621F621D04094C383938393032433C5F18063639303830360406393430363233"
                         "00",
                         "6A80"}};
    ours.check(rows);
}

TEST_CASE("the active authentication key comes behind an empty object, and as RSA-1024 alone", "[sim]") {
    LifecycleUnderTest card;
    card.selected();
    for (const Byte tag : {Byte{0x60}, Byte{0x61}}) {
        const auto number = [](std::size_t size) { return concat({Bytes{0x04, 0x81, static_cast<Byte>(size)}, Bytes(size, 0xA1)}); };
        CHECK(card.put(0, tag, concat({Bytes{tag, 0x00}, number(128)})) == "9000");
        CHECK(card.put(0, tag, concat({Bytes{tag, 0x00, 0x04, 0x81, 0x81, 0x00}, Bytes(128, 0xA1)})) == "9000");
        CHECK(card.put(0, tag, concat({Bytes{tag, 0x00, 0x04, 0x81, 0x80, 0x00}, Bytes(127, 0xA1)})) ==
              "9000");  // an exponent may be short
        CHECK(card.put(0, tag, concat({Bytes{tag, 0x00}, number(127)})) == "6F00");
        CHECK(card.put(0, tag, concat({Bytes{tag, 0x00}, number(129)})) == "6F00");
        CHECK(card.put(0, tag, concat({Bytes{tag, 0x81, 131}, number(128)})) == "6F00");  // as the original wants it
        CHECK(card.put(0, 0x60, Bytes{}) == "6F00");
        CHECK(card.put(1, tag, concat({Bytes{tag, 0x00}, number(128)})) == "6A86");
    }
}

TEST_CASE("the chip authentication key is taken whole and on P-256", "[sim]") {
    LifecycleUnderTest card;
    card.selected();
    CHECK(card.put(0, 0x63, ca_key()) == "9000");
    CHECK(card.put(0, 0x63, ca_key(0x87)) == "9000");                               // the cofactor is not looked at
    CHECK(card.put(0, 0x63, ca_key(0x86, element(0x86, Bytes(31, 1)))) == "9000");  // without leading zeros
    for (const Byte tag : {Byte{0x81}, Byte{0x82}, Byte{0x83}, Byte{0x84}, Byte{0x85}, Byte{0x86}}) {
        CAPTURE(tag);
        CHECK(card.put(0, 0x63, ca_key(tag)) == "6A80");
    }
    CHECK(card.put(0, 0x63, ca_key(0x85, element(0x85, Bytes(32, 0x22)))) == "6A80");  // another group
    CHECK(card.put(0, 0x63, ca_key(0x86, element(0x86, Bytes(33, 1)))) == "6A80");
    CHECK(card.put(0, 0x63, ca_key(0x87, element(0x88, Bytes{1}))) == "6A80");
    CHECK(card.put(0, 0x63, element(0x63, Bytes{0x86, 0x01, 0x01})) == "6A80");  // in no outer object
    CHECK(card.put(0, 0x63, {}) == "6A80");
}

TEST_CASE("PACE passwords come in an object or without it", "[sim]") {
    LifecycleUnderTest card;
    card.with_keys();
    const Row rows[] = {{"00DA00650966070231323334"
                         "3536",
                         "9000"},
                        {"00DA00650B65096607023132333435"
                         "37",
                         "9000"},
                        {"00DA006504"
                         "66020331",
                         "9000"},
                        {"00DA0065", "9000"},
                        {"00DA006503660102", "6700"},
                        {"00DA00650466020031", "6F00"},
                        {"00DA00650466020531", "6F00"},
                        {"00DA00650467020231", "6A80"},
                        {"00DA00650565046602"
                         "02",
                         "6700"},
                        {"00DA0165"
                         "0466020331",
                         "6A86"}};
    card.check(rows);
    const auto k = nlohmann::json::parse(card.card->state_json())["issued"]["pace_k"];
    CHECK(k["2"] == "313233343537");
    CHECK(k["3"] == "31");
    CHECK(k["1"].get<std::string>().size() == 40);
    CHECK_FALSE(k.contains("4"));
}

TEST_CASE("a trust point is taken once, and as the applet reads it", "[sim]") {
    LifecycleUnderTest card;
    card.selected();
    CHECK(card.put(1, 0x64, {}) == "6A80");
    CHECK(card.put(1, 0x64, trust_point(0x01)) == "6A80");
    CHECK(card.put(1, 0x64, Bytes(40, 0x7F)) == "6A80");
    CHECK(card.put(0, 0x64, trust_point()) == "6A86");
    CHECK(card.put(1, 0x64, trust_point()) == "9000");
    CHECK(card.put(1, 0x64, trust_point()) == "6985");
    CHECK(card.put(2, 0x64, trust_point()) == "6985");
}

TEST_CASE("the fork has places for the biometric groups, and nobody reads them", "[sim]") {
    LifecycleUnderTest card;
    card.with_keys();
    card.write(0x0103, "6300"_hex);
    const Row rows[] = {{"00E00000066304000A0110", "6F00"}, {"00E00000066304000A0001", "6F00"}, {"00E0000006630480000102", "6F00"},
                        {"00E00000066204000A0102", "6984"}, {"00E00000056304000A01", "6700"},   {"00E0000006630400030103", "6A84"}};
    card.check(rows);
    const auto t = transport::in_process(*card.card);
    chip::Session session(*t);
    good(session.select_application());
    good(session.basic_access_control(mrz_information, card.rng));
    CHECK(good(session.read_file(Ef::dg3)).sw == 0x6982);
}

TEST_CASE("terminals read in every state what has been written, and write nothing", "[sim]") {
    LifecycleUnderTest card;
    card.with_keys();
    card.write(0x0105, "7503020100"_hex);
    for (const auto* step : {"", to_personalized, to_locked}) {
        CAPTURE(step);
        if (*step != '\0') card.again();
        if (*step != '\0') REQUIRE(card(step) == "9000");
        for (const bool afresh : {false, true}) {
            if (afresh) card.again();
            const auto t = transport::in_process(*card.card);
            chip::Session session(*t);
            good(session.select_application());
            CHECK(error_of(session.basic_access_control("L898902C<369080619406237", card.rng)) == "bac.wrong_key");
            good(session.basic_access_control(mrz_information, card.rng));
            CHECK(good(session.read_file(Ef::dg5)).content == "7503020100"_hex);
            CHECK(good(session.send({0x00, 0xB0, 0x00, 0x00, {}, 256})).data == "7503020100"_hex);
            // In the clear, inside the session: refused, and the session goes on.
            for (const auto* plain : {"00A4020C020105", "00B0000001", "00D6000001AA", "00E00000066304000A0101", "00DADEAF"})
                CHECK(card(plain) == "6982");
            CHECK(good(session.read_file(Ef::dg5)).content == "7503020100"_hex);
            CHECK_FALSE(good(session.send({0x00, 0xD6, 0x00, 0x00, "75"_hex, {}})).ok());
            card.selected();  // ends it
            CHECK(error_of(session.send({0x00, 0xB0, 0, 0, {}, 4})) == "sm.broken");
            CHECK(card("00B0000001") == "6982");
        }
    }
}

TEST_CASE("EF.CardAccess is open, EF.COM and EF.SOD where the card is told so and is locked", "[sim]") {
    LifecycleUnderTest card;
    card.with_keys();
    card.write(0x011C, "3100"_hex);
    card.write(0x011D, "7700"_hex);
    card.write(0x011E, "6000"_hex);
    const auto read = [&](const char* select) {
        REQUIRE(card(select) == "9000");
        return card("00B0000002");
    };
    for (const auto* step : {"", "00DADEFE0101", to_personalized}) {
        if (*step != '\0') REQUIRE(card(step) == "9000");
        CHECK(read("00A4020C02011C") == "31009000");
        CHECK(read("00A4020C02011D") == "6982");
        CHECK(read("00A4020C02011E") == "6982");
    }
    REQUIRE(card(to_locked) == "9000");
    CHECK(read("00A4020C02011D") == "77009000");
    CHECK(read("00A4020C02011E") == "60009000");
    REQUIRE(card("00DADEFE0100") == "9000");
    CHECK(read("00A4020C02011C") == "31009000");
    CHECK(read("00A4020C02011D") == "6982");
    CHECK(card("00B0000202") == "6982");
}

TEST_CASE("PACE runs with the zone and with the CAN, at every step of the life cycle", "[sim]") {
    const auto pace = *pace::Suite::of(*lds::protocol_by_name("id-PACE-ECDH-GM-AES-CBC-CMAC-128"));
    LifecycleUnderTest card;
    card.with_keys();
    REQUIRE(card("00DA006509660702313233343536") == "9000");
    card.write(0x011C, lds::EfCardAccess::encode(lds::SecurityInfos::of({lds::SecurityInfo::of(pace.protocol, lds::PaceInfo{2, 12})})));
    const pace::Choice choice{pace, *crypto::Domain::standardized(12), 12, false, false};
    const auto run = [&](const pace::Password& password) {
        card.card->power_up();
        const auto t = transport::in_process(*card.card);
        chip::Session session(*t);
        return error_of(session.pace(choice, password, card.rng));
    };
    CHECK(run(pace::Password::mrz(mrz_information)) == "none");
    CHECK(run(good(pace::Password::can("123456"))) == "none");
    CHECK(run(good(pace::Password::can("123457"))) == "pace.wrong_password");
    card.again();
    REQUIRE(card(to_personalized) == "9000");
    CHECK(run(good(pace::Password::can("123456"))) == "none");
}

TEST_CASE("chip authentication runs by MSE:Set KAT, and only beside a trust point", "[sim]") {
    const auto domain = crypto::Domain::ecdh(crypto::Curve::p256);
    const auto pair = good(crypto::KeyPair::of(domain, Secret(ByteView(Bytes(32, 0x11)))));
    const crypto::AgreementKey key{domain, pair.public_value};
    const auto suite = [](const char* name) { return *chip_auth::Suite::of(*lds::protocol_by_name(name)); };
    const auto tdes = suite("id-CA-ECDH-3DES-CBC-CBC"), aes = suite("id-CA-ECDH-AES-CBC-CMAC-128");
    const auto info = [](const auto& s) { return lds::SecurityInfo::of(s.protocol, lds::ChipAuthenticationInfo{1, {}}); };
    const auto dg14 = lds::Dg14::encode(lds::SecurityInfos::of(
        {info(tdes), info(aes),
         lds::SecurityInfo::of(*lds::protocol_by_name("id-PK-ECDH"), lds::ChipAuthenticationPublicKeyInfo{key.to_spki(), {}})}));
    for (const bool trusted : {false, true}) {
        CAPTURE(trusted);
        LifecycleUnderTest card;
        card.with_keys();
        card.card->files().restore(0x010E, {dg14.size(), dg14.size(), dg14});
        REQUIRE(card.put(0, 0x63, ca_key()) == "9000");
        if (trusted) REQUIRE(card.put(1, 0x64, trust_point()) == "9000");
        for (const auto& s : {tdes, aes}) {
            CAPTURE(s.name());
            card.again();
            const auto t = transport::in_process(*card.card);
            chip::Session session(*t);
            good(session.select_application());
            good(session.basic_access_control(mrz_information, card.rng));
            const auto ran = session.chip_authentication({s, key, {}, false}, card.rng);
            const bool proven = ran && session.send({0x00, 0xA4, 0x02, 0x0C, "010E"_hex, {}});
            CHECK(proven == (trusted && s == tdes));
        }
    }
}

TEST_CASE("what is half written leaves basic access control", "[sim]") {
    LifecycleUnderTest card;
    card.with_keys();
    REQUIRE(card("00E0000006630400200"
                 "11C") == "9000");  // nothing but zeros
    REQUIRE(card("00E0000006630400200"
                 "10E") == "9000");
    REQUIRE(card.put(0, 0x63, ca_key()) == "9000");
    REQUIRE(card.put(1, 0x64, trust_point()) == "9000");
    card.again();
    CHECK(card("0084000008").size() == 20);
}

TEST_CASE("the fork's card is kept and restored with its life cycle", "[sim]") {
    const TempFolder folder;
    const auto path = folder / "card.json";
    std::string state;
    {
        LifecycleUnderTest card(path);
        card.with_keys().with_file();
        REQUIRE(card(to_personalized) == "9000");
        state = card.card->state_json();
    }
    LifecycleUnderTest again(path);
    CHECK(again.card->state_json() == state);
    again.selected();
    CHECK(again.send(put_keys) == "6986");
    CHECK(again(to_locked) == "9000");
    auto json = nlohmann::json::parse(state);
    const auto refused = [&](const char* key, const nlohmann::json& value) {
        auto changed = json;
        changed[key] = value;
        good(write_text(path, changed.dump()));
        sim::CardOptions options;
        options.blank = "jmrtd-applet-lifecycle";
        options.state = path;
        return error_of(sim::make_card(options));
    };
    CHECK(refused("blank", "jmrtd-applet") == "input.bad_json");
    CHECK(refused("life_cycle", 3) == "input.bad_json");
    CHECK(refused("open_reading", 1) == "input.bad_json");
}
