// The country signing authority: what it issues keeps the profile, and what breaks it is refused before anything is signed.
#include "unit/unit.hpp"

#include <idchip/lint/lint.hpp>
#include <idchip/signer/authority.hpp>

using namespace idchip;
using namespace idchip::test;
using crypto::Curve;
using signer::Authority;
using signer::Periods;
using signer::Purpose;

namespace {

const Instant today = start_of({2026, 11, 21}) + 9 * 3600;

using Key = std::shared_ptr<const crypto::SigningKey>;
Key ec(Curve curve) { return std::make_shared<const crypto::PrivateKey>(good(crypto::PrivateKey::generate_ec(curve))); }
Key rsa(std::size_t bits) { return std::make_shared<const crypto::PrivateKey>(good(crypto::PrivateKey::generate_rsa(bits))); }

pki::Name name(const std::string& text) { return good(pki::Name::of(text)); }
signer::AuthorityProfile profile() {
    return {"VNM", "csca@example.org", "http://example.org/vn.crl", crypto::EcEncoding::explicit_parameters};
}

Result<Authority> authority(const Key& key, const pki::Name& csca = name("C=VN, O=Ministry, CN=CSCA"),
                            Periods periods = {today, 1825, 5840}, std::string_view hash = {}, bool pkcs1 = false) {
    auto algorithm = signer::choose_algorithm(key->public_key().info(), hash, pkcs1);
    if (!algorithm) return fail(std::move(algorithm.error()));
    return signer::create_authority(csca, key, *algorithm, profile(), periods, system_rng());
}

const Authority& vietnam() {
    static const auto made = good(authority(ec(Curve::p256)));
    return made;
}

signer::SignerRequest request(const Key& key) {
    return {name("C=VN, O=Ministry, CN=DS 1"), key->public_key(), Purpose::documents, {"ID"}, {today, 90, 4000}};
}
Result<pki::Certificate> certify(const std::function<void(signer::SignerRequest&)>& change) {
    static const auto key = ec(Curve::p256);
    auto r = request(key);
    change(r);
    return signer::certify_signer(vietnam(), r, system_rng());
}

void check_lint(const pki::Certificate& c) {
    const auto report = good(lint::lint(c.raw));
    INFO(c.subject.text() << " " << report.findings.size());
    for (const auto& f : report.findings) {
        INFO(f.rule << ": " << f.text);
        CHECK(f.severity != lint::Severity::error);
    }
}

}  // namespace

TEST_CASE("authorities of every kind of key issue what the profile wants", "[signer]") {
    std::vector<std::pair<Key, bool>> keys;
    for (const auto curve : {Curve::p256, Curve::p384, Curve::p521, Curve::bp256r1, Curve::bp384r1, Curve::bp512r1})
        keys.emplace_back(ec(curve), false);
    keys.emplace_back(rsa(3072), false);
    keys.emplace_back(rsa(3072), true);
    for (const auto& [key, pkcs1] : keys) {
        for (const auto* hash : {"SHA-256", "SHA-512"}) {
            const auto a = good(authority(key, name("C=VN, O=Ministry, CN=CSCA"), {today, 1825, 5840}, hash, pkcs1));
            CAPTURE(a.algorithm.text());
            check_lint(a.certificate);
            for (const auto purpose : {Purpose::documents, Purpose::master_lists, Purpose::deviation_lists}) {
                auto r = request(ec(Curve::p256));
                r.purpose = purpose;
                const auto c = good(signer::certify_signer(a, r, system_rng()));
                CHECK(error_of(c.verify_signature(key->public_key())) == "none");
                check_lint(c);
            }
            const auto crl = good(signer::issue_crl(a, nullptr, {{Bytes{0x21}, today, 1}}, today, 90));
            CHECK(good(lint::lint(crl.raw)).conforms());
        }
    }
}

