// CV certificates. Published ones, and everything that may be wrong with one, are in test-vectors/cvc; here is what a vector cannot say.
#include "pki/cv_files.hpp"

#include <idchip/tlv/writer.hpp>

using namespace idchip;
using namespace idchip::test;
using pki::CvAlgorithm;
using pki::CvCertificate;
using pki::CvListing;
using pki::CvRole;

namespace {

constexpr const char* published[] = {"DECVCAEPASS00102", "bsi_ecdsa_cvca", "bsi_ecdsa_dv", "bsi_ecdsa_at", "bsi_rsa_cvca",
                                     "bsi_rsa_dv",       "bsi_rsa_at",     "persosim_at",  "persosim_is",  "persosim_st"};

}  // namespace

TEST_CASE("a CV certificate keeps its bytes as they were read", "[cvc]") {
    for (const auto* name : published) {
        INFO(name);
        const auto raw = cv_file(name);
        const auto c = good(CvCertificate::parse(raw));
        CHECK(c.raw == raw);
        CHECK(tlv::element(0x7F21, c.contents()) == raw);
        CHECK(tlv::element(0x7F21, {c.body, tlv::element(0x5F37, c.signature)}) == raw);
        const auto again = good(CvCertificate::parse_contents(c.contents()));
        CHECK(again.raw == raw);
        CHECK(again.body == c.body);
        CHECK(again.text() == c.text());
    }
}

TEST_CASE("no prefix of a CV certificate is one, and every bit is signed or refused", "[cvc]") {
    const auto cvca = cv_certificate("persosim_is_cvca");
    const auto key = good(cvca.public_key.key({}));
    const auto raw = cv_file("persosim_is_dv");
    for (std::size_t n = 0; n < raw.size(); ++n) CHECK_FALSE(CvCertificate::parse(ByteView(raw).first(n)));
    for (std::size_t i = 0; i < raw.size(); ++i)
        for (unsigned bit = 0; bit < 8; ++bit) {
            auto altered = raw;
            altered[i] = static_cast<Byte>(altered[i] ^ (1U << bit));
            const auto c = CvCertificate::parse(altered);
            INFO("byte " << i << " bit " << bit);
            CHECK_FALSE((c && pki::cv_verify(cvca.public_key.algorithm, key, c->body, c->signature)));
        }
}

TEST_CASE("certificates are made for every curve and for RSA, and verify", "[cvc]") {
    using crypto::Curve;
    for (const auto curve :
         {Curve::p224, Curve::p256, Curve::p384, Curve::bp224r1, Curve::bp256r1, Curve::bp320r1, Curve::bp384r1, Curve::bp512r1}) {
        INFO(crypto::name(curve));
        const auto pki = CvPki::ec(curve);
        const auto cvca = pki.cvca();
        CHECK(cvca.public_key.curve == curve);
        CHECK(cvca.notes.empty());
        CHECK(cvca.self_signed());
        CHECK_FALSE(pki.dv().public_key.curve);
        CHECK(pki.dv().public_key.is(pki.dv_key.public_key().info()));
        CHECK_FALSE(pki.dv().public_key.is(pki.is_key.public_key().info()));
        CHECK(pki::listing(pki.algorithm, cvca.public_key.bits()) == CvListing::doc9303);
        good(pki::cv_verify(pki.algorithm, pki.cvca_key.public_key(), cvca.body, cvca.signature));
        // Two of them do not sign the same.
        CHECK(error_of(pki::cv_verify(pki.algorithm, pki.dv_key.public_key(), cvca.body, cvca.signature)) == "crypto.bad_signature");
    }
    for (const auto* algorithm : {"id-TA-RSA-PSS-SHA-256", "id-TA-RSA-PSS-SHA-512", "id-TA-RSA-v1-5-SHA-256"}) {
        INFO(algorithm);
        const auto pki = CvPki::rsa(algorithm);
        const auto dv = pki.dv();
        good(pki::cv_verify(pki.algorithm, pki.cvca_key.public_key(), dv.body, dv.signature));
        CHECK(dv.public_key.bits() == 2048);
        CHECK(dv.public_key.is(pki.dv_key.public_key().info()));
        CHECK_FALSE(dv.public_key.is(pki.cvca_key.public_key().info()));
        CHECK_FALSE(dv.public_key.is(CvPki::ec(crypto::Curve::p256).dv_key.public_key().info()));
        CHECK(dv.public_key.modulus == pki.dv_key.public_key().info().n);
    }
}

