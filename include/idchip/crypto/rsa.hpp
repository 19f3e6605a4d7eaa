// RSA by its numbers: the operation without padding that ISO/IEC 9796-2 is built on, and what a modulus tells of its key.
// Signatures of certificates and security objects go through key.hpp.
#pragma once

#include <idchip/crypto/key.hpp>

namespace idchip::crypto {

struct RsaNumbers {
    Bytes n, e;                     // big-endian, without leading zeros
    bool negative_modulus = false;  // the INTEGER had its leading zero left out; read as the unsigned number that was meant

    std::size_t bits() const;  // of n
};
// The numbers as a SubjectPublicKeyInfo states them, however weak; nothing for a key of another kind. PublicKey::from_spki is the
// strict reader. Errors: crypto.bad_key (negative exponent), tlv.*.
Result<std::optional<RsaNumbers>> read_rsa_numbers(ByteView spki);

// x^e mod n, as long as n. Errors: crypto.bad_key (exponent even, one or huge; modulus of more than 16384 bits), crypto.bad_input (x of
// another length than n, or not smaller than n).
Result<Bytes> rsa_public(const RsaNumbers& key, ByteView x);

// The signature opening function of ISO/IEC 9796-2, B.5 and B.7.
struct OpenedSignature {
    Bytes representative;     // as long as n
    bool complement = false;  // the signature was min(s, n - s), and s is the other one (B.4)
};
// Errors: as rsa_public.
Result<OpenedSignature> open_signature(const RsaNumbers& key, ByteView signature);

// Whether n carries the fingerprint of Infineon's RSALib (ROCA, CVE-2017-15361): keys whose factors can be computed.
bool roca_fingerprint(ByteView modulus);

}  // namespace idchip::crypto
