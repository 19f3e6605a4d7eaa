// Chip and active authentication against the simulated chip: Doc 9303-11, 6.1 and 6.2.
#include "unit/sim/emrtd_under_test.hpp"

using namespace idchip;
using namespace idchip::test;

namespace {

chip_auth::Suite suite(std::string_view name) { return good_optional(chip_auth::Suite::of(good_optional(lds::protocol_by_name(name)))); }

struct Key {
    chip_auth::ChipKey chip;
    chip_auth::Choice choice;
};
Key make_key(const char* protocol, const crypto::Domain& domain, std::optional<std::int64_t> id = {}, bool ambiguous = false) {
    static TestRng rng(21);
    auto pair = good(crypto::KeyPair::generate(domain, rng));
    const crypto::AgreementKey key{domain, pair.public_value};
    return {{key, std::move(pair.private_value), id, {suite(protocol)}}, {suite(protocol), key, id, ambiguous}};
}

void make_room(sim::EmrtdConfig& config) { config.lengths = {true, false, 4000, 4000, 0, sim::TooLong::correct_length}; }

}  // namespace

TEST_CASE("chip authentication puts new keys in place of the old ones, and the session goes on", "[sim]") {
    struct Row {
        const char* protocol;
        crypto::Domain domain;
    };
    const auto ec = crypto::Domain::ecdh(crypto::Curve::bp256r1);
    for (const auto& [protocol, domain] : {Row{"id-CA-ECDH-AES-CBC-CMAC-128", ec}, Row{"id-CA-ECDH-3DES-CBC-CBC", ec},
                                           Row{"id-CA-ECDH-AES-CBC-CMAC-256", crypto::Domain::ecdh(crypto::Curve::p384)},
                                           Row{"id-CA-DH-AES-CBC-CMAC-128", crypto::Domain::dh(crypto::DhGroup::modp2048_256)}}) {
        for (const bool with_pace : {false, true}) {
            CAPTURE(protocol, with_pace);
            auto config = with_pace ? pace_config() : bac_config();
            make_room(config);
            auto key = make_key(protocol, domain);
            config.chip_authentication.push_back(std::move(key.chip));
            EmrtdUnderTest chip(std::move(config));
            if (with_pace) chip.pace().in_application();
            else chip.bac();
            REQUIRE(chip.select(0x0101).sw == 0x9000);
            auto before = std::move(*chip.secured);
            chip.secured.emplace(std::move(before));
            good(chip.try_chip_authentication(key.choice));
            CHECK(chip.read(0, 10).sw == 0x9000);  // the file is still selected
            CHECK(chip.read_file(0x0102) == chip.card.config().files.at(Ef::dg2));
            if (with_pace) {
                CHECK(chip.sw({0x00, 0xA4, 0x00, 0x0C, {}, {}}) == 0x9000);
                CHECK(chip.read_short(0x1D, 4).sw == 0x9000);  // still opened by PACE
            }
            good([&] { return chip.in_application().try_chip_authentication(key.choice); }());  // and again
            CHECK(chip.read_short(0x01, 10).sw == 0x9000);
        }
    }
}

TEST_CASE("chip authentication that fails leaves the old keys", "[sim]") {
    auto config = bac_config();
    const auto domain = crypto::Domain::ecdh(crypto::Curve::bp256r1);
    auto key = make_key("id-CA-ECDH-AES-CBC-CMAC-128", domain);
    config.chip_authentication.push_back(std::move(key.chip));
    EmrtdUnderTest chip(std::move(config));
    const CommandApdu set_at{0x00, 0x22, 0x41, 0xA4, "800A04007F00070202030202"_hex, {}};
    const auto agree = [](ByteView point) { return CommandApdu{0x00, 0x86, 0, 0, tlv::element(0x7C, tlv::element(0x80, point)), 256}; };
    auto point = to_bytes(key.choice.key.public_value);
    CHECK(chip.sw(set_at) == 0x6982);
    chip.bac();
    CHECK(chip.sw(set_at) == 0x9000);
    auto off = point;
    off.back() = static_cast<Byte>(off.back() ^ 1U);
    CHECK(chip.sw(agree(off)) == 0x6A80);
    CHECK(chip.sw(agree(point)) == 0x6985);  // selected once, used once
    CHECK(chip.sw(set_at) == 0x9000);
    auto no_le = agree(point);
    no_le.le.reset();
    CHECK(chip.sw(no_le) == 0x6700);
    CHECK(chip.sw({0x00, 0x22, 0x41, 0xA4, "800A04007F00070202030204"_hex, {}}) == 0x6A80);
    CHECK(chip.sw({0x00, 0x22, 0x41, 0xA4, "800A04007F00070202030202840107"_hex, {}}) == 0x6A88);
    CHECK(chip.sw({0x00, 0x22, 0x41, 0xA6, tlv::element(0x91, point), {}}) == 0x6A80);  // AES only
    CHECK(chip.read_short(0x01, 10).sw == 0x9000);
    // The master file is no place for it, unless the chip says so.
    CHECK(chip.sw({0x00, 0xA4, 0x00, 0x0C, {}, {}}) == 0x9000);
    CHECK(chip.sw(set_at) == 0x6985);
    chip.card.config().chip_authentication_in_master_file = true;
    CHECK(chip.sw(set_at) == 0x9000);
}

