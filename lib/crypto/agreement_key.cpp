// Static keys for key agreement inside SubjectPublicKeyInfo (Doc 9303-11, 9.5 and 9.6).
#include <idchip/crypto/key_agreement.hpp>

#include <fmt/format.h>

#include "base/try.hpp"
#include "crypto/domain_impl.hpp"
#include "crypto/oids.hpp"
#include "crypto/spki.hpp"

namespace idchip::crypto {
namespace {

Failure bad_key(std::string detail) { return fail(Errc::crypto_bad_key, {}, std::move(detail)); }

Result<ByteView> read_positive(tlv::Reader& r) {
    const auto n = TRY(der::read_big_integer(r));
    if (n[0] >= 0x80) return bad_key("negative number in a Diffie-Hellman key");
    return n;
}

// BIT STRING that holds an INTEGER: PKCS #3 and X9.42 alike.
Result<Bytes> read_dh_value(ByteView bits) {
    tlv::Reader r(bits, tlv::Rules::der, "DHPublicKey");
    auto y = TRY(read_positive(r));
    TRY(r.expect_end());
    if (y[0] == 0 && y.size() > 1) y = y.subspan(1);
    return to_bytes(y);
}

struct EncodedDomain {
    Domain domain;
    AgreementEncoding encoding;
};

Result<EncodedDomain> read_dh(tlv::Reader& algorithm, AgreementEncoding encoding) {
    auto r = algorithm.enter(TRY(algorithm.expect(der::sequence)));
    DhParameters parameters;
    parameters.p = to_bytes(TRY(read_positive(r)));
    parameters.g = to_bytes(TRY(read_positive(r)));
    if (encoding == AgreementEncoding::x9_42) parameters.q = to_bytes(TRY(read_positive(r)));
    // Behind them stand PKCS #3's privateValueLength or X9.42's j and validation parameters, which bind nobody.
    return EncodedDomain{TRY(Domain::dh(std::move(parameters))), encoding};
}

// The contents of an AlgorithmIdentifier.
Result<EncodedDomain> read_domain(tlv::Reader algorithm) {
    const auto id = TRY(der::read_oid(algorithm));
    if (id == oids::dh_key_agreement()) return read_dh(algorithm, AgreementEncoding::explicit_parameters);
    if (id == oids::dh_public_number()) return read_dh(algorithm, AgreementEncoding::x9_42);
    if (id == oids::standardized_domain_parameters()) {
        const auto number = TRY(der::read_integer(algorithm));
        auto domain = Domain::standardized(number);
        if (!domain) return fail(Errc::crypto_unsupported, {}, fmt::format("standardized domain parameters {}", number));
        return EncodedDomain{std::move(*domain), AgreementEncoding::standardized};
    }
    if (!(id == oids::ec_public_key())) return fail(Errc::crypto_unsupported, {}, "key agreement algorithm " + id.dotted());
    const auto [curve, encoding] = TRY(read_ec_parameters(algorithm));
    const bool named = encoding == EcEncoding::named;
    return EncodedDomain{Domain::ecdh(curve), named ? AgreementEncoding::named_curve : AgreementEncoding::explicit_parameters};
}

Bytes dh_parameters(const DhParameters& d, AgreementEncoding encoding) {
    const bool x9_42 = encoding == AgreementEncoding::x9_42;
    return der::sequence_of({der::write_unsigned(d.p), der::write_unsigned(d.g), x9_42 ? der::write_unsigned(d.q) : Bytes()});
}

}  // namespace

std::string_view name(AgreementEncoding encoding) {
    switch (encoding) {
        case AgreementEncoding::explicit_parameters: return "explicit parameters";
        case AgreementEncoding::named_curve: return "named curve";
        case AgreementEncoding::standardized: return "standardized domain parameters";
        case AgreementEncoding::x9_42: return "X9.42";
    }
    return {};
}

Result<Domain> Domain::known(ByteView algorithm_identifier) {
    tlv::Reader outer(algorithm_identifier, tlv::Rules::der, "AlgorithmIdentifier");
    auto found = TRY(read_domain(outer.enter(TRY(outer.expect(der::sequence)))));
    if (!found.domain.is_ec() && known_group(found.domain.dh_parameters().p, found.domain.dh_parameters().g) == nullptr)
        return fail(Errc::crypto_unsupported, {}, "Diffie-Hellman group that is not known");
    return std::move(found.domain);
}

Result<AgreementKey> AgreementKey::from_spki(ByteView spki) {
    tlv::Reader outer(spki, tlv::Rules::der, "SubjectPublicKeyInfo");
    auto r = outer.enter(TRY(outer.expect(der::sequence)));
    TRY(outer.expect_end());
    auto [domain, encoding] = TRY(read_domain(r.enter(TRY(r.expect(der::sequence)))));
    const auto bits = TRY(der::read_bit_string(TRY(r.expect(der::bit_string))));
    TRY(r.expect_end());
    auto public_value = domain.is_ec() ? to_bytes(bits) : TRY(read_dh_value(bits));
    TRY(domain.check(public_value));
    return AgreementKey{std::move(domain), std::move(public_value), encoding};
}

Bytes AgreementKey::to_spki() const {
    if (encoding == AgreementEncoding::standardized) {
        const auto value = domain.is_ec() ? public_value : der::write_unsigned(public_value);
        const auto algorithm = der::sequence_of(
            {der::write(oids::standardized_domain_parameters()), der::write_integer(domain.standardized_id().value_or(-1))});
        return der::sequence_of({algorithm, der::write_bit_string(value)});
    }
    if (!domain.is_ec()) {
        const auto& id = encoding == AgreementEncoding::x9_42 ? oids::dh_public_number() : oids::dh_key_agreement();
        const auto algorithm = der::sequence_of({der::write(id), dh_parameters(domain.dh_parameters(), encoding)});
        return der::sequence_of({algorithm, der::write_bit_string(der::write_unsigned(public_value))});
    }
    const bool named = encoding == AgreementEncoding::named_curve;
    return write_ec_spki(domain.curve(), public_value, named ? EcEncoding::named : EcEncoding::explicit_parameters);
}

}  // namespace idchip::crypto
