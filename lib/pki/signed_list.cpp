#include <idchip/pki/signed_list.hpp>

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/pki/trust.hpp>

#include "base/try.hpp"

namespace idchip::pki {
namespace {

// One SignerInfo is recommended, and each attempt costs a signature or two: a hostile list must not make thousands.
constexpr std::size_t max_signers = 16;
constexpr std::size_t max_attempts = 32;
// Clocks of signers and readers differ, and some keep local time.
constexpr std::int64_t clock_tolerance = seconds_per_day;
constexpr auto where = "list";
constexpr auto where_signer = "list/signer";

void object(ListCheck& check, ListRule rule, Error error) { check.objections.push_back({rule, std::move(error)}); }
void mistrust(ListCheck& check, ListRule rule, std::string detail) {
    object(check, rule, Error(Errc::trust_unproven, where_signer, std::move(detail)));
}

std::span<const SignerInfo> examined(const SignedData& list) {
    return std::span(list.signers).first(std::min(list.signers.size(), max_signers));
}

std::optional<Instant> signing_time_of(const SignerInfo& signer) {
    if (signer.signing_times.size() != 1 || signer.signing_time_malformed) return std::nullopt;
    return signer.signing_times[0];
}

// A document signer put among the anchors must not vouch for anybody. Old CSCA certificates say nothing of what they may sign; then
// only a root passes.
bool may_vouch(const Certificate& anchor) {
    if (anchor.is_csca == false || (anchor.key_usage && !anchor.allows(KeyUsage::key_cert_sign))) return false;
    return anchor.is_csca || anchor.key_usage || anchor.self_issued();
}

const Certificate* find_anchor(const Certificate& signer, const std::vector<Certificate>& anchors, std::string& why) {
    TrustStore store;
    std::vector<const Certificate*> origin;
    for (const auto& anchor : anchors) {
        if (!may_vouch(anchor) || !anchor.subject.matches(signer.issuer)) continue;
        store.csca.push_back(anchor);
        origin.push_back(&anchor);
    }
    const auto search = find_issuer(signer, store);
    if (search.issuer != nullptr) return origin[static_cast<std::size_t>(search.issuer - store.csca.data())];
    why = search.attempts.empty() ? "no trusted CSCA is named " + signer.issuer.text()
                                  : fmt::format("{} trusted CSCA keys are named {}, and none has signed the signer's certificate",
                                                search.attempts.size(), signer.issuer.text());
    return nullptr;
}

// A CSCA names its own successor: a certificate for another State's key would be a claim about others.
bool may_lead_on(const Certificate& link, Instant now) {
    const auto country = upper_ascii(link.subject.country());
    return !country.empty() && country == upper_ascii(link.issuer.country()) && link.is_csca == true && may_vouch(link) &&
           link.public_key && link.unknown_critical.empty() && now >= link.not_before && now <= link.not_after;
}

bool holds_key(const std::vector<Certificate>& anchors, ByteView spki) {
    return std::any_of(anchors.begin(), anchors.end(), [&](const Certificate& anchor) { return equal(anchor.spki, spki); });
}

void check_profile(ListCheck& check, const Certificate& signer, const der::Oid& extended_key_usage) {
    if (signer.is_csca == true || signer.allows(KeyUsage::key_cert_sign))
        mistrust(check, ListRule::not_a_csca, "a CSCA has signed the list itself");
    if (!signer.allows(KeyUsage::digital_signature))
        mistrust(check, ListRule::key_usage, "the certificate lacks key usage digitalSignature");
    const auto& usages = signer.extended_key_usage;
    if (std::find(usages.begin(), usages.end(), extended_key_usage) == usages.end())
        mistrust(check, ListRule::extended_key_usage, "the certificate lacks extended key usage " + extended_key_usage.dotted());
    if (!signer.unknown_critical.empty())
        mistrust(check, ListRule::critical_extensions, "unknown critical extension " + signer.unknown_critical[0].dotted());
}

void check_times(ListCheck& check, const Certificate& signer, Instant now) {
    if (const auto signed_at = check.signing_time) {
        if (*signed_at < signer.not_before || *signed_at > signer.not_after)
            mistrust(check, ListRule::signing_time,
                     fmt::format("signed {}, the certificate is valid from {} until {}", to_iso(*signed_at), to_iso(signer.not_before),
                                 to_iso(signer.not_after)));
        if (*signed_at > now + clock_tolerance)
            mistrust(check, ListRule::signing_time, fmt::format("signed {}, which is in the future", to_iso(*signed_at)));
    }
    if (now < signer.not_before)
        mistrust(check, ListRule::not_yet_valid, "the certificate is not valid before " + to_iso(signer.not_before));
    if (now > signer.not_after) mistrust(check, ListRule::expired, "the certificate has expired: " + to_iso(signer.not_after));
}

ListCheck check_signer(const SignedData& list, const SignerInfo& info, const Certificate& signer, const der::Oid& extended_key_usage,
                       const std::vector<Certificate>& anchors, Instant now) {
    ListCheck check;
    check.signer = signer;
    check.signing_time = signing_time_of(info);
    if (signer.public_key) {
        auto signature = check_signature(list, info, *signer.public_key);
        check.notes = std::move(signature.notes);
        if (signature.failure) object(check, ListRule::signature, std::move(*signature.failure).inside(where));
    } else {
        object(check, ListRule::signature, Error(*signer.key_error).inside(where_signer));
    }
    check_profile(check, signer, extended_key_usage);
    std::string why;
    if (const auto* anchor = find_anchor(signer, anchors, why)) check.anchor = *anchor;
    else mistrust(check, ListRule::issuer, std::move(why));
    check_times(check, signer, now);
    return check;
}

ListCheck refused(ListRule rule, std::string detail) {
    ListCheck check;
    object(check, rule, Error(Errc::pki_bad_list, where, std::move(detail)));
    return check;
}

}  // namespace

std::optional<Instant> stated_signing_time(const SignedData& list) {
    return list.signers.empty() ? std::nullopt : signing_time_of(list.signers[0]);
}

Notes list_notes(const SignedData& list) {
    Notes notes;
    if (list.signers.size() > 1) notes.push_back({"list.several_signers", where, fmt::format("{} SignerInfos", list.signers.size())});
    if (!list.signers.empty() && !stated_signing_time(list)) notes.push_back({"list.no_signing_time", where, {}});
    return notes;
}

std::vector<const Certificate*> list_signers(const SignedData& list) {
    std::vector<const Certificate*> found;
    for (const auto& info : examined(list))
        for (const auto* candidate : list.candidates(info))
            if (std::find(found.begin(), found.end(), candidate) == found.end()) found.push_back(candidate);
    return found;
}

ListCheck check_list_signature(const SignedData& list, const der::Oid& wanted_content_type, const der::Oid& wanted_extended_key_usage,
                               const std::vector<Certificate>& anchors, Instant now) {
    if (!(list.content_type == wanted_content_type))
        return refused(ListRule::content_type,
                       fmt::format("content type {}, wanted {}", list.content_type.dotted(), wanted_content_type.dotted()));
    if (list.signers.empty()) return refused(ListRule::signer_info, "nobody has signed it");
    std::optional<ListCheck> best;
    std::size_t attempts = 0;
    for (const auto& info : examined(list)) {
        for (const auto* signer : list.candidates(info)) {
            if (++attempts > max_attempts) return *best;
            auto check = check_signer(list, info, *signer, wanted_extended_key_usage, anchors, now);
            if (!best || check.objections.size() < best->objections.size()) best = std::move(check);
            if (best->believed()) return *best;
        }
    }
    return best ? *best : refused(ListRule::signer_certificate, "the signer's certificate is not embedded");
}

std::vector<Certificate> anchors_with_links(std::vector<Certificate> anchors, const std::vector<Certificate>& links, Instant now) {
    std::vector<bool> taken(links.size());
    for (bool grown = true; grown;) {
        grown = false;
        for (std::size_t i = 0; i < links.size(); ++i) {
            const auto& link = links[i];
            if (taken[i] || !may_lead_on(link, now) || holds_key(anchors, link.spki)) continue;
            std::string why;
            if (find_anchor(link, anchors, why) == nullptr) continue;
            anchors.push_back(link);
            taken[i] = grown = true;
        }
    }
    return anchors;
}

Result<Bytes> build_signed_list(const der::Oid& content_type, const der::Oid& extended_key_usage, ByteView content, ContentSigner& signer,
                                const std::vector<Certificate>& embedded, Instant signing_time) {
    // Tables 18 and 19 recommend subjectKeyIdentifier, and require the signing time.
    auto der = TRY(build_signed_data(content_type, content, signer, signing_time, {embedded, true}));
    const auto check = check_list_signature(TRY(SignedData::parse(der)), content_type, extended_key_usage, embedded, signing_time);
    if (!check.believed()) {
        const auto& error = check.objections[0].error;
        return fail(Errc::pki_refused, error.where, error.detail.empty() ? std::string(error.name()) : error.detail);
    }
    return der;
}

}  // namespace idchip::pki
