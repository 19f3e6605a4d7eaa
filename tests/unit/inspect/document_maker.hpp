// Whole documents for the tests of the inspection cases: each layer can be changed before it is signed, or after.
#pragma once

#include <source_location>

#include <idchip/inspect/judge.hpp>
#include <idchip/lds/dg1.hpp>
#include <idchip/lds/dg2.hpp>
#include <idchip/lds/ef_com.hpp>
#include <idchip/lds/ef_sod.hpp>
#include <idchip/signer/test_pki.hpp>

namespace idchip::inspect::maker {

inline const Instant today = start_of({2026, 11, 21}) + 9 * 3600;
constexpr std::int64_t hour = 3600, day = seconds_per_day, year = 365 * day;

// --- keys, made once a process under a name of the test's choice
const crypto::PrivateKey& ec_key(const std::string& name, crypto::Curve curve = crypto::Curve::p256);
const crypto::PrivateKey& rsa_key(const std::string& name, std::size_t bits = 2048);
crypto::SignatureAlgorithm ecdsa(crypto::HashAlg hash);
crypto::SignatureAlgorithm pkcs1(crypto::HashAlg hash);
crypto::SignatureAlgorithm pss(crypto::HashAlg hash, crypto::HashAlg mgf_hash, std::size_t salt);

// The clean PKI: a CSCA of Vietnam, its document signer, its empty revocation list; all fresh today.
const signer::TestPki& pki();
pki::Name name(std::string_view text);
Bytes oid(std::string_view dotted);  // DER

// --- certificates: all fields of another one, changed where the test says so, signed anew
struct CertificateMaker {
    int version = 3;
    Bytes serial;                       // contents of the INTEGER, as they shall stand
    Bytes issuer, subject;              // DER
    Instant not_before, not_after;
    Bytes spki;
    std::vector<pki::Extension> extensions;
    crypto::SignatureAlgorithm algorithm;
    crypto::PrivateKey issuer_key;
    Bytes stated_algorithm;             // AlgorithmIdentifier in place of the true one; empty: the true one

    CertificateMaker(const pki::Certificate& like, const crypto::PrivateKey& signed_with);
    void set(std::string_view id, bool critical, ByteView value);
    void drop(std::string_view id);
    void key(const crypto::PublicKey& key, crypto::EcEncoding encoding = crypto::EcEncoding::named);
    void authority(const crypto::PublicKey& key);            // authority key identifier
    void subject_key(const crypto::PublicKey& key);          // subject key identifier
    void key_usage(std::initializer_list<unsigned> bits);
    void private_key_usage(Instant from, Instant until);
    void document_types(const std::vector<std::string>& types);
    Bytes der() const;
    pki::Certificate make() const;
};
namespace ext {
constexpr auto subject_key_id = "2.5.29.14", key_usage = "2.5.29.15", private_key_usage = "2.5.29.16", basic_constraints = "2.5.29.19",
               authority_key_id = "2.5.29.35", extended_key_usage = "2.5.29.37", document_types = "2.23.136.1.1.6.2",
               name_change = "2.23.136.1.1.6.1";
}
CertificateMaker ds_like();    // the clean document signer, signed by the clean CSCA
CertificateMaker csca_like();  // the clean CSCA, signed by itself
// A CSCA of its own: name, key, self-signed.
CertificateMaker csca_of(const crypto::PrivateKey& key, const pki::Name& own_name);
// A document signer with the clean signer's key under that CSCA.
CertificateMaker ds_under(const pki::Certificate& csca, const crypto::PrivateKey& csca_key);

// --- revocation lists
struct CrlMaker {
    Bytes issuer;  // DER
    Instant this_update, next_update;
    std::vector<pki::RevokedEntry> revoked;
    std::vector<pki::Extension> extensions;
    crypto::PrivateKey key;

    CrlMaker();  // the clean CSCA's
    pki::Crl make() const;
};

// --- EF.SOD with every field in the test's hand
struct CmsMaker {
    Bytes type = oid("1.2.840.113549.1.7.2");
    std::int64_t version = 3;
    der::Oid content_type = lds::oid_lds_security_object();
    Bytes content;
    Bytes octets;                       // the element around the content; empty: a plain OCTET STRING
    std::vector<Bytes> certificates;
    Bytes crls;                         // the whole [1]; empty: none
    std::int64_t signer_version = 1;
    Bytes sid;                          // DER
    Bytes digest_algorithm;             // AlgorithmIdentifier; empty: of `digest`
    crypto::HashAlg digest = crypto::HashAlg::sha256;
    bool with_attributes = true;
    std::vector<Bytes> attributes;      // in place of those made; empty: those made
    std::optional<Instant> signing_time = today + -hour;
    crypto::SignatureAlgorithm algorithm = ecdsa(crypto::HashAlg::sha256);
    Bytes stated_algorithm;             // AlgorithmIdentifier in place of the true one; empty: the true one
    crypto::PrivateKey key;
    std::function<void(Bytes&)> edit_attributes;  // after they were signed
    std::function<void(Bytes&)> edit_signature;
    Bytes unsigned_attributes;          // the whole [1]; empty: none
    std::vector<Bytes> more_signers;

