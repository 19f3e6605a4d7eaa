// Chains of CV certificates. What each rule refuses is in test-vectors/cvc; here is what a chip remembers, and the order of things.
#include "pki/cv_files.hpp"

using namespace idchip;
using namespace idchip::test;
using pki::AccessRights;
using pki::CvCertificate;
using pki::CvKey;
using pki::CvRole;
using pki::CvTrust;
using pki::CvVerifier;

namespace {

// Fingerprint of a chip's memory: a refused certificate must not change it.
std::string state(const CvTrust& trust) {
    std::string text = to_iso(trust.current_date);
    for (const auto& p : trust.trust_points) text += " " + to_hex(p.certificate.raw) + to_hex(p.effective_authorization);
    return text;
}

}  // namespace

TEST_CASE("a chain from the CVCA to the terminal gives the rights of all", "[cvc]") {
    const auto pki = CvPki::ec(crypto::Curve::bp256r1);
    for (unsigned bits = 0; bits < 64; ++bits) {
        auto cvca = pki.cvca_content(), dv = pki.dv_content(), is = pki.is_content();
        const auto grant = [](pki::CvTemplate& t, CvRole role, unsigned rights) {
            t.holder_authorization = pki::HolderAuthorization::inspection_system(role, {(rights & 1U) != 0, (rights & 2U) != 0});
        };
        grant(cvca, CvRole::cvca, bits);
        grant(dv, CvRole::dv_domestic, bits >> 2U);
        grant(is, CvRole::terminal, bits >> 4U);
        CvTrust trust;
        trust.current_date = {2026, 6, 1};
        trust.add(good(CvKey::trust_point(CvPki::make(cvca, pki.cvca_key, pki.cvca_key, pki.algorithm))));
        CvVerifier verifier(trust);
        good(verifier.import(pki.dv(dv)));
        CHECK(verifier.imported()->rights() == AccessRights{});
        good(verifier.import(pki.is(is)));
        const unsigned all = bits & (bits >> 2U) & (bits >> 4U);
        CHECK(verifier.imported()->rights() == AccessRights{(all & 1U) != 0, (all & 2U) != 0});
    }
}

TEST_CASE("a refused certificate changes nothing", "[cvc]") {
    const auto pki = CvPki::ec(crypto::Curve::p256);
    auto trust = pki.trust();
    CvVerifier verifier(trust);
    good(verifier.import(pki.dv()));
    const auto before = state(trust);
    const auto* imported = verifier.imported();
    // A later effective date, under a wrong signature, an expired validity, a wrong role.
    auto late = pki.is_content();
    late.effective_date = {2026, 9, 1};
    auto forged = pki.is(late);
    forged.signature.back() ^= 1U;
    CHECK(error_of(verifier.import(forged)) == "crypto.bad_signature");
    auto expired = pki.is_content();
    expired.expiration_date = {2026, 5, 31};
    CHECK(error_of(verifier.import(pki.is(expired))) == "cvc.not_valid");
    auto link = CvPki::content("UTDVUT001", "UTCVCAUT002", CvRole::cvca, pki.algorithm);
    link.effective_date = {2026, 9, 1};
    CHECK(error_of(verifier.import(CvPki::make(link, pki.is_key, pki.dv_key, pki.algorithm))) == "cvc.not_valid");
    CHECK(state(trust) == before);
    CHECK(verifier.imported() == imported);
    CHECK(verifier.imported()->reference() == "UTDVUT001");
    good(verifier.import(pki.is()));
}

TEST_CASE("errors name the certificate and the rule", "[cvc]") {
    const auto pki = CvPki::ec(crypto::Curve::p256);
    auto trust = pki.trust({2027, 1, 1});
    CvVerifier verifier(trust);
    const auto refused = verifier.import(pki.dv());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().where == "UTDVUT001");
    CHECK(refused.error().detail == "expired on 2026-12-31, the current date is 2027-01-01");
    CHECK(info(refused.error().code).exit_code == 40);
}

