// Chip authentication, terminal against chip. OpenPACE checks both roles in tests/flow.
#include "unit.hpp"

#include <fmt/format.h>

#include <idchip/protocol/chip_auth/chip_auth.hpp>

using namespace idchip;
using namespace idchip::test;
using chip_auth::Choice;
using chip_auth::Suite;
using crypto::AgreementKey;
using iso7816::ResponseApdu;

namespace {

const Suite& suite(const std::string& name) {
    for (const auto& s : chip_auth::suites())
        if (s.name() == name) return s;
    FAIL(name);
    return chip_auth::suites().front();
}

chip_auth::ChipKey chip_key(const crypto::Domain& domain, std::vector<Suite> suites, Rng& rng, std::optional<std::int64_t> id = {}) {
    auto pair = good(crypto::KeyPair::generate(domain, rng));
    return {AgreementKey{domain, pair.public_value}, std::move(pair.private_value), id, std::move(suites)};
}

// The chip's answer to a command of either kind.
ResponseApdu answer(chip_auth::Chip& chip, const iso7816::CommandApdu& c) {
    if (c.ins == iso7816::ins::general_authenticate) return chip.general_authenticate(c.data, (c.cla & iso7816::cla_chained) != 0);
    return c.p2 == 0xA6 ? chip.set_kat(c.data) : chip.set_at(c.data);
}

Result<void> dialogue(chip_auth::Terminal& terminal, chip_auth::Chip& chip) {
    auto command = std::optional(terminal.first());
    while (command) {
        auto next = terminal.next(answer(chip, *command));
        if (!next) return fail(std::move(next.error()));
        command = std::move(*next);
    }
    return {};
}

lds::SecurityInfos infos_of(std::vector<lds::SecurityInfo> infos) { return lds::SecurityInfos::of(std::move(infos)); }
lds::SecurityInfo key_info(const AgreementKey& key, std::optional<std::int64_t> id = {}) {
    return lds::SecurityInfo::of(*lds::protocol_by_name(key.domain.is_ec() ? "id-PK-ECDH" : "id-PK-DH"),
                                 lds::ChipAuthenticationPublicKeyInfo{key.to_spki(), id});
}
lds::SecurityInfo algorithm_info(const std::string& name, std::optional<std::int64_t> id = {}, std::int64_t version = 1) {
    return lds::SecurityInfo::of(*lds::protocol_by_name(name), lds::ChipAuthenticationInfo{version, id});
}
std::vector<std::string> ids_of(const Notes& notes) {
    std::vector<std::string> list;
    for (const auto& n : notes) list.push_back(n.id);
    return list;
}

}  // namespace

TEST_CASE("the whole matrix of chip authentication: every suite on every group", "[chip_auth]") {
    TestRng rng(1);
    for (std::int64_t id = 0; id <= 18; ++id) {
        const auto domain = crypto::Domain::standardized(id);
        if (!domain) continue;
        for (const auto& s : chip_auth::suites()) {
            if (s.ecdh != domain->is_ec()) continue;
            CAPTURE(domain->text(), s.name());
            std::vector<chip_auth::ChipKey> keys;
            keys.push_back(chip_key(*domain, {s}, rng));
            auto terminal = good(chip_auth::Terminal::fresh({s, keys[0].public_key, {}, false}, rng));
            chip_auth::Chip chip(keys);
            REQUIRE(error_of(dialogue(terminal, chip)) == "none");
            REQUIRE(chip.agreed());
            const auto ours = terminal.take();
            CHECK(to_hex(ours.keys.ks_enc.view()) == to_hex(chip.agreed()->session.keys.ks_enc.view()));
            CHECK(to_hex(ours.keys.ks_mac.view()) == to_hex(chip.agreed()->session.keys.ks_mac.view()));
            CHECK(ours.keys.cipher == s.cipher);
            CHECK(to_hex(chip.agreed()->pk_ifd) == to_hex(terminal.pk_ifd()));
            CHECK(to_hex(ours.ssc.value()) == to_hex(Bytes(crypto::block_size(s.cipher))));
        }
    }
}

