#pragma once

#include <idchip/crypto/key.hpp>

namespace idchip::signer {

inline bool same_key(const crypto::PublicKeyInfo& a, const crypto::PublicKeyInfo& b) {
    return a.type == b.type && a.curve == b.curve && a.point == b.point && a.n == b.n && a.e == b.e;
}

}  // namespace idchip::signer
