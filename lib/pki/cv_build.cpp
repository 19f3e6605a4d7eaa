// CV certificates, made. What is made is read again before it leaves.
#include <algorithm>

#include <idchip/pki/cv_certificate.hpp>

#include "base/try.hpp"
#include "pki/cv_tags.hpp"

namespace idchip::pki {
namespace {

Result<Bytes> write_date(std::uint32_t tag, Date date) {
    if (!is_valid(date)) return fail(Errc::bad_date, tlv::tag_text(tag), "no day of the calendar");
    if (date.year < 2000 || date.year > 2099) return fail(Errc::bad_date, tlv::tag_text(tag), "want a year from 2000 to 2099");
    auto digits = to_bytes(as_bytes(to_yymmdd(date)));
    for (auto& d : digits) d = static_cast<Byte>(d - '0');
    return tlv::element(tag, digits);
}

Result<Bytes> write_reference(std::uint32_t tag, std::string_view reference) {
    if (auto ok = check_reference(reference); !ok) return fail(Errc::bad_field, tlv::tag_text(tag), ok.error().detail);
    return tlv::element(tag, as_bytes(reference));
}

Bytes write_extensions(const std::vector<CvExtension>& extensions) {
    Bytes templates;
    for (const auto& e : extensions) append(templates, tlv::element(cv_tag::discretionary_data_template, {der::write(e.id), e.objects}));
    return extensions.empty() ? Bytes() : tlv::element(cv_tag::extensions, templates);
}

Result<Bytes> write_body(const CvTemplate& t, const crypto::PublicKeyInfo& key) {
    if (t.algorithm.is_ec() != (key.type == crypto::KeyType::ec))
        return fail(Errc::bad_field, "7F49", key.text() + " does not go with " + t.algorithm.name);
    const auto authorization = tlv::element(
        cv_tag::holder_authorization_template,
        {der::write(t.holder_authorization.terminal_type), tlv::element(cv_tag::discretionary_data, t.holder_authorization.relative)});
    return tlv::element(cv_tag::body, {tlv::element(cv_tag::profile_identifier, Bytes{0}),
                                       TRY(write_reference(cv_tag::certification_authority_reference, t.certification_authority_reference)),
                                       CvPublicKey::of(t.algorithm, key, t.with_domain_parameters).encode(),
                                       TRY(write_reference(cv_tag::holder_reference, t.certificate_holder_reference)), authorization,
                                       TRY(write_date(cv_tag::effective_date, t.effective_date)),
                                       TRY(write_date(cv_tag::expiration_date, t.expiration_date)), write_extensions(t.extensions)});
}

}  // namespace

Result<CvCertificate> build_cv_certificate(const CvTemplate& content, const crypto::PublicKey& holder_key, const CvSigner& issuer) {
    const auto body = TRY(write_body(content, holder_key.info()));
    const auto signature = TRY(issuer(body));
    return CvCertificate::parse(tlv::element(cv_tag::certificate, {body, tlv::element(cv_tag::signature, signature)}));
}

}  // namespace idchip::pki
