#include <idchip/pki/cms.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"
#include "pki/oids.hpp"

namespace idchip::pki {
namespace {

constexpr auto field_rules = tlv::Rules::ber_indefinite;
constexpr std::uint32_t constructed_octet_string = 0x24;

Failure bad(const tlv::Reader& r, std::string detail) { return r.error(Errc::pki_bad_cms, std::move(detail)); }

// X.690, 8.7.3: an OCTET STRING may be cut into segments under BER, and a segment again; the signed octets are the
// concatenation. The depth is the reader's limit.
Result<Bytes> read_octets(const tlv::Reader& parent, const tlv::Element& e, Notes& notes) {
    if (!e.constructed) return to_bytes(e.value);
    notes.push_back({"cms.segmented_octet_string", "eContent", {}});
    Bytes joined;
    std::vector<tlv::Reader> open = {parent.enter(e)};
    while (!open.empty()) {
        if (open.back().at_end()) {
            open.pop_back();
            continue;
        }
        const auto segment = TRY(open.back().next());
        if (segment.tag == constructed_octet_string) open.push_back(open.back().enter(segment));
        else if (segment.tag == der::octet_string) append(joined, segment.value);
        else return bad(open.back(), "segment of an OCTET STRING is not one: tag " + tlv::tag_text(segment.tag));
    }
    return joined;
}

// RFC 5652, 11.3: UTCTime until 2049.
Result<void> read_signing_time(const tlv::Element& e, SignerInfo& signer, Notes& notes) {
    const auto time = der::read_time(e);
    if (!time) {
        signer.signing_time_malformed = true;
        return {};
    }
    signer.signing_times.push_back(*time);
    if (e.tag == der::generalized_time && date_of(*time).year < 2050)
        notes.push_back({"cms.signing_time_form", "SignerInfo/signingTime", "GeneralizedTime before 2050"});
    return {};
}

Result<void> read_attribute(tlv::Reader r, SignerInfo& signer, Notes& notes) {
    const auto type = TRY(der::read_oid(r));
    auto values = r.enter(TRY(r.expect(der::set)));
    while (!values.at_end()) {
        if (type == oids::attribute_content_type()) {
            signer.content_types.push_back(TRY(der::read_oid(values)));
        } else if (type == oids::attribute_message_digest()) {
            signer.message_digests.push_back(to_bytes(TRY(der::read_octet_string(values))));
        } else if (type == oids::attribute_signing_time()) {
            TRY(read_signing_time(TRY(values.next()), signer, notes));
        } else {
            TRY(values.next());
        }
    }
    return {};
}

Result<SignerInfo> read_signer(tlv::Reader r, Notes& notes) {
    SignerInfo s;
    s.version = TRY(der::read_integer(r));
    if (const auto key = TRY(r.take(der::context(0)))) {
        s.subject_key_id = to_bytes(key->value);
    } else {
        auto sid = r.enter(TRY(r.expect(der::sequence)));
        s.issuer = TRY(Name::parse(TRY(sid.expect(der::sequence)).raw));
        s.serial = to_bytes(TRY(sid.expect(der::integer)).value);
    }
    // RFC 5652, 5.3: version 1 for issuerAndSerialNumber, 3 for subjectKeyIdentifier.
    if (s.version != (s.subject_key_id ? 3 : 1))
        notes.push_back({"cms.signer_version", "SignerInfo", fmt::format("version {}", s.version)});
    auto digest = r.enter(TRY(r.expect(der::sequence)));
    auto hash = crypto::hash_by_oid(TRY(der::read_oid(digest)));
    if (hash) s.digest_alg = *hash;
    else s.digest_error = std::move(hash.error());
    if (const auto attributes = TRY(r.take(der::context_constructed(0)))) {
        s.has_signed_attributes = true;
        s.signed_attributes = tlv::element(der::set, attributes->value);
        if (!attributes->minimal_length || attributes->indefinite)
            notes.push_back({"cms.signed_attributes_not_der", "SignerInfo/signedAttrs", {}});
        auto list = r.enter(*attributes);
        while (!list.at_end()) TRY(read_attribute(list.enter(TRY(list.expect(der::sequence))), s, notes));
    }
    auto algorithm = crypto::SignatureAlgorithm::parse(TRY(r.expect(der::sequence)), field_rules);
    if (algorithm) s.signature_algorithm = *algorithm;
    else s.algorithm_error = std::move(algorithm.error());
    s.signature = to_bytes(TRY(der::read_octet_string(r)));
    s.has_unsigned_attributes = TRY(r.take(der::context_constructed(1))).has_value();
    TRY(r.expect_end());
    return s;
}

// Certificates of other kinds (attribute certificates, [0] to [3]) are passed over; one that does not parse is noted.
Result<void> read_certificates(tlv::Reader r, SignedData& data) {
    while (!r.at_end()) {
        const auto e = TRY(r.next());
        if (e.tag != der::sequence) {
            data.notes.push_back({"cms.other_certificate_kind", "certificates", tlv::tag_text(e.tag)});
            continue;
        }
        auto certificate = Certificate::parse(e.raw);
        if (certificate) data.certificates.push_back(std::move(*certificate));
        else data.notes.push_back({"cms.certificate_unreadable", "certificates", certificate.error().message()});
    }
    return {};
}

// `but` is passed over: certificates are judged by their own strict reader.
bool is_der(ByteView content_info, ByteView but) {
    // The walk under strict rules over every constructed element; used to note BER, never to reject it.
    std::vector<tlv::Reader> open;
    open.emplace_back(content_info, tlv::Rules::der, "CMS");
    while (!open.empty()) {
        auto& r = open.back();
        if (r.at_end()) {
            open.pop_back();
            continue;
        }
        const auto e = r.next();
        if (!e || (e->constructed && e->tag == constructed_octet_string)) return false;
        if (e->constructed && e->raw.data() != but.data()) {
            auto inner = r.enter(*e);
            open.push_back(std::move(inner));
        }
    }
    return true;
}

// RFC 5652, 10.2.3: a SET OF, so each certificate once and in the order of DER; the tag is the field's.
Bytes certificate_set(const Certificate& signer, const std::vector<Certificate>& others) {
    std::vector<Bytes> members = {signer.raw};
    for (const auto& c : others)
        if (std::find(members.begin(), members.end(), c.raw) == members.end()) members.push_back(c.raw);
    auto set = der::set_of(std::move(members));
    set[0] = static_cast<Byte>(der::context_constructed(0));
    return set;
}

}  // namespace

Result<SignedData> SignedData::parse(ByteView content_info) {
    SignedData data;
    tlv::Reader outer(content_info, field_rules, "CMS");
    const auto whole = TRY(outer.expect(der::sequence));
    auto info = outer.enter(whole);
    if (!outer.at_end()) data.notes.push_back({"cms.trailing_bytes", "CMS", fmt::format("{} bytes", outer.rest().size())});
    const auto type = TRY(der::read_oid(info));
    if (!(type == oids::signed_data())) return bad(info, "content type " + type.dotted() + " is not SignedData");
    auto wrapper = info.enter(TRY(info.expect(der::context_constructed(0))));
    auto r = wrapper.enter(TRY(wrapper.expect(der::sequence)));
    const auto first_note = data.notes.size();
    data.version = TRY(der::read_integer(r));
    if (data.version != 3) data.notes.push_back({"cms.version", "SignedData", fmt::format("version {}", data.version)});
    TRY(r.expect(der::set));  // digestAlgorithms: a hint for one-pass processing
    auto encapsulated = r.enter(TRY(r.expect(der::sequence)));
    data.content_type = TRY(der::read_oid(encapsulated));
    const auto content = TRY(encapsulated.take(der::context_constructed(0)));
    if (!content) return bad(encapsulated, "no content");
    auto octets = encapsulated.enter(*content);
    const auto octet_string = TRY(octets.next());
    if (octet_string.tag != der::octet_string && octet_string.tag != constructed_octet_string)
        return bad(octets, "content is not an OCTET STRING");
    TRY(octets.expect_end());  // a second content would be one that nobody has signed
    data.content = TRY(read_octets(octets, octet_string, data.notes));
    const auto certificates = TRY(r.take(der::context_constructed(0)));
    if (!is_der(whole.raw, certificates ? certificates->raw : ByteView())) {
        data.notes.push_back({"cms.not_der", "CMS", "BER where DER is required"});
        std::rotate(data.notes.begin() + static_cast<std::ptrdiff_t>(first_note), data.notes.end() - 1, data.notes.end());
    }
    if (certificates) TRY(read_certificates(r.enter(*certificates), data));
    data.has_crls = TRY(r.take(der::context_constructed(1))).has_value();
    if (data.has_crls) data.notes.push_back({"cms.crls_present", "SignedData/crls", "not used"});
    auto signers = r.enter(TRY(r.expect(der::set)));
    while (!signers.at_end()) data.signers.push_back(TRY(read_signer(signers.enter(TRY(signers.expect(der::sequence))), data.notes)));
    TRY(r.expect_end());
    return data;
}

std::vector<const Certificate*> SignedData::candidates(const SignerInfo& signer) const {
    std::vector<const Certificate*> found;
    for (const auto& c : certificates) {
        const bool named = signer.subject_key_id ? c.subject_key_id && equal(*c.subject_key_id, *signer.subject_key_id)
                                                 : signer.issuer->matches(c.issuer) && equal(signer.serial, c.serial);
        if (named) found.push_back(&c);
    }
    return found;
}

SignatureCheck check_signature(const SignedData& data, const SignerInfo& signer, const crypto::PublicKey& key) {
    SignatureCheck check;
    const auto refuse = [&check](Errc code, std::string where, std::string detail) {
        check.failure = Error(code, std::move(where), std::move(detail));
        return check;
    };
    if (!signer.digest_alg) {
        check.failure = signer.digest_error;
        return check;
    }
    if (!signer.signature_algorithm) {
        check.failure = signer.algorithm_error;
        return check;
    }
    // Doc 9303-10, table 37: signedAttrs are required, and RFC 5652, 5.3 makes both attributes mandatory then.
    if (!signer.has_signed_attributes) return refuse(Errc::pki_bad_cms, "SignerInfo", "no signed attributes");
    if (signer.content_types.size() != 1 || !(signer.content_types[0] == data.content_type))
        return refuse(Errc::pki_bad_cms, "SignerInfo/contentType",
                      signer.content_types.empty() ? "attribute missing" : "attribute does not name the content's type once");
    if (signer.message_digests.size() != 1)
        return refuse(Errc::pki_bad_cms, "SignerInfo/messageDigest",
                      signer.message_digests.empty() ? "attribute missing" : "attribute stands more than once");
    if (!equal(signer.message_digests[0], crypto::hash(*signer.digest_alg, data.content)))
        return refuse(Errc::crypto_bad_signature, "SignerInfo/messageDigest", "the content is not what was signed");

    const auto algorithm = signer.signature_algorithm->with_stated_hash(*signer.digest_alg);
    if (signer.signature_algorithm->hash_unstated) {
        check.notes.push_back({"cms.signature_without_hash", "SignerInfo/signatureAlgorithm", algorithm.text()});
    } else if (algorithm.hash != *signer.digest_alg) {
        check.notes.push_back({"cms.digest_differs_from_signature_hash", "SignerInfo",
                               fmt::format("{} and {}", name(*signer.digest_alg), name(algorithm.hash))});
    }
    if (algorithm.scheme == crypto::Scheme::rsa_pss && algorithm.mgf_hash != algorithm.hash)
        check.notes.push_back({"cms.pss_mgf_differs", "SignerInfo/signatureAlgorithm", algorithm.text()});
    const auto verified = key.verify(algorithm, signer.signed_attributes, signer.signature);
    if (!verified) {
        check.failure = verified.error();
        check.failure->where = "SignerInfo/signature";
    }
    return check;
}

Result<Bytes> build_signed_data(const der::Oid& content_type, ByteView content, ContentSigner& signer,
                                std::optional<Instant> signing_time) {
    return build_signed_data(content_type, content, signer, signing_time, {});
}

Result<Bytes> build_signed_data(const der::Oid& content_type, ByteView content, ContentSigner& signer, std::optional<Instant> signing_time,
                                const SignedDataExtras& extras) {
    const auto algorithm = signer.algorithm();
    const auto digest_algorithm = der::sequence_of({der::write(crypto::oid(algorithm.hash))});
    const auto attribute = [](const der::Oid& type, ByteView value) {
        return der::sequence_of({der::write(type), tlv::element(der::set, value)});
    };
    std::vector<Bytes> attributes = {
        attribute(oids::attribute_content_type(), der::write(content_type)),
        attribute(oids::attribute_message_digest(), der::write_octet_string(crypto::hash(algorithm.hash, content)))};
    if (signing_time) attributes.push_back(attribute(oids::attribute_signing_time(), der::write_time(*signing_time)));
    const auto signed_attributes = der::set_of(std::move(attributes));
    const auto signature = TRY(signer.sign(signed_attributes));

    auto implicit_attributes = signed_attributes;
    implicit_attributes[0] = static_cast<Byte>(der::context_constructed(0));
    const auto& certificate = signer.certificate();
    const bool by_key_id = extras.signer_by_key_id && certificate.subject_key_id;
    const auto sid = by_key_id ? tlv::element(der::context(0), *certificate.subject_key_id)
                               : der::sequence_of({certificate.issuer.raw, tlv::element(der::integer, certificate.serial)});
    const auto signer_info = der::sequence_of({der::write_integer(by_key_id ? 3 : 1), sid, digest_algorithm, implicit_attributes,
                                               algorithm.encode(), der::write_octet_string(signature)});
    const auto encapsulated =
        der::sequence_of({der::write(content_type), tlv::element(der::context_constructed(0), der::write_octet_string(content))});
    // RFC 5652, 5.1: version 1 only for plain data whose signer is named by issuer and number.
    const auto version = content_type == oids::data() && !by_key_id ? 1 : 3;
    const auto signed_data = der::sequence_of({der::write_integer(version), tlv::element(der::set, digest_algorithm), encapsulated,
                                               certificate_set(certificate, extras.certificates), tlv::element(der::set, signer_info)});
    return der::sequence_of({der::write(oids::signed_data()), tlv::element(der::context_constructed(0), signed_data)});
}

}  // namespace idchip::pki
