// Family D of docs/inspection-cases.md: what CSCA and document signer certificates must say. Each case with its nearest
// legitimate neighbour.
#include "inspect/document_maker.hpp"

#include "unit.hpp"

using namespace idchip;
using namespace idchip::inspect;
using namespace idchip::inspect::maker;
using crypto::Curve;
using crypto::EcEncoding;

namespace {

Bytes basic_constraints(bool csca) {
    return csca ? der::sequence_of({der::write_boolean(true), der::write_integer(0)}) : der::sequence_of({});
}

}  // namespace

TEST_CASE("D16 CSCA certificates that do not say that they may sign, or deny it") {
    auto csca = csca_like();
    const auto with = [&] { return judged(clean(), trust_of(csca.make())); };
    SECTION("no basic constraints") {
        csca.drop(ext::basic_constraints);
        check_noted(with(), Outcome::note, "pki.csca", "D16");
    }
    SECTION("no key usage") {
        csca.drop(ext::key_usage);
        check_noted(with(), Outcome::note, "pki.csca", "D16");
    }
    SECTION("a certificate of version 1") {
        csca.version = 1;
        csca.extensions.clear();
        check_noted(with(), Outcome::note, "pki.csca", "D16");
    }
    SECTION("it denies it") {
        csca.set(ext::basic_constraints, true, basic_constraints(false));
        check(with(), Overall::refer, Outcome::fail, "pki.csca", "D16");
    }
    SECTION("a key for something else") {
        csca.key_usage({0});
        check(with(), Overall::refer, Outcome::fail, "pki.csca", "D16");
    }
    SECTION("neighbour") { check_clean(with()); }
}

TEST_CASE("D16 what a trust folder takes for an anchor") {
    const test::TempFolder folder;
    const auto add = [&](std::string_view file, ByteView content) { REQUIRE(write_file(folder / file, content)); };
    auto unsaid = csca_like();
    unsaid.drop(ext::basic_constraints);
    unsaid.drop(ext::key_usage);
    auto unsaid_ds = ds_like();
    unsaid_ds.drop(ext::key_usage);
    add("ds.cer", vietnam().ds.raw);
    add("ds-unsaid.cer", unsaid_ds.der());
    add("broken.cer", Bytes{0x30, 0x03, 1, 1, 0});
    CHECK(test::error_of(pki::TrustStore::load(folder.path())) == "pki.no_trust");
    add("old.cer", unsaid.der());
    add("csca.pem", as_bytes(pki::to_pem(vietnam().csca.raw, "CERTIFICATE")));
    add("list.crl", vietnam().crl.raw);
    const auto store = must(pki::TrustStore::load(folder.path()));
    CHECK(store.csca.size() == 2);
    CHECK(store.crls.size() == 1);
    CHECK(store.skipped.size() == 3);
    check_clean(judged(clean(), {{store.csca[0]}, store.crls, {}, "test"}));
}

TEST_CASE("D17 the document signer's key usage") {
    auto ds = ds_like();
    SECTION("another usage") {
        ds.key_usage({1});
        check(judged(signed_by(ds.make())), Overall::refer, Outcome::fail, "pki.signer_profile", "D17");
    }
    SECTION("none stated") {
        ds.drop(ext::key_usage);
        check(judged(signed_by(ds.make())), Overall::refer, Outcome::fail, "pki.signer_profile", "D17");
    }
    SECTION("neighbour: signatures, and something more") {
        ds.key_usage({0, 1});
        check_clean(judged(signed_by(ds.make())));
    }
}

TEST_CASE("D19 certificates of the same CSCA for another purpose") {
    for (const auto* purpose : {"2.23.136.1.1.3", "2.23.136.1.1.8", "1.3.6.1.5.5.7.3.1", "2.5.29.37.0"}) {
        auto ds = ds_like();
        ds.set(ext::extended_key_usage, true, der::sequence_of({oid(purpose)}));
        check(judged(signed_by(ds.make())), Overall::refer, Outcome::fail, "pki.signer_profile", "D19");
    }
    SECTION("neighbour") { check_clean(judged(clean())); }
}

TEST_CASE("D21 certificates that break the rules of X.509") {
    auto ds = ds_like();
    SECTION("an extension twice") {
        ds.extensions.push_back(ds.extensions.front());
        auto cms = cms_over(clean_files());
        cms.certificates = {ds.der()};
        const auto verdict = judged(evidence_of(with_sod(clean_files(), cms)));
        check(verdict, Overall::refer, Outcome::fail, "pa.signer_certificate", "D21");
        check(verdict, Overall::refer, Outcome::note, "cms.certificate_unreadable", "D21");
    }
    SECTION("extensions in a certificate of version 1, of version 2") {
        for (const int version : {1, 2}) {
            ds.version = version;
            check_noted(judged(signed_by(ds.make())), Outcome::note, "pki.signer.x509.extensions_in_old_version", "D21");
        }
    }
    SECTION("a negative serial number, one of 21 bytes, zero") {
        ds.serial = {0x80, 0x01};
        check_noted(judged(signed_by(ds.make())), Outcome::note, "pki.signer.x509.serial_negative", "D21");
        ds.serial = Bytes(21, 0x11);
        check_noted(judged(signed_by(ds.make())), Outcome::note, "pki.signer.x509.serial_too_long", "D21");
        ds.serial = {0};
        check_noted(judged(signed_by(ds.make())), Outcome::note, "pki.signer.x509.serial_zero", "D21");
    }
    SECTION("TRUE written as 01") {
        ds.set(ext::key_usage, true, der::write_named_bits({0}));
        auto raw = ds.der();
        const Bytes flag = {0x01, 0x01, 0xFF};
        *(std::search(raw.begin(), raw.end(), flag.begin(), flag.end()) + 2) = 0x01;
        auto cms = cms_over(clean_files());
        cms.certificates = {raw};
        // Its signature does not verify any more; that it could be read is what counts here.
        const auto verdict = judged(evidence_of(with_sod(clean_files(), cms)));
        check(verdict, Overall::reject, Outcome::note, "pki.signer.x509.boolean_not_der", "D21");
    }
    SECTION("a critical extension that is not known") {
        ds.set("1.2.3.4", true, der::write_null());
        check(judged(signed_by(ds.make())), Overall::refer, Outcome::fail, "pki.signer_profile", "D21");
        auto csca = csca_like();
        csca.set("1.2.3.4", true, der::write_null());
        check(judged(clean(), trust_of(csca.make())), Overall::refer, Outcome::fail, "pki.csca", "D21");
    }
    SECTION("neighbours: an unknown extension that is not critical, a serial number of 20 bytes") {
        ds.set("1.2.3.4", false, der::write_null());
        ds.serial = Bytes(20, 0x11);
        check_clean(judged(signed_by(ds.make())));
    }
}

