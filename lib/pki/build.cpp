// Certificates and CRLs written as Doc 9303-12, 7.1 profiles them.
#include <idchip/pki/crl.hpp>

#include "base/try.hpp"
#include "pki/oids.hpp"

namespace idchip::pki {
namespace {

Bytes extension(const der::Oid& id, bool critical, ByteView value) {
    return der::sequence_of({der::write(id), critical ? der::write_boolean(true) : Bytes(), der::write_octet_string(value)});
}

Bytes implicit_time(unsigned tag, Instant when) {
    auto time = der::write_generalized_time(when);
    time[0] = static_cast<Byte>(der::context(tag));
    return time;
}

// Doc 9303-12, 7.1.1.2: contact information, and a directory name with the country code of the MRZ.
Result<Bytes> alternative_name(const CertificateTemplate& t) {
    const auto locality = TRY(Name::of("L=" + t.country_code));
    const auto directory = tlv::element(der::context_constructed(4), locality.raw);
    const auto mail = tlv::element(der::context(1), as_bytes(t.contact));
    return der::sequence_of({t.contact.empty() ? Bytes() : mail, directory});
}

Bytes distribution_points(const std::string& url) {
    const auto uri = tlv::element(der::context(6), as_bytes(url));
    const auto full_name = tlv::element(der::context_constructed(0), uri);
    return der::sequence_of({der::sequence_of({tlv::element(der::context_constructed(0), full_name)})});
}

Bytes document_type_list(const std::vector<std::string>& types) {
    std::vector<Bytes> members;
    for (const auto& type : types) members.push_back(der::write_printable(type));
    return der::sequence_of({der::write_integer(0), der::set_of(std::move(members))});
}

Bytes purposes(const std::vector<der::Oid>& ids) {
    Bytes list;
    for (const auto& id : ids) append(list, der::write(id));
    return tlv::element(der::sequence, list);
}

Result<Bytes> extensions(const CertificateTemplate& t, const crypto::PublicKey& key) {
    Bytes list;
    append(list, extension(oids::authority_key_identifier(), false, der::sequence_of({tlv::element(der::context(0), t.authority_key_id)})));
    append(list, extension(oids::subject_key_identifier(), false, der::write_octet_string(key_id(key))));
    const auto usage = t.csca ? der::write_named_bits({5, 6}) : der::write_named_bits({0});
    append(list, extension(oids::key_usage(), true, usage));
    append(list, extension(oids::private_key_usage_period(), false,
                           der::sequence_of({implicit_time(0, t.private_key_not_before), implicit_time(1, t.private_key_not_after)})));
    const auto alternative = TRY(alternative_name(t));
    append(list, extension(oids::subject_alt_name(), false, alternative));
    append(list, extension(oids::issuer_alt_name(), false, alternative));
    if (t.csca)
        append(list, extension(oids::basic_constraints(), true, der::sequence_of({der::write_boolean(true), der::write_integer(0)})));
    if (!t.crl_url.empty()) append(list, extension(oids::crl_distribution_points(), false, distribution_points(t.crl_url)));
    if (!t.extended_key_usage.empty()) append(list, extension(oids::extended_key_usage(), true, purposes(t.extended_key_usage)));
    if (t.name_change) append(list, extension(oids::name_change(), false, der::write_null()));
    if (!t.document_types.empty()) append(list, extension(oids::document_type_list(), false, document_type_list(t.document_types)));
    return tlv::element(der::context_constructed(3), tlv::element(der::sequence, list));
}

Result<Bytes> sign(ByteView tbs, const crypto::SigningKey& key, const crypto::SignatureAlgorithm& algorithm) {
    const auto signature = TRY(key.sign(algorithm, tbs));
    return der::sequence_of({tbs, algorithm.encode(), der::write_bit_string(signature)});
}

}  // namespace

Bytes key_id(const crypto::PublicKey& key) {
    const auto& i = key.info();
    if (i.type == crypto::KeyType::ec) return crypto::hash(crypto::HashAlg::sha1, i.point);
    return crypto::hash(crypto::HashAlg::sha1, der::sequence_of({der::write_unsigned(i.n), der::write_unsigned(i.e)}));
}

Result<Bytes> build_certificate(const CertificateTemplate& t, const crypto::PublicKey& subject_key, const crypto::SigningKey& issuer_key,
                                const crypto::SignatureAlgorithm& algorithm) {
    const auto version = tlv::element(der::context_constructed(0), der::write_integer(2));
    const auto validity = der::sequence_of({der::write_time(t.not_before), der::write_time(t.not_after)});
    const auto tbs = der::sequence_of({version, der::write_unsigned(t.serial), algorithm.encode(), t.issuer.raw, validity, t.subject.raw,
                                       subject_key.to_spki(t.ec_encoding), TRY(extensions(t, subject_key))});
    return sign(tbs, issuer_key, algorithm);
}

Result<Bytes> build_crl(const CrlTemplate& t, const crypto::SigningKey& issuer_key, const crypto::SignatureAlgorithm& algorithm) {
    Bytes revoked;
    for (const auto& entry : t.revoked) {
        // No reason: Doc 9303-12, table 10 has no extension for an entry.
        append(revoked, der::sequence_of({der::write_unsigned(entry.serial), der::write_time(entry.when)}));
    }
    const auto list =
        concat({extension(oids::authority_key_identifier(), false, der::sequence_of({tlv::element(der::context(0), t.authority_key_id)})),
                extension(oids::crl_number(), false, der::write_integer(t.number))});
    // RFC 5280, 5.1.2.6: revokedCertificates is absent, not empty, when nothing is revoked.
    const auto tbs = der::sequence_of({der::write_integer(1), algorithm.encode(), t.issuer.raw, der::write_time(t.this_update),
                                       der::write_time(t.next_update), revoked.empty() ? Bytes() : tlv::element(der::sequence, revoked),
                                       tlv::element(der::context_constructed(0), tlv::element(der::sequence, list))});
    return sign(tbs, issuer_key, algorithm);
}

}  // namespace idchip::pki
