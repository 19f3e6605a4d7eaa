// Family E of docs/inspection-cases.md: whether the chip is the one that was issued.
#include "inspect/protocol_maker.hpp"

#include "catch.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using crypto::HashAlg;
using lds::Ef;

namespace {

constexpr auto ecdsa_plain_sha256 = "0.4.0.127.0.7.1.1.4.1.3";

Evidence by_rsa() { return actively_authenticated(rsa_key("active authentication RSA"), HashAlg::sha256); }
Evidence by_ec() { return actively_authenticated(ec_key("active authentication"), HashAlg::sha256, {active_info(ecdsa_plain_sha256)}); }

ChipAuthentication failed_run(const std::string& error, std::uint16_t sw) {
    auto run = proven_run();
    run.proven = false;
    run.error = error;
    run.where = "MSE:Set AT";
    run.sw = sw;
    return run;
}

void check_proven(const Evidence& e, const char* id, int line = __builtin_LINE()) {
    const auto verdict = judged(e);
    INFO("line " << line << "\n" << listing(verdict));
    CHECK(find(verdict, id, Outcome::pass) != nullptr);
    CHECK(verdict.overall == Overall::accept);
}

}  // namespace

TEST_CASE("E02 a document with a key for active authentication on a chip that does not sign") {
    for (const std::uint16_t sw : std::initializer_list<std::uint16_t>{0x6D00, 0x6A80, 0x6985}) {
        auto e = by_rsa();
        e.active_authentication->response.clear();
        e.active_authentication->sw = sw;
        check(judged(e), Overall::refer, Outcome::fail, "chip.active_authentication", "E02");
    }
    SECTION("neighbour: one that signs") {
        check_proven(by_rsa(), "chip.active_authentication");
        check_proven(by_ec(), "chip.active_authentication");
    }
}

TEST_CASE("E03 chip authentication offered in signed data, and refused") {
    check(judged(chip_authenticated(failed_run("ca.refused", 0x6A80))), Overall::refer, Outcome::fail, "chip.chip_authentication", "E03");
    SECTION("neighbour: run and proven") { check_proven(chip_authenticated(proven_run()), "chip.chip_authentication"); }
}

TEST_CASE("E04 chip authentication agreed on, and no answer under its keys") {
    check(judged(chip_authenticated(failed_run("sm.broken", 0x6988))), Overall::refer, Outcome::fail, "chip.chip_authentication", "E04");
}

TEST_CASE("E06 active authentication was not run, and the chip is proven otherwise") {
    auto e = chip_authenticated(proven_run(), {chip_info(), chip_key_info()});
    auto groups = clean_files();
    groups[Ef::dg14] = *e.files[Ef::dg14].content;
    groups[Ef::dg15] = dg15();
    auto both = evidence_of(sign(groups));
    both.chip_authentication = proven_run();
    const auto verdict = judged(both);
    INFO(listing(verdict));
    CHECK(verdict.overall == Overall::accept);
    CHECK(find(verdict, "chip.active_authentication", Outcome::inconclusive, "E06") != nullptr);
    SECTION("neighbour: neither was run") { check_noted(judged(evidence_of(sign(groups))), Outcome::inconclusive, "chip.genuine", "E01"); }
}

TEST_CASE("E08 a signature over another challenge") {
    for (auto e : {by_rsa(), by_ec()}) {
        e.active_authentication->challenge[0] ^= 1;
        check(judged(e), Overall::reject, Outcome::fail, "chip.active_authentication", "E08");
    }
    auto other_key = by_rsa();
    other_key.active_authentication->response =
        actively_authenticated(rsa_key("attacker RSA"), HashAlg::sha256).active_authentication->response;
    check(judged(other_key), Overall::reject, Outcome::fail, "chip.active_authentication", "E08");
}

TEST_CASE("E09 the challenge was another device's") {
    auto e = by_rsa();
    e.live = false;
    check_noted(judged(e), Outcome::inconclusive, "chip.active_authentication", "E25");
    e.active_authentication->challenge.resize(7);
    CHECK(find(judged(e), "chip.active_authentication", Outcome::inconclusive, "E09") != nullptr);
    SECTION("neighbour: ours") { check_proven(by_rsa(), "chip.active_authentication"); }
}