TEST_CASE("what is asked for stands in the certificate", "[cvc]") {
    const auto pki = CvPki::ec(crypto::Curve::bp256r1);
    auto t = pki.is_content();
    t.holder_authorization = pki::HolderAuthorization::inspection_system(CvRole::terminal, {true, false});
    t.effective_date = {2000, 2, 29};
    t.expiration_date = {2099, 12, 31};
    t.extensions = {{der::Oid("2.23.136.1.1.9.1.3"), tlv::element(0x53, Bytes{3})}, {der::Oid("1.2.3"), {}}};
    const auto c = pki.is(t);
    CHECK(c.certification_authority_reference == "UTDVUT001");
    CHECK(c.certificate_holder_reference == "UTISUT001");
    CHECK(c.holder_authorization == t.holder_authorization);
    CHECK(pki::access_rights(c.holder_authorization.terminal_type, c.holder_authorization.relative) == pki::AccessRights{true, false});
    CHECK(c.effective_date == t.effective_date);
    CHECK(c.expiration_date == t.expiration_date);
    REQUIRE(c.extensions.size() == 2);
    CHECK(c.extensions[0].objects == t.extensions[0].objects);
    CHECK(c.extensions[1].objects.empty());
    CHECK(c.text() == "terminal UTISUT001, 2000-02-29 to 2099-12-31");
}

TEST_CASE("what a certificate cannot say is not made", "[cvc]") {
    const auto pki = CvPki::ec(crypto::Curve::bp256r1);
    const auto make = [&pki](const pki::CvTemplate& t) {
        return error_of(pki::build_cv_certificate(t, pki.is_key.public_key(), pki::cv_signer(pki.dv_key, pki.algorithm)));
    };
    CHECK(make(pki.is_content()) == "none");
    auto t = pki.is_content();
    t.certificate_holder_reference = "UTXUT01";
    CHECK(make(t) == "input.bad_field");
    t.certificate_holder_reference = "UTISUT001\n";
    CHECK(make(t) == "input.bad_field");
    t = pki.is_content();
    t.certification_authority_reference = "UTABCDEFGHIJUT001";
    CHECK(make(t) == "input.bad_field");
    t = pki.is_content();
    t.expiration_date = {2100, 1, 1};
    CHECK(make(t) == "input.bad_date");
    t.expiration_date = {2026, 2, 30};
    CHECK(make(t) == "input.bad_date");
    t.expiration_date = {2025, 12, 31};
    CHECK(make(t) == "cvc.bad_certificate");
    t = pki.is_content();
    t.algorithm = *CvAlgorithm::by_name("id-TA-RSA-PSS-SHA-256");
    CHECK(make(t) == "input.bad_field");
    t = pki.is_content();
    t.holder_authorization.relative = {};
    CHECK(make(t) == "cvc.bad_certificate");
    // The signer may fail: a token that was pulled out.
    const auto failing = [](ByteView) -> Result<Bytes> { return fail(Errc::signer_refused, "token"); };
    CHECK(error_of(pki::build_cv_certificate(pki.is_content(), pki.is_key.public_key(), failing)) == "signer.refused");
}

TEST_CASE("algorithms are known by identifier and name", "[cvc]") {
    CHECK(pki::cv_algorithms().size() == 11);
    for (const auto& a : pki::cv_algorithms()) {
        CHECK(CvAlgorithm::of(a.oid)->name == a.name);
        CHECK(CvAlgorithm::by_name(a.name)->oid == a.oid);
    }
    CHECK_FALSE(CvAlgorithm::of(der::Oid("0.4.0.127.0.7.2.2.2")));
    const auto ecdsa = *CvAlgorithm::by_name("id-TA-ECDSA-SHA-256"), sha1 = *CvAlgorithm::by_name("id-TA-ECDSA-SHA-1");
    const auto pss = *CvAlgorithm::by_name("id-TA-RSA-PSS-SHA-256");
    for (const std::size_t bits : {224U, 256U, 320U, 384U, 512U}) CHECK(pki::listing(ecdsa, bits) == CvListing::doc9303);
    for (const std::size_t bits : {160U, 192U}) CHECK(pki::listing(ecdsa, bits) == CvListing::tr03110_only);
    for (const std::size_t bits : {128U, 521U}) CHECK(pki::listing(ecdsa, bits) == CvListing::none);
    CHECK(pki::listing(sha1, 256) == CvListing::tr03110_only);
    for (const std::size_t bits : {2048U, 3072U}) CHECK(pki::listing(pss, bits) == CvListing::doc9303);
    for (const std::size_t bits : {1024U, 1280U, 1536U}) CHECK(pki::listing(pss, bits) == CvListing::tr03110_only);
    for (const std::size_t bits : {512U, 2047U, 4096U}) CHECK(pki::listing(pss, bits) == CvListing::none);
}

TEST_CASE("references are shown as UTF-8 and cannot deceive", "[cvc]") {
    CHECK(pki::reference_text("DETEST00001") == "DETEST00001");
    CHECK(pki::reference_text("DE\xDC\xDF"
                              "00001") == "DEÜß00001");
    CHECK(pki::reference_text("DE\x1B[2J00001").find('\x1B') == std::string::npos);
    CHECK(pki::reference_text("DE\x9B"
                              "2J00001")
              .find("\xC2\x9B") == std::string::npos);
}