TEST_CASE("two keys for chip authentication are told apart by their identifiers", "[sim]") {
    auto config = bac_config();
    auto a = make_key("id-CA-ECDH-AES-CBC-CMAC-128", crypto::Domain::ecdh(crypto::Curve::bp256r1), 1, true);
    auto b = make_key("id-CA-ECDH-3DES-CBC-CBC", crypto::Domain::ecdh(crypto::Curve::p256), 2, true);
    config.chip_authentication.push_back(std::move(a.chip));
    config.chip_authentication.push_back(std::move(b.chip));
    EmrtdUnderTest chip(std::move(config));
    chip.bac();
    CHECK(chip.sw({0x00, 0x22, 0x41, 0xA4, "800A04007F00070202030202"_hex, {}}) == 0x6A88);
    good(chip.try_chip_authentication(a.choice));
    good(chip.try_chip_authentication(b.choice));
    CHECK(chip.read_short(0x01, 10).sw == 0x9000);
}

TEST_CASE("an open chip starts secure messaging with chip authentication", "[sim]") {
    auto config = plain_config();
    auto key = make_key("id-CA-ECDH-AES-CBC-CMAC-128", crypto::Domain::ecdh(crypto::Curve::bp256r1));
    config.chip_authentication.push_back(std::move(key.chip));
    EmrtdUnderTest chip(std::move(config));
    chip.in_application();
    good(chip.try_chip_authentication(key.choice));
    CHECK(chip.read_short(0x01, 10).sw == 0x9000);
    CHECK(chip("00B0810004").size() == 12);
    CHECK(chip.plain(good(chip.secured->protect({0x00, 0xB0, 0x81, 0, {}, 4}))).sw == 0x6882);
}

TEST_CASE("a chip that does not know its key is found by the next command", "[sim]") {
    auto config = bac_config();
    auto key = make_key("id-CA-ECDH-AES-CBC-CMAC-128", crypto::Domain::ecdh(crypto::Curve::bp256r1));
    config.chip_authentication.push_back(std::move(key.chip));
    config.faults = {{sim::FaultId::ca_wrong_key}};
    EmrtdUnderTest chip(std::move(config));
    chip.bac();
    good(chip.try_chip_authentication(key.choice));
    const auto answer = chip.plain(good(chip.secured->protect({0x00, 0xB0, 0x81, 0, {}, 4})));
    CHECK(answer.sw == 0x6988);
    CHECK(answer.data.empty());

    chip.card.power_up();
    chip.secured.reset();
    chip.card.config().faults = {{sim::FaultId::ca_refused, {}, 0, 0x6A80}};
    chip.bac();
    CHECK(error_of(chip.try_chip_authentication(key.choice)) == "ca.refused");
    CHECK(chip.read_short(0x01, 10).sw == 0x9000);
}

TEST_CASE("MSE:Set KAT can be missing on a chip with 3DES", "[sim]") {
    auto config = bac_config();
    auto key = make_key("id-CA-ECDH-3DES-CBC-CBC", crypto::Domain::ecdh(crypto::Curve::p256));
    config.chip_authentication.push_back(std::move(key.chip));
    config.quirks.set_kat_refused = true;
    EmrtdUnderTest chip(std::move(config));
    chip.bac();
    good(chip.try_chip_authentication(key.choice));
    CHECK(chip.read_short(0x01, 10).sw == 0x9000);
}

