// What the keys hold.
#pragma once

#include <idchip/crypto/key.hpp>

#include "crypto/openssl/handles.hpp"
#include "crypto/operation.hpp"

namespace idchip::crypto {

struct PublicKey::Impl {
    Impl(PublicKeyInfo i, Pkey k) : info(std::move(i)), key(std::move(k)) {}
    PublicKeyInfo info;
    Pkey key;
    mutable OperationPool<Verifying> verifying;
};

struct PrivateKey::Impl {
    Impl(Pkey k, PublicKey p) : key(std::move(k)), public_key(std::move(p)) {}
    Pkey key;
    PublicKey public_key;
    mutable OperationPool<Signing> signing;
};
// EC: the scalar. Errors: crypto.bad_key.
Result<Secret> private_value(const PrivateKey::Impl& key);

}  // namespace idchip::crypto
