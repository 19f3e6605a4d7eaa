// CMS SignedData of RFC 5652 as Doc 9303-10 and -12 use it: read with our own walk, built, verified.
#pragma once

#include <idchip/pki/certificate.hpp>

namespace idchip::pki {

struct SignerInfo {
    std::int64_t version = 1;
    // Exactly one of the two ways to name the signer.
    std::optional<Name> issuer;
    Bytes serial;
    std::optional<Bytes> subject_key_id;
    std::optional<crypto::HashAlg> digest_alg;
    std::optional<Error> digest_error;
    bool has_signed_attributes = false;
    Bytes signed_attributes;              // with the SET OF tag that is signed (RFC 5652, 5.4)
    std::vector<der::Oid> content_types;  // values of the attribute; one expected
    std::vector<Bytes> message_digests;
    std::vector<Instant> signing_times;
    bool signing_time_malformed = false;
    std::optional<crypto::SignatureAlgorithm> signature_algorithm;
    std::optional<Error> algorithm_error;
    Bytes signature;
    bool has_unsigned_attributes = false;
};

struct SignedData {
    std::int64_t version = 3;
    der::Oid content_type;
    Bytes content;  // octets that were signed, segments joined
    std::vector<Certificate> certificates;
    std::vector<SignerInfo> signers;
    bool has_crls = false;
    Notes notes;

    // `content_info` is the whole ContentInfo. Errors: pki.bad_cms, tlv.*.
    static Result<SignedData> parse(ByteView content_info);
    // Embedded certificates that a SignerInfo names; by its own identifier, not by position.
    std::vector<const Certificate*> candidates(const SignerInfo& signer) const;
};

// The three links that must all hold: content -> messageDigest -> signedAttrs -> signature.
struct SignatureCheck {
    Notes notes;                   // tolerances used
    std::optional<Error> failure;  // crypto.bad_signature, pki.bad_cms or crypto.unsupported
};
SignatureCheck check_signature(const SignedData& data, const SignerInfo& signer, const crypto::PublicKey& key);

// Signs `message`; the private key stays where it is (file, token).
class ContentSigner {
public:
    virtual ~ContentSigner() = default;
    virtual const Certificate& certificate() const = 0;
    virtual crypto::SignatureAlgorithm algorithm() const = 0;
    virtual Result<Bytes> sign(ByteView message) = 0;
    // Whether it may sign for a document of this type (as in the zone; empty: no document) at this time. Errors: signer.refused.
    virtual Result<void> may_sign(const std::string& /*document_type*/, Instant /*at*/) const { return {}; }
};

// What signed lists add (Doc 9303-12, tables 18 and 19).
struct SignedDataExtras {
    std::vector<Certificate> certificates;  // beside the signer's own
    bool signer_by_key_id = false;          // subjectKeyIdentifier in the SignerInfo, where the signer's certificate has one
};

// ContentInfo, DER. `signing_time` adds the signed attribute.
Result<Bytes> build_signed_data(const der::Oid& content_type, ByteView content, ContentSigner& signer, std::optional<Instant> signing_time);
Result<Bytes> build_signed_data(const der::Oid& content_type, ByteView content, ContentSigner& signer, std::optional<Instant> signing_time,
                                const SignedDataExtras& extras);

}  // namespace idchip::pki
