// Certificate revocation lists: RFC 5280, 5, and Doc 9303-12, 7.1.4.
#pragma once

#include <idchip/pki/certificate.hpp>

namespace idchip::pki {

struct RevokedEntry {
    Bytes serial;
    Instant when;
    std::optional<int> reason;  // RFC 5280, 5.3.1: 1 keyCompromise
};

struct Crl {
    Bytes raw, tbs;
    Bytes sha256;  // of `raw`
    Name issuer;
    Instant this_update;
    std::optional<Instant> next_update;
    std::vector<RevokedEntry> revoked;
    std::optional<Bytes> authority_key_id;
    std::optional<std::int64_t> number;      // nothing: absent, or larger than that
    std::vector<der::Oid> unknown_critical;  // delta, indirect, partitioned lists among them: the list says less than it seems
    std::optional<crypto::SignatureAlgorithm> signature_algorithm;
    Bytes signature;

    static Result<Crl> parse(ByteView der);
    static Result<Crl> parse_any(ByteView der_or_pem);
    const RevokedEntry* find(ByteView serial) const;
    Result<void> verify_signature(const crypto::PublicKey& issuer_key) const;
};

struct CrlTemplate {
    Name issuer;
    Instant this_update, next_update;
    std::int64_t number = 1;
    Bytes authority_key_id;
    std::vector<RevokedEntry> revoked;
};

Result<Bytes> build_crl(const CrlTemplate& content, const crypto::SigningKey& issuer_key, const crypto::SignatureAlgorithm& algorithm);

}  // namespace idchip::pki