TEST_CASE("what a chip remembers can be put away and taken back", "[cvc]") {
    const auto pki = CvPki::ec(crypto::Curve::bp384r1);
    auto trust = pki.trust();
    const auto next = good(crypto::PrivateKey::generate_ec(crypto::Curve::bp384r1));
    // A link without domain parameters: only the chip still knows the curve.
    auto link = CvPki::content("UTCVCAUT001", "UTCVCAUT002", CvRole::cvca, pki.algorithm);
    link.with_domain_parameters = false;
    link.effective_date = {2026, 7, 1};
    link.expiration_date = {2027, 7, 1};
    good(CvVerifier(trust).import(CvPki::make(link, next, pki.cvca_key, pki.algorithm)));
    REQUIRE(trust.references() == std::vector<std::string>{"UTCVCAUT002", "UTCVCAUT001"});
    CHECK(trust.current_date == Date{2026, 7, 1});

    CvTrust restored;
    restored.current_date = trust.current_date;
    for (const auto& point : trust.trust_points)
        restored.add(good(CvKey::trust_point(good(CvCertificate::parse(point.certificate.raw)), point.curve())));
    CHECK(state(restored) == state(trust));
    auto dv = CvPki::content("UTCVCAUT002", "UTDVUT001", CvRole::dv_domestic, pki.algorithm);
    CvVerifier verifier(restored);
    good(verifier.import(CvPki::make(dv, pki.dv_key, next, pki.algorithm)));
    good(verifier.import(pki.is()));
    CHECK(verifier.imported()->rights() == AccessRights{true, true});
    CHECK(error_of(CvKey::trust_point(trust.trust_points[0].certificate)) == "cvc.not_valid");  // without the curve
}

TEST_CASE("many links in a row leave two trust points", "[cvc]") {
    const auto pki = CvPki::ec(crypto::Curve::p256);
    auto trust = pki.trust({2026, 1, 1});
    auto key = pki.cvca_key;
    std::vector<CvCertificate> links;
    for (int i = 2; i <= 9; ++i) {
        const auto next = good(crypto::PrivateKey::generate_ec(crypto::Curve::p256));
        auto t = CvPki::content("UTCVCAUT00" + std::to_string(i - 1), "UTCVCAUT00" + std::to_string(i), CvRole::cvca, pki.algorithm);
        t.effective_date = {2026 + i, 1, 1};
        t.expiration_date = {2027 + i, 12, 31};
        links.push_back(CvPki::make(t, next, key, pki.algorithm));
        good(CvVerifier(trust).import(links.back()));
        CHECK(trust.trust_points.size() == 2);
        CHECK(trust.references().front() == "UTCVCAUT00" + std::to_string(i));
        key = next;
    }
    // A chip that has slept through all of it catches up in one session.
    auto asleep = pki.trust({2026, 1, 1});
    CvVerifier verifier(asleep);
    std::reverse(links.begin(), links.end());
    for (const auto& c : good(pki::order_chain(links, asleep.references(), "UTCVCAUT009"))) good(verifier.import(c));
    CHECK(state(asleep) == state(trust));
}

TEST_CASE("the shortest chain from the most recent key is taken", "[cvc]") {
    const auto pki = CvPki::ec(crypto::Curve::p256);
    const auto k2 = good(crypto::PrivateKey::generate_ec(crypto::Curve::p256));
    const auto link =
        CvPki::make(CvPki::content("UTCVCAUT001", "UTCVCAUT002", CvRole::cvca, pki.algorithm), k2, pki.cvca_key, pki.algorithm);
    const auto dv_of_2 =
        CvPki::make(CvPki::content("UTCVCAUT002", "UTDVUT001", CvRole::dv_domestic, pki.algorithm), pki.dv_key, k2, pki.algorithm);
    const std::vector<CvCertificate> all = {pki.is(), dv_of_2, link, pki.dv(), pki.cvca()};
    const auto authorities = [&all](const std::vector<std::string>& trusted) {
        std::string text;
        for (const auto& c : good(pki::order_chain(all, trusted, "UTISUT001"))) text += c.certification_authority_reference + " ";
        return text;
    };
    CHECK(authorities({"UTCVCAUT001"}) == "UTCVCAUT001 UTDVUT001 ");
    CHECK(authorities({"UTCVCAUT002", "UTCVCAUT001"}) == "UTCVCAUT002 UTDVUT001 ");
    CHECK(error_of(pki::order_chain(all, {}, "UTISUT001")) == "ta.no_chain");
    // An earlier certificate of the same DV lies about as well.
    auto earlier = pki.dv_content();
    earlier.expiration_date = {2026, 3, 31};
    const auto chain = good(pki::order_chain({pki.dv(earlier), pki.is(), pki.dv()}, {"UTCVCAUT001"}, "UTISUT001"));
    CHECK(chain.front().expiration_date == Date{2026, 12, 31});
}
