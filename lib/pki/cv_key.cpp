#include <idchip/pki/cv_key.hpp>

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include <idchip/crypto/key_agreement.hpp>

#include "base/try.hpp"
#include "pki/cv_tags.hpp"

namespace idchip::pki {
namespace {

using crypto::Curve;
using crypto::HashAlg;
using crypto::Scheme;

constexpr std::size_t least_rsa_bits = 1024, most_rsa_bits = 4096, most_exponent_bytes = 4;

CvAlgorithm row(std::string_view arc, std::string_view name, Scheme scheme, HashAlg hash, bool in_doc9303) {
    return {der::Oid("0.4.0.127.0.7.2.2.2." + std::string(arc)), "id-TA-" + std::string(name),
            crypto::SignatureAlgorithm{scheme, hash, hash, crypto::digest_size(hash), false}, in_doc9303};
}

ByteView shortest(ByteView number) {
    while (number.size() > 1 && number[0] == 0) number = number.subspan(1);
    return number;
}

std::size_t bit_length(ByteView number) {
    return number.empty() ? 0 : 8 * (number.size() - 1) + static_cast<std::size_t>(std::bit_width(number[0]));
}

// Objects 81 to 85 in their one right form (9303-11, 9.4.4). The cofactor comes behind the point.
Bytes domain_parameters(Curve curve) {
    const auto& k = crypto::parameters(curve);
    return concat({tlv::element(0x81, shortest(k.p)), tlv::element(0x82, shortest(k.a)), tlv::element(0x83, shortest(k.b)),
                   tlv::element(0x84, {Bytes{4}, k.generator_x, k.generator_y}), tlv::element(0x85, shortest(k.order))});
}

// A forged generator or a wrong order must not pass for the real curve, so all is compared.
std::optional<Curve> known_curve(ByteView parameters) {
    for (int i = 0; i <= static_cast<int>(Curve::bp512r1); ++i)
        if (const auto curve = static_cast<Curve>(i); equal(domain_parameters(curve), parameters)) return curve;
    return std::nullopt;
}

Failure bad(const tlv::Reader& at, std::string detail) { return at.error(Errc::cvc_bad_certificate, std::move(detail)); }

// 9303-11, 9.4.1
Result<Bytes> read_unsigned(tlv::Reader& r, std::uint32_t tag) {
    const auto e = TRY(r.expect(tag));
    if (e.value.empty() || e.value[0] == 0) return bad(r, tlv::tag_text(tag) + " is no unsigned integer in its shortest form");
    return to_bytes(e.value);
}

Result<void> read_rsa(tlv::Reader& r, CvPublicKey& key) {
    key.modulus = TRY(read_unsigned(r, 0x81));
    key.exponent = TRY(read_unsigned(r, 0x82));
    const auto bits = bit_length(key.modulus);
    if (bits < least_rsa_bits || bits > most_rsa_bits) return bad(r, fmt::format("RSA modulus of {} bits", bits));
    if (key.exponent.size() > most_exponent_bytes) return bad(r, "RSA exponent of more than 32 bits");
    return {};
}

Result<void> read_ec(tlv::Reader& r, CvPublicKey& key) {
    const auto start = r.rest();
    const bool explicit_parameters = TRY(r.take(0x81)).has_value();
    if (explicit_parameters) {
        for (const std::uint32_t tag : {0x82U, 0x83U, 0x84U, 0x85U}) TRY(r.expect(tag));
        key.curve = known_curve(start.first(start.size() - r.rest().size()));
        if (!key.curve) return bad(r, "domain parameters that equal no known curve");
    }
    const auto point = TRY(r.expect(0x86)).value;
    if (point.size() % 2 == 0 || point[0] != 4 || point.size() > 1 + 2 * crypto::field_size(Curve::p521))
        return bad(r, "the public point is not uncompressed");
    key.public_point = to_bytes(point);
    if (const auto cofactor = TRY(r.take(0x87))) {
        if (!explicit_parameters) return bad(r, "a cofactor without domain parameters");
        if (!equal(cofactor->value, tlv::shortest_number(crypto::parameters(*key.curve).cofactor))) return bad(r, "wrong cofactor");
    }
    return {};
}

}  // namespace

const std::vector<CvAlgorithm>& cv_algorithms() {
    static const std::vector<CvAlgorithm> table = {
        row("1.1", "RSA-v1-5-SHA-1", Scheme::rsa_pkcs1, HashAlg::sha1, false),
        row("1.2", "RSA-v1-5-SHA-256", Scheme::rsa_pkcs1, HashAlg::sha256, false),
        row("1.3", "RSA-PSS-SHA-1", Scheme::rsa_pss, HashAlg::sha1, false),
        row("1.4", "RSA-PSS-SHA-256", Scheme::rsa_pss, HashAlg::sha256, true),
        row("1.5", "RSA-v1-5-SHA-512", Scheme::rsa_pkcs1, HashAlg::sha512, false),
        row("1.6", "RSA-PSS-SHA-512", Scheme::rsa_pss, HashAlg::sha512, true),
        row("2.1", "ECDSA-SHA-1", Scheme::ecdsa, HashAlg::sha1, false),
        row("2.2", "ECDSA-SHA-224", Scheme::ecdsa, HashAlg::sha224, true),
        row("2.3", "ECDSA-SHA-256", Scheme::ecdsa, HashAlg::sha256, true),
        row("2.4", "ECDSA-SHA-384", Scheme::ecdsa, HashAlg::sha384, true),
        row("2.5", "ECDSA-SHA-512", Scheme::ecdsa, HashAlg::sha512, true),
    };
    return table;
}

std::optional<CvAlgorithm> CvAlgorithm::of(const der::Oid& oid) {
    for (const auto& a : cv_algorithms())
        if (a.oid == oid) return a;
    return std::nullopt;
}

std::optional<CvAlgorithm> CvAlgorithm::by_name(std::string_view name) {
    for (const auto& a : cv_algorithms())
        if (a.name == name) return a;
    return std::nullopt;
}

CvAlgorithm CvAlgorithm::suited_to(const crypto::PublicKeyInfo& key) {
    if (key.type == crypto::KeyType::rsa) return *by_name("id-TA-RSA-PSS-SHA-256");
    const auto hash = key.bits > 384 ? 512 : key.bits > 256 ? 384 : key.bits > 224 ? 256 : 224;
    return *by_name(fmt::format("id-TA-ECDSA-SHA-{}", hash));
}

CvListing listing(const CvAlgorithm& algorithm, std::size_t bits) {
    const auto one_of = [bits](std::initializer_list<std::size_t> sizes) {
        return std::find(sizes.begin(), sizes.end(), bits) != sizes.end();
    };
    const bool size_in_doc9303 = algorithm.is_ec() ? one_of({224, 256, 320, 384, 512}) : one_of({2048, 3072});
    if (size_in_doc9303) return algorithm.in_doc9303 ? CvListing::doc9303 : CvListing::tr03110_only;
    const bool size_in_tr03110 = algorithm.is_ec() ? one_of({160, 192}) : one_of({1024, 1280, 1536});
    return size_in_tr03110 ? CvListing::tr03110_only : CvListing::none;
}

Result<CvPublicKey> CvPublicKey::parse(tlv::Reader r) {
    const auto oid = TRY(der::read_oid(r));
    const auto algorithm = CvAlgorithm::of(oid);
    if (!algorithm) return r.error(Errc::crypto_unsupported, "public key of the kind " + oid.dotted());
    CvPublicKey key;
    key.algorithm = *algorithm;
    TRY(algorithm->is_ec() ? read_ec(r, key) : read_rsa(r, key));
    TRY(r.expect_end());
    // Without a curve only the certificate above can tell whether the point lies on it.
    if (!algorithm->is_ec() || key.curve) {
        const auto usable = key.key({});
        if (!usable) return r.error(usable.error().code, usable.error().detail);
    }
    return key;
}

CvPublicKey CvPublicKey::of(const CvAlgorithm& algorithm, const crypto::PublicKeyInfo& info, bool with_domain_parameters) {
    CvPublicKey key;
    key.algorithm = algorithm;
    if (info.type == crypto::KeyType::rsa) {
        key.modulus = to_bytes(shortest(info.n));
        key.exponent = to_bytes(shortest(info.e));
    } else {
        key.public_point = info.point;
        if (with_domain_parameters) key.curve = info.curve;
    }
    return key;
}

Bytes CvPublicKey::encode() const {
    const auto oid = der::write(algorithm.oid);
    if (!algorithm.is_ec()) return tlv::element(cv_tag::public_key, {oid, tlv::element(0x81, modulus), tlv::element(0x82, exponent)});
    const auto point = tlv::element(0x86, public_point);
    if (!curve) return tlv::element(cv_tag::public_key, {oid, point});
    const auto cofactor = tlv::element(0x87, tlv::shortest_number(crypto::parameters(*curve).cofactor));
    return tlv::element(cv_tag::public_key, {oid, domain_parameters(*curve), point, cofactor});
}

std::size_t CvPublicKey::bits() const {
    if (!algorithm.is_ec()) return bit_length(modulus);
    const auto size = (public_point.size() - 1) / 2;
    return size == crypto::field_size(Curve::p521) ? 521 : 8 * size;
}

bool CvPublicKey::is(const crypto::PublicKeyInfo& info) const {
    if (!algorithm.is_ec())
        return info.type == crypto::KeyType::rsa && equal(shortest(info.n), modulus) && equal(shortest(info.e), exponent);
    return info.type == crypto::KeyType::ec && info.point == public_point && (!curve || info.curve == *curve);
}

Result<crypto::PublicKey> CvPublicKey::key(const std::optional<Curve>& inherited) const {
    if (!algorithm.is_ec()) return crypto::PublicKey::from_rsa(modulus, exponent);
    const auto on = curve ? curve : inherited;
    if (!on) return fail(Errc::cvc_not_valid, {}, "no domain parameters: they come from the CVCA, and nobody gave them");
    return crypto::PublicKey::from_ec_point(*on, public_point, curve ? crypto::EcEncoding::explicit_parameters : crypto::EcEncoding::named);
}

CvSigner cv_signer(std::shared_ptr<const crypto::SigningKey> key, const CvAlgorithm& algorithm) {
    return [key = std::move(key), a = algorithm](ByteView message) -> Result<Bytes> {
        auto signature = TRY(key->sign(a.signature, message));
        if (!a.is_ec()) return signature;
        return crypto::ecdsa_der_to_plain(key->public_key().info().curve, signature);
    };
}

Result<void> cv_verify(const CvAlgorithm& algorithm, const crypto::PublicKey& key, ByteView message, ByteView signature) {
    if (!algorithm.is_ec() || key.info().type != crypto::KeyType::ec) return key.verify(algorithm.signature, message, signature);
    return key.verify(algorithm.signature, message, TRY(crypto::ecdsa_plain_to_der(key.info().curve, signature)));
}

}  // namespace idchip::pki
