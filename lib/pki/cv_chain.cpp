#include <idchip/pki/cv_chain.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"

namespace idchip::pki {
namespace {

Failure not_valid(std::string detail) { return fail(Errc::cvc_not_valid, {}, std::move(detail)); }

Bytes both(ByteView a, ByteView b) {
    Bytes result(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) result[i] = a[i] & b[i];
    return result;
}

Result<void> check_algorithm(const CvAlgorithm& algorithm, std::size_t bits, CvPolicy policy) {
    const auto listed = listing(algorithm, bits);
    if (listed == CvListing::doc9303 || (listed == CvListing::tr03110_only && policy.tr03110_algorithms)) return {};
    return not_valid(fmt::format("{} with {} bits is not allowed", algorithm.name, bits));
}

}  // namespace

std::optional<crypto::Curve> CvKey::curve() const {
    if (public_key.info().type != crypto::KeyType::ec) return std::nullopt;
    return public_key.info().curve;
}

AccessRights CvKey::rights() const {
    // 7.1.4.3.6: a CVCA or a DV is granted nothing.
    if (role() != CvRole::terminal) return {};
    return access_rights(certificate.holder_authorization.terminal_type, effective_authorization);
}

Result<CvKey> CvKey::trust_point(CvCertificate c, std::optional<crypto::Curve> inherited) {
    const auto place = reference_text(c.certificate_holder_reference);
    if (c.role() != CvRole::cvca)
        return fail(Errc::cvc_not_valid, place, fmt::format("a certificate of a {} is no trust point", name(c.role())));
    auto key = c.public_key.key(inherited);
    if (!key) return fail(std::move(key.error()).inside(place));
    if (c.self_signed())
        if (auto ok = cv_verify(c.public_key.algorithm, *key, c.body, c.signature); !ok) return fail(std::move(ok.error()).inside(place));
    auto authorization = c.holder_authorization.relative;
    return CvKey{std::move(c), std::move(*key), std::move(authorization)};
}

std::vector<std::string> CvTrust::references() const {
    std::vector<std::string> list;
    for (const auto& point : trust_points) list.push_back(point.reference());
    return list;
}

const CvKey* CvTrust::find(std::string_view reference) const {
    for (const auto& point : trust_points)
        if (point.reference() == reference) return &point;
    return nullptr;
}

// 7.1.4.3.4, step 3: of more than two, the one with the least recent effective date goes. Expired ones stay for link certificates.
void CvTrust::add(CvKey trust_point) {
    trust_points.insert(trust_points.begin(), std::move(trust_point));
    std::stable_sort(trust_points.begin(), trust_points.end(),
                     [](const CvKey& a, const CvKey& b) { return a.certificate.effective_date > b.certificate.effective_date; });
    while (trust_points.size() > most_trust_points) trust_points.pop_back();
}

const CvKey* CvVerifier::find(std::string_view reference) const {
    if (const auto* point = trust_.find(reference)) return point;
    return imported_ && imported_->reference() == reference ? &*imported_ : nullptr;
}

// What 7.1.4.3 and 9303-12, 4.2.1 and 7.2.2.3 demand besides the signature.
Result<void> CvVerifier::check_rules(const CvCertificate& c, const CvKey& issuer) const {
    const auto& above = issuer.certificate;
    if (!may_issue(issuer.role(), c.role()))
        return not_valid(fmt::format("a {} issues no certificate to a {}", name(issuer.role()), name(c.role())));
    if (!(c.holder_authorization.terminal_type == above.holder_authorization.terminal_type) ||
        c.holder_authorization.relative.size() != above.holder_authorization.relative.size())
        return not_valid(fmt::format("terminal type {} below {}", terminal_type_name(c.holder_authorization.terminal_type),
                                     terminal_type_name(above.holder_authorization.terminal_type)));
    if (trust_.find(c.certificate_holder_reference) != nullptr) return not_valid("a key of this name is known already");
    if (c.role() != CvRole::cvca) {
        if (c.public_key.has_domain_parameters()) return not_valid("domain parameters in a certificate of a DV or a terminal");
        if (!(c.public_key.algorithm == above.public_key.algorithm) || c.public_key.bits() != above.public_key.bits())
            return not_valid("another algorithm or key size than in the certificate above");
        if (c.expiration_date < trust_.current_date)
            return not_valid(fmt::format("expired on {}, the current date is {}", to_iso(c.expiration_date), to_iso(trust_.current_date)));
        if (issuer.role() == CvRole::cvca && above.expiration_date < trust_.current_date)
            return not_valid(fmt::format("the trust point {} expired on {} and is good for link certificates only",
                                         reference_text(issuer.reference()), to_iso(above.expiration_date)));
    }
    TRY(check_algorithm(above.public_key.algorithm, above.public_key.bits(), policy_));
    return check_algorithm(c.public_key.algorithm, c.public_key.bits(), policy_);
}

Result<CvKey> CvVerifier::verify(const CvCertificate& c, const CvKey& issuer) const {
    TRY(cv_verify(issuer.certificate.public_key.algorithm, issuer.public_key, c.body, c.signature));
    TRY(check_rules(c, issuer));
    auto key = TRY(c.public_key.key(issuer.curve()));
    const auto& relative = c.holder_authorization.relative;
    return CvKey{c, std::move(key), c.role() == CvRole::cvca ? relative : both(issuer.effective_authorization, relative)};
}

Result<void> CvVerifier::import(const CvCertificate& c) {
    const auto place = reference_text(c.certificate_holder_reference);
    const auto* issuer = find(c.certification_authority_reference);
    if (issuer == nullptr)
        return fail(Errc::ta_no_chain, place,
                    fmt::format("issued by {}, which is not known", reference_text(c.certification_authority_reference)));
    auto key = verify(c, *issuer);
    if (!key) return fail(std::move(key.error()).inside(place));
    // Accurate: a domestic DV is trusted with the date of its terminals (7.1.4.3.3).
    const bool source_of_time = c.role() != CvRole::terminal || issuer->role() == CvRole::dv_domestic;
    auto next = trust_;
    if (source_of_time) next.current_date = std::max(next.current_date, c.effective_date);
    if (c.role() == CvRole::cvca) next.add(std::move(*key));
    else imported_ = std::move(*key);
    trust_ = std::move(next);
    return {};
}

}  // namespace idchip::pki