TEST_CASE("D31 a document signer that may not sign this type") {
    const auto judged_for = [](const std::string& code, const std::vector<std::string>& types) {
        auto m = code[0] == 'P' ? td3() : td1();
        m.document_code = code;
        auto ds = ds_like();
        ds.document_types(types);
        auto cms = cms_over(files_of(m));
        cms.signer(ds.make(), vietnam().ds_key);
        return judged(evidence_of(with_sod(files_of(m), cms)));
    };
    check(judged_for("ID", {"P"}), Overall::refer, Outcome::fail, "document.type", "D31");
    check(judged_for("P", {"ID", "AC"}), Overall::refer, Outcome::fail, "document.type", "D31");
    check(judged_for("AC", {"AR"}), Overall::refer, Outcome::fail, "document.type", "D31");
    check(judged_for("I", {"ID"}), Overall::refer, Outcome::fail, "document.type", "D31");
    check(judged_for("P", {}), Overall::refer, Outcome::fail, "document.type", "D31");
    SECTION("neighbours: the code itself, one letter for all of its kind, a filler") {
        check_clean(judged_for("ID", {"P", "ID"}));
        check_clean(judged_for("PD", {"P"}));
        check_clean(judged_for("ID", {"I"}));
        check_clean(judged_for("P", {"P<"}));
    }
    SECTION("neighbour: an old document signer without a list") {
        auto ds = ds_like();
        ds.drop(ext::document_types);
        check_clean(judged(signed_by(ds.make())));
    }
}

TEST_CASE("D49 the countries of document signer and CSCA") {
    auto ds = ds_like();
    SECTION("another one") {
        ds.subject = name("C=FR, CN=Document Signer SPECIMEN").raw;
        check(judged(signed_by(ds.make())), Overall::refer, Outcome::fail, "pki.country", "D49");
    }
    SECTION("two at once") {
        ds.subject = name("C=VN, C=FR, CN=Document Signer SPECIMEN").raw;
        check(judged(signed_by(ds.make())), Overall::refer, Outcome::fail, "pki.country", "D49");
    }
    SECTION("none") {
        ds.subject = name("CN=Document Signer SPECIMEN").raw;
        check(judged(signed_by(ds.make())), Overall::refer, Outcome::fail, "pki.country", "D49");
    }
    SECTION("neighbours: small letters, three letters") {
        for (const auto* own : {"C=vn, CN=Document Signer SPECIMEN", "C=VNM, CN=Document Signer SPECIMEN"}) {
            ds.subject = name(own).raw;
            check_clean(judged(signed_by(ds.make())));
        }
    }
}

TEST_CASE("D50 the keys that issuers use") {
    const auto judged_with_keys = [](const crypto::PrivateKey& csca_key, const crypto::PrivateKey& ds_key, EcEncoding encoding) {
        auto csca = csca_of(csca_key, vietnam().csca.subject);
        csca.key(csca_key.public_key(), encoding);
        auto ds = ds_under(csca.make(), csca_key);
        ds.key(ds_key.public_key(), encoding);
        auto cms = cms_over(clean_files());
        cms.signer(ds.make(), ds_key);
        CrlMaker crl;
        crl.key = csca_key;
        return judged(evidence_of(with_sod(clean_files(), cms)), {{csca.make()}, {crl.make()}, {}, "test"});
    };
    for (const auto curve : {Curve::p224, Curve::p256, Curve::p384, Curve::p521, Curve::bp224r1, Curve::bp256r1, Curve::bp320r1,
                             Curve::bp384r1, Curve::bp512r1})
        for (const auto encoding : {EcEncoding::named, EcEncoding::explicit_parameters}) {
            INFO(crypto::name(curve));
            check_clean(judged_with_keys(ec_key("D50 CSCA", curve), ec_key("D50 DS", curve), encoding));
        }
    SECTION("RSA with RSASSA-PSS") {
        check_clean(judged_with_keys(rsa_key("D50 CSCA", 3072), rsa_key("D50 DS"), EcEncoding::named));
        check_clean(judged_with_keys(rsa_key("D50 CSCA", 3072), ec_key("D50 DS", Curve::bp256r1), EcEncoding::named));
    }
    SECTION("a signature algorithm that is not built in: no answer, no accusation") {
        auto ds = ds_like();
        ds.stated_algorithm = algorithm_id("1.3.101.113");
        check(judged(signed_by(ds.make())), Overall::cannot, Outcome::inconclusive, "pki.chain", "D50");
    }
}
