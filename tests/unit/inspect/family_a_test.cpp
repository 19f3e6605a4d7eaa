// Family A of docs/inspection-cases.md as far as evidence tells: PACE against what is signed, EF.CardSecurity.
#include "inspect/protocol_maker.hpp"

#include "catch.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using lds::Ef;

namespace {

const std::string gm_128 = "id-PACE-ECDH-GM-AES-CBC-CMAC-128", gm_256 = "id-PACE-ECDH-GM-AES-CBC-CMAC-256",
                  gm_3des = "id-PACE-ECDH-GM-3DES-CBC-CBC";

Evidence fallen_back(const std::string& error, const std::string& where, std::uint16_t sw) {
    auto e = opened_by_bac(dg14_of({pace_info()}), card_access_of({pace_info()}));
    e.attempts = {attempt(gm_128, error, where, sw), attempt("BAC")};
    return e;
}

Evidence failed(const std::string& protocol, const std::string& error, const std::string& where) {
    Evidence e;
    e.read_at = today;
    e.live = true;
    e.access = "failed";
    e.attempts = {attempt(protocol, error, where, 0x9000)};
    return e;
}

// Everything in order, and nothing that proves the chip.
void check_pace_clean(const Evidence& e, int line = __builtin_LINE()) { check_clean(judged(e), line); }

}  // namespace

TEST_CASE("A01 PACE is refused at its beginning, and basic access control works") {
    for (const std::uint16_t sw : std::initializer_list<std::uint16_t>{0x6A80, 0x6A88, 0x6982, 0x6FFF})
        check(judged(fallen_back("pace.refused", "MSE:Set AT", sw)), Overall::refer, Outcome::fail, "access.downgrade", "A01");
    SECTION("neighbour: opened with PACE; and a chip that offers basic access control only") {
        check_pace_clean(opened_by_pace(dg14_of({pace_info()}), card_access_of({pace_info()})));
        check_pace_clean(opened_by_bac({}, std::nullopt));
    }
}

TEST_CASE("A02 PACE fails in a later step, and basic access control works") {
    for (const auto* step : {"GENERAL AUTHENTICATE step 1", "GENERAL AUTHENTICATE step 2", "GENERAL AUTHENTICATE step 3"})
        check(judged(fallen_back("pace.refused", step, 0x6F00)), Overall::refer, Outcome::fail, "access.downgrade", "A02");
}

TEST_CASE("A05 EF.CardAccess is gone, and DG14 offers PACE") {
    check(judged(opened_by_bac(dg14_of({pace_info()}), std::nullopt)), Overall::refer, Outcome::fail, "access.downgrade", "A05");
    SECTION("there, and empty") {
        check(judged(opened_by_bac(dg14_of({pace_info()}), card_access_of({}))), Overall::refer, Outcome::fail, "access.downgrade", "A05");
    }
    SECTION("neighbour: DG14 offers chip authentication only") { check_pace_clean(opened_by_bac(dg14(), std::nullopt)); }
}

TEST_CASE("A06 the better protocols were taken out of EF.CardAccess") {
    const auto in_dg14 = dg14_of({pace_info(gm_256), pace_info(gm_3des)});
    auto e = opened_by_pace(in_dg14, card_access_of({pace_info(gm_3des)}));
    check(judged(e), Overall::refer, Outcome::fail, "access.card_access", "A06");
    SECTION("neighbour: both name the same, in another order") {
        check_pace_clean(opened_by_pace(in_dg14, card_access_of({pace_info(gm_3des), pace_info(gm_256)})));
    }
}

TEST_CASE("A07 EF.CardAccess offers what DG14 lacks") {
    check(judged(opened_by_pace(dg14_of({pace_info(gm_256)}), card_access_of({pace_info(gm_256), pace_info(gm_3des)}))), Overall::refer,
          Outcome::fail, "access.card_access", "A07");
    check(judged(opened_by_pace(dg14_of({pace_info(gm_128, 13)}), card_access_of({pace_info(gm_128, 12)}))), Overall::refer, Outcome::fail,
          "access.card_access", "A07");
    SECTION("without any DG14 nothing confirms it") {
        check_noted(judged(opened_by_pace({}, card_access_of({pace_info()}))), Outcome::note, "access.card_access", "A07");
    }
}

