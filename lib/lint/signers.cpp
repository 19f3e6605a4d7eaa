// SignerInfo: RFC 5652, 5.3, as Doc 9303-10, table 37 and Doc 9303-12, tables 18 and 19 profile it.
#include <algorithm>

#include <fmt/format.h>

#include "lint/oids.hpp"
#include "lint/parts.hpp"
#include "lint/signed_data.hpp"

namespace idchip::lint {
namespace {

struct Signing {
    const SignedList& list;
    const pki::SignerInfo& info;
    const RawSigner& raw;
    std::string where;
};

const RawCmsAttribute* find(const RawSigner& signer, const der::Oid& type) {
    const auto at =
        std::find_if(signer.attributes.begin(), signer.attributes.end(), [&](const RawCmsAttribute& a) { return a.type == type; });
    return at == signer.attributes.end() ? nullptr : &*at;
}

const Included* certificate_of(const Signing& s) {
    for (const auto& included : s.list.certificates) {
        const auto& c = included.certificate;
        if (s.info.subject_key_id) {
            const auto id = content(c.extensions, pki::oids::subject_key_identifier(), read_subject_key_id);
            if (id && equal(*id, *s.info.subject_key_id)) return &included;
        } else if (const auto issuer = pki::Name::parse(c.issuer.raw);
                   issuer && issuer->matches(*s.info.issuer) && equal(c.serial, s.info.serial)) {
            return &included;
        }
    }
    return nullptr;
}

void check_identifier(const Signing& s, Findings& f) {
    const bool by_key = s.info.subject_key_id.has_value();
    f.want(s.info.version == (by_key ? 3 : 1), Rule::cms_signer_version, s.where + "/version", fmt::format("version {}", s.info.version));
    if (s.list.kind == Kind::sod) f.want(!by_key, Rule::sod_sid_key_id, s.where + "/sid");
    else f.want(by_key, Rule::cms_sid_issuer_serial, s.where + "/sid");
}

void check_digest(const Signing& s, Findings& f) {
    check_digest_algorithm(s.raw.digest_algorithm, s.list.kind, s.where + "/digestAlgorithm", f);
    const auto& listed = s.list.raw.digest_algorithms;
    const auto same_id = [&](ByteView identifier) {
        const auto id = [](ByteView sequence) {
            tlv::Reader outer(sequence, lenient, "");
            const auto e = outer.next();
            auto r = outer.enter(e ? *e : tlv::Element());
            return der::read_oid(r);
        };
        const auto a = id(identifier), b = id(s.raw.digest_algorithm);
        return a && b && *a == *b;
    };
    f.want(std::any_of(listed.begin(), listed.end(), same_id), Rule::cms_digest_algorithms, "digestAlgorithms");
}

// RFC 5652, 11: each of the three stands at most once, with one value.
void check_attribute_forms(const Signing& s, Findings& f) {
    const auto where = s.where + "/signedAttrs";
    for (const auto& type :
         {pki::oids::attribute_content_type(), pki::oids::attribute_message_digest(), pki::oids::attribute_signing_time()}) {
        std::size_t count = 0, values = 0;
        for (const auto& a : s.raw.attributes) {
            if (!(a.type == type)) continue;
            ++count;
            values += a.values.size();
        }
        f.want(count <= 1 && values == count, Rule::cms_attribute_twice, where, fmt::format("{}: {} values", type.dotted(), values));
        if (!(type == pki::oids::attribute_signing_time())) f.want(count > 0, Rule::cms_attribute_missing, where, type.dotted());
    }
}

void check_attributes(const Signing& s, Findings& f) {
    const auto where = s.where + "/signedAttrs";
    if (!s.info.has_signed_attributes) {
        f.add(Rule::cms_no_signed_attributes, where);
        return;
    }
    check_attribute_forms(s, f);
    const auto& data = s.list.data;
    for (const auto& type : s.info.content_types) f.want(type == data.content_type, Rule::cms_content_type_attribute, where, type.dotted());
    if (s.info.digest_alg && !s.info.message_digests.empty())
        f.want(equal(s.info.message_digests[0], crypto::hash(*s.info.digest_alg, data.content)), Rule::cms_message_digest, where);
    if (const auto* time = find(s.raw, pki::oids::attribute_signing_time()); time == nullptr)
        f.add(s.list.kind == Kind::sod ? Rule::sod_no_signing_time : Rule::cms_signing_time_missing, where);
    else if (!time->values.empty()) check_time(time->values[0], where + "/signingTime", f);
}

bool is_right_kind(Kind list, Kind signer) {
    return signer == (list == Kind::sod           ? Kind::document_signer
                      : list == Kind::master_list ? Kind::master_list_signer
                                                  : Kind::deviation_list_signer);
}

// The private key may sign in its usage period, or as long as the certificate is valid where there is none.
bool in_use(const RawCertificate& c, Instant when) {
    const auto period = content(c.extensions, pki::oids::private_key_usage_period(), read_usage_period).value_or(UsagePeriod());
    const auto time = [](tlv::Element e, bool implicit) {
        if (implicit) e.tag = der::generalized_time;
        return der::read_time(e);
    };
    const auto from = period.not_before ? time(*period.not_before, true) : time(c.not_before, false);
    const auto until = period.not_after ? time(*period.not_after, true) : time(c.not_after, false);
    return (!from || *from <= when) && (!until || when <= *until);
}

void check_against(const Included& signer, const Signing& s, Findings& f) {
    const auto& c = signer.certificate;
    f.want(is_right_kind(s.list.kind, signer.kind), Rule::cms_signer_kind, s.where + "/sid", name(signer.kind));
    if (s.info.signing_times.size() == 1)
        f.want(in_use(c, s.info.signing_times[0]), Rule::cms_signing_time_outside, s.where + "/signedAttrs/signingTime",
               to_iso(s.info.signing_times[0]));
    const auto key = crypto::PublicKey::from_spki(c.spki);
    if (!key || !s.info.signature_algorithm || !s.info.digest_alg || !s.info.has_signed_attributes) return;
    const auto algorithm = s.info.signature_algorithm->with_stated_hash(*s.info.digest_alg);
    if (!check_fit(algorithm, key->info(), s.where + "/signatureAlgorithm", f)) return;
    f.want(key->verify(algorithm, s.info.signed_attributes, s.info.signature).has_value(), Rule::sig_wrong, s.where + "/signature");
}

}  // namespace

std::string check_signers(const SignedList& list, bool legacy, Findings& f) {
    const auto count = std::min(list.data.signers.size(), list.raw.signers.size());
    f.want(count > 0, Rule::cms_no_signer, "signerInfos");
    f.want(count <= 1, Rule::cms_several_signers, "signerInfos", fmt::format("{} of them", count));
    for (std::size_t i = 0; i < list.raw.digest_algorithms.size(); ++i)
        check_digest_algorithm(list.raw.digest_algorithms[i], list.kind, fmt::format("digestAlgorithms/{}", i), f);
    std::string signer;
    for (std::size_t i = 0; i < count; ++i) {
        const Signing s{list, list.data.signers[i], list.raw.signers[i], fmt::format("signerInfos/{}", i)};
        check_identifier(s, f);
        check_digest(s, f);
        check_algorithm(s.raw.signature_algorithm, s.where + "/signatureAlgorithm", f, true);
        check_attributes(s, f);
        if (s.info.has_unsigned_attributes && list.kind == Kind::sod) f.add(Rule::sod_unsigned_attributes, s.where + "/unsignedAttrs");
        if (s.info.has_unsigned_attributes && list.kind == Kind::deviation_list)
            f.add(Rule::dl_unsigned_attributes, s.where + "/unsignedAttrs");
        const auto* c = certificate_of(s);
        if (c != nullptr) check_against(*c, s, f);
        else f.add(legacy ? Rule::sod_v0_no_certificate : Rule::cms_no_signer_certificate, "certificates");
        if (signer.empty() && c != nullptr) signer = c->certificate.subject.text();
    }
    return signer;
}

}  // namespace idchip::lint