TEST_CASE("E10 active authentication with a key that is not signed") {
    auto e = by_rsa();
    const auto other = actively_authenticated(rsa_key("attacker RSA"), HashAlg::sha256);
    e.files[Ef::dg15] = other.files.at(Ef::dg15);
    e.active_authentication = other.active_authentication;
    const auto verdict = judged(e);
    CHECK(verdict.overall == Overall::reject);  // the hash of DG15
    CHECK(find(verdict, "chip.active_authentication", Outcome::inconclusive, "E10") != nullptr);
    CHECK(find(verdict, "chip.active_authentication", Outcome::pass) == nullptr);
}

TEST_CASE("E15 an ECDSA signature in DER") {
    auto e = by_ec();
    e.active_authentication->response = must(crypto::ecdsa_plain_to_der(crypto::Curve::p256, e.active_authentication->response));
    const auto verdict = judged(e);
    INFO(listing(verdict));
    CHECK(verdict.overall == Overall::accept_with_notes);
    CHECK(find(verdict, "aa.ecdsa_der", Outcome::note, "E15") != nullptr);
    CHECK(find(verdict, "chip.active_authentication", Outcome::pass) != nullptr);
}

TEST_CASE("E16 ECDSA without the algorithm in DG14") {
    const auto verdict = judged(actively_authenticated(ec_key("active authentication"), HashAlg::sha256));
    INFO(listing(verdict));
    CHECK(verdict.overall == Overall::accept_with_notes);
    CHECK(find(verdict, "aa.hash_inferred", Outcome::note, "E16") != nullptr);
}

TEST_CASE("E19 a key for chip authentication without its algorithm") {
    auto e = chip_authenticated(proven_run(), {chip_key_info()});
    const auto verdict = judged(e);
    CHECK(find(verdict, "ca.algorithm_assumed", Outcome::note, "E19") != nullptr);
    CHECK(find(verdict, "chip.chip_authentication", Outcome::pass) != nullptr);
}

TEST_CASE("E22 a key for chip authentication in a group that is none") {
    // Diffie-Hellman with an even modulus of 1024 bits.
    Bytes p(128, 0xFE);
    const auto spki = der::sequence_of(
        {der::sequence_of({oid("1.2.840.113549.1.3.1"), der::sequence_of({der::write_unsigned(p), der::write_integer(2)})}),
         der::write_bit_string(der::write_integer(4))});
    const auto key = lds::SecurityInfo::of(*lds::protocol_by_name("id-PK-DH"), lds::ChipAuthenticationPublicKeyInfo{spki, {}});
    auto groups = clean_files();
    groups[Ef::dg14] = dg14_of({chip_info("id-CA-DH-AES-CBC-CMAC-128"), key});
    check(judged(evidence_of(sign(groups))), Overall::refer, Outcome::inconclusive, "chip.chip_authentication", "E22");
    SECTION("neighbour: a group of RFC 5114") {
        const auto domain = crypto::Domain::dh(crypto::DhGroup::modp2048_224);
        const auto good_key = must(crypto::KeyPair::generate(domain, system_rng()));
        groups[Ef::dg14] = dg14_of({chip_info("id-CA-DH-AES-CBC-CMAC-128"),
                                    lds::SecurityInfo::of(*lds::protocol_by_name("id-PK-DH"),
                                                          lds::ChipAuthenticationPublicKeyInfo{
                                                              crypto::AgreementKey{domain, good_key.public_value}.to_spki(), {}})});
        check_clean(judged(evidence_of(sign(groups))));
    }
}

TEST_CASE("E25 a proof that was given to another device") {
    auto e = chip_authenticated(proven_run());
    e.live = false;
    check_noted(judged(e), Outcome::inconclusive, "chip.chip_authentication", "E25");
    SECTION("as saved evidence always is") {
        check_noted(judged(must(evidence_from_json(to_json(chip_authenticated(proven_run()))))), Outcome::inconclusive,
                    "chip.chip_authentication", "E25");
    }
}

TEST_CASE("E26 a proof of a key in a document that is not authentic") {
    auto e = chip_authenticated(proven_run());
    const auto verdict = judged(e, country("FR").trust);  // no CSCA for it
    CHECK(find(verdict, "chip.chip_authentication", Outcome::inconclusive, "E26") != nullptr);
    CHECK(find(verdict, "chip.chip_authentication", Outcome::pass) == nullptr);
}
