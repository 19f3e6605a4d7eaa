// Public keys that were read before. Reading one costs a fifth of a signature check, and a key keeps its prepared operations: a checkpoint
// and a signer meet the same few keys again and again.
#pragma once

#include <idchip/crypto/key.hpp>

namespace idchip::crypto {

std::optional<PublicKey> known_key(ByteView spki);
void remember_key(ByteView spki, const PublicKey& key);

}  // namespace idchip::crypto
