// The mathematics that terminal and chip share.
#pragma once

#include <idchip/protocol/pace/pace.hpp>

namespace idchip::pace {

// 4.4.3.3.1: g^s * h, where h is what the two mapping keys agree on. Errors: crypto.bad_key.
Result<crypto::Domain> map_generic(const crypto::Domain& domain, ByteView s, ByteView own_private, ByteView peer_public);
// 4.4.3.3.2. Errors: crypto.bad_key, crypto.bad_input.
Result<crypto::Domain> map_integrated(const crypto::Domain& domain, crypto::Cipher cipher, ByteView s, ByteView t);
// R_p(s, t) before it is reduced mod p: at least 64 bits longer than p. Errors: crypto.bad_input.
Result<Secret> pseudo_random(crypto::Cipher cipher, ByteView s, ByteView t, std::size_t field_size);

// 4.4.3.4: MAC over the public key data object.
Result<Bytes> token(const Choice& choice, const sm::SessionKeys& keys, ByteView public_key);
Bytes token_input(const Choice& choice, ByteView public_key);
// 4.4.3.5.4: the IV of the encrypted chip authentication data is E(ks_enc, -1).
Result<Bytes> encrypt_chip_authentication_data(const sm::SessionKeys& keys, ByteView ca_ic);
Result<Bytes> decrypt_chip_authentication_data(const sm::SessionKeys& keys, ByteView cryptogram);
}  // namespace idchip::pace
