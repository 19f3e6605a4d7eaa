// Keys and signatures of card-verifiable certificates: Doc 9303-11, 7.1.4.1, 7.1.4.2 and 9.4; BSI TR-03110-3, A.7.3, A.7.4 and D.3.
#pragma once

#include <functional>

#include <idchip/crypto/key.hpp>

namespace idchip::pki {

// What an object identifier below id-TA stands for.
struct CvAlgorithm {
    der::Oid oid;
    std::string name;  // "id-TA-ECDSA-SHA-256"
    crypto::SignatureAlgorithm signature;
    bool in_doc9303 = true;  // tables 7 and 8; the others stand in TR-03110-3 only

    bool is_ec() const { return signature.scheme == crypto::Scheme::ecdsa; }
    bool operator==(const CvAlgorithm& other) const { return oid == other.oid; }
    static std::optional<CvAlgorithm> of(const der::Oid& oid);
    static std::optional<CvAlgorithm> by_name(std::string_view name);
    // Of Doc 9303-11, with the hash that goes with the size of the key.
    static CvAlgorithm suited_to(const crypto::PublicKeyInfo& key);
};
const std::vector<CvAlgorithm>& cv_algorithms();

// Who lists an algorithm with a key of so many bits. Doc 9303-11, 7.1.4: RSA 2048 and 3072, curves of 224, 256, 320, 384 and 512 bits.
// TR-03110-3, A.7 also: RSA 1024, 1280 and 1536, curves of 160 and 192 bits, SHA-1 and PKCS#1 v1.5.
enum class CvListing { doc9303, tr03110_only, none };
CvListing listing(const CvAlgorithm& algorithm, std::size_t bits);

// The data object 7F49.
struct CvPublicKey {
    CvAlgorithm algorithm;
    Bytes modulus, exponent;             // RSA, big-endian without leading zeros
    Bytes public_point;                  // EC: 04 || x || y
    std::optional<crypto::Curve> curve;  // EC: of the domain parameters, where they stand

    // `contents` are those of 7F49. RSA of 1024 to 4096 bits; domain parameters only when they equal a known curve, all of them.
    // Errors: cvc.bad_certificate, crypto.unsupported (another algorithm), crypto.bad_key, tlv.*.
    static Result<CvPublicKey> parse(tlv::Reader contents);
    // Precondition: algorithm and key are of one kind.
    static CvPublicKey of(const CvAlgorithm& algorithm, const crypto::PublicKeyInfo& key, bool with_domain_parameters);
    Bytes encode() const;
    std::size_t bits() const;
    // Whether this is the public half of a key.
    bool is(const crypto::PublicKeyInfo& key) const;
    bool has_domain_parameters() const { return curve.has_value(); }
    // `inherited`: the curve of the CVCA, for a key without domain parameters. Errors: crypto.bad_key, cvc.not_valid (no curve known).
    Result<crypto::PublicKey> key(const std::optional<crypto::Curve>& inherited) const;
};

// Whoever holds a private key: software, a token. Gives the signature as a certificate or a chip wants it, ECDSA in plain format.
using CvSigner = std::function<Result<Bytes>(ByteView message)>;
CvSigner cv_signer(std::shared_ptr<const crypto::SigningKey> key, const CvAlgorithm& algorithm);
inline CvSigner cv_signer(crypto::PrivateKey key, const CvAlgorithm& algorithm) {
    return cv_signer(std::make_shared<const crypto::PrivateKey>(std::move(key)), algorithm);
}
// Errors: crypto.bad_signature, crypto.bad_key.
Result<void> cv_verify(const CvAlgorithm& algorithm, const crypto::PublicKey& key, ByteView message, ByteView signature);

}  // namespace idchip::pki
