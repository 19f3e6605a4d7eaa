// Who signed: document signer, CSCA, revocation. Family D of docs/inspection-cases.md.
#include "inspect/checks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/text.hpp>

namespace idchip::inspect {
namespace {

using pki::Certificate;
using pki::KeyUsage;

constexpr auto id_chain = "pki.chain", id_usage = "pki.signer_profile", id_validity = "pki.signer_validity",
               id_csca = "pki.csca", id_revocation = "pki.revocation", id_country = "pki.country";
// A clock before this program was written is not set.
constexpr std::int64_t earliest_clock = 1'767'225'600;  // 2026-01-01

const Certificate* find_anchor(Context& c, const Certificate& ds) {
    const auto search = pki::find_issuer(ds, c.trust);
    if (search.issuer != nullptr) {
        c.findings.pass(id_chain, "the document signer was issued by " + search.issuer->subject.text(),
                        "CSCA SHA-256 " + search.issuer->fingerprint());
        return search.issuer;
    }
    std::string attempts;
    bool tried = false;
    for (const auto& a : search.attempts) {
        attempts += (attempts.empty() ? "" : "; ") + a.csca->subject.text() + ": " + a.failure->detail;
        tried |= !a.names_other_key;
    }
    if (ds.public_key && ds.verify_signature(*ds.public_key)) {
        c.findings.reject(id_chain, "D01", "the document signer signed itself; no trusted CSCA stands behind it", ds.issuer.text());
    } else if (tried) {
        c.findings.reject(id_chain, "D02", "the document signer claims a trusted CSCA that did not sign it", attempts);
    } else {
        const auto why = !search.country_known ? "no CSCA certificate of this country is trusted here"
                                               : "none of this country's trusted CSCA certificates is the issuer";
        c.findings.add(id_chain, Outcome::inconclusive, Overall::cannot, "D07", std::string(why) + ": " + ds.issuer.text(), attempts);
    }
    return nullptr;
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
    if (c.now.seconds < earliest_clock) {
        c.findings.add(id_validity, Outcome::inconclusive, Overall::cannot, "D47", "the clock of this machine is not set",
                       to_iso(c.now));
    } else if (c.now < ds.not_before) {
        c.findings.refer(id_validity, "D24", "the document signer is not yet valid", period);
    } else if (c.now > ds.not_after) {
        if (c.signing_time && c.policy.accept_expired_signer_at_signing_time)
            c.findings.note(id_validity, "D22", "the document signer has expired; it was valid at the signing time", period);
        else
            c.findings.refer(id_validity, "D22", "the document signer has expired", period);
    } else {
        c.findings.pass(id_validity, "the document signer is valid", period);
    }
}

void check_csca(Context& c, const Certificate& csca, const Certificate& ds) {
    const auto before = c.findings.list.size();
    if (csca.is_csca != true || !csca.allows(KeyUsage::key_cert_sign))
        c.findings.note(id_csca, "D16", "the CSCA certificate does not say that it may sign certificates (old profile)");
    if (ds.not_before < csca.not_before || ds.not_before > csca.not_after)
        c.findings.refer(id_csca, "D30", "the document signer was issued outside the validity of its CSCA certificate");
    else if (c.now > csca.not_after)
        c.findings.note(id_csca, "D29", "the CSCA certificate has expired; the document signer was issued before");
    if (ds.not_after > csca.not_after) c.findings.note(id_csca, "D30", "the document signer outlives its CSCA certificate");
    if (!csca.unknown_critical.empty())
        c.findings.refer(id_csca, "D21", "the CSCA certificate has an unknown critical extension", csca.unknown_critical.front().dotted());
    const auto csca_country = upper_ascii(csca.subject.country());
    const auto ds_country = upper_ascii(ds.subject.country());
    if (csca_country != ds_country || ds.subject.country_count() > 1)
        c.findings.refer(id_country, "D49", "document signer and CSCA name different countries", ds_country + " and " + csca_country);
    if (c.findings.list.size() == before) c.findings.pass(id_csca, "the CSCA certificate is in order");
}

struct CrlStatus {
    bool usable = false, fresh = false, revoked_signer = false, revoked_csca = false;
    std::string detail;
};

CrlStatus examine(const pki::Crl& crl, const Certificate& csca, const Certificate& ds, Instant now) {
    CrlStatus s;
    if (!crl.issuer.matches(csca.subject)) return s;
    if (!crl.verify_signature(*csca.public_key)) {
        s.detail = "a list with a wrong signature was ignored";
        return s;
    }
    const auto period = fmt::format("list of {}{}", to_iso(date_of(crl.this_update)),
                                    crl.next_update ? ", next due " + to_iso(date_of(*crl.next_update)) : "");
    if (!crl.unknown_critical.empty()) {
        // A partitioned or delta list covers less than it seems; what it does list still counts.
        s.detail = period + ", with critical extension " + crl.unknown_critical.front().dotted();
    } else {
        s.usable = true;
        s.detail = period;
    }
    s.fresh = s.usable && crl.this_update <= now && (!crl.next_update || now <= *crl.next_update);
    s.revoked_signer = ds.issuer.matches(crl.issuer) && crl.find(ds.serial) != nullptr;
    s.revoked_csca = csca.issuer.matches(crl.issuer) && crl.find(csca.serial) != nullptr;
    return s;
}

void check_revocation(Context& c, const Certificate& csca, const Certificate& ds) {
    CrlStatus best;
    for (const auto& crl : c.trust.crls) {
        const auto s = examine(crl, csca, ds, c.now);
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
        c.findings.add(id_revocation, Outcome::inconclusive, Overall::accept_with_notes, "D34",
                       "the revocation list is out of date", best.detail);
    } else {
        c.findings.add(id_revocation, Outcome::inconclusive, Overall::accept_with_notes, best.detail.empty() ? "D36" : "D37",
                       "revocation is not known: no usable list of this country", best.detail);
    }
}

}  // namespace

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
