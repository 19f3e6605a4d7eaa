// SHA-1 where it would count: collisions are made to order.
#pragma once

#include <idchip/pki/cms.hpp>

namespace idchip::pki {

// Whether any hash of this signature is SHA-1: of the content, of the attributes, of RSASSA-PSS's mask. Each is named by a field of its
// own. Precondition: check_signature found no failure.
inline bool uses_sha1(const SignerInfo& signer) {
    const auto algorithm = signer.signature_algorithm->with_stated_hash(*signer.digest_alg);
    return *signer.digest_alg == crypto::HashAlg::sha1 || algorithm.hash == crypto::HashAlg::sha1 ||
           (algorithm.scheme == crypto::Scheme::rsa_pss && algorithm.mgf_hash == crypto::HashAlg::sha1);
}

}  // namespace idchip::pki
