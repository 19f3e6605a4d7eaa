// The string that RSA signs under ISO/IEC 9796-2, digital signature scheme 1, with partial recovery: active authentication of
// Doc 9303-11, 6.1.2.2 and appendix F. Pure: no key takes part.
//
//   6A || M1 || H(M1 || M2) || trailer
//
// The header is the nibble 0110 (01, more data, padding) and the border nibble A. M1 fills what is left, c - 4 bits, so that there is
// no padding between them; M2 is what the verifier knows already.
#pragma once

#include <idchip/crypto/hash.hpp>

namespace idchip::crypto {

// Option 1 is BC, and the hash function is agreed elsewhere: SHA-1. Option 2 is its number in ISO/IEC 10118-3, then CC.
enum class TrailerOption { option1 = 1, option2 = 2 };
// Doc 9303-11, 6.1.2.2: option 1 with SHA-1, option 2 with all others.
TrailerOption usual_trailer(HashAlg hash);

// Bytes of M1 in a representative of `size` bytes; 0 when it has no room for any.
std::size_t recoverable_size(std::size_t size, HashAlg hash, TrailerOption option);

// Errors: crypto.bad_input (M1 of another length than `recoverable_size`, option 1 for another hash function than SHA-1).
Result<Bytes> format_representative(std::size_t size, HashAlg hash, TrailerOption option, ByteView m1, ByteView m2);

struct Recovered {
    HashAlg hash = HashAlg::sha1;
    TrailerOption option = TrailerOption::option1;
    Bytes m1, digest;

    // Whether the digest is that of M1 || M2.
    bool signs(ByteView m2) const;
};
// Errors: crypto.bad_signature (header, trailer, length), crypto.unsupported (the trailer of a hash function that Doc 9303 does not have).
Result<Recovered> open_representative(ByteView representative);

}  // namespace idchip::crypto
