// Whatever comes over the line, the chip answers with a status word, and opens nothing.
#include "unit/sim/cv_chain_maker.hpp"
#include "unit/sim/emrtd_under_test.hpp"

using namespace idchip;
using namespace idchip::test;

namespace {

sim::EmrtdConfig full_config() {
    auto c = pace_config();
    c.bac = true;
    c.pin = "123456";
    c.puk = "1234567890";
    c.files[Ef::dg3] = file_of(0x63, 40'000);
    c.files[Ef::cvca] = Bytes(36);
    c.lengths = {true, true, 4000, 4000, 0, sim::TooLong::correct_length};
    TestRng rng(41);
    const auto domain = crypto::Domain::ecdh(crypto::Curve::p256);
    auto pair = good(crypto::KeyPair::generate(domain, rng));
    const auto suite = good_optional(chip_auth::Suite::of(good_optional(lds::protocol_by_name("id-CA-ECDH-AES-CBC-CMAC-128"))));
    c.chip_authentication.push_back({{domain, pair.public_value}, std::move(pair.private_value), {}, {suite}});
    c.active_authentication = {good(crypto::PrivateKey::generate_ec(crypto::Curve::p256)), crypto::HashAlg::sha256,
                               active_auth::EcdsaFormat::plain};
    c.terminal_authentication = {CvChainMaker().trust(), {}, false};
    return c;
}

const std::vector<Bytes>& known_commands() {
    static const std::vector<Bytes> list = {"00A4040C07A0000002471001"_hex,
                                            "00A4000C"_hex,
                                            "00A4020C020101"_hex,
                                            "00B08100FF"_hex,
                                            "00B10003045402800000"_hex,
                                            "0084000008"_hex,
                                            "008200002800"_hex,
                                            "0022C1A40F800A04007F00070202040202830101"_hex,
                                            "10860000027C0000"_hex,
                                            "0022C1A40F800A04007F00070202040202830103"_hex,
                                            "002241A40C800A04007F00070202030202"_hex,
                                            "00860000087C068004040102030000"_hex,
                                            "002241A605910304010200"_hex,
                                            "002281B60D830B564E43564341303030 3031"_hex,
                                            "002A00BE067F4E005F3700"_hex,
                                            "002281A40D830B564E43564341303030 3031"_hex,
                                            "00880000080102030405060708 00"_hex,
                                            "002C0303"_hex,
                                            "00C0000000"_hex};
    return list;
}

Bytes bent(Bytes command, TestRng& rng) {
    for (auto changes = rng.below(4); changes > 0 && !command.empty(); --changes) {
        const auto at = rng.below(command.size());
        switch (rng.below(4)) {
            case 0: command[at] = static_cast<Byte>(rng.next()); break;
            case 1: command[at] = static_cast<Byte>(command[at] ^ (1U << rng.below(8))); break;
            case 2: command.resize(at); break;
            default: append(command, rng.bytes(1 + rng.below(6)));
        }
    }
    return command;
}

}  // namespace

TEST_CASE("bent commands are answered, and open nothing", "[sim]") {
    EmrtdUnderTest chip(full_config());
    TestRng rng(99);
    for (int i = 0; i < 20'000; ++i) {
        const auto command = bent(known_commands()[rng.below(known_commands().size())], rng);
        const auto answer = chip.card.transmit(command);
        INFO(to_hex(command));
        REQUIRE(answer.size() >= 2);
    }
    chip.in_application();
    CHECK(chip.select(0x0101).sw == 0x6982);
}

TEST_CASE("bent commands inside a session are answered, and open nothing more", "[sim]") {
    EmrtdUnderTest chip(full_config());
    TestRng rng(98);
    for (int i = 0; i < 4'000; ++i) {
        if (!chip.secured) {
            chip.card.power_up();
            chip.pace().in_application();
        }
        const auto command = bent(known_commands()[rng.below(known_commands().size())], rng);
        const auto parsed = CommandApdu::parse(command);
        if (!parsed || (parsed->cla & ~0x10U) != 0) continue;
        const auto answer = chip.plain(good(chip.secured->protect(*parsed)));
        INFO(to_hex(command));
        const auto opened = chip.secured->unprotect(answer);
        REQUIRE(opened);  // a protected command gets a protected answer, whatever is wrong inside
        if (parsed->ins == 0x22 && parsed->p1 == 0x41 && parsed->p2 == 0xA6) chip.secured.reset();
        if (parsed->ins == 0x86) chip.secured.reset();
    }
    chip.secured.reset();
    chip.card.power_up();
    chip.pace().in_application();
    CHECK(chip.select(0x0103).sw == 0x6982);
    CHECK(chip.card.pin_tries_left() == 3);
}