// Inspection case E04.
TEST_CASE("a chip with another private key agrees on other keys, and only its answers tell", "[chip_auth]") {
    TestRng rng(2);
    const auto domain = crypto::Domain::ecdh(crypto::Curve::bp256r1);
    std::vector<chip_auth::ChipKey> keys;
    keys.push_back(chip_key(domain, chip_auth::suites(), rng));
    const auto genuine = keys[0].public_key;
    keys[0].private_key = domain.draw_private(rng);
    auto terminal = good(chip_auth::Terminal::fresh({suite("id-CA-ECDH-AES-CBC-CMAC-128"), genuine, {}, false}, rng));
    chip_auth::Chip chip(keys);
    REQUIRE(error_of(dialogue(terminal, chip)) == "none");
    sm::Terminal sender(terminal.take());
    sm::Chip receiver(std::move(chip.agreed()->session));
    CHECK(error_of(receiver.open(good(sender.protect({0x00, 0xB0, 0x81, 0x00, {}, 8})))) == "sm.broken");
}

TEST_CASE("several keys are told apart by their ids", "[chip_auth]") {
    TestRng rng(3);
    const auto domain = crypto::Domain::ecdh(crypto::Curve::p256);
    const auto& s = suite("id-CA-ECDH-AES-CBC-CMAC-128");
    std::vector<chip_auth::ChipKey> keys;
    keys.push_back(chip_key(domain, {s}, rng, 1));
    keys.push_back(chip_key(domain, {s, suite("id-CA-ECDH-3DES-CBC-CBC")}, rng, 300));
    const auto run = [&](const Choice& choice) {
        auto terminal = good(chip_auth::Terminal::fresh(choice, rng));
        chip_auth::Chip chip(keys);
        const auto outcome = dialogue(terminal, chip);
        return outcome ? std::string("none") : fmt::format("{} {:04X}", error_of(outcome), outcome.error().sw.value_or(0));
    };
    CHECK(run({s, keys[0].public_key, 1, true}) == "none");
    CHECK(run({s, keys[1].public_key, 300, true}) == "none");
    CHECK(run({suite("id-CA-ECDH-3DES-CBC-CBC"), keys[1].public_key, 300, true}) == "none");
    CHECK(run({s, keys[0].public_key, 1, false}) == "ca.refused 6A88");  // ambiguous
    CHECK(run({s, keys[0].public_key, 7, true}) == "ca.refused 6A88");
    CHECK(run({suite("id-CA-ECDH-AES-CBC-CMAC-256"), keys[0].public_key, 1, true}) == "ca.refused 6A80");
}

// Doc 9303-11, 8.5, note 1.
TEST_CASE("a chip that knows no MSE:Set KAT runs 3DES by MSE:Set AT", "[chip_auth]") {
    TestRng rng(4);
    std::vector<chip_auth::ChipKey> keys;
    keys.push_back(chip_key(crypto::Domain::ecdh(crypto::Curve::p256), {suite("id-CA-ECDH-3DES-CBC-CBC")}, rng));
    auto terminal = good(chip_auth::Terminal::fresh({keys[0].suites[0], keys[0].public_key, {}, false}, rng));
    chip_auth::Chip chip(keys);
    CHECK(terminal.first().p2 == 0xA6);
    auto command = good(terminal.next(ResponseApdu::of(0x6D00)));
    CHECK(terminal.set_kat_refused());
    CHECK(command->p2 == 0xA4);
    command = good(terminal.next(answer(chip, *command)));
    CHECK_FALSE(good(terminal.next(answer(chip, *command))));
    CHECK(chip.agreed());
}

TEST_CASE("answers that are none end the run", "[chip_auth]") {
    TestRng rng(5);
    const auto domain = crypto::Domain::ecdh(crypto::Curve::p256);
    const auto key = chip_key(domain, chip_auth::suites(), rng);
    const auto fresh = [&] {
        return good(chip_auth::Terminal::fresh({suite("id-CA-ECDH-AES-CBC-CMAC-192"), key.public_key, {}, false}, rng));
    };
    auto a = fresh();
    CHECK(error_of(a.next(ResponseApdu::of(0x6A80))) == "ca.refused");
    CHECK(error_of(a.next(ResponseApdu::of(0x9000))) == "base.internal");
    auto b = fresh();
    good(b.next(ResponseApdu::of(0x9000)));
    CHECK(error_of(b.next(ResponseApdu::of(0x6300))) == "ca.refused");
    for (const auto* data : {"", "7D00", "7C", "7C0100"}) {
        auto c = fresh();
        good(c.next(ResponseApdu::of(0x9000)));
        CHECK(error_of(c.next({good(from_hex(data)), 0x9000})) == "ca.bad_answer");
    }
}

