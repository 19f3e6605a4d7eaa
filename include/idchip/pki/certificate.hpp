// X.509 certificates as Doc 9303-12 profiles them: read, written, compared.
#pragma once

#include <memory>

#include <idchip/base/note.hpp>
#include <idchip/crypto/key.hpp>

namespace idchip::pki {

struct NameAttribute {
    der::Oid type;
    std::string value;
};

struct Name {
    Bytes raw;  // DER as it stands
    std::vector<NameAttribute> attributes;

    std::string text() const;     // "C=VN, O=..., CN=..."
    std::string country() const;  // as it stands; empty when absent
    std::size_t country_count() const;
    // RFC 5280, 7.1: same attributes in order, letters of either case, runs of spaces folded.
    bool matches(const Name& other) const;
    static Result<Name> parse(ByteView raw);
    // From "C=VN, O=Demo, CN=CSCA"; types C, O, OU, CN, L, ST and serialNumber. Errors: input.bad_field.
    static Result<Name> of(std::string_view text);
};

enum class KeyUsage : unsigned {
    digital_signature = 0,
    non_repudiation = 1,
    key_encipherment = 2,
    key_agreement = 4,
    key_cert_sign = 5,
    crl_sign = 6
};

struct Extension {
    der::Oid id;
    bool critical = false;
    Bytes value;
};

struct Certificate {
    Bytes raw;
    Bytes sha256;  // of `raw`
    Bytes tbs;     // what is signed
    int version = 3;
    Bytes serial;  // contents of the INTEGER
    Name issuer, subject;
    Instant not_before, not_after;
    Bytes spki;
    std::optional<crypto::PublicKey> public_key;  // nothing: see key_error
    std::optional<Error> key_error;
    std::optional<crypto::SignatureAlgorithm> signature_algorithm;
    std::optional<Error> algorithm_error;
    Bytes signature;
    std::vector<Extension> extensions;

    // From the extensions; nothing where the extension is absent.
    std::optional<Bytes> authority_key_id, subject_key_id;
    std::optional<std::vector<bool>> key_usage;
    std::optional<bool> is_csca;  // basicConstraints.cA
    std::optional<std::int64_t> path_length;
    std::optional<Instant> private_key_not_before, private_key_not_after;
    std::vector<der::Oid> extended_key_usage;
    std::optional<std::vector<std::string>> document_types;
    std::vector<der::Oid> unknown_critical;
    Notes notes;

    // Errors: pki.bad_certificate (with the place), tlv.*, der.bad_value.
    static Result<Certificate> parse(ByteView der);
    // DER or PEM, as files come. Errors: as `parse`.
    static Result<Certificate> parse_any(ByteView der_or_pem);
    bool allows(KeyUsage usage) const;  // false when the extension is absent
    bool self_issued() const { return issuer.matches(subject); }
    // Verifies this certificate's signature. Errors: crypto.*.
    Result<void> verify_signature(const crypto::PublicKey& issuer_key) const;
    std::string fingerprint() const { return to_hex(sha256); }
};

// What a certificate to be made says. Doc 9303-12, 7.1; personalization of the fields per kind is in `profiles`.
struct CertificateTemplate {
    Bytes serial;
    Name issuer, subject;
    Instant not_before, not_after;
    Instant private_key_not_before, private_key_not_after;
    crypto::EcEncoding ec_encoding = crypto::EcEncoding::explicit_parameters;  // Doc 9303-12, 4.1.6.3
    std::string country_code;                                                  // as in the MRZ, for the alternative names
    std::string contact;                                                       // e-mail address, for the alternative names
    std::string crl_url;
    bool csca = false;                         // basicConstraints, keyCertSign, cRLSign
    std::vector<std::string> document_types;   // document signer
    std::vector<der::Oid> extended_key_usage;  // signer of master lists or deviation lists
    bool name_change = false;                  // link to a CSCA's new name
    Bytes authority_key_id;
};

// RFC 5280, 4.2.1.2 (1): SHA-1 of the public key bits.
Bytes key_id(const crypto::PublicKey& key);
Result<Bytes> build_certificate(const CertificateTemplate& content, const crypto::PublicKey& subject_key,
                                const crypto::SigningKey& issuer_key, const crypto::SignatureAlgorithm& algorithm);

std::string to_pem(ByteView der, std::string_view label);
// Errors: input.bad_base64, tlv.missing when the label does not stand there.
Result<Bytes> from_pem(std::string_view pem, std::string_view label);

}  // namespace idchip::pki
