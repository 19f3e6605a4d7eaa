// What the keys hold.
#pragma once

#include <idchip/crypto/key.hpp>

#include "crypto/openssl/handles.hpp"

namespace idchip::crypto {

struct PublicKey::Impl {
    PublicKeyInfo info;
    Pkey key;
};

struct PrivateKey::Impl {
    Pkey key;
    PublicKey public_key;
};

}  // namespace idchip::crypto
