// EF.SOD for a document image; verified before it leaves.
#pragma once

#include <idchip/lds/ef_sod.hpp>
#include <idchip/pki/cms.hpp>

namespace idchip::signer {

struct SodOptions {
    crypto::HashAlg hash_alg = crypto::HashAlg::sha256;
    int version = 0;  // LDS security object: 0 (LDS 1.7), 1 (LDS 1.8)
    std::optional<Instant> signing_time;
    std::string document_type = {};  // as in the zone; a signer's policy may leave some out
};

// Errors: signer.refused, signer.self_check, crypto.*.
Result<Bytes> sign_security_object(const lds::LdsSecurityObject& object, pki::ContentSigner& signer, std::optional<Instant> signing_time);
// Errors: as sign_security_object; signer.refused by policy.
Result<Bytes> sign_sod(const lds::Files& files, pki::ContentSigner& signer, const SodOptions& options);

}  // namespace idchip::signer