TEST_CASE("what breaks the profile is refused before anything is signed", "[signer]") {
    const auto key = ec(Curve::p256);
    CHECK(error_of(authority(key, name("C=vn, CN=CSCA"))) == "pki.refused");
    CHECK(error_of(authority(key, name("C=SE, CN=CSCA"))) == "pki.refused");  // the zone says VNM
    CHECK(error_of(authority(key, name("C=VN, O=Ministry"))) == "pki.refused");
    CHECK(error_of(authority(key, name("C=VN, CN=CSCA"), {today, 1825, 1000})) == "pki.refused");
    CHECK(error_of(authority(key, name("C=VN, CN=CSCA"), {today, 0, 1000})) == "pki.refused");
    CHECK(error_of(authority(key, name("C=VN, CN=CSCA"), {today, 1825, 5840}, "SHA-1")) == "pki.refused");
    CHECK(error_of(authority(key, name("C=VN, CN=CSCA"), {today, 1825, 5840}, "MD5")) == "crypto.unsupported");
    CHECK(error_of(authority(rsa(1024))) == "pki.refused");
    CHECK(error_of(authority(ec(Curve::p192))) == "pki.refused");

    CHECK(error_of(certify([](auto&) {})) == "none");
    CHECK(error_of(certify([](auto& r) { r.name = name("C=SE, CN=DS"); })) == "pki.refused");
    CHECK(error_of(certify([](auto& r) { r.name = vietnam().certificate.subject; })) == "pki.refused");
    CHECK(error_of(certify([](auto& r) { r.key = vietnam().key->public_key(); })) == "pki.refused");
    CHECK(error_of(certify([](auto& r) { r.document_types.clear(); })) == "pki.refused");
    CHECK(error_of(certify([](auto& r) { r.periods.valid_days = 5841; })) == "pki.refused");
    CHECK(error_of(certify([](auto& r) { r.periods.from = today + -seconds_per_day; })) == "pki.refused");
    CHECK(error_of(certify([](auto& r) {
              r.periods = {today + 1826 * seconds_per_day, 90, 1000};
          })) == "pki.refused");  // the CSCA's time is over
}

TEST_CASE("the next key: a new root, and a link that the old key signs", "[signer]") {
    const auto next = ec(Curve::bp384r1);
    const auto algorithm = good(signer::choose_algorithm(next->public_key().info(), {}, false));
    const Periods later{today + 1000 * seconds_per_day, 1825, 5840};
    const auto same = good(signer::roll_over(vietnam(), vietnam().certificate.subject, next, algorithm, later, system_rng()));
    CHECK(error_of(same.link.verify_signature(vietnam().key->public_key())) == "none");
    CHECK(same.link.spki == same.next.certificate.spki);
    CHECK(same.link.self_issued());
    CHECK(same.link.not_after <= vietnam().certificate.not_after);
    check_lint(same.link);
    check_lint(same.next.certificate);
    const auto renamed = good(signer::roll_over(vietnam(), name("C=VN, O=Agency, CN=CSCA 2"), next, algorithm, later, system_rng()));
    CHECK_FALSE(renamed.link.self_issued());
    check_lint(renamed.link);
    CHECK(error_of(signer::roll_over(vietnam(), name("C=SE, CN=CSCA"), next, algorithm, later, system_rng())) == "pki.refused");
    CHECK(error_of(signer::roll_over(vietnam(), vietnam().certificate.subject, vietnam().key, vietnam().algorithm, later, system_rng())) ==
          "pki.refused");
}

TEST_CASE("revocation lists go on from one to the next", "[signer]") {
    const auto first = good(signer::issue_crl(vietnam(), nullptr, {}, today, 90));
    const auto second = good(signer::issue_crl(vietnam(), &first, {{Bytes{0x21}, today, {}}}, today + 10, 30));
    const auto third = good(signer::issue_crl(vietnam(), &second, {{Bytes{0x22}, today, {}}}, today + 20, 30));
    CHECK(first.number == 1);
    CHECK(third.number == 3);
    CHECK(third.find(Bytes{0x21}) != nullptr);
    CHECK(third.find(Bytes{0x22}) != nullptr);
    CHECK(error_of(signer::issue_crl(vietnam(), &third, {{Bytes{0x21}, today, {}}}, today + 30, 30)) == "pki.refused");
    CHECK(error_of(signer::issue_crl(vietnam(), &third, {}, today, 30)) == "pki.refused");  // before the last one
    CHECK(error_of(signer::issue_crl(vietnam(), nullptr, {}, today, 91)) == "pki.refused");
    const auto other = good(authority(ec(Curve::p256), name("C=VN, CN=Another CSCA")));
    CHECK(error_of(signer::issue_crl(other, &third, {}, today + 30, 30)) == "pki.refused");
}

TEST_CASE("an authority is resumed with its own key only", "[signer]") {
    const auto& a = vietnam();
    CHECK(error_of(signer::resume_authority(a.certificate, a.key, a.algorithm, a.profile)) == "none");
    CHECK(error_of(signer::resume_authority(a.certificate, ec(Curve::p256), a.algorithm, a.profile)) == "pki.refused");
    const auto key = ec(Curve::p256);
    const auto ds = good(signer::certify_signer(a, request(key), system_rng()));
    CHECK(error_of(signer::resume_authority(ds, key, a.algorithm, a.profile)) == "pki.refused");
}
