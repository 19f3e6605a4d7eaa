// READ BINARY, lengths and the end of files: Doc 9303-10, 3.6.3 to 3.6.6; ISO/IEC 7816-4, 5.1 and 7.2.3.
#include "unit/sim/emrtd_under_test.hpp"

using namespace idchip;
using namespace idchip::test;

namespace {

Bytes part(const Bytes& file, std::size_t offset, std::size_t size) { return to_bytes(ByteView(file).subspan(offset, size)); }

CommandApdu odd(std::size_t offset, std::uint32_t le, std::uint16_t p1p2 = 0) {
    return {0x00, 0xB1, static_cast<Byte>(p1p2 >> 8U), static_cast<Byte>(p1p2), tlv::element(0x54, tlv::shortest_number(offset)), le};
}

sim::EmrtdConfig large_config(std::size_t size = 70'000) {
    auto c = bac_config();
    c.files[Ef::dg2] = file_of(0x75, size);
    return c;
}

sim::EmrtdConfig extended_config(std::size_t command = 2000, std::size_t response = 2000) {
    auto c = large_config();
    c.lengths.extended = true;
    c.lengths.largest_command = command;
    c.lengths.largest_response = response;
    return c;
}

}  // namespace

TEST_CASE("READ BINARY at the end of a file", "[sim]") {
    EmrtdUnderTest chip(plain_config());
    chip.in_application();
    const auto& dg1 = chip.card.config().files.at(Ef::dg1);
    REQUIRE(dg1.size() == 95);
    REQUIRE(chip.select(0x0101).sw == 0x9000);
    const auto is = [&](std::size_t offset, std::uint32_t le, const Bytes& data, std::uint16_t sw) {
        const auto answer = chip.read(offset, le);
        CHECK(answer.data == data);
        CHECK(answer.sw == sw);
    };
    is(0, 95, dg1, 0x9000);
    is(0, 94, part(dg1, 0, 94), 0x9000);
    is(0, 96, dg1, 0x6282);
    is(0, 256, dg1, 0x9000);  // Le = 00: what there is
    is(90, 5, part(dg1, 90, 5), 0x9000);
    is(90, 6, part(dg1, 90, 5), 0x6282);
    is(94, 256, part(dg1, 94, 1), 0x9000);
    is(95, 1, {}, 0x6B00);
    is(95, 256, {}, 0x6B00);
    is(0x7FFF, 1, {}, 0x6B00);
    CHECK(chip("00B00000") == "6700");
    CHECK(chip("00B00000010004") == "6700");
    CHECK(chip("00B0000000000A") == "6700");  // extended length, which the chip has not announced
}

TEST_CASE("short file identifiers select the file", "[sim]") {
    EmrtdUnderTest chip(plain_config());
    chip.in_application();
    const auto& files = chip.card.config().files;
    CHECK(chip.read_short(0x02, 10, 7).data == part(files.at(Ef::dg2), 7, 10));
    CHECK(chip.read(255, 100).data == part(files.at(Ef::dg2), 255, 100));
    CHECK(chip.read_short(0x1D, 4).data == part(files.at(Ef::sod), 0, 4));
    CHECK(chip.read_short(0x09, 4).sw == 0x6A82);
    CHECK(chip.read(0, 4).data == part(files.at(Ef::sod), 0, 4));
    for (const auto* command : {"00B0800004", "00B09F0004", "00B0A10004", "00B0C10004"}) CHECK(chip(command) == "6A86");
    chip.card.config().quirks.no_short_ids = true;
    CHECK(chip.read_short(0x01, 4).sw == 0x6A86);
}

TEST_CASE("a protected answer holds what it holds, and a longer Le is told so", "[sim]") {
    struct Row {
        bool aes;
        std::size_t most;
    };
    for (const auto& [aes, most] : {Row{false, 231}, Row{true, 223}}) {
        CAPTURE(aes);
        EmrtdUnderTest chip(aes ? pace_config() : bac_config());
        if (aes) chip.pace().in_application();
        else chip.bac();
        const auto dg2 = chip.card.config().files.at(Ef::dg2);
        REQUIRE(chip.select(0x0102).sw == 0x9000);
        const auto le = static_cast<std::uint32_t>(most);
        CHECK(chip.read(0, le).data == part(dg2, 0, most));
        CHECK(chip.read(0, 256).data == part(dg2, 0, most));
        CHECK(chip.read(0, 256).sw == 0x9000);
        CHECK(chip.read(0, le + 1).sw == 0x6C00 + most);
        auto& lengths = chip.card.config().lengths;
        lengths.too_long = sim::TooLong::wrong_length;
        CHECK(chip.read(0, le + 1).sw == 0x6700);
        lengths.too_long = sim::TooLong::cut;
        CHECK(chip.read(0, le + 1).data == part(dg2, 0, most));
        CHECK(chip.read_file(0x0102, 200) == dg2);
        // A chip with a smaller buffer.
        lengths.largest_read = 192;
        lengths.too_long = sim::TooLong::wrong_length;
        CHECK(chip.read(0, 256).data.size() == 192);
        CHECK(chip.read(0, 193).sw == 0x6700);
        CHECK(chip.read(0, 192).data.size() == 192);
        chip.card.config().quirks.le_zero_refused = true;
        CHECK(chip.read(0, 256).sw == 0x6700);
        CHECK(chip.read(0, 192).sw == 0x9000);
    }
}