TEST_CASE("A09 EF.CardAccess cut off, of another structure, or oversized") {
    const auto whole = card_access_of({pace_info()});
    for (const auto& damaged : {Bytes(whole.begin(), whole.end() - 3), Bytes{0x30, 0x00}, Bytes{0x31, 0x84, 0xFF, 0xFF, 0xFF, 0xFF}})
        check(judged(opened_by_bac({}, damaged)), Overall::refer, Outcome::inconclusive, "file.EF.CardAccess", "A09");
    auto oversized = opened_by_bac({}, std::nullopt);
    oversized.files[Ef::card_access] = {std::nullopt, 0, false, 0, "chip.file_too_large"};
    check(judged(oversized), Overall::refer, Outcome::inconclusive, "file.EF.CardAccess", "A09");
    SECTION("neighbour: not there at all") { check_pace_clean(opened_by_bac({}, std::nullopt)); }
}

TEST_CASE("A11 PACE offered without its parameters, or only to those who name them") {
    const auto bare = lds::SecurityInfo::of(*lds::protocol_by_name(gm_128), lds::PaceInfo{2, std::nullopt});
    check_noted(judged(opened_by_pace(dg14_of({bare}), card_access_of({bare}))), Outcome::note, "pace.parameters_assumed", "A11");
    auto e = opened_by_pace(dg14_of({pace_info()}), card_access_of({pace_info()}));
    e.quirks = {"pace_parameter_id"};
    check_noted(judged(e), Outcome::note, "quirk.pace_parameter_id", "A11");
}

TEST_CASE("A12 the chip's answers in PACE are not authentic") {
    for (const auto* step : {"GENERAL AUTHENTICATE step 2", "GENERAL AUTHENTICATE step 3", "GENERAL AUTHENTICATE step 4"})
        check(judged(failed(gm_128, "pace.bad_answer", step)), Overall::refer, Outcome::fail, "access.control", "A12");
}

TEST_CASE("A19 the chip proposes domain parameters of its own") {
    // P-256 with another generator, as explicit parameters.
    const auto& k = crypto::parameters(crypto::Curve::p256);
    auto forged = crypto::AgreementKey{crypto::Domain::ecdh(crypto::Curve::p256), chip_key().public_value}.to_spki();
    const auto generator = concat({Bytes{4}, k.generator_x, k.generator_y});
    const auto at = std::search(forged.begin(), forged.end(), generator.begin(), generator.end());
    REQUIRE(at != forged.end());
    std::copy(chip_key().public_value.begin(), chip_key().public_value.end(), at);
    const auto algorithm_of = [](const Bytes& spki) {
        tlv::Reader outer(spki, tlv::Rules::der);
        auto r = outer.enter(must(outer.next()));
        return to_bytes(must(r.next()).raw);
    };
    const auto offer = [&](const Bytes& spki) {
        std::vector<lds::SecurityInfo> infos = {
            lds::SecurityInfo::of(*lds::protocol_by_name(gm_128), lds::PaceInfo{2, 40}),
            lds::SecurityInfo::of(*lds::protocol_by_name("id-PACE-ECDH-GM"), lds::PaceDomainParameterInfo{algorithm_of(spki), 40})};
        return opened_by_bac(dg14_of(infos), card_access_of(infos));
    };
    check_noted(judged(offer(forged)), Outcome::inconclusive, "access.card_access", "A19");
    SECTION("neighbour: the parameters written out are those of a curve that is known") {
        const auto honest = crypto::AgreementKey{crypto::Domain::ecdh(crypto::Curve::p256), chip_key().public_value}.to_spki();
        CHECK(find(judged(offer(honest)), "access.card_access", Outcome::inconclusive) == nullptr);
    }
}

