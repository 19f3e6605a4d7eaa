#include <idchip/inspect/judge.hpp>

#include "inspect/checks.hpp"

namespace idchip::inspect {
namespace {

// A policy moves what is open; a failure stays a failure.
void apply(const Policy& policy, std::vector<Finding>& findings) {
    for (auto& f : findings) {
        if (f.outcome == Outcome::fail) continue;
        if (const auto it = policy.overrides.find(f.id); it != policy.overrides.end()) f.overall = it->second;
    }
}

}  // namespace

void Findings::add(std::string id, Outcome outcome, Overall overall, std::string case_id, std::string text, std::string detail) {
    list.push_back({std::move(id), outcome, overall, std::move(text), std::move(detail), std::move(case_id)});
}

void Findings::pass(std::string id, std::string text, std::string detail) {
    add(std::move(id), Outcome::pass, Overall::accept, {}, std::move(text), std::move(detail));
}

void Findings::note(std::string id, std::string case_id, std::string text, std::string detail) {
    add(std::move(id), Outcome::note, Overall::accept_with_notes, std::move(case_id), std::move(text), std::move(detail));
}

void Findings::reject(std::string id, std::string case_id, std::string text, std::string detail) {
    add(std::move(id), Outcome::fail, Overall::reject, std::move(case_id), std::move(text), std::move(detail));
}

void Findings::refer(std::string id, std::string case_id, std::string text, std::string detail) {
    add(std::move(id), Outcome::fail, Overall::refer, std::move(case_id), std::move(text), std::move(detail));
}

void Findings::tolerances(const std::string& prefix, const Notes& notes) {
    for (const auto& n : notes)
        note(prefix + n.id, {}, "tolerated: " + n.id, n.where + (n.detail.empty() ? "" : ": " + n.detail));
}

Verdict judge(const Evidence& evidence, const pki::TrustStore& trust, Instant now, const Policy& policy) {
    Context context{evidence, trust, now, policy, {}, {}, nullptr, {}, {}, false, {}, false};
    check_security_object(context);
    check_issuer(context);
    check_files(context);
    check_consistency(context);
    Verdict verdict;
    verdict.findings = std::move(context.findings.list);
    apply(policy, verdict.findings);
    verdict.overall = Overall::accept;
    for (const auto& f : verdict.findings) verdict.overall = std::max(verdict.overall, f.overall);
    return verdict;
}

}  // namespace idchip::inspect
