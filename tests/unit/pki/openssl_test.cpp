// What we build must be accepted by a program that knows nothing of us: the openssl command line.
#include "unit/unit.hpp"
#include "unit/command.hpp"

#include <idchip/lds/ef_sod.hpp>
#include <idchip/pki/cms.hpp>
#include <idchip/signer/sod.hpp>
#include <idchip/signer/software.hpp>
#include <idchip/signer/test_pki.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::Curve;
using crypto::EcEncoding;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// A test PKI as files: csca.pem, ds.pem, crl.pem.
struct Files {
    TempFolder folder;
    signer::TestPki pki;
    Files(Curve csca_curve, Curve ds_curve, EcEncoding encoding)
        : pki([&] {
              TestRng rng;
              signer::TestPkiOptions options;
              options.now = now();
              options.csca_curve = csca_curve;
              options.ds_curve = ds_curve;
              options.ec_encoding = encoding;
              return good(signer::make_test_pki(options, rng));
          }()) {
        good(write_text(folder / "csca.pem", pki::to_pem(pki.csca.raw, "CERTIFICATE")));
        good(write_text(folder / "ds.pem", pki::to_pem(pki.ds.raw, "CERTIFICATE")));
        good(write_text(folder / "crl.pem", pki::to_pem(pki.crl.raw, "X509 CRL")));
    }
    std::string path(std::string_view name) const { return (folder / name).string(); }
};

// Revokes the document signer.
void revoke(const Files& f) {
    pki::CrlTemplate t;
    t.issuer = f.pki.csca.subject;
    t.this_update = now() + -60;
    t.next_update = now() + seconds_per_day;
    t.number = 2;
    t.authority_key_id = *f.pki.csca.subject_key_id;
    t.revoked = {{f.pki.ds.serial, now() + -60, 1}};
    const auto der = good(pki::build_crl(t, f.pki.csca_key, signer::default_algorithm(f.pki.csca_key.public_key().info())));
    good(write_text(f.folder / "crl.pem", pki::to_pem(der, "X509 CRL")));
}

}  // namespace

TEST_CASE("openssl verify accepts the chain of the test PKI, and its revocation list", "[pki]") {
    if (!openssl_is_here()) return;
    for (const auto& [csca, ds] :
         {std::pair{Curve::p384, Curve::p256}, std::pair{Curve::bp384r1, Curve::bp256r1}, std::pair{Curve::p521, Curve::bp512r1}}) {
        const Files f(csca, ds, EcEncoding::named);
        const auto verify = "openssl verify -x509_strict -CAfile " + f.path("csca.pem") + " ";
        auto r = run(verify + f.path("ds.pem"));
        CAPTURE(r.output);
        CHECK(r.status == 0);
        CHECK(contains(r.output, ": OK"));
        r = run(verify + "-crl_check -CRLfile " + f.path("crl.pem") + " " + f.path("ds.pem"));
        CHECK(r.status == 0);
        CHECK(run("openssl verify -CAfile " + f.path("csca.pem") + " " + f.path("csca.pem")).status == 0);
        revoke(f);
        r = run(verify + "-crl_check -CRLfile " + f.path("crl.pem") + " " + f.path("ds.pem"));
        CHECK(r.status != 0);
        CHECK(contains(r.output, "certificate revoked"));
        // The check can fail: another CSCA of the same name does not do.
        const Files other(csca, ds, EcEncoding::named);
        CHECK(run("openssl verify -CAfile " + other.path("csca.pem") + " " + f.path("ds.pem")).status != 0);
    }
}

TEST_CASE("openssl shows the extensions of the profile", "[pki]") {
    if (!openssl_is_here()) return;
    const Files f(Curve::p384, Curve::p256, EcEncoding::explicit_parameters);
    const auto csca = run("openssl x509 -noout -text -in " + f.path("csca.pem")).output;
    CHECK(contains(csca, "Version: 3 (0x2)"));
    CHECK(contains(csca, "CA:TRUE, pathlen:0"));
    CHECK(contains(csca, "X509v3 Key Usage: critical\n                Certificate Sign, CRL Sign"));
    CHECK(contains(csca, "X509v3 Private Key Usage Period"));
    CHECK(contains(csca, "Not Before: "));
    CHECK(contains(csca, "Field Type: prime-field"));  // explicit parameters, Doc 9303-12, 4.1.6.3
    CHECK(contains(csca, "email:specimen@example.org, DirName:/L=VNM"));
    CHECK(contains(csca, "URI:http://example.org/csca-specimen.crl"));
    const auto ds = run("openssl x509 -noout -text -in " + f.path("ds.pem")).output;
    CHECK(contains(ds, "X509v3 Key Usage: critical\n                Digital Signature\n"));
    CHECK(contains(ds, "2.23.136.1.1.6.2"));
    CHECK_FALSE(contains(ds, "Basic Constraints"));
    CHECK_FALSE(contains(ds, "Extended Key Usage"));
    const auto ski = run("openssl x509 -noout -ext subjectKeyIdentifier,authorityKeyIdentifier -in " + f.path("ds.pem")).output;
    auto colons = std::string();
    for (const Byte b : *f.pki.csca.subject_key_id) colons += (colons.empty() ? "" : ":") + to_hex(Bytes{b});
    CHECK(contains(ski, colons));
}