TEST_CASE("active authentication signs the terminal's challenge", "[sim]") {
    struct Row {
        crypto::PrivateKey key;
        crypto::HashAlg hash;
    };
    for (const auto& [key, hash] : {Row{good(crypto::PrivateKey::generate_rsa(1024)), crypto::HashAlg::sha1},
                                    Row{good(crypto::PrivateKey::generate_rsa(2048)), crypto::HashAlg::sha256},
                                    Row{good(crypto::PrivateKey::generate_ec(crypto::Curve::bp256r1)), crypto::HashAlg::sha256}}) {
        auto config = bac_config();
        make_room(config);
        config.active_authentication = {key, hash, active_auth::EcdsaFormat::plain};
        EmrtdUnderTest chip(std::move(config));
        const auto public_key = good(active_auth::Key::from_spki(key.public_key().to_spki(crypto::EcEncoding::explicit_parameters)));
        const auto challenge = active_auth::Challenge::draw(chip.terminal_rng);
        CHECK(chip.send(active_auth::internal_authenticate(challenge)).sw == 0x6982);
        chip.bac();
        const auto command = active_auth::internal_authenticate(challenge, 65'536);
        const auto answer = chip.send(command);
        good(active_auth::verify(public_key, std::nullopt, challenge, answer));
        if (public_key.info.type == crypto::KeyType::rsa) CHECK(chip.send(command).data != answer.data);  // RND.IC is fresh
        CHECK(chip.sw({0x00, 0x88, 0, 0, Bytes(7), 256}) == 0x6700);
        CHECK(chip.sw({0x00, 0x88, 0, 0, Bytes(8), {}}) == 0x6700);
        CHECK(chip.sw({0x00, 0x88, 0, 1, Bytes(8), 256}) == 0x6A86);
        if (public_key.info.bits == 2048)
            CHECK(chip.sw({0x00, 0x88, 0, 0, Bytes(8), 256}) == 0x6700);  // 256 bytes do not fit a short answer
        CHECK(chip.sw({0x00, 0xA4, 0x00, 0x0C, {}, {}}) == 0x9000);
        CHECK(chip.send(command).sw == 0x6985);
    }
}

TEST_CASE("faults of active authentication fail, and the tolerated one is noticed", "[sim]") {
    auto config = bac_config();
    make_room(config);
    const auto key = good(crypto::PrivateKey::generate_rsa(2048));
    config.active_authentication = {key, crypto::HashAlg::sha256, active_auth::EcdsaFormat::plain};
    EmrtdUnderTest chip(std::move(config));
    const auto public_key = good(active_auth::Key::from_spki(key.public_key().to_spki(crypto::EcEncoding::named)));
    chip.bac();
    const auto verify = [&](sim::FaultId fault) {
        chip.card.config().faults = {{fault}};
        const auto challenge = active_auth::Challenge::draw(chip.terminal_rng);
        return active_auth::verify(public_key, std::nullopt, challenge, chip.send(active_auth::internal_authenticate(challenge, 65'536)));
    };
    CHECK(error_of(verify(sim::FaultId::aa_refused)) == "aa.refused");
    CHECK(error_of(verify(sim::FaultId::aa_empty_for_extended)) == "aa.refused");
    CHECK(error_of(verify(sim::FaultId::aa_wrong_key)) == "aa.failed");
    CHECK(error_of(verify(sim::FaultId::aa_replay)) == "aa.failed");
    CHECK(error_of(verify(sim::FaultId::aa_trailer_wrong)) == "aa.failed");
    CHECK(error_of(verify(sim::FaultId::aa_header_wrong)) == "aa.failed");
    CHECK(ids(good(verify(sim::FaultId::aa_complement)).notes) == "aa.rsa_complement");
    chip.card.config().active_authentication->key = good(crypto::PrivateKey::generate_ec(crypto::Curve::p256));
    chip.card.config().active_authentication->format = active_auth::EcdsaFormat::der;
    chip.card.config().faults.clear();
    const auto ec_key =
        good(active_auth::Key::from_spki(chip.card.config().active_authentication->key.public_key().to_spki(crypto::EcEncoding::named)));
    const auto challenge = active_auth::Challenge::draw(chip.terminal_rng);
    const auto proof = good(active_auth::verify(ec_key, std::nullopt, challenge, chip.send(active_auth::internal_authenticate(challenge))));
    CHECK(ids(proof.notes) == "aa.hash_inferred aa.ecdsa_der");
}
