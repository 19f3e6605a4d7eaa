// Key agreement of Doc 9303-11, 9.6: ECKA over a named curve, Diffie-Hellman in a MODP group.
// Elements are what travels (9.4.1, 9.4.5): an uncompressed point 04 || x || y, or an unsigned integer in its shortest form.
#pragma once

#include <idchip/base/random.hpp>
#include <idchip/crypto/key.hpp>

namespace idchip::crypto {

// Big-endian, without leading zeros.
struct DhParameters {
    Bytes p, g, q;  // prime modulus, generator, order of the subgroup that g generates
    bool operator==(const DhParameters&) const = default;
};
enum class DhGroup { modp1024_160, modp2048_224, modp2048_256 };  // RFC 5114, 2.1 to 2.3
const DhParameters& parameters(DhGroup group);

// A group of prime order with its generator. All curves here have cofactor 1.
class Domain {
public:
    static Domain ecdh(Curve curve);
    static Domain dh(DhGroup group);
    // Parameters from elsewhere. With q they are checked for what they must be; without it they must be of a group of RFC 5114, 3526
    // or 7919, since nothing else says which subgroup is meant. Errors: crypto.bad_key.
    static Result<Domain> dh(DhParameters parameters);
    // Doc 9303-11, table 12. Nothing for an id that stands for no group.
    static std::optional<Domain> standardized(std::int64_t id);
    std::optional<std::int64_t> standardized_id() const;
    // Parameters that a chip proposes, as AlgorithmIdentifier: only a curve or group that is known to be sound (9.2.2).
    // Errors: crypto.unsupported, crypto.bad_key, tlv.*.
    static Result<Domain> known(ByteView algorithm_identifier);

    bool is_ec() const;
    Curve curve() const;                        // precondition: is_ec()
    const DhParameters& dh_parameters() const;  // precondition: !is_ec()
    std::string text() const;                   // "brainpoolP256r1", "DH 2048/256"
    ByteView generator() const;
    std::size_t field_size() const;  // bytes of p
    std::size_t order_size() const;  // bytes of the order of the group
    bool operator==(const Domain& other) const;

    // The same group, as a mapping of PACE leaves it. Errors: crypto.bad_key, as `check`.
    Result<Domain> with_generator(ByteView element) const;

    // From 1 to order - 1, order_size() bytes.
    Secret draw_private(Rng& rng) const;
    // generator ^ exponent. Errors: crypto.bad_key when that is the neutral element.
    Result<Bytes> public_value(ByteView exponent) const;
    // On the curve and not infinity; or 1 < y < p - 1 and of order q. Errors: crypto.bad_key.
    Result<void> check(ByteView element) const;
    // element ^ exponent, after `check`. Errors: crypto.bad_key.
    Result<Bytes> power(ByteView element, ByteView exponent) const;
    // The group's operation on two elements, after `check`. Errors: crypto.bad_key when the result is the neutral element.
    Result<Bytes> combine(ByteView a, ByteView b) const;
    // Shared secret: the x coordinate, or the number z, of field_size() bytes. Errors: crypto.bad_key.
    Result<Secret> agree(ByteView exponent, ByteView peer) const;
    // f_G of the integrated mapping, of an integer that is reduced mod p (Doc 9303-11, 4.4.3.3.2 and appendix B.2).
    // Errors: crypto.unsupported for a curve with p = 1 mod 4; crypto.bad_key when the neutral element results.
    Result<Bytes> element_from(ByteView integer) const;
    // (a / b) mod order, for the chip authentication mapping (4.4.3.5.1). Precondition: b is not 0 mod order.
    Result<Secret> divide(ByteView a, ByteView b) const;

    struct Impl;
    explicit Domain(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

private:
    std::shared_ptr<const Impl> impl_;
};

// Key derivation of ANSI X9.63 (SEC 1, 3.6.1), as ECDH in CMS takes it: hashes of Z || counter || shared info, cut to `size` bytes.
Secret x963_key(HashAlg hash, ByteView z, ByteView shared_info, std::size_t size);

struct KeyPair {
    Secret private_value;
    Bytes public_value;
    static Result<KeyPair> generate(const Domain& domain, Rng& rng);
    static Result<KeyPair> of(const Domain& domain, Secret private_value);
    KeyPair clone() const { return {private_value.clone(), public_value}; }
};

// A static public key for key agreement, as SubjectPublicKeyInfo carries it.
enum class AgreementEncoding {
    explicit_parameters,  // EC: what Doc 9303-11, 9.5.2 wants; DH: PKCS #3
    named_curve,          // EC by its OID
    standardized,         // by the id of table 12
    x9_42,                // DH by X9.42: seen in the field (8.5, note 2)
};
struct AgreementKey {
    Domain domain;
    Bytes public_value;
    AgreementEncoding encoding = AgreementEncoding::explicit_parameters;

    // Checked: on the curve, in the group. Errors: crypto.unsupported, crypto.bad_key, tlv.*.
    static Result<AgreementKey> from_spki(ByteView spki);
    Bytes to_spki() const;
};
std::string_view name(AgreementEncoding encoding);

// Plain signature format of BSI TR-03111, 5.2.1: r || s, each as wide as the order.
// Errors: crypto.bad_signature when it has another length, or is no DER pair of such numbers.
Result<Bytes> ecdsa_plain_to_der(Curve curve, ByteView plain);
Result<Bytes> ecdsa_der_to_plain(Curve curve, ByteView der);

}  // namespace idchip::crypto
