#include "unit/unit.hpp"

#include <idchip/pki/trust.hpp>
#include <idchip/signer/software.hpp>
#include <idchip/signer/test_pki.hpp>

using namespace idchip;
using namespace idchip::test;
using pki::TrustStore;

namespace {

const Instant today = start_of({2026, 3, 1});

signer::TestPki make_pki(std::uint64_t seed) {
    TestRng rng(seed);
    signer::TestPkiOptions options;
    options.now = today;
    return good(signer::make_test_pki(options, rng));
}

const signer::TestPki& test_pki() {
    static const auto pki = make_pki(1);
    return pki;
}

// A certificate signed by the test CSCA, with a field of the template changed.
template <class F>
pki::Certificate issued(F change) {
    pki::CertificateTemplate t;
    t.serial = "11"_hex;
    t.issuer = t.subject = test_pki().csca.subject;
    t.not_before = t.private_key_not_before = today;
    t.not_after = t.private_key_not_after = today + 1000 * seconds_per_day;
    t.country_code = "VNM";
    t.csca = true;
    t.authority_key_id = *test_pki().csca.subject_key_id;
    change(t);
    const auto& key = test_pki().csca_key;
    return good(pki::Certificate::parse(
        good(pki::build_certificate(t, key.public_key(), key, signer::default_algorithm(key.public_key().info())))));
}

std::string why(const TrustStore& store, std::string_view file) {
    for (const auto& error : store.skipped)
        if (error.where.starts_with(file)) return std::string(error.name());
    return "not skipped";
}

}  // namespace

TEST_CASE("a trust folder gives its CSCA certificates and lists, and says what it skipped and why", "[pki]") {
    const TempFolder folder;
    good(write_file(folder / "a.cer", test_pki().csca.raw));
    good(write_text(folder / "b.PEM", pki::to_pem(make_pki(2).csca.raw, "CERTIFICATE")));
    good(write_file(folder / "c.crl", test_pki().crl.raw));
    good(write_text(folder / "d.crl", pki::to_pem(test_pki().crl.raw, "X509 CRL")));
    good(write_file(folder / "ds.cer", test_pki().ds.raw));
    good(write_text(folder / "empty.cer", ""));
    good(write_text(folder / "rubbish.der", "this is not DER"));
    good(write_file(folder / "cut.crt", ByteView(test_pki().csca.raw).first(100)));
    good(write_file(folder / "rubbish.crl", test_pki().csca.raw));
    good(write_file(folder / "swapped.cer", test_pki().crl.raw));
    good(write_text(folder / "readme.txt", "not looked at"));
    good(make_folder(folder / "folder.cer"));
    good(write_text(folder / "bad.pem", "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n"));
    const auto store = good(TrustStore::load(folder.path()));
    CHECK(store.csca.size() == 2);
    CHECK(store.crls.size() == 2);
    CHECK(store.source == folder.path().string());
    CHECK(store.skipped.size() == 8);
    CHECK(why(store, "ds.cer") == "pki.bad_certificate");
    CHECK(why(store, "empty.cer") == "tlv.missing");
    CHECK(why(store, "rubbish.der") == "tlv.truncated");
    CHECK(why(store, "cut.crt") == "tlv.truncated");
    CHECK(why(store, "rubbish.crl") != "not skipped");
    CHECK(why(store, "swapped.cer") != "not skipped");
    CHECK(why(store, "folder.cer") == "io.failed");
    CHECK(why(store, "bad.pem") == "input.bad_base64");
    CHECK(why(store, "readme.txt") == "not skipped");
}

TEST_CASE("a document signer, or a CSCA that may not sign certificates, is never an anchor", "[pki]") {
    const TempFolder folder;
    good(write_file(folder / "ds.cer", test_pki().ds.raw));
    const auto failed = TrustStore::load(folder.path());
    REQUIRE(error_of(failed) == "pki.no_trust");
    CHECK(failed.error().detail.find("ds.cer") != std::string::npos);
    good(write_file(folder / "no_cert_sign.cer", issued([](pki::CertificateTemplate& t) { t.csca = false; }).raw));
    CHECK(error_of(TrustStore::load(folder.path())) == "pki.no_trust");
}

