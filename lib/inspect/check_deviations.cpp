// What the issuing State itself says is wrong with its documents (Doc 9303-3, 7): known faults become notes, within what it says and no
// further. A wrong signature is never excused: then nobody can know what was signed.
#include <algorithm>

#include <idchip/lds/details.hpp>

#include "inspect/checks.hpp"

namespace idchip::inspect {
namespace {

using lds::Ef;
using pki::DeviationKind;

std::string group_name(const std::optional<pki::DeviationParameter>& parameter) {
    constexpr std::int64_t ef_sod = 20, ef_com = 21;
    if (!parameter) return {};
    if (parameter->number >= 1 && parameter->number <= 16) return "DG" + std::to_string(parameter->number);
    return parameter->number == ef_com ? "EF.COM" : parameter->number == ef_sod ? "EF.SOD" : "";
}

// A file that is hidden, refused or unsigned is not malformed.
bool is_structure(const std::string& case_id) { return case_id == "B16" || case_id == "B17"; }

// Whether a failure is the one that the description owns up to.
bool explains(const pki::DeviationDescription& d, const Finding& f) {
    const auto group = group_name(d.parameter());
    switch (d.kind()) {
        case DeviationKind::lds_dg_hash_wrong: return !group.empty() && f.id == "pa.hash." + group;
        case DeviationKind::lds_dg_malformed:
            return !group.empty() && group != "EF.SOD" && f.id == "file." + group && is_structure(f.case_id);
        case DeviationKind::lds_com_inconsistent: return f.id.starts_with("file.EF.COM");
        case DeviationKind::mrz_wrong_check_digit:
        case DeviationKind::mrz_wrong_data: return f.id == "mrz.check_digits";
        case DeviationKind::cert_or_key_ds_encoding: return f.id == "pki.signer_profile" && f.case_id != "D14" && f.case_id != "D19";
        default: return false;
    }
}

pki::DocumentFacts facts_of(const Context& c) {
    pki::DocumentFacts facts;
    facts.document_signer = c.document_signer;
    if (c.dg1) {
        facts.document_code = c.dg1->mrz.mrz.document_code;
        facts.document_number = c.dg1->mrz.mrz.document_number;
    }
    if (const auto* file = c.evidence.content(Ef::dg12); file != nullptr && is_authentic(c, Ef::dg12))
        if (const auto dg12 = lds::DetailFile::parse(Ef::dg12, *file))
            if (const auto issued = dg12->date(lds::dg12::issue_date))
                if (const auto date = parse_iso_date(issued->substr(0, 4) + "-" + issued->substr(4, 2) + "-" + issued->substr(6, 2)))
                    facts.issued = *date;
    return facts;
}

void use(Context& c, const pki::DeviationDescription& d) {
    if (d.kind() == DeviationKind::cert_or_key_aa_key_compromised)
        return c.findings.refer("chip.genuine", "D44", "the issuing State says that the keys of such chips are known to others", d.text());
    bool explained = false;
    for (auto& f : c.findings.list) {
        if (f.outcome != Outcome::fail || !explains(d, f)) continue;
        f.outcome = Outcome::note;
        f.overall = Overall::accept_with_notes;
        f.detail += (f.detail.empty() ? "" : "; ") + std::string("the issuing State knows of this fault (") + f.case_id + "): " + d.text();
        f.case_id = "D44";
        explained = true;
    }
    if (!explained) c.findings.note("pki.deviation", "D44", "the issuing State has published a deviation of such documents", d.text());
}

}  // namespace

void check_deviations(Context& c) {
    if (!c.object_authentic || c.document_signer == nullptr) return;
    const auto facts = facts_of(c);
    for (const auto& list : c.trust.deviation_lists) {
        const auto signers = pki::list_signers(list.signed_data);
        if (signers.empty() || !pki::speaks_for(*signers.front(), *c.document_signer)) continue;
        for (const auto& deviation : list.deviations) {
            if (pki::covers(deviation.documents, facts, list.digest_alg).coverage != pki::Coverage::yes) continue;
            for (const auto& description : deviation.descriptions) use(c, description);
        }
    }
}

}  // namespace idchip::inspect
