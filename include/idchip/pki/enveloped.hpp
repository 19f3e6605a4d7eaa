// CMS EnvelopedData of RFC 5652, 6: bytes that only the holders of certain keys can read.
//
// Content: AES-256 in CBC mode under a fresh key. The key reaches an RSA recipient by RSAES-OAEP with SHA-256 (RFC 3560), an EC
// recipient by ephemeral-static ECDH, the X9.63 derivation with SHA-256 and AES-256 key wrap (RFC 5753, 3.1).
//
// An envelope hides and proves nothing: whoever has the certificate can make one. What comes out must be checked by a signature
// inside, always. No answer about padding goes back to whoever made it, since bundles are opened off line and long after.
#pragma once

#include <span>

#include <idchip/base/random.hpp>
#include <idchip/pki/certificate.hpp>

namespace idchip::pki {

// ContentInfo, DER; the content is id-data. Key and IV come from `rng`, the salt of OAEP from the library below.
// Errors: pki.refused (no recipient; an RSA key under 2048 bits, a curve under 256; key usage without keyEncipherment or keyAgreement).
Result<Bytes> seal(ByteView content, std::span<const Certificate> recipients, Rng& rng = system_rng());

// Strict DER, walked by our own reader; content id-data; at most 16 recipients. AES-128, -192 and -256 in CBC mode and their key wraps; SHA-256, -384 and
// -512 in OAEP and key derivation. RSA PKCS#1 v1.5 is not opened.
// Errors: pki.bad_envelope, tlv.*, der.bad_value; crypto.unsupported; pki.not_recipient; pki.undecryptable.
Result<Bytes> open(ByteView content_info, const Certificate& own, const crypto::PrivateKey& key);

}  // namespace idchip::pki