TEST_CASE("openssl shows and verifies the revocation list", "[pki]") {
    if (!openssl_is_here()) return;
    const Files f(Curve::p384, Curve::p256, EcEncoding::explicit_parameters);
    auto r = run("openssl crl -noout -text -CAfile " + f.path("csca.pem") + " -in " + f.path("crl.pem"));
    CHECK(r.status == 0);
    CHECK(contains(r.output, "verify OK"));
    CHECK(contains(r.output, "No Revoked Certificates"));
    CHECK(contains(r.output, "X509v3 CRL Number"));
    revoke(f);
    r = run("openssl crl -noout -text -CAfile " + f.path("csca.pem") + " -in " + f.path("crl.pem"));
    CHECK(contains(r.output, "verify OK"));
    CHECK(contains(r.output, "Serial Number: " + to_hex(f.pki.ds.serial)));
    CHECK_FALSE(contains(r.output, "Key Compromise"));  // known, not published: 9303-12, table 10
}

TEST_CASE("openssl cms accepts EF.SOD of every curve, hash and version, and gives back the security object", "[pki]") {
    if (!openssl_is_here()) return;
    const lds::Files image = {{lds::Ef::dg1, Bytes(93, 1)}, {lds::Ef::dg2, Bytes(15'000, 2)}, {lds::Ef::dg14, Bytes(300, 3)}};
    int version = 0;
    for (const auto curve : {Curve::p256, Curve::p384, Curve::p521, Curve::bp224r1, Curve::bp256r1, Curve::bp384r1, Curve::bp512r1}) {
        const Files f(Curve::p384, curve, EcEncoding::named);
        auto ds_signer = good(signer::make_software_signer(f.pki.ds, good(crypto::PrivateKey::from_pem(good(f.pki.ds_key.to_pem())))));
        signer::SodOptions options;
        options.version = version;
        version = 1 - version;
        options.hash_alg = curve == Curve::p521 ? crypto::HashAlg::sha512 : crypto::HashAlg::sha256;
        if (curve != Curve::p256) options.signing_time = now();
        const auto file = good(signer::sign_sod(image, *ds_signer, options));
        const auto sod = good(lds::EfSod::parse(file));
        good(write_file(f.folder / "sod.der", sod.cms));
        const auto verify = "openssl cms -verify -binary -inform DER -purpose any -CAfile " + f.path("csca.pem") + " -in ";
        const auto r = run(verify + f.path("sod.der") + " -out " + f.path("content.der"));
        CAPTURE(crypto::name(curve), r.output);
        CHECK(r.status == 0);
        CHECK(good(read_file(f.folder / "content.der")) == good(pki::SignedData::parse(sod.cms)).content);
        CHECK(contains(run("openssl cms -cmsout -print -noout -inform DER -in " + f.path("sod.der")).output, "2.23.136.1.1.1"));
        // Bent in its content it is refused there, too.
        auto bent = to_bytes(sod.cms);
        const auto hash = crypto::hash(options.hash_alg, image.at(lds::Ef::dg1));
        const auto at = std::search(bent.begin(), bent.end(), hash.begin(), hash.end());
        REQUIRE(at != bent.end());
        *at = static_cast<Byte>(*at ^ 1U);
        good(write_file(f.folder / "bent.der", bent));
        CHECK(run(verify + f.path("bent.der") + " -out /dev/null").status != 0);
    }
}

TEST_CASE("openssl asn1parse finds nothing wrong in certificates with explicit parameters", "[pki]") {
    if (!openssl_is_here()) return;
    // Every curve that may still sign something new.
    for (const auto curve : {Curve::p224, Curve::p256, Curve::p384, Curve::p521, Curve::bp224r1, Curve::bp256r1, Curve::bp320r1,
                             Curve::bp384r1, Curve::bp512r1}) {
        const Files f(curve, Curve::p256, EcEncoding::explicit_parameters);
        const auto r = run("openssl x509 -in " + f.path("csca.pem") + " -noout -pubkey");
        CAPTURE(r.output);
        CHECK(r.status == 0);
        CHECK(contains(r.output, "BEGIN PUBLIC KEY"));
    }
}