    explicit CmsMaker(Bytes content);   // signed by the clean document signer
    void signer(const pki::Certificate& certificate, const crypto::PrivateKey& with);
    std::vector<Bytes> made_attributes() const;
    Bytes signer_info() const;
    Bytes content_info() const;
    Bytes file() const;                 // EF.SOD
};
Bytes attribute(std::string_view id, ByteView value);
Bytes attribute_of(std::string_view id, std::initializer_list<ByteView> values);
Bytes sid_by_serial(const pki::Certificate& certificate);
Bytes sid_by_key(ByteView key_id);
Bytes algorithm_id(std::string_view id, ByteView parameters = {});

// --- the LDS security object, with every field in the test's hand
struct SecurityObjectMaker {
    std::int64_t version = 0;
    Bytes algorithm;                                        // AlgorithmIdentifier
    std::vector<std::pair<std::int64_t, Bytes>> hashes;
    std::optional<std::pair<std::string, std::string>> versions;
    explicit SecurityObjectMaker(const lds::Files& files, crypto::HashAlg hash = crypto::HashAlg::sha256);
    Bytes der() const;
};

// --- files
mrz::Mrz td1();
mrz::Mrz td3();
Bytes dg1(const mrz::Mrz& mrz);
Bytes dg1_of(std::string_view zone);  // as it stands
Bytes jpeg(unsigned width = 240, unsigned height = 320);
Bytes jp2(unsigned width = 240, unsigned height = 320);
Bytes face_record(ByteView image, Byte data_type = 0);
Bytes dg2(ByteView image);
// 75 { 7F61 { 02 count, templates } }
Bytes dg2_of(unsigned count, const std::vector<Bytes>& templates);
Bytes face_template(ByteView record);
Bytes dg14();                         // a ChipAuthenticationInfo; with PACE, as access control offers it
Bytes dg14_with_pace();
Bytes dg15();
lds::Files clean_files();             // DG1 (TD1), DG2
// EF.COM over them and EF.SOD through signer::sign_sod.
lds::Files sign(lds::Files groups, crypto::HashAlg hash = crypto::HashAlg::sha256, int version = 0);
// EF.COM over them, EF.SOD as given.
lds::Files with_sod(lds::Files groups, Bytes sod);
CmsMaker cms_over(const lds::Files& groups, crypto::HashAlg hash = crypto::HashAlg::sha256);

// --- evidence, trust, verdict
Evidence evidence_of(const lds::Files& files);   // as read over BAC
Evidence clean();
// A document whose EF.SOD is signed by that certificate (with the clean signer's key, or with `key`).
Evidence signed_by(const pki::Certificate& certificate);
Evidence signed_by(const pki::Certificate& certificate, const crypto::PrivateKey& key, const crypto::SignatureAlgorithm& algorithm);
Evidence refused(Evidence evidence, lds::Ef ef, std::uint16_t sw);
Evidence broken(Evidence evidence, lds::Ef ef, std::string error);
pki::TrustStore trust();                          // clean CSCA, clean CRL
pki::TrustStore trust_of(const pki::Certificate& csca);
Verdict judged(const Evidence& evidence, const pki::TrustStore& store = trust(), Instant now = today, const Policy& policy = {});

const Finding* find(const Verdict& verdict, std::string_view id, Outcome outcome, std::string_view case_id = {});
std::string listing(const Verdict& verdict);
using Where = std::source_location;
// The verdict is `overall`, and a finding of that outcome, id and case is among those that led to it.
void check(const Verdict& verdict, Overall overall, Outcome outcome, std::string_view id, std::string_view case_id = {},
           Where where = Where::current());
// A legitimate document: nothing to say but that a copy cannot be excluded.
void check_clean(const Verdict& verdict, Where where = Where::current());
// A legitimate document with exactly this one thing to say.
void check_noted(const Verdict& verdict, Outcome outcome, std::string_view id, std::string_view case_id, Where where = Where::current());

}  // namespace idchip::inspect::maker
