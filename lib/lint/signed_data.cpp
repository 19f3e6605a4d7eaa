#include "lint/signed_data.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"
#include "lint/oids.hpp"

namespace idchip::lint {
namespace {

const der::Oid& content_type(Kind kind) {
    return kind == Kind::sod ? oids::lds_security_object() : kind == Kind::master_list ? oids::csca_master_list() : oids::deviation_list();
}

void check_encoding(const SignedList& list, Findings& f) {
    f.want(list.raw.is_der, Rule::der_encoding, "signedData", "indefinite or long lengths around the content");
    f.want(list.raw.trailing == 0, Rule::der_trailing, "", fmt::format("{} bytes", list.raw.trailing));
    for (std::size_t i = 0; i < list.raw.signers.size(); ++i) {
        const auto where = fmt::format("signerInfos/{}", i);
        check_der(list.raw.signers[i].raw, where, f);
        // [0] IMPLICIT SET OF: the order is that of a SET OF, the tag is not.
        if (const auto attributes = list.raw.signers[i].signed_attributes; !attributes.empty()) {
            auto as_set = to_bytes(attributes);
            as_set[0] = der::set;
            Findings order;
            check_der(as_set, where + "/signedAttrs", order);
            for (auto& finding : std::move(order).sorted())
                if (finding.rule == info(Rule::der_set_order).name) f.add(Rule::der_set_order, finding.where);
        }
    }
}

void check_certificates(SignedList& list, Findings& f) {
    for (std::size_t i = 0; i < list.raw.certificates.size(); ++i) {
        const auto where = fmt::format("certificates/{}", i);
        auto certificate = read_certificate(list.raw.certificates[i]);
        if (!certificate) {
            f.add(Rule::cms_certificate_unreadable, where, brief(certificate.error()));
            continue;
        }
        const auto kind = kind_of(*certificate);
        Findings own;
        check_certificate(*certificate, kind, own);
        const Report report{kind, {}, std::move(own).sorted()};
        if (report.count(Severity::error) + report.count(Severity::warning) > 0)
            f.add(Rule::cms_certificate_findings, where,
                  fmt::format("{} {}: {}", name(kind), certificate->subject.text(), report.counts()));
        list.certificates.push_back({std::move(*certificate), kind});
    }
    if (list.kind == Kind::sod) return;
    const bool csca = std::any_of(list.certificates.begin(), list.certificates.end(),
                                  [](const Included& c) { return c.kind == Kind::csca || c.kind == Kind::link; });
    f.want(csca, Rule::cms_no_csca_certificate, "certificates");
}

}  // namespace

void check_digest_algorithm(ByteView identifier, Kind kind, const std::string& where, Findings& f) {
    tlv::Reader outer(identifier, lenient, "AlgorithmIdentifier");
    const auto sequence = outer.next();
    if (!sequence) return;
    auto r = outer.enter(*sequence);
    const auto id = der::read_oid(r);
    if (!id) {
        f.add(Rule::alg_hash, where, brief(id.error()));
        return;
    }
    check_hash(*id, where, f);
    // RFC 5754, 2 speaks of SHA-2 alone, table 18 of all.
    if (kind == Kind::master_list) f.want(r.at_end(), Rule::ml_digest_null, where);
    else f.want(r.at_end() || *id == crypto::oid(crypto::HashAlg::sha1), Rule::cms_digest_null, where);
}

Result<std::string> check_signed_data(ByteView content_info, Kind kind, Findings& f) {
    // One after the other: clang 14 does not destroy the first when the second leaves from within the braces.
    auto data = TRY(pki::SignedData::parse(content_info));
    auto outline = TRY(read_signed_data(content_info));
    SignedList list{kind, std::move(data), std::move(outline), {}};
    check_encoding(list, f);
    f.want(list.data.version == 3, Rule::cms_version, "version", fmt::format("version {}", list.data.version));
    if (list.data.has_crls) f.add(kind == Kind::sod ? Rule::sod_crls : Rule::cms_crls, "crls");
    check_certificates(list, f);
    bool legacy = false;
    if (!(list.data.content_type == content_type(kind))) f.add(Rule::cms_content_type, "eContentType", list.data.content_type.dotted());
    else if (kind == Kind::sod) legacy = check_security_object(list.data.content, f);
    else if (kind == Kind::master_list) check_master_list(list.data.content, f);
    else check_deviation_list(list.data.content, f);
    return check_signers(list, legacy, f);
}

}  // namespace idchip::lint
