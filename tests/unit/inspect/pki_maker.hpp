// Keys, certificates, revocation lists and CMS for the tests, with every field in the test's hand.
#pragma once

#include <functional>

#include <idchip/lds/ef_sod.hpp>
#include <idchip/signer/test_pki.hpp>

namespace idchip::inspect::maker {

inline const Instant today = start_of({2026, 11, 21}) + 9 * 3600;
constexpr std::int64_t hour = 3600, day = seconds_per_day, year = 365 * day;

[[noreturn]] void give_up(const Error& error);
// The value, or the end of the test.
template <class T>
T must(Result<T> result) {
    if (!result) give_up(result.error());
    return std::move(*result);
}

Bytes joined(const std::vector<Bytes>& parts);
Bytes hash_id(crypto::HashAlg hash);  // AlgorithmIdentifier without parameters

// --- keys, made once a process under a name of the test's choice
const crypto::PrivateKey& ec_key(const std::string& name, crypto::Curve curve = crypto::Curve::p256);
const crypto::PrivateKey& rsa_key(const std::string& name, std::size_t bits = 2048);
crypto::SignatureAlgorithm ecdsa(crypto::HashAlg hash);
crypto::SignatureAlgorithm pkcs1(crypto::HashAlg hash);
crypto::SignatureAlgorithm pss(crypto::HashAlg hash, crypto::HashAlg mgf_hash, std::size_t salt);

// The clean PKI: a CSCA of Vietnam, its document signer, its empty revocation list; all fresh today.
const signer::TestPki& vietnam();
pki::Name name(std::string_view text);
Bytes oid(std::string_view dotted);  // DER

// --- certificates: all fields of another one, changed where the test says so, signed anew
struct CertificateMaker {
    int version = 3;
    Bytes serial;           // contents of the INTEGER, as they shall stand
    Bytes issuer, subject;  // DER
    Instant not_before, not_after;
    Bytes spki;
    std::vector<pki::Extension> extensions;
    crypto::SignatureAlgorithm algorithm;
    crypto::PrivateKey issuer_key;
    Bytes stated_algorithm;  // AlgorithmIdentifier in place of the true one; empty: the true one

    CertificateMaker(const pki::Certificate& like, const crypto::PrivateKey& signed_with);
    void set(std::string_view id, bool critical, ByteView value);
    void drop(std::string_view id);
    void key(const crypto::PublicKey& key, crypto::EcEncoding encoding = crypto::EcEncoding::named);
    void authority(const crypto::PublicKey& key);    // authority key identifier
    void subject_key(const crypto::PublicKey& key);  // subject key identifier
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
    Bytes octets;  // the element around the content; empty: a plain OCTET STRING
    std::vector<Bytes> certificates;
    Bytes crls;  // the whole [1]; empty: none
    std::int64_t signer_version = 1;
    Bytes sid;               // DER
    Bytes digest_algorithm;  // AlgorithmIdentifier; empty: of `digest`
    crypto::HashAlg digest = crypto::HashAlg::sha256;
    bool with_attributes = true;
    std::vector<Bytes> attributes;  // in place of those made; empty: those made
    std::optional<Instant> signing_time = today + -hour;
    crypto::SignatureAlgorithm algorithm = ecdsa(crypto::HashAlg::sha256);
    Bytes stated_algorithm;  // AlgorithmIdentifier in place of the true one; empty: the true one
    crypto::PrivateKey key;
    std::function<void(Bytes&)> edit_attributes;  // after they were signed
    std::function<void(Bytes&)> edit_signature;
    Bytes unsigned_attributes;  // the whole [1]; empty: none
    bool with_signer = true;
    std::vector<Bytes> more_signers;

    explicit CmsMaker(Bytes content);  // signed by the clean document signer
    void signer(const pki::Certificate& certificate, const crypto::PrivateKey& with);
    std::vector<Bytes> made_attributes() const;
    Bytes signer_info() const;
    Bytes content_info() const;
    Bytes file() const;  // EF.SOD
};
Bytes attribute(std::string_view id, ByteView value);
Bytes attribute_of(std::string_view id, std::initializer_list<ByteView> values);
Bytes sid_by_serial(const pki::Certificate& certificate);
Bytes sid_by_key(ByteView key_id);
Bytes algorithm_id(std::string_view id, ByteView parameters = {});

}  // namespace idchip::inspect::maker
