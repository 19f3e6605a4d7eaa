// Which hash function an ECDSA key signs with: the chip says it in DG14, or it is found by trying.
#pragma once

#include <idchip/protocol/active_auth/active_auth.hpp>

namespace idchip::active_auth {

struct HashChoice {
    std::vector<crypto::HashAlg> hashes;  // in the order of trying; at most all there are
    bool inferred = false;
    std::string unknown_algorithm;  // what DG14 names, where that is no algorithm known here
};
// Errors: crypto.unsupported for an algorithm of TR-03111 that Doc 9303 does not have (RIPEMD-160, SHA-3).
Result<HashChoice> hashes_for(const crypto::PublicKeyInfo& key, const std::optional<lds::ActiveAuthenticationInfo>& info, Notes& notes);

// What is odd about the hash that it turned out to be (6.1.2.3).
void note_hash(const crypto::PublicKeyInfo& key, crypto::HashAlg hash, bool inferred, Notes& notes);

}  // namespace idchip::active_auth
