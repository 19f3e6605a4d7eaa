// Specimen documents of two issuers (fictional persons, 2006 and 2008), from ../shared/data: what is old, expired and without
// an anchor here must still verify as far as it goes.
#include <idchip/base/file.hpp>

#include "inspect/document_maker.hpp"
#include "shared_data.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using lds::Ef;

namespace {

using Names = std::map<Ef, std::string>;

std::optional<Evidence> specimen(const std::string& folder, const Names& names) {
    const auto path = test::shared_data("lds/" + folder);
    if (!path) return std::nullopt;
    Evidence e;
    e.access = "unknown";
    for (const auto& [ef, file] : names) e.files[ef] = {must(read_file(*path / file)), 0x9000, false, 0, {}};
    return e;
}

}  // namespace

TEST_CASE("specimen of 2006: RSA, active authentication") {
    const auto evidence = specimen(
        "loes2006",
        {{Ef::com, "ef011E.bin"}, {Ef::sod, "ef011D.bin"}, {Ef::dg1, "ef0101.bin"}, {Ef::dg2, "ef0102.bin"}, {Ef::dg15, "ef010F.bin"}});
    if (!evidence) return;
    const auto verdict = judged(*evidence);
    check(verdict, Overall::refer, Outcome::pass, "pa.signature");
    check(verdict, Overall::refer, Outcome::inconclusive, "pki.chain", "D07");
    check(verdict, Overall::refer, Outcome::fail, "pki.signer_validity", "D22");
    check(verdict, Overall::refer, Outcome::fail, "document.expiry", "G05");
    for (const auto* group : {"DG1", "DG2", "DG15"})
        check(verdict, Overall::refer, Outcome::inconclusive, std::string("pa.hash.") + group, "I06");
    SECTION("attack: one byte of the portrait") {
        auto changed = *evidence;
        (*changed.files[Ef::dg2].content)[9000] ^= 1;
        check(judged(changed), Overall::reject, Outcome::fail, "pa.hash.DG2", "B07");
    }
}

TEST_CASE("specimen of 2008: ECDSA with SHA-1, unsigned data groups in the dump") {
    const auto evidence = specimen("bsi2008", {{Ef::com, "EF_COM.bin"},
                                               {Ef::sod, "EF_SOD.bin"},
                                               {Ef::dg1, "Datagroup1.bin"},
                                               {Ef::dg2, "Datagroup2.bin"},
                                               {Ef::dg14, "Datagroup14.bin"},
                                               {Ef::dg15, "Datagroup15.bin"}});
    if (!evidence) return;
    const auto verdict = judged(*evidence);
    check(verdict, Overall::refer, Outcome::pass, "pa.signature");
    check(verdict, Overall::refer, Outcome::note, "pa.deprecated_hash", "C29");
    check(verdict, Overall::refer, Outcome::fail, "file.DG15", "B03");
    check(verdict, Overall::refer, Outcome::not_applicable, "file.DG3", "B27");
}

TEST_CASE("a demonstration PKI: CSCA, link to a new name and key, document signer, list") {
    const auto folder = test::shared_data("demo_csca_ejbca");
    if (!folder) return;
    const auto certificate = [&](const char* file) { return must(pki::Certificate::parse_any(must(read_file(*folder / file)))); };
    const auto link = certificate("LinkCert.der");
    const auto next = certificate("NextCSCACert.der");
    const auto ds = certificate("DSCert.der");
    const pki::TrustStore store{{certificate("CSCACert.der")}, {}, {}, "test"};
    CHECK(pki::find_issuer(link, store).issuer != nullptr);
    CHECK(pki::find_issuer(ds, store).issuer != nullptr);
    CHECK(pki::find_issuer(next, store).issuer == nullptr);
    CHECK(link.subject.matches(next.subject));
    CHECK(equal(link.spki, next.spki));
    const auto crl = must(pki::Crl::parse_any(must(read_file(*folder / "CRL.crl"))));
    CHECK(crl.issuer.matches(ds.issuer));
    CHECK(crl.verify_signature(*store.csca[0].public_key));
}
