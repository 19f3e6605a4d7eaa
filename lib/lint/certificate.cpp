// The body of a certificate, and the order of the checks: Doc 9303-12, table 5.
#include <fmt/format.h>

#include <idchip/base/text.hpp>

#include "lint/checks.hpp"
#include "lint/oids.hpp"
#include "lint/parts.hpp"

namespace idchip::lint {
namespace {

std::string country_of(const RawName& name) {
    const auto* country = name.find(pki::oids::country());
    return country != nullptr ? upper_ascii(as_text(country->value)) : std::string();
}

void check_body(const RawCertificate& c, Findings& f) {
    f.want(c.version == 2, Rule::cert_version, "version", c.version ? fmt::format("field {}", *c.version) : "no version");
    check_number(c.serial, {Rule::cert_serial_negative, Rule::cert_serial_long, Rule::cert_serial_shortest}, "serialNumber", f);
    f.want(!equal(c.serial, Bytes{0}), Rule::cert_serial_zero, "serialNumber");
    f.want(!c.unique_ids, Rule::cert_unique_id, "tbsCertificate");
    f.want(c.has_extensions && !c.extensions.empty(), Rule::cert_no_extensions, "extensions");
}

// Doc 9303-12, 7.1.2 and 7.1.3
void check_signer_subject(const RawName& subject, Profile profile, Findings& f) {
    const auto* cn = subject.find(pki::oids::common_name());
    const bool two = subject.attributes.size() == 2 && subject.find(pki::oids::country()) != nullptr && cn != nullptr;
    if (profile == Profile::lds2_signer) f.want(two && cn->value.size() <= 9, Rule::name_lds2_subject, "subject");
    if (profile != Profile::bar_code_signer) return;
    const bool capitals = two && cn->tag == der::printable_string && cn->value.size() == 2 && cn->value[0] >= 'A' && cn->value[0] <= 'Z' &&
                          cn->value[1] >= 'A' && cn->value[1] <= 'Z';
    f.want(capitals, Rule::name_bar_code_subject, "subject");
}

void check_names(const RawCertificate& c, Profile profile, Findings& f) {
    check_name(c.issuer, "issuer", f);
    check_name(c.subject, "subject", f);
    const auto issuer = country_of(c.issuer), subject = country_of(c.subject);
    if (!issuer.empty() && !subject.empty())
        f.want(issuer == subject, Rule::name_country_differs, "subject/2.5.4.6", printable(issuer + " and " + subject));
    if (c.self_issued()) f.want(equal(c.issuer.raw, c.subject.raw), Rule::name_encoding, "subject");
    else f.want(profile != Profile::root, Rule::name_root_differs, "subject");
    check_signer_subject(c.subject, profile, f);
}

// The signature of a root is the only one that the certificate itself can prove; that of a link must not be of that kind.
void check_own_signature(const Subject& s, const std::optional<crypto::SignatureAlgorithm>& algorithm, Findings& f) {
    if (!s.key || !algorithm) return;
    const bool own = signed_with(s.certificate, *s.key);
    if (s.profile == Profile::root && check_fit(*algorithm, s.key->info(), "signatureAlgorithm", f))
        f.want(own, Rule::sig_wrong, "signatureValue");
    if (s.profile == Profile::link) f.want(!own, Rule::link_own_key, "signatureValue");
}

void check_chain(const Subject& s, Findings& f) {
    const auto& c = s.certificate;
    const auto authority = content(c.extensions, pki::oids::authority_key_identifier(), read_authority_key_id);
    const auto own = content(c.extensions, pki::oids::subject_key_identifier(), read_subject_key_id);
    const auto where = place(pki::oids::authority_key_identifier());
    if (authority && authority->key_id && own) {
        const bool same = equal(*authority->key_id, *own);
        f.want(same || s.profile != Profile::root, Rule::aki_root_differs, where);
        f.want(!same || s.profile != Profile::link, Rule::link_same_key_id, where);
    }
    if (s.profile == Profile::link && !c.self_issued())
        f.want(find(c.extensions, pki::oids::name_change()) != nullptr, Rule::namechange_missing, place(pki::oids::name_change()));
}

}  // namespace

void check_certificate(const RawCertificate& c, Kind kind, Findings& f) {
    check_der(c.raw, "", f, c.serial);
    check_body(c, f);
    Subject s{c, kind, profile_of(c, kind), {}, {}, {}};
    const auto algorithm = check_signed(c, f);
    check_names(c, s.profile, f);
    s.not_before = check_time(c.not_before, "validity/notBefore", f);
    s.not_after = check_time(c.not_after, "validity/notAfter", f);
    s.key = check_key(c.spki, s.profile, f);
    check_own_signature(s, algorithm, f);
    check_extensions(s, f);
    check_extension_values(s, f);
    check_alternative_names(s, f);
    check_distribution_points(s, f);
    check_document_types(s, f);
    check_validity(s, f);
    check_chain(s, f);
}

}  // namespace idchip::lint
