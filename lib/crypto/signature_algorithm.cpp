#include <idchip/crypto/key.hpp>

#include <array>

#include <fmt/format.h>

#include "base/try.hpp"
#include "crypto/oids.hpp"

namespace idchip::crypto {
namespace {

struct Row {
    der::Oid oid;
    Scheme scheme;
    HashAlg hash;
};

const std::array<Row, 10>& rows() {
    static const std::array<Row, 10> table = {{
        {der::Oid("1.2.840.113549.1.1.5"), Scheme::rsa_pkcs1, HashAlg::sha1},
        {der::Oid("1.2.840.113549.1.1.14"), Scheme::rsa_pkcs1, HashAlg::sha224},
        {der::Oid("1.2.840.113549.1.1.11"), Scheme::rsa_pkcs1, HashAlg::sha256},
        {der::Oid("1.2.840.113549.1.1.12"), Scheme::rsa_pkcs1, HashAlg::sha384},
        {der::Oid("1.2.840.113549.1.1.13"), Scheme::rsa_pkcs1, HashAlg::sha512},
        {der::Oid("1.2.840.10045.4.1"), Scheme::ecdsa, HashAlg::sha1},
        {der::Oid("1.2.840.10045.4.3.1"), Scheme::ecdsa, HashAlg::sha224},
        {der::Oid("1.2.840.10045.4.3.2"), Scheme::ecdsa, HashAlg::sha256},
        {der::Oid("1.2.840.10045.4.3.3"), Scheme::ecdsa, HashAlg::sha384},
        {der::Oid("1.2.840.10045.4.3.4"), Scheme::ecdsa, HashAlg::sha512},
    }};
    return table;
}

Result<HashAlg> read_hash(const tlv::Reader& parent, const tlv::Element& algorithm) {
    auto r = parent.enter(algorithm);
    return hash_by_oid(TRY(der::read_oid(r)));
}

// RFC 4055, 3.1: RSASSA-PSS-params; every field has a default of its own.
Result<SignatureAlgorithm> read_pss(tlv::Reader& algorithm) {
    SignatureAlgorithm a{Scheme::rsa_pss, HashAlg::sha1, HashAlg::sha1, 20, false};
    if (algorithm.at_end()) return a;
    auto params = algorithm.enter(TRY(algorithm.expect(der::sequence)));
    if (const auto hash = TRY(params.take(der::context_constructed(0)))) {
        auto r = params.enter(*hash);
        a.hash = TRY(read_hash(r, TRY(r.expect(der::sequence))));
    }
    if (const auto mgf = TRY(params.take(der::context_constructed(1)))) {
        auto outer = params.enter(*mgf);
        auto r = outer.enter(TRY(outer.expect(der::sequence)));
        const auto id = TRY(der::read_oid(r));
        if (!(id == oids::mgf1())) return fail(Errc::crypto_unsupported, {}, "mask generation function " + id.dotted());
        a.mgf_hash = TRY(read_hash(r, TRY(r.expect(der::sequence))));
    }
    if (const auto salt = TRY(params.take(der::context_constructed(2)))) {
        auto r = params.enter(*salt);
        const auto length = TRY(der::read_integer(r));
        if (length < 0 || length > 512) return fail(Errc::crypto_unsupported, {}, fmt::format("PSS salt of {} bytes", length));
        a.salt_length = static_cast<std::size_t>(length);
    }
    if (const auto trailer = TRY(params.take(der::context_constructed(3)))) {
        auto r = params.enter(*trailer);
        if (TRY(der::read_integer(r)) != 1) return fail(Errc::crypto_unsupported, {}, "PSS trailer field other than 1");
    }
    TRY(params.expect_end());
    return a;
}

Bytes write_hash(HashAlg hash) { return der::sequence_of({der::write(oid(hash)), der::write_null()}); }

}  // namespace

SignatureAlgorithm SignatureAlgorithm::with_stated_hash(HashAlg digest) const {
    auto stated = *this;
    if (hash_unstated) stated.hash = digest;
    stated.hash_unstated = false;
    return stated;
}

std::string SignatureAlgorithm::text() const {
    if (hash_unstated) return scheme == Scheme::ecdsa ? "ECDSA, hash not stated" : "RSA PKCS#1 v1.5, hash not stated";
    switch (scheme) {
        case Scheme::ecdsa: return fmt::format("ECDSA with {}", name(hash));
        case Scheme::rsa_pkcs1: return fmt::format("RSA PKCS#1 v1.5 with {}", name(hash));
        case Scheme::rsa_pss: return fmt::format("RSASSA-PSS with {}, salt {}", name(hash), salt_length);
    }
    return {};
}

Bytes SignatureAlgorithm::encode() const {
    if (scheme == Scheme::rsa_pss) {
        const auto mgf = der::sequence_of({der::write(oids::mgf1()), write_hash(mgf_hash)});
        const auto params =
            der::sequence_of({tlv::element(der::context_constructed(0), write_hash(hash)), tlv::element(der::context_constructed(1), mgf),
                              tlv::element(der::context_constructed(2), der::write_integer(static_cast<std::int64_t>(salt_length)))});
        return der::sequence_of({der::write(oids::rsa_pss()), params});
    }
    for (const auto& row : rows())
        if (row.scheme == scheme && row.hash == hash) {
            // RFC 3279, 2.2.1 wants NULL for RSA; RFC 5758, 3.2 wants no parameters for ECDSA.
            if (scheme == Scheme::ecdsa) return der::sequence_of({der::write(row.oid)});
            return der::sequence_of({der::write(row.oid), der::write_null()});
        }
    return {};
}

Result<SignatureAlgorithm> SignatureAlgorithm::parse(const tlv::Element& algorithm, tlv::Rules rules) {
    auto outer = tlv::Reader(algorithm.raw, rules, "AlgorithmIdentifier");
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    const auto id = TRY(der::read_oid(r));
    if (id == oids::rsa_pss()) return read_pss(r);
    if (id == oids::rsa_encryption()) return SignatureAlgorithm{Scheme::rsa_pkcs1, HashAlg::sha256, HashAlg::sha256, 0, true};
    if (id == oids::ec_public_key()) return SignatureAlgorithm{Scheme::ecdsa, HashAlg::sha256, HashAlg::sha256, 0, true};
    for (const auto& row : rows())
        if (row.oid == id) return SignatureAlgorithm{row.scheme, row.hash, row.hash, digest_size(row.hash), false};
    static const der::Oid md5_rsa("1.2.840.113549.1.1.4");
    return fail(Errc::crypto_unsupported, {}, id == md5_rsa ? "signature with hash MD5" : "signature algorithm " + id.dotted());
}

}  // namespace idchip::crypto