TEST_CASE("the chip refuses keys and objects that are not right", "[chip_auth]") {
    TestRng rng(6);
    std::vector<chip_auth::ChipKey> keys;
    keys.push_back(chip_key(crypto::Domain::ecdh(crypto::Curve::p256), chip_auth::suites(), rng));
    chip_auth::Chip chip(keys);
    CHECK(chip.general_authenticate("7C00"_hex, false).sw == 0x6985);
    CHECK(chip.set_kat(tlv::element(0x91, Bytes(65, 4))).sw == 0x6A80);
    CHECK(chip.set_kat({}).sw == 0x6A80);
    CHECK(chip.set_kat("91"_hex).sw == 0x6A80);
    CHECK(chip.set_at("8001FF"_hex).sw == 0x6A80);
    const auto at = tlv::element(0x80, suite("id-CA-ECDH-AES-CBC-CMAC-128").protocol.contents());
    CHECK(chip.set_at(concat({at, "C000"_hex})).sw == 0x6A80);
    CHECK(chip.set_at(at).sw == 0x9000);
    CHECK(chip.general_authenticate(tlv::element(0x7C, tlv::element(0x80, Bytes{0})), false).sw == 0x6A80);
    CHECK_FALSE(chip.agreed());
    // Another try wants another MSE:Set AT.
    CHECK(chip.general_authenticate(tlv::element(0x7C, tlv::element(0x80, keys[0].public_key.public_value)), false).sw == 0x6985);
}

TEST_CASE("what a chip offers is paired, and the best comes first", "[chip_auth]") {
    TestRng rng(7);
    const auto p256 = chip_key(crypto::Domain::ecdh(crypto::Curve::p256), {}, rng).public_key;
    const auto bp384 = chip_key(crypto::Domain::ecdh(crypto::Curve::bp384r1), {}, rng).public_key;
    const auto dh = chip_key(crypto::Domain::dh(crypto::DhGroup::modp2048_224), {}, rng).public_key;
    Notes notes;
    auto list = chip_auth::choices(
        infos_of({algorithm_info("id-CA-ECDH-3DES-CBC-CBC"), algorithm_info("id-CA-ECDH-AES-CBC-CMAC-256"), key_info(p256)}), notes);
    REQUIRE(list.size() == 2);
    CHECK(list[0].suite.name() == "id-CA-ECDH-AES-CBC-CMAC-256");
    CHECK_FALSE(list[0].ambiguous);
    CHECK(notes.empty());
    list = chip_auth::choices(
        infos_of({algorithm_info("id-CA-ECDH-AES-CBC-CMAC-128", 1), key_info(p256, 1), algorithm_info("id-CA-ECDH-AES-CBC-CMAC-128", 2),
                  key_info(bp384, 2), algorithm_info("id-CA-DH-AES-CBC-CMAC-128", 3), key_info(dh, 3)}),
        notes);
    REQUIRE(list.size() == 3);
    CHECK(list[0].key.domain == bp384.domain);
    CHECK(list[0].key_id == 2);
    CHECK(list[0].ambiguous);
    CHECK(notes.empty());
    // Field cases: no algorithm (FR), an id on one side only, another version, X9.42, a named curve, a key without its group.
    list = chip_auth::choices(infos_of({key_info(p256)}), notes);
    REQUIRE(list.size() == 1);
    CHECK(list[0].suite.name() == "id-CA-ECDH-3DES-CBC-CBC");
    CHECK(ids_of(std::exchange(notes, {})) == std::vector<std::string>{"ca.algorithm_assumed"});
    CHECK(chip_auth::choices(infos_of({algorithm_info("id-CA-ECDH-AES-CBC-CMAC-128", 5), key_info(p256)}), notes).size() == 1);
    CHECK(notes.empty());
    CHECK(chip_auth::choices(infos_of({algorithm_info("id-CA-ECDH-AES-CBC-CMAC-128", {}, 2), key_info(p256)}), notes).empty());
    CHECK(ids_of(std::exchange(notes, {})) == std::vector<std::string>{"ca.unknown_version"});
    CHECK(chip_auth::choices(infos_of({algorithm_info("id-CA-ECDH-AES-CBC-CMAC-128")}), notes).empty());
    CHECK(ids_of(std::exchange(notes, {})) == std::vector<std::string>{"ca.key_missing"});
    auto x9_42 = dh;
    x9_42.encoding = crypto::AgreementEncoding::x9_42;
    CHECK(chip_auth::choices(infos_of({algorithm_info("id-CA-DH-AES-CBC-CMAC-128"), key_info(x9_42)}), notes).size() == 1);
    CHECK(ids_of(std::exchange(notes, {})) == std::vector<std::string>{"ca.key_x9_42"});
}
