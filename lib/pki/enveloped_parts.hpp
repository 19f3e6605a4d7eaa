// What both directions of EnvelopedData share: algorithms by their identifiers, and the key that ECDH gives.
#pragma once

#include <idchip/crypto/cipher.hpp>
#include <idchip/crypto/key_agreement.hpp>
#include <idchip/pki/enveloped.hpp>

#include "pki/oids.hpp"

namespace idchip::pki::envelope {

inline constexpr auto where = "EnvelopedData";

#define IDCHIP_OID(name, dotted)          \
    inline const der::Oid& name() {       \
        static const der::Oid id(dotted); \
        return id;                        \
    }
IDCHIP_OID(oaep, "1.2.840.113549.1.1.7")
IDCHIP_OID(mgf1, "1.2.840.113549.1.1.8")
IDCHIP_OID(ec_public_key, "1.2.840.10045.2.1")
IDCHIP_OID(aes256_cbc, "2.16.840.1.101.3.4.1.42")
IDCHIP_OID(aes256_wrap, "2.16.840.1.101.3.4.1.45")
IDCHIP_OID(ecdh_sha256, "1.3.132.1.11.1")  // dhSinglePass-stdDH-sha256kdf-scheme, RFC 5753, 7.1.4
#undef IDCHIP_OID

// RFC 3565, 4.1: AES in CBC mode.
Result<crypto::Cipher> cipher_by_oid(const der::Oid& id);
// RFC 3565, 2.3.2: bytes of the key of an AES key wrap.
Result<std::size_t> wrap_size_by_oid(const der::Oid& id);
// RFC 5753, 7.1.4. SHA-1 and SHA-224 are not taken.
Result<crypto::HashAlg> agreement_hash_by_oid(const der::Oid& id);

// RFC 5753, 7.2: the key encryption key out of the shared secret. `wrap` is the AlgorithmIdentifier of the key wrap, as it stands.
Secret key_encryption_key(crypto::HashAlg hash, const Secret& shared, ByteView wrap, std::optional<ByteView> user_keying_material,
                          std::size_t size);

}  // namespace idchip::pki::envelope
