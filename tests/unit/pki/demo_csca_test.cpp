// A CSCA, its link to the next, a revoked document signer and its revocation list, made by another program.
#include "shared_data.hpp"
#include "unit/unit.hpp"

#include <idchip/pki/trust.hpp>

using namespace idchip;
using namespace idchip::test;
using pki::Certificate;
using pki::Crl;

namespace {

struct Demo {
    Certificate csca, next_csca, link, ds, master_list_signer, deviation_list_signer;
    Crl crl;
};

std::optional<Demo> demo() {
    const auto folder = shared_data("demo_csca_ejbca");
    if (!folder) return std::nullopt;
    const auto certificate = [&](const char* name) { return good(Certificate::parse(good(read_file(*folder / name)))); };
    return Demo{certificate("CSCACert.der"),
                certificate("NextCSCACert.der"),
                certificate("LinkCert.der"),
                certificate("DSCert.der"),
                certificate("MLSCert.der"),
                certificate("DLSCert.der"),
                good(Crl::parse(good(read_file(*folder / "CRL.crl"))))};
}

}  // namespace

TEST_CASE("the chain of another issuer verifies up to its CSCA and to no other", "[pki]") {
    const auto d = demo();
    if (!d) return;
    for (const auto* c : {&d->csca, &d->link, &d->ds, &d->master_list_signer, &d->deviation_list_signer}) {
        CAPTURE(c->subject.text());
        CHECK(c->issuer.matches(d->csca.subject));
        CHECK(error_of(c->verify_signature(*d->csca.public_key)) == "none");
        CHECK(error_of(c->verify_signature(*d->next_csca.public_key)) == "crypto.bad_signature");
    }
    CHECK(error_of(d->next_csca.verify_signature(*d->next_csca.public_key)) == "none");
    CHECK(d->csca.self_issued());
    CHECK_FALSE(d->ds.self_issued());
}

TEST_CASE("a link certificate carries the next CSCA's name and key under the old signature", "[pki]") {
    const auto d = demo();
    if (!d) return;
    CHECK(d->link.subject.matches(d->next_csca.subject));
    CHECK(d->link.issuer.matches(d->csca.subject));
    CHECK(d->link.spki == d->next_csca.spki);
    CHECK(d->link.is_csca == true);
    CHECK(equal(*d->link.authority_key_id, *d->csca.subject_key_id));
    CHECK_FALSE(equal(*d->link.subject_key_id, *d->csca.subject_key_id));
}

TEST_CASE("extensions of the profile are read from certificates of another issuer", "[pki]") {
    const auto d = demo();
    if (!d) return;
    CHECK(d->csca.is_csca == true);
    CHECK(d->csca.allows(pki::KeyUsage::key_cert_sign));
    CHECK(d->csca.allows(pki::KeyUsage::crl_sign));
    CHECK_FALSE(d->csca.allows(pki::KeyUsage::digital_signature));
    CHECK(d->ds.allows(pki::KeyUsage::digital_signature));
    CHECK_FALSE(d->ds.is_csca.value_or(false));
    CHECK(d->ds.extended_key_usage ==
          std::vector{der::Oid("1.3.6.1.5.5.7.3.2"), der::Oid("1.3.6.1.5.5.7.3.4")});  // odd for a document signer
    REQUIRE(d->master_list_signer.extended_key_usage.size() == 1);
    CHECK(d->master_list_signer.extended_key_usage[0].dotted() == "2.23.136.1.1.3");
    CHECK(d->ds.subject.text() == "CN=DSTest, OU=demo, O=dream, C=KR");
    CHECK(to_iso(d->ds.not_before) == "2019-10-31T02:48:02Z");
    CHECK(to_iso(d->ds.not_after) == "2029-10-28T02:48:02Z");
    CHECK(to_hex(d->ds.serial) == "66D4EDC5BBF025F7C413D9AD853D5CBAF2912B0F");
    for (const auto* c : {&d->csca, &d->link, &d->ds, &d->master_list_signer}) CHECK(c->unknown_critical.empty());
}

TEST_CASE("the revocation list names the document signer, and no other certificate", "[pki]") {
    const auto d = demo();
    if (!d) return;
    CHECK(d->crl.issuer.matches(d->csca.subject));
    CHECK(error_of(d->crl.verify_signature(*d->csca.public_key)) == "none");
    CHECK(error_of(d->crl.verify_signature(*d->next_csca.public_key)) == "crypto.bad_signature");
    const auto* entry = d->crl.find(d->ds.serial);
    REQUIRE(entry != nullptr);
    CHECK(entry->reason == 6);  // certificateHold
    CHECK(to_iso(entry->when) == "2019-10-31T02:58:03Z");
    CHECK(d->crl.revoked.size() == 1);
    CHECK(d->crl.find(d->csca.serial) == nullptr);
    CHECK(d->crl.find({}) == nullptr);
    CHECK(to_iso(d->crl.this_update) == "2019-10-31T02:58:03Z");
    CHECK(to_iso(d->crl.next_update.value()) == "2019-11-01T02:58:03Z");
    CHECK(equal(*d->crl.authority_key_id, *d->csca.subject_key_id));
    CHECK(d->crl.unknown_critical.empty());
}

TEST_CASE("master lists of another issuer are read, in segments and in an old version", "[pki]") {
    const auto folder = shared_data("demo_csca_ejbca");
    const auto d = demo();
    if (!folder || !d) return;
    for (const auto& [name, notes] :
         {std::pair{"MasterList.ml", "cms.not_der cms.segmented_octet_string"},
          std::pair{"MasterList2.ml", "cms.not_der cms.segmented_octet_string"}, std::pair{"MasterList3.ml", "cms.version"}}) {
        const auto data = good(pki::SignedData::parse(good(read_file(*folder / name))));
        CAPTURE(name);
        CHECK(ids(data.notes) == notes);
        REQUIRE(data.signers.size() == 1);
        const auto candidates = data.candidates(data.signers[0]);
        if (std::string_view(name) == "MasterList3.ml") {
            // It names its signer with the parts of the name in reverse order, which is another name, and signs no attributes.
            CHECK(candidates.empty());
            CHECK(pki::check_signature(data, data.signers[0], *data.certificates.at(0).public_key).failure->name() == "pki.bad_cms");
            continue;
        }
        REQUIRE(candidates.size() == 1);
        const auto check = pki::check_signature(data, data.signers[0], *candidates[0]->public_key);
        if (check.failure) FAIL_CHECK(check.failure->message());
    }
}
