// EF.CardSecurity, whose key the chip authentication mapping proves: signed like EF.SOD (Doc 9303-10, 3.11.4).
#include <algorithm>

#include <idchip/lds/security_infos.hpp>

#include "inspect/checks.hpp"

namespace idchip::inspect {
namespace {

using lds::Ef;

constexpr auto id = "file.EF.CardSecurity";

const pki::Certificate* signer_of(Context& c, const pki::SignedData& data) {
    if (data.signers.size() != 1) {
        c.findings.refer(id, "A23", "EF.CardSecurity has no signature, or several");
        return nullptr;
    }
    std::string why = "no certificate in it is the signer";
    for (const auto* candidate : data.candidates(data.signers.front())) {
        if (!candidate->public_key) continue;
        const auto check = pki::check_signature(data, data.signers.front(), *candidate->public_key);
        if (!check.failure) return candidate;
        why = check.failure->message();
    }
    c.findings.refer(id, "A23", "the signature of EF.CardSecurity is wrong", why);
    return nullptr;
}

}  // namespace

void check_card_security(Context& c) {
    const auto* file = c.evidence.content(Ef::card_security);
    if (file == nullptr) return;
    const auto parsed = lds::EfCardSecurity::parse(*file);
    auto data = parsed ? pki::SignedData::parse(parsed->cms) : Result<pki::SignedData>(fail(parsed.error()));
    if (!data) return c.findings.refer(id, "A23", "EF.CardSecurity has no valid structure", data.error().message());
    c.findings.tolerances("", parsed->notes);
    c.findings.tolerances("", data->notes);
    if (!(data->content_type == lds::oid_security_object()))
        return c.findings.refer(id, "A23", "the signed content of EF.CardSecurity is not SecurityInfos", data->content_type.dotted());
    const auto* ds = signer_of(c, *data);
    if (ds == nullptr) return;
    const auto search = pki::find_issuer(*ds, c.trust);
    if (search.issuer == nullptr) {
        // A false signer of a known country is an attack; of an unknown one it may be anything.
        if (search.country_known)
            c.findings.refer(id, "A23", "no trusted CSCA has issued the signer of EF.CardSecurity", ds->issuer.text());
        else c.findings.inconclusive(id, Overall::cannot, "D07", "no CSCA certificate for the signer of EF.CardSecurity is trusted here");
        return;
    }
    if (is_revoked(c, *search.issuer, *ds)) return c.findings.reject(id, "D33", "the signer of EF.CardSecurity has been revoked");
    auto infos = lds::SecurityInfos::parse(data->content, "EF.CardSecurity");
    if (!infos) return c.findings.refer(id, "A23", "the SecurityInfos in EF.CardSecurity have no valid structure", infos.error().message());
    c.findings.tolerances("", infos->notes);
    c.findings.pass(id, "EF.CardSecurity is signed by " + ds->subject.text());
    c.card_security = std::move(*infos);
}

}  // namespace idchip::inspect
