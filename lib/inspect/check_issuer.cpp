// Who signed: document signer, CSCA, revocation. Family D of docs/inspection-cases.md.
#include "inspect/checks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/pki/country.hpp>

namespace idchip::inspect {
namespace {

using pki::Certificate;
using pki::KeyUsage;
using pki::TrustStore;

constexpr auto id_chain = "pki.chain", id_usage = "pki.signer_profile", id_validity = "pki.signer_validity", id_csca = "pki.csca",
               id_link = "pki.csca_link", id_revocation = "pki.revocation", id_country = "pki.country";
// A clock before this program was written is not set.
constexpr std::int64_t earliest_clock = 1'767'225'600;  // 2026-01-01

// Whether the certificate says that this very key issued it.
bool names_key_of(const Certificate& certificate, const Certificate& issuer) {
    return certificate.authority_key_id && issuer.subject_key_id && equal(*certificate.authority_key_id, *issuer.subject_key_id);
}

// Doc 9303-12, 7.1.1.5: a CSCA under its own name, or on its way to a new one.
bool is_root_or_link(const Certificate& certificate) {
    static const der::Oid name_change("2.23.136.1.1.6.1");
    const auto& list = certificate.extensions;
    const bool changes_name = std::any_of(list.begin(), list.end(), [](const pki::Extension& e) { return e.id == name_change; });
    return certificate.is_csca == true && (certificate.self_issued() || changes_name);
}

// A certificate below a trusted CSCA that has signed the document signer: the path of Doc 9303-12, D.1.1 has one certificate.
// Not meant: a CSCA certificate that somebody has put into EF.SOD; that is no anchor, and says nothing.
const Certificate* intermediate(Context& c, const Certificate& ds) {
    for (const auto& other : c.signed_data->certificates) {
        if (&other == &ds || !other.public_key || is_root_or_link(other) || !ds.issuer.matches(other.subject)) continue;
        if (ds.verify_signature(*other.public_key) && pki::find_issuer(other, c.trust).issuer != nullptr) return &other;
    }
    return nullptr;
}

const pki::WithdrawnAnchor* withdrawn_issuer(Context& c, const Certificate& ds) {
    for (const auto& w : c.trust.withdrawn)
        if (w.certificate.subject.matches(ds.issuer) && w.certificate.public_key && ds.verify_signature(*w.certificate.public_key))
            return &w;
    return nullptr;
}

void judge_no_anchor(Context& c, const Certificate& ds, const pki::IssuerSearch& search) {
    std::string attempts;
    bool claims_trusted_key = false;
    bool unsupported = false;
    for (const auto& a : search.attempts) {
        attempts += (attempts.empty() ? "" : "; ") + a.csca->subject.text() + ": " + a.failure->detail;
        const bool not_built_in = a.failure->code == Errc::crypto_unsupported;
        claims_trusted_key |= !not_built_in && names_key_of(ds, *a.csca);
        unsupported |= not_built_in;
    }
    if (const auto* gone = withdrawn_issuer(c, ds)) {
        c.findings.refer(id_chain, "D46", "the CSCA that issued the document signer is trusted no longer", gone->reason);
    } else if (ds.public_key && ds.verify_signature(*ds.public_key)) {
        c.findings.reject(id_chain, "D01", "the document signer signed itself; no trusted CSCA stands behind it", ds.issuer.text());
    } else if (const auto* between = intermediate(c, ds)) {
        c.findings.reject(id_chain, "D14", "the document signer was issued by another certificate below the CSCA", between->subject.text());
    } else if (claims_trusted_key) {
        c.findings.reject(id_chain, "D02", "the document signer claims a trusted CSCA that did not sign it", attempts);
    } else if (unsupported && attempts.find("MD5") != std::string::npos) {
        c.findings.refer(id_chain, "C30", "the document signer's certificate is signed with MD5, which proves nothing", attempts);
    } else if (unsupported) {
        c.findings.inconclusive(id_chain, Overall::cannot, "D50", "unsupported algorithm of CSCA or document signer", attempts);
    } else {
        const auto why = !search.country_known ? "no CSCA certificate of this country is trusted here"
                                               : "none of this country's trusted CSCA certificates is the issuer";
        c.findings.inconclusive(id_chain, Overall::cannot, "D07", std::string(why) + ": " + ds.issuer.text(), attempts);
    }
}

const Certificate* find_anchor(Context& c, const Certificate& ds) {
    const auto search = pki::find_issuer(ds, c.trust);
    if (search.issuer == nullptr) {
        judge_no_anchor(c, ds, search);
        return nullptr;
    }
    const auto why = c.trust.provenance.find(search.issuer->fingerprint());
    c.findings.pass(id_chain, "the document signer was issued by " + search.issuer->subject.text(),
                    "CSCA SHA-256 " + search.issuer->fingerprint() + (why == c.trust.provenance.end() ? "" : ", " + why->second));
    if (ds.signature_algorithm->hash == crypto::HashAlg::sha1)
        c.findings.note("pki.deprecated_hash", "C29", "the document signer's certificate is signed with SHA-1");
    return search.issuer;
}

void check_profile(Context& c, const Certificate& ds) {
    const auto before = c.findings.list.size();
    if (!ds.allows(KeyUsage::digital_signature))
        c.findings.refer(id_usage, "D17", "the document signer's key usage does not allow signatures");
    if (ds.is_csca == true) c.findings.refer(id_usage, "D14", "the signer of the document is itself a CSCA certificate");
    if (!ds.extended_key_usage.empty())
        c.findings.refer(id_usage, "D19", "the certificate is for another purpose than signing documents",
                         "extended key usage " + ds.extended_key_usage.front().dotted());
    if (!ds.unknown_critical.empty())
        c.findings.refer(id_usage, "D21", "the document signer has an unknown critical extension", ds.unknown_critical.front().dotted());
    c.findings.tolerances("pki.signer.", ds.notes);
    if (c.findings.list.size() == before) c.findings.pass(id_usage, "the document signer's certificate has the right profile");
}

void check_signer_validity(Context& c, const Certificate& ds) {
    const auto period = fmt::format("{} to {}", to_iso(date_of(ds.not_before)), to_iso(date_of(ds.not_after)));
    if (c.signing_time && (*c.signing_time < ds.not_before || *c.signing_time > ds.not_after)) {
        c.findings.refer(id_validity, "D23", "the document was signed outside the validity of its signer", period);
        return;
    }
    const auto key_from = ds.private_key_not_before.value_or(ds.not_before);
    const auto key_until = ds.private_key_not_after.value_or(ds.not_after);
    if (c.signing_time && (*c.signing_time > key_until || *c.signing_time < key_from)) {
        c.findings.refer(id_validity, "D28", "the document was signed outside the usage period of the signer's key",
                         fmt::format("{} to {}", to_iso(date_of(key_from)), to_iso(date_of(key_until))));
        return;
    }
    if (!clock_is_set(c.now)) {
        c.findings.inconclusive(id_validity, Overall::cannot, "D47", "the clock of this machine is not set", to_iso(c.now));
    } else if (c.now < ds.not_before) {
        c.findings.refer(id_validity, "D24", "the document signer is not yet valid", period);
    } else if (c.now > ds.not_after) {
        if (c.signing_time && c.policy.accept_expired_signer_at_signing_time)
            c.findings.note(id_validity, "D22", "the document signer has expired; it was valid at the signing time", period);
        else c.findings.refer(id_validity, "D22", "the document signer has expired", period);
    } else {
        c.findings.pass(id_validity, "the document signer is valid", period);
    }
}

// A link certificate (Doc 9303-12, 7.1.1.5) is signed with the key before it, or carries a new name.
bool is_link(const Certificate& csca) {
    const bool other_key = csca.authority_key_id && csca.subject_key_id && !equal(*csca.authority_key_id, *csca.subject_key_id);
    return other_key || !csca.self_issued();
}

void check_link(Context& c, const Certificate& csca) {
    if (!is_link(csca)) return;
    const auto search = pki::find_issuer(csca, c.trust);
    const bool forged = std::any_of(search.attempts.begin(), search.attempts.end(),
                                    [&](const pki::IssuerAttempt& a) { return names_key_of(csca, *a.csca); });
    if (search.issuer != nullptr)
        c.findings.pass(id_link, "the CSCA certificate is linked to " + search.issuer->subject.text(), search.issuer->fingerprint());
    else if (forged) c.findings.reject(id_link, "D13", "the link certificate was not signed by the CSCA that it names", csca.issuer.text());
    else
        c.findings.note(id_link, "D12", "a link certificate is trusted by itself: the CSCA before it is not in the store",
                        csca.issuer.text());
}

void check_csca_profile(Context& c, const Certificate& csca) {
    const bool denied = csca.is_csca == false || (csca.key_usage && !csca.allows(KeyUsage::key_cert_sign));
    if (denied) c.findings.refer(id_csca, "D16", "the trusted certificate says that it may not sign certificates");
    else if (!csca.is_csca || !csca.key_usage)
        c.findings.note(id_csca, "D16", "the CSCA certificate does not say that it may sign certificates (old profile)");
    if (!csca.unknown_critical.empty())
        c.findings.refer(id_csca, "D21", "the CSCA certificate has an unknown critical extension", csca.unknown_critical.front().dotted());
}

void check_csca_validity(Context& c, const Certificate& csca, const Certificate& ds) {
    if (ds.not_before < csca.not_before || ds.not_before > csca.not_after)
        c.findings.refer(id_csca, "D30", "the document signer was issued outside the validity of its CSCA certificate");
    else if (c.now > csca.not_after)
        c.findings.note(id_csca, "D29", "the CSCA certificate has expired; the document signer was issued before");
    if (ds.not_after > csca.not_after) c.findings.note(id_csca, "D30", "the document signer outlives its CSCA certificate");
}

// Doc 9303-12, table 5: countryName of issuer and subject match; two or three letters, either case, in the field.
void check_country(Context& c, const Certificate& csca, const Certificate& ds) {
    const auto a = upper_ascii(csca.subject.country());
    const auto b = upper_ascii(ds.subject.country());
    const bool same = pki::same_issuer(a, b) || pki::same_issuer(b, a);
    if (!same || a.empty() || ds.subject.country_count() > 1 || csca.subject.country_count() > 1)
        c.findings.refer(id_country, "D49", "document signer and CSCA name different countries", b + " and " + a);
}

void check_csca(Context& c, const Certificate& csca, const Certificate& ds) {
    const auto before = c.findings.list.size();
    check_csca_profile(c, csca);
    check_csca_validity(c, csca, ds);
    check_country(c, csca, ds);
    if (c.findings.list.size() == before) c.findings.pass(id_csca, "the CSCA certificate is in order");
    check_link(c, csca);
}

struct CrlStatus {
    bool usable = false, fresh = false, revoked_signer = false, revoked_csca = false;
    std::string detail;
};

// The same CSCA under both names: the name itself, or a trusted link certificate from one to the other.
bool same_authority(const pki::Name& a, const pki::Name& b, const TrustStore& trust) {
    if (a.matches(b)) return true;
    return std::any_of(trust.csca.begin(), trust.csca.end(), [&](const Certificate& link) {
        const bool links = (link.issuer.matches(a) && link.subject.matches(b)) || (link.issuer.matches(b) && link.subject.matches(a));
        return links && pki::find_issuer(link, trust).issuer != nullptr;
    });
}

// Doc 9303-12, D.1.2.3: the latest key of the CSCA signs the list, not always the key that signed the certificate.
bool is_signed_by_csca(const pki::Crl& crl, const TrustStore& trust) {
    return std::any_of(trust.csca.begin(), trust.csca.end(), [&](const Certificate& csca) {
        return csca.subject.matches(crl.issuer) && csca.public_key && trust.proven->verify(crl, *csca.public_key);
    });
}

// RFC 5280, 5.3.1: reason 8 takes an entry of an earlier list back.
bool revokes(const pki::Crl& crl, const Certificate& certificate) {
    constexpr int remove_from_crl = 8;
    const auto* entry = crl.find(certificate.serial);
    return entry != nullptr && entry->reason != remove_from_crl;
}

CrlStatus examine(const pki::Crl& crl, const Certificate& csca, const Certificate& ds, const Context& c) {
    CrlStatus s;
    if (!same_authority(crl.issuer, csca.subject, c.trust)) return s;
    if (!is_signed_by_csca(crl, c.trust)) {
        s.detail = "a list with a wrong signature was ignored";
        return s;
    }
    const auto period = fmt::format("list of {}{}", to_iso(date_of(crl.this_update)),
                                    crl.next_update ? ", next due " + to_iso(date_of(*crl.next_update)) : "");
    if (!crl.unknown_critical.empty()) {
        // A partitioned or delta list covers less than it seems; what it does list still counts.
        s.detail = period + ", with critical extension " + crl.unknown_critical.front().dotted();
    } else if (crl.find(ds.serial) != nullptr && !revokes(crl, ds)) {
        s.detail = period + ", which takes the revocation back as only a delta list may";
    } else {
        s.usable = true;
        s.detail = period;
    }
    s.fresh = s.usable && crl.this_update <= c.now && (!crl.next_update || c.now <= *crl.next_update);
    s.revoked_signer = revokes(crl, ds);
    s.revoked_csca = same_authority(csca.issuer, crl.issuer, c.trust) && revokes(crl, csca);
    return s;
}

void check_revocation(Context& c, const Certificate& csca, const Certificate& ds) {
    CrlStatus best;
    for (const auto& crl : c.trust.crls) {
        const auto s = examine(crl, csca, ds, c);
        if (s.revoked_csca) c.findings.reject(id_csca, "D38", "the CSCA certificate has been revoked", s.detail);
        if (s.revoked_signer) {
            c.findings.reject(id_revocation, "D33", "the document signer has been revoked", s.detail);
            if (!s.fresh) c.findings.note("pki.stale_crl", "D34", "the revocation list is out of date", s.detail);
            return;
        }
        const auto rank = [](const CrlStatus& x) { return (x.fresh ? 2 : 0) + (x.usable ? 1 : 0); };
        if (rank(s) > rank(best) || best.detail.empty()) best = s;
    }
    if (best.fresh) {
        c.findings.pass(id_revocation, "the document signer is not revoked", best.detail);
    } else if (best.usable) {
        c.findings.inconclusive(id_revocation, Overall::accept_with_notes, "D34", "the revocation list is out of date", best.detail);
    } else {
        c.findings.inconclusive(id_revocation, Overall::accept_with_notes, best.detail.empty() ? "D36" : "D37",
                                "revocation is not known: no usable list of this country", best.detail);
    }
}

}  // namespace

bool is_revoked(const Context& c, const Certificate& csca, const Certificate& certificate) {
    return std::any_of(c.trust.crls.begin(), c.trust.crls.end(),
                       [&](const pki::Crl& crl) { return examine(crl, csca, certificate, c).revoked_signer; });
}

void check_trust_age(Context& c) {
    if (!c.trust.newest_data || !clock_is_set(c.now)) return;
    const auto days = (c.now.seconds - c.trust.newest_data->seconds) / seconds_per_day;
    if (days > c.policy.trust_data_days)
        c.findings.note("pki.trust_age", "D08", "the trust data is old: import newer lists",
                        fmt::format("newest list of {}, {} days ago", to_iso(date_of(*c.trust.newest_data)), days));
}

bool clock_is_set(Instant now) { return now.seconds >= earliest_clock; }

void check_issuer(Context& c) {
    if (c.document_signer == nullptr) return;
    const auto& ds = *c.document_signer;
    check_profile(c, ds);
    check_signer_validity(c, ds);
    const auto* csca = find_anchor(c, ds);
    if (csca == nullptr) {
        c.object_authentic = false;
        return;
    }
    check_csca(c, *csca, ds);
    check_revocation(c, *csca, ds);
}

}  // namespace idchip::inspect