TEST_CASE("a folder without trust, and no folder, are errors", "[pki]") {
    const TempFolder folder;
    CHECK(error_of(TrustStore::load(folder.path())) == "pki.no_trust");
    CHECK(error_of(TrustStore::load(folder / "none")) == "input.not_found");
    good(write_file(folder / "c.crl", test_pki().crl.raw));
    CHECK(error_of(TrustStore::load(folder.path())) == "pki.no_trust");
    good(write_file(folder / "file.cer", test_pki().csca.raw));
    CHECK_FALSE(TrustStore::load(folder / "file.cer"));
}

TEST_CASE("the issuer is the CSCA whose key verifies, among several of one name", "[pki]") {
    const auto other = make_pki(3);
    TrustStore store;
    store.csca = {other.csca, test_pki().csca, make_pki(4).csca};
    for (const auto* pki : {&test_pki(), &other}) {
        const auto search = pki::find_issuer(pki->ds, store);
        REQUIRE(search.issuer != nullptr);
        CHECK(search.issuer->raw == pki->csca.raw);
        CHECK(search.attempts.size() == 3);
        CHECK(search.country_known);
        CHECK(std::count_if(search.attempts.begin(), search.attempts.end(), [](const auto& a) { return a.names_other_key; }) == 2);
    }
}

// CVE-2026-34580: same subject and same key identifier, another key.
TEST_CASE("a forged CSCA with the name and the key identifier of the real one is not believed, nor does it hide the real one", "[pki]") {
    const auto other = make_pki(5);
    auto forged = other.csca;
    forged.subject_key_id = test_pki().csca.subject_key_id;
    TrustStore store;
    store.csca = {forged};
    auto search = pki::find_issuer(test_pki().ds, store);
    CHECK(search.issuer == nullptr);
    REQUIRE(search.attempts.size() == 1);
    CHECK_FALSE(search.attempts[0].names_other_key);
    CHECK(search.attempts[0].failure->name() == "crypto.bad_signature");
    store.csca = {forged, test_pki().csca};
    search = pki::find_issuer(test_pki().ds, store);
    REQUIRE(search.issuer != nullptr);
    CHECK(search.issuer->raw == test_pki().csca.raw);
}

TEST_CASE("a CSCA whose key is not built in is an attempt that failed for that reason", "[pki]") {
    TrustStore store;
    store.csca = {test_pki().csca};
    store.csca[0].public_key.reset();
    store.csca[0].key_error = Error(Errc::crypto_unsupported, {}, "public key algorithm 1.3.101.112");
    const auto search = pki::find_issuer(test_pki().ds, store);
    CHECK(search.issuer == nullptr);
    CHECK(search.attempts.at(0).failure->name() == "crypto.unsupported");
}

TEST_CASE("without key identifiers every CSCA of the name is tried", "[pki]") {
    TrustStore store;
    store.csca = {make_pki(6).csca, test_pki().csca};
    auto ds = test_pki().ds;
    ds.authority_key_id.reset();
    const auto search = pki::find_issuer(ds, store);
    CHECK(search.issuer == &store.csca[1]);
    CHECK(search.attempts[0].failure->name() == "crypto.bad_signature");
}

TEST_CASE("a self-signed signer of the CSCA's name has no issuer, a signer of another name is not tried", "[pki]") {
    TrustStore store;
    store.csca = {test_pki().csca};
    // "Elvis": the document signer's own key, the CSCA's name.
    pki::CertificateTemplate t;
    t.serial = "12"_hex;
    t.issuer = t.subject = test_pki().csca.subject;
    t.not_before = t.private_key_not_before = today;
    t.not_after = t.private_key_not_after = today + seconds_per_day;
    t.country_code = "VNM";
    t.authority_key_id = *test_pki().csca.subject_key_id;
    const auto key = good(crypto::PrivateKey::generate_ec(crypto::Curve::p256));
    const auto elvis = good(pki::Certificate::parse(good(pki::build_certificate(t, key.public_key(), key, {}))));
    CHECK(pki::find_issuer(elvis, store).issuer == nullptr);
    auto other_name = test_pki().ds;
    other_name.issuer = good(pki::Name::of("C=UT, CN=Somebody"));
    const auto search = pki::find_issuer(other_name, store);
    CHECK(search.issuer == nullptr);
    CHECK(search.attempts.empty());
    CHECK_FALSE(search.country_known);
    other_name.issuer = good(pki::Name::of("C=vn, CN=Somebody"));
    CHECK(pki::find_issuer(other_name, store).country_known);
}