TEST_CASE("A20 the chip keeps its proof back, or gives a false one") {
    auto e = mapped();
    e.mapping_proof->ca_ic.reset();
    check(judged(e), Overall::refer, Outcome::fail, "chip.mapping", "A20");
    auto wrong = mapped();
    wrong.mapping_proof->ca_ic->back() ^= 1;
    check(judged(wrong), Overall::reject, Outcome::fail, "chip.mapping", "A20");
    SECTION("neighbour: a right one") {
        const auto verdict = judged(mapped());
        INFO(listing(verdict));
        CHECK(verdict.overall == Overall::accept);
        CHECK(find(verdict, "chip.mapping", Outcome::pass) != nullptr);
    }
}

TEST_CASE("A21 the mapping proves a key that nobody vouches for") {
    auto unsigned_key = mapped(card_security_of({chip_key_info(parameter_p256)}), {});
    auto store = trust();
    const auto verdict = judged(unsigned_key, country("FR").trust);  // no CSCA for it
    CHECK(find(verdict, "chip.mapping", Outcome::inconclusive, "A21") != nullptr);
    SECTION("EF.CardSecurity has no key under that id") {
        check(judged(mapped(card_security_of({chip_key_info(7)}), {})), Overall::refer, Outcome::inconclusive, "chip.mapping", "A21");
    }
    SECTION("neighbour: signed by a document signer of a trusted CSCA") { CHECK(judged(mapped(), store).overall == Overall::accept); }
}

TEST_CASE("A22 EF.CardSecurity and DG14 name different keys under the same id") {
    const auto other = must(crypto::KeyPair::generate(crypto::Domain::ecdh(crypto::Curve::p256), system_rng()));
    const auto spki = crypto::AgreementKey{crypto::Domain::ecdh(crypto::Curve::p256), other.public_value}.to_spki();
    const auto card_security = card_security_of({chip_key_info(parameter_p256)});
    check(judged(mapped(card_security, {chip_key_info(parameter_p256, spki)})), Overall::refer, Outcome::fail, "chip.mapping", "A22");
    SECTION("neighbour: the same key in both") {
        const auto verdict = judged(mapped(card_security, {chip_info(), chip_key_info(parameter_p256)}));
        CHECK(find(verdict, "chip.mapping", Outcome::pass) != nullptr);
        CHECK(find(verdict, "chip.mapping", Outcome::fail) == nullptr);
    }
}

TEST_CASE("A23 EF.CardSecurity is signed wrongly, or by somebody else") {
    auto altered = card_security_of({chip_key_info(parameter_p256)});
    altered[altered.size() - 5] ^= 1;
    check(judged(mapped(altered, {})), Overall::refer, Outcome::fail, "file.EF.CardSecurity", "A23");
    auto elvis = ds_like();
    elvis.issuer_key = ec_key("attacker");
    elvis.algorithm = ecdsa(crypto::HashAlg::sha256);
    CmsMaker forged(lds::SecurityInfos::of({chip_key_info(parameter_p256)}).encode());
    forged.content_type = lds::oid_security_object();
    forged.signer(elvis.make(), vietnam().ds_key);
    check(judged(mapped(forged.content_info(), {})), Overall::refer, Outcome::fail, "file.EF.CardSecurity", "A23");
    CmsMaker other_type(lds::SecurityInfos::of({chip_key_info(parameter_p256)}).encode());
    check(judged(mapped(other_type.content_info(), {})), Overall::refer, Outcome::fail, "file.EF.CardSecurity", "A23");
    SECTION("neighbour: by the signer of the document") { CHECK(judged(mapped()).overall == Overall::accept); }
}

TEST_CASE("A39 DO85 and DO87 are mixed up in protected answers") {
    auto e = clean();
    e.quirks = {"mixed_data_objects"};
    check_noted(judged(e), Outcome::note, "quirk.mixed_data_objects", "A39");
}
