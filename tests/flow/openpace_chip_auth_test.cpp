// Chip authentication with Debian's libeac (OpenPACE) as the other side, in both roles. Its protocol is version 2, whose keys take a
// nonce of the chip; key agreement and key derivation are shared with version 1, which is Doc 9303's.
#ifdef IDCHIP_OPENPACE

#include <idchip/protocol/chip_auth/chip_auth.hpp>
#include <idchip/tlv/writer.hpp>

#include "foreign/openpace_roles.hpp"

using namespace idchip;
using namespace idchip::test;
using crypto::Cipher;
using iso7816::CommandApdu;

namespace {

struct Way {
    chip_auth::Suite suite;
    std::int64_t id;
    crypto::Domain domain = *crypto::Domain::standardized(id);
};

std::vector<Way> all_ways() {
    std::vector<Way> all;
    for (const auto& suite : chip_auth::suites())
        for (std::int64_t id = suite.ecdh ? 8 : 0; id <= (suite.ecdh ? 18 : 2); ++id) all.push_back({suite, id});
    return all;
}

// A run on their side, repeatable by its seed.
void begin(const Way& way, std::uint64_t seed) {
    openpace().must({"ca", way.suite.protocol.dotted(), std::to_string(way.id)});
    openpace().must({"seed", std::to_string(seed)});
}

sm::Session our_terminal(const Way& way, const crypto::KeyPair& chip_key, crypto::KeyPair ephemeral) {
    openpace().must({"ca_static", word(chip_key.private_value.view()), word(chip_key.public_value)});
    chip_auth::Terminal terminal({way.suite, {way.domain, chip_key.public_value}, {}, false}, std::move(ephemeral));
    std::optional<CommandApdu> command = terminal.first();
    while (command) command = good(terminal.next(sent(their_chip_agrees(sent(*command)))));
    openpace().must({"session", "ca"});
    return terminal.take();
}

sm::Session their_terminal(const Way& way, const crypto::KeyPair& chip_key) {
    std::vector<chip_auth::ChipKey> keys;
    keys.push_back({{way.domain, chip_key.public_value}, chip_key.private_value.clone(), {}, {way.suite}});
    chip_auth::Chip chip(keys);
    const auto ephemeral = ask({"ca_ephemeral"});
    if (way.suite.cipher == Cipher::tdes) {
        REQUIRE(chip.set_kat(tlv::element(0x91, ephemeral)).ok());
    } else {
        REQUIRE(chip.set_at(tlv::element(0x80, way.suite.protocol.contents())).ok());
        REQUIRE(chip.general_authenticate(tlv::element(0x7C, tlv::element(0x80, ephemeral)), false).ok());
    }
    openpace().must({"ca_agree", word(chip_key.public_value)});
    openpace().must({"session", "ca"});
    CHECK(chip.agreed().value().pk_ifd == ephemeral);
    return std::move(chip.agreed()->session);
}

// A key pair with something particular about it; one in 256 will do.
template <class Wanted>
crypto::KeyPair search(const crypto::Domain& domain, Wanted wanted) {
    TestRng rng(77);
    for (int i = 0; i < 20'000; ++i)
        if (auto pair = good(crypto::KeyPair::generate(domain, rng)); wanted(pair)) return pair;
    throw std::logic_error("no such key in 20000");
}

}  // namespace

TEST_CASE("Chip authentication with libeac: in both roles, with every group and cipher") {
    int runs = 0;
    for (const auto& way : all_ways()) {
        CAPTURE(way.suite.name(), way.domain.text());
        TestRng rng(static_cast<std::uint64_t>(runs) + 1);
        const auto chip_key = good(crypto::KeyPair::generate(way.domain, rng));
        unless_shortened("ca", way.domain, [&](std::uint64_t seed) {
            begin(way, seed);
            auto session = our_terminal(way, chip_key, good(crypto::KeyPair::generate(way.domain, rng)));
            if (secret_shortened("ca", way.domain)) return false;
            check_our_commands(std::move(session), short_exchanges());
            return true;
        });
        unless_shortened("ca", way.domain, [&](std::uint64_t seed) {
            begin(way, seed);
            auto session = their_terminal(way, chip_key);
            if (secret_shortened("ca", way.domain)) return false;
            check_their_commands(std::move(session), short_exchanges());
            return true;
        });
        ++runs;
    }
    CHECK(runs == (11 + 3) * 4);
}

TEST_CASE("Chip authentication with libeac: another key than the chip's gives other session keys") {
    const Way way{*chip_auth::Suite::of(der::Oid("0.4.0.127.0.7.2.2.3.2.2")), 13};
    TestRng rng(3);
    const auto chip_key = good(crypto::KeyPair::generate(way.domain, rng));
    const auto other = good(crypto::KeyPair::generate(way.domain, rng));
    begin(way, 3);
    // A clone: it shows the chip's public key without having the private one.
    chip_auth::Terminal terminal({way.suite, {way.domain, chip_key.public_value}, {}, false},
                                 good(crypto::KeyPair::generate(way.domain, rng)));
    openpace().must({"ca_static", word(other.private_value.view()), word(other.public_value)});
    std::optional<CommandApdu> command = terminal.first();
    while (command) command = good(terminal.next(sent(their_chip_agrees(sent(*command)))));
    openpace().must({"session", "ca"});
    sm::Terminal messaging(terminal.take());
    const auto select = good(good(messaging.protect(short_exchanges()[0].command)).encode());
    CHECK(openpace().ask({"open", word(select)}).value() == "MAC");
}

// Doc 9303-11, 9.4.1 and 9.7.1: numbers travel without leading zeros, a shared x coordinate keeps them.
TEST_CASE("Chip authentication with libeac: leading zeros of public numbers and of x coordinates") {
    const Way dh{*chip_auth::Suite::of(der::Oid("0.4.0.127.0.7.2.2.3.1.2")), 0};
    const Way ecdh{*chip_auth::Suite::of(der::Oid("0.4.0.127.0.7.2.2.3.2.2")), 12};
    TestRng rng(4);
    const auto dh_key = good(crypto::KeyPair::generate(dh.domain, rng));
    begin(dh, 4);
    auto shorter = search(dh.domain, [&](const auto& pair) {
        return pair.public_value.size() < dh.domain.field_size() &&
               good(dh.domain.agree(pair.private_value.view(), dh_key.public_value)).view()[0] != 0;  // that is a test of PACE
    });
    check_our_commands(our_terminal(dh, dh_key, std::move(shorter)), short_exchanges());

    const auto ec_key = good(crypto::KeyPair::generate(ecdh.domain, rng));
    const auto begins_with_zero = [&](const crypto::KeyPair& pair) {
        return good(ecdh.domain.agree(pair.private_value.view(), ec_key.public_value)).view()[0] == 0;
    };
    begin(ecdh, 4);
    check_our_commands(our_terminal(ecdh, ec_key, search(ecdh.domain, begins_with_zero)), short_exchanges());
}

#endif
