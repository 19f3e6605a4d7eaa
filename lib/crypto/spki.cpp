// SubjectPublicKeyInfo, read and written by our own DER walk (RFC 5480, RFC 3279, RFC 4055).
#include <idchip/crypto/rsa.hpp>

#include <fmt/format.h>

#include "base/known.hpp"
#include "base/try.hpp"
#include "crypto/oids.hpp"
#include "crypto/spki.hpp"

namespace idchip::crypto {
namespace {

ByteView strip_zeros(ByteView b) {
    while (b.size() > 1 && b[0] == 0) b = b.subspan(1);
    return b;
}

bool same_number(ByteView a, ByteView b) { return equal(strip_zeros(a), strip_zeros(b)); }

Failure bad_key(std::string detail) { return fail(Errc::crypto_bad_key, {}, std::move(detail)); }

// Explicit parameters mean a curve only if every one of them equals that curve's: a forged generator
// (CVE-2020-0601) or a wrong order must not pass for the real curve.
bool is_curve(const CurveParameters& k, ByteView p, ByteView a, ByteView b, ByteView generator, ByteView order,
              std::optional<std::uint64_t> cofactor) {
    const std::size_t size = k.p.size();
    if (!same_number(p, k.p) || !same_number(a, k.a) || !same_number(b, k.b) || !same_number(order, k.order)) return false;
    if (cofactor && *cofactor != k.cofactor) return false;
    if (generator.size() == 1 + size && (generator[0] == 2 || generator[0] == 3))
        return equal(generator.subspan(1), k.generator_x) && generator[0] == 2 + (k.generator_y.back() & 1U);
    return generator.size() == 1 + 2 * size && generator[0] == 4 && equal(generator.subspan(1, size), k.generator_x) &&
           equal(generator.subspan(1 + size), k.generator_y);
}

// RFC 3279, 2.3.5: ECParameters.
Result<Curve> curve_of_explicit(tlv::Reader& parameters_reader, const tlv::Element& sequence) {
    auto r = parameters_reader.enter(sequence);
    const auto version = TRY(der::read_integer(r));
    if (version < 1 || version > 3) return bad_key("ECParameters of unknown version");
    auto field = r.enter(TRY(r.expect(der::sequence)));
    if (!(TRY(der::read_oid(field)) == oids::prime_field()))
        return fail(Errc::crypto_unsupported, {}, "elliptic curve over a field that is not prime");
    const auto p = TRY(der::read_big_integer(field));
    auto curve = r.enter(TRY(r.expect(der::sequence)));
    const auto a = TRY(der::read_octet_string(curve));
    const auto b = TRY(der::read_octet_string(curve));
    const auto generator = TRY(der::read_octet_string(r));
    const auto order = TRY(der::read_big_integer(r));
    std::optional<std::uint64_t> cofactor;
    if (!r.at_end()) cofactor = static_cast<std::uint64_t>(TRY(der::read_integer(r)));
    for (int i = 0; i <= static_cast<int>(Curve::bp512r1); ++i) {
        const auto candidate = static_cast<Curve>(i);
        if (is_curve(parameters(candidate), p, a, b, generator, order, cofactor)) return candidate;
    }
    return bad_key("explicit curve parameters equal no known curve");
}

Result<RsaNumbers> read_rsa(ByteView key) {
    tlv::Reader outer(key, tlv::Rules::der, "RSAPublicKey");
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    const auto n = TRY(der::read_big_integer(r));
    const auto e = TRY(der::read_big_integer(r));
    TRY(r.expect_end());
    TRY(outer.expect_end());
    if (e[0] >= 0x80) return bad_key("negative RSA exponent");
    return RsaNumbers{to_bytes(strip_zeros(n)), to_bytes(strip_zeros(e)), n[0] >= 0x80};
}

bool is_rsa(const der::Oid& algorithm) { return algorithm == oids::rsa_encryption() || algorithm == oids::rsa_pss(); }

struct SubjectPublicKeyInfo {
    der::Oid algorithm;
    tlv::Reader parameters;
    ByteView key;
};
Result<SubjectPublicKeyInfo> read_spki(ByteView spki) {
    tlv::Reader outer(spki, tlv::Rules::der, "SubjectPublicKeyInfo");
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    auto parameters = r.enter(TRY(r.expect(der::sequence)));
    auto id = TRY(der::read_oid(parameters));
    const auto key = TRY(der::read_bit_string(TRY(r.expect(der::bit_string))));
    TRY(r.expect_end());
    return SubjectPublicKeyInfo{std::move(id), std::move(parameters), key};
}

}  // namespace

Result<std::pair<Curve, EcEncoding>> read_ec_parameters(tlv::Reader& algorithm) {
    const auto e = TRY(algorithm.next());
    if (e.tag == der::sequence) {
        const auto curve = TRY(curve_of_explicit(algorithm, e));
        TRY(algorithm.expect_end());
        return std::pair(curve, EcEncoding::explicit_parameters);
    }
    if (e.tag != der::oid) return bad_key("EC key with implicit parameters");
    const auto id = TRY(der::Oid::from_contents(e.value));
    const auto known = curve_by_oid(id);
    if (!known) return fail(Errc::crypto_unsupported, {}, "curve " + id.dotted());
    TRY(algorithm.expect_end());
    return std::pair(*known, EcEncoding::named);
}

namespace {

// Setting up a key costs a fifth of a signature check, and a key keeps its prepared operations. Never destroyed: at the end of the program
// the libraries below may have gone before.
Known<PublicKey>& known_keys() {
    static auto& keys = *new Known<PublicKey>(4096);
    return keys;
}

Result<PublicKey> read_public_key(ByteView spki) {
    auto [algorithm, parameters, key] = TRY(read_spki(spki));
    if (algorithm == oids::ec_public_key()) {
        const auto [curve, encoding] = TRY(read_ec_parameters(parameters));
        return PublicKey::from_ec_point(curve, key, encoding);
    }
    if (!is_rsa(algorithm)) return fail(Errc::crypto_unsupported, {}, "public key algorithm " + algorithm.dotted());
    const auto numbers = TRY(read_rsa(key));
    if (numbers.negative_modulus) return bad_key("negative RSA modulus");
    return PublicKey::from_rsa(numbers.n, numbers.e);
}

}  // namespace

Result<PublicKey> PublicKey::from_spki(ByteView spki) {
    if (auto key = known_keys().find(spki)) return std::move(*key);
    auto key = TRY(read_public_key(spki));
    known_keys().remember(spki, key);
    return key;
}

Result<std::optional<RsaNumbers>> read_rsa_numbers(ByteView spki) {
    const auto info = TRY(read_spki(spki));
    if (!is_rsa(info.algorithm)) return std::optional<RsaNumbers>();
    return std::optional(TRY(read_rsa(info.key)));
}

Bytes PublicKey::to_spki(EcEncoding encoding) const {
    const auto& i = info();
    if (i.type == KeyType::rsa) {
        const auto key = der::sequence_of({der::write_unsigned(i.n), der::write_unsigned(i.e)});
        return der::sequence_of({der::sequence_of({der::write(oids::rsa_encryption()), der::write_null()}), der::write_bit_string(key)});
    }
    return write_ec_spki(i.curve, i.point, encoding);
}

Bytes write_ec_spki(Curve curve, ByteView point, EcEncoding encoding) {
    Bytes parameters_or_name = der::write(oid(curve));
    if (encoding == EcEncoding::explicit_parameters) {
        const auto& k = parameters(curve);
        const auto field = der::sequence_of({der::write(oids::prime_field()), der::write_unsigned(k.p)});
        const auto ab = der::sequence_of({der::write_octet_string(k.a), der::write_octet_string(k.b)});
        const auto generator = der::write_octet_string(concat({Bytes{4}, k.generator_x, k.generator_y}));
        parameters_or_name = der::sequence_of({der::write_integer(1), field, ab, generator, der::write_unsigned(k.order),
                                               der::write_integer(static_cast<std::int64_t>(k.cofactor))});
    }
    return der::sequence_of({der::sequence_of({der::write(oids::ec_public_key()), parameters_or_name}), der::write_bit_string(point)});
}

std::string PublicKeyInfo::text() const {
    if (type == KeyType::rsa) return fmt::format("RSA {}", bits);
    return fmt::format("EC {}{}", name(curve), encoding == EcEncoding::explicit_parameters ? " (explicit parameters)" : "");
}

}  // namespace idchip::crypto
