// Public and private keys, signatures. Untrusted SubjectPublicKeyInfo is walked by our own DER reader; the library below
// gets numbers and named curves only.
#pragma once

#include <memory>

#include <idchip/base/secret.hpp>
#include <idchip/crypto/hash.hpp>

namespace idchip::crypto {

enum class Curve { p192, p224, p256, p384, p521, bp192r1, bp224r1, bp256r1, bp320r1, bp384r1, bp512r1 };

std::string_view name(Curve curve);  // "P-256", "brainpoolP256r1"
std::optional<Curve> curve_by_name(std::string_view name);
const der::Oid& oid(Curve curve);
std::optional<Curve> curve_by_oid(const der::Oid& id);
std::size_t field_size(Curve curve);  // bytes of a coordinate

// Domain parameters, big-endian, all of the field's size (order and cofactor: shortest).
struct CurveParameters {
    Bytes p, a, b, generator_x, generator_y, order;
    std::uint64_t cofactor = 1;
};
const CurveParameters& parameters(Curve curve);

enum class KeyType { rsa, ec };
enum class EcEncoding { named, explicit_parameters };

struct PublicKeyInfo {
    KeyType type = KeyType::rsa;
    std::size_t bits = 0;
    Curve curve = Curve::p256;                // EC
    EcEncoding encoding = EcEncoding::named;  // EC: how the parameters stood in the SubjectPublicKeyInfo
    Bytes point;                              // EC: 04 || x || y
    Bytes n, e;                               // RSA
    std::string text() const;                 // "EC brainpoolP256r1 (explicit parameters)"
};

enum class Scheme { rsa_pkcs1, rsa_pss, ecdsa };

struct SignatureAlgorithm {
    Scheme scheme = Scheme::ecdsa;
    HashAlg hash = HashAlg::sha256;
    HashAlg mgf_hash = HashAlg::sha256;  // PSS
    std::size_t salt_length = 32;        // PSS
    // The hash follows the digest that stands elsewhere (bare rsaEncryption, ecPublicKey): the caller fills it in.
    bool hash_unstated = false;
    SignatureAlgorithm with_stated_hash(HashAlg digest) const;  // the same where the hash is stated already

    bool operator==(const SignatureAlgorithm&) const = default;
    std::string text() const;  // "ECDSA with SHA-256"
    // AlgorithmIdentifier, DER.
    Bytes encode() const;
    // `algorithm` is the AlgorithmIdentifier SEQUENCE. Errors: crypto.unsupported, tlv.*.
    static Result<SignatureAlgorithm> parse(const tlv::Element& algorithm, tlv::Rules rules = tlv::Rules::der);
};

class PublicKey {
public:
    // Strict: RSA of at least 1024 bits with an odd exponent over 1; EC points uncompressed and on a known curve; explicit
    // parameters only when equal to a known curve. Errors: crypto.unsupported, crypto.bad_key, tlv.*.
    static Result<PublicKey> from_spki(ByteView spki);
    static Result<PublicKey> from_ec_point(Curve curve, ByteView point, EcEncoding encoding = EcEncoding::named);
    static Result<PublicKey> from_rsa(ByteView n, ByteView e);

    const PublicKeyInfo& info() const;
    Bytes to_spki(EcEncoding encoding) const;
    // Errors: crypto.bad_signature; crypto.bad_key when key type and scheme differ; crypto.unsupported with hash_unstated.
    Result<void> verify(const SignatureAlgorithm& algorithm, ByteView message, ByteView signature) const;
    // RSAES-OAEP (RFC 8017, 7.1), empty label, MGF1 with the same hash. Errors: crypto.bad_key (no RSA key), crypto.bad_input (longer
    // than the modulus carries).
    Result<Bytes> encrypt_oaep(HashAlg hash, ByteView secret) const;

    struct Impl;
    explicit PublicKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

private:
    std::shared_ptr<const Impl> impl_;
};

// A key that signs, wherever it is: in memory, in a token. Safe to use from several threads.
class SigningKey {
public:
    virtual ~SigningKey() = default;
    virtual const PublicKey& public_key() const = 0;
    // Errors: crypto.bad_key when key type and scheme differ, crypto.unsupported; token.*.
    virtual Result<Bytes> sign(const SignatureAlgorithm& algorithm, ByteView message) const = 0;
};

class PrivateKey final : public SigningKey {
public:
    static Result<PrivateKey> generate_ec(Curve curve);
    static Result<PrivateKey> generate_rsa(std::size_t bits);
    // PKCS#8 PEM, encrypted when a passphrase is given. Errors: crypto.bad_key.
    static Result<PrivateKey> from_pem(std::string_view pem, std::string_view passphrase = {});
    Result<std::string> to_pem(std::string_view passphrase = {}) const;

    // From its numbers, big-endian. Errors: crypto.bad_key.
    static Result<PrivateKey> from_scalar(Curve curve, ByteView scalar);
    static Result<PrivateKey> from_rsa(ByteView n, ByteView e, ByteView d);
    // The secret number alone, for a chip that is to hold the key: the scalar as wide as the order, the exponent as wide as the modulus.
    // Errors: crypto.bad_key.
    Result<Secret> secret_number() const;

    const PublicKey& public_key() const override;
    Result<Bytes> sign(const SignatureAlgorithm& algorithm, ByteView message) const override;
    // RSA without padding, x^d mod n, for ISO/IEC 9796-2 alone; x is as long as n. Errors: crypto.bad_key (no RSA key), crypto.bad_input
    // (length), crypto.failed (x not smaller than n).
    Result<Bytes> raw_rsa(ByteView x) const;
    // What encrypt_oaep made. Errors: crypto.bad_key (no RSA key); crypto.failed: made for another key, or altered; no more is said.
    Result<Secret> decrypt_oaep(HashAlg hash, ByteView encrypted) const;

    struct Impl;
    explicit PrivateKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

private:
    std::shared_ptr<const Impl> impl_;
};

}  // namespace idchip::crypto