TEST_CASE("quirks at the end of a file", "[sim]") {
    EmrtdUnderTest chip(bac_config());
    chip.bac();
    REQUIRE(chip.select(0x0101).sw == 0x9000);
    CHECK(chip.read(90, 10).sw == 0x6282);
    chip.card.config().quirks.no_end_warning = true;
    CHECK(chip.read(90, 10).sw == 0x9000);
    CHECK(chip.read(90, 10).data.size() == 5);
    chip.card.config().quirks.end_refused = true;
    CHECK(chip.read(90, 10).sw == 0x6B00);
    CHECK(chip.read(90, 5).data.size() == 5);
}

TEST_CASE("extended length: as far as the chip's buffers go", "[sim]") {
    EmrtdUnderTest chip(extended_config());
    chip.bac();
    const auto dg2 = chip.card.config().files.at(Ef::dg2);
    REQUIRE(chip.select(0x0102).sw == 0x9000);
    // 2000 bytes: 2 of status, 14 of DO99 and DO8E, 5 before the cryptogram of at most 1979, which are 247 blocks.
    CHECK(chip.read(0, 65'536).data == part(dg2, 0, 247 * 8 - 1));
    CHECK(chip.read(0, 1975).data.size() == 1975);
    CHECK(chip.read(0, 1976).sw == 0x6700);  // no 6Cxx says more than 255
    CHECK(chip.read(0, 256).data.size() == 231);
    const CommandApdu forced{0x00, 0xB0, 0, 0, {}, 256, true};
    CHECK(chip.send(forced).data.size() == 256);
}

TEST_CASE("a command that is longer than the chip takes ends the session", "[sim]") {
    EmrtdUnderTest chip(extended_config());
    chip.bac();
    const auto answer = chip.plain(good(chip.secured->protect({0x00, 0xA4, 0x02, 0x0C, Bytes(2100), {}})));
    CHECK(answer.sw == 0x6700);
    CHECK(answer.data.empty());
    CHECK(chip.plain(good(chip.secured->protect({0x00, 0xB0, 0x81, 0, {}, 4}))).sw == 0x6882);
    CHECK(chip("00B0000000FFFF") == "6982");
}

TEST_CASE("READ BINARY with an odd INS reaches what the even one does not", "[sim]") {
    EmrtdUnderTest chip(large_config());
    chip.bac();
    const auto dg2 = chip.card.config().files.at(Ef::dg2);
    REQUIRE(chip.select(0x0102).sw == 0x9000);
    CHECK(chip.read(0x7FFF, 100).data == part(dg2, 0x7FFF, 100));
    const auto content = [&](const CommandApdu& c, std::uint16_t sw = 0x9000) {
        const auto answer = chip.send(c);
        CHECK(answer.sw == sw);
        const auto object = tlv::parse_single(answer.data, tlv::Rules::ber);
        REQUIRE(object);
        CHECK(object->tag == 0x53);
        CHECK(answer.data.size() <= *c.le);
        return to_bytes(object->value);
    };
    CHECK(content(odd(0x8000, 100)) == part(dg2, 0x8000, 98));  // Le counts tag and length
    CHECK(content(odd(0, 200)) == part(dg2, 0, 197));
    CHECK(content(odd(69'999, 100), 0x6282) == part(dg2, 69'999, 1));
    CHECK(content(odd(69'990, 256)) == part(dg2, 69'990, 10));
    CHECK(content(odd(0x10000, 256)).size() == 228);  // 231 with the header
    CHECK(chip.sw(odd(70'000, 10)) == 0x6B00);
    CHECK(chip.sw(odd(0x01000000, 10)) == 0x6B00);
    // Short identifier, file identifier.
    CHECK(content(odd(40'000, 50, 0x0002)) == part(dg2, 40'000, 48));
    CHECK(content(odd(40'000, 50, 0x0102)) == part(dg2, 40'000, 48));
    CHECK(chip.sw(odd(0, 10, 0x0009)) == 0x6A82);
    CHECK(chip.sw(odd(0, 10, 0x001F)) == 0x6A86);
    CHECK(chip.sw(odd(0, 10, 0x0020)) == 0x6A86);
    // It is not for files of 32,767 bytes or less (3.6.6, note 2).
    CHECK(chip.sw(odd(0, 10, 0x0101)) == 0x6B00);
    // Malformed.
    CHECK(chip.select(0x0102).sw == 0x9000);
    CHECK(chip.sw({0x00, 0xB1, 0, 0, {}, 10}) == 0x6A80);
    CHECK(chip.sw({0x00, 0xB1, 0, 0, "5400"_hex, 10}) == 0x6A80);
    CHECK(chip.sw({0x00, 0xB1, 0, 0, "53028000"_hex, 10}) == 0x6A80);
    CHECK(chip.sw({0x00, 0xB1, 0, 0, "540280005400"_hex, 10}) == 0x6A80);
    CHECK(chip.sw({0x00, 0xB1, 0, 0, "54028000"_hex, {}}) == 0x6700);
    CHECK(chip.sw(odd(0x8000, 2)) == 0x6700);
    CHECK(content({0x00, 0xB1, 0, 0, "540400009C40"_hex, 12}) == part(dg2, 40'000, 10));  // longer than needed
}

TEST_CASE("whole files over 32 and 64 kB come back through both commands", "[sim]") {
    for (const std::size_t size : {32'768U, 40'000U, 70'000U}) {
        CAPTURE(size);
        EmrtdUnderTest chip(large_config(size));
        chip.bac();
        const auto dg2 = chip.card.config().files.at(Ef::dg2);
        REQUIRE(chip.select(0x0102).sw == 0x9000);
        Bytes content;
        while (content.size() < size) {
            if (content.size() < 0x8000) {
                append(content, chip.read(content.size(), 231).data);
                continue;
            }
            const auto answer = chip.send(odd(content.size(), 256));
            REQUIRE((answer.sw == 0x9000 || answer.sw == 0x6282));
            append(content, good(tlv::parse_single(answer.data, tlv::Rules::ber)).value);
        }
        CHECK(content == dg2);
    }
}

TEST_CASE("where the odd READ BINARY is known", "[sim]") {
    EmrtdUnderTest small(bac_config());
    small.bac();
    REQUIRE(small.select(0x0102).sw == 0x9000);
    CHECK(small.sw(odd(0, 10)) == 0x6D00);
    small.card.config().quirks.odd_from = 0;
    CHECK(small.sw(odd(0, 10)) == 0x9000);
    EmrtdUnderTest large(large_config());
    large.card.config().quirks.odd_from = 0x8000;  // 3.6.6, note 1
    large.bac();
    REQUIRE(large.select(0x0102).sw == 0x9000);
    CHECK(large.sw(odd(0x7FFF, 10)) == 0x6B00);
    CHECK(large.sw(odd(0x8000, 10)) == 0x9000);
    EmrtdUnderTest stranger(large_config());
    stranger.in_application();
    CHECK(stranger.sw(odd(0x8000, 10)) == 0x6982);
    CHECK(stranger.sw(odd(0x8000, 10, 0x0002)) == 0x6982);
    CHECK(stranger.sw(odd(0x8000, 10, 0x0009)) == 0x6982);
}

TEST_CASE("an answer in parts is fetched in the clear, and costs no session", "[sim]") {
    for (const bool open : {true, false}) {
        CAPTURE(open);
        auto config = open ? plain_config() : bac_config();
        config.quirks.get_response = true;
        config.active_authentication = {good(crypto::PrivateKey::generate_rsa(2048)), crypto::HashAlg::sha256,
                                        active_auth::EcdsaFormat::plain};
        config.lengths.largest_response = 102;
        EmrtdUnderTest chip(std::move(config));
        if (open) chip.in_application();
        else chip.bac();
        const CommandApdu more{0x00, 0xC0, 0, 0, {}, 256};
        const auto challenge = active_auth::Challenge::draw(chip.terminal_rng);
        const auto command = active_auth::internal_authenticate(challenge);
        auto answer = chip.plain(open ? command : good(chip.secured->protect(command)));
        CHECK(answer.data.size() == 100);
        const std::size_t size = open ? 256 : 283;  // DO87 of 264 bytes and its indicator, DO99, DO8E
        CHECK(answer.sw == (open ? 0x619C : 0x61B7));
        auto whole = answer.data;
        for (int i = 0; i < 5 && (answer.sw & 0xFF00U) == 0x6100; ++i) {
            CHECK((answer.sw & 0xFFU) == size - whole.size());
            answer = chip.plain(more);
            append(whole, answer.data);
        }
        CHECK(whole.size() == size);
        CHECK(answer.sw == 0x9000);
        const ResponseApdu joined{whole, answer.sw};
        const auto signature = open ? joined : good(chip.secured->unprotect(joined));
        const auto& key = chip.card.config().active_authentication->key;
        good(active_auth::verify(good(active_auth::Key::from_spki(key.public_key().to_spki(crypto::EcEncoding::named))), {}, challenge,
                                 signature));
        // Another command throws the rest away; with nothing waiting, GET RESPONSE is a plain command like others.
        CHECK((chip.plain(open ? command : good(chip.secured->protect(command))).sw & 0xFF00U) == 0x6100);
        CHECK(chip.plain({0x00, 0xB0, 0x81, 0, {}, 4}).sw == (open ? 0x9000 : 0x6982));
        CHECK(chip.plain(more).sw == 0x6D00);
    }
}
