#include <idchip/inspect/judge.hpp>

#include <algorithm>

#include <idchip/base/text.hpp>

#include "inspect/checks.hpp"

namespace idchip::inspect {
namespace {

// A policy moves what is open: tolerances and what could not be answered. What was not read stays at least as bad as it is,
// and a failure stays as it is.
void apply(const Policy& policy, std::vector<Finding>& findings) {
    for (auto& f : findings) {
        const auto it = policy.overrides.find(f.id);
        if (it == policy.overrides.end() || f.outcome == Outcome::fail) continue;
        const bool open = f.outcome == Outcome::note || f.outcome == Outcome::inconclusive;
        f.overall = open ? it->second : std::max(f.overall, it->second);
    }
}

Context open(const Evidence& evidence, const pki::TrustStore& trust, Instant now, const Policy& policy) {
    Context context{evidence, trust, now, policy, {}, {}, nullptr, {}, {}, false, {}, {}};
    context.findings.list.reserve(32);  // what a document without trouble leads to
    return context;
}

Verdict conclude(Context& context) {
    Verdict verdict;
    verdict.findings = std::move(context.findings.list);
    apply(context.policy, verdict.findings);
    verdict.overall = Overall::accept;
    for (const auto& f : verdict.findings) verdict.overall = std::max(verdict.overall, f.overall);
    return verdict;
}

}  // namespace

void Findings::add(std::string id, Outcome outcome, Overall overall, std::string case_id, std::string text, std::string detail) {
    // Both may quote the chip or a certificate: no control characters or reversed text reach an output (case B25).
    list.push_back({std::move(id), outcome, overall, printable(text), printable(detail), std::move(case_id)});
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

void Findings::inconclusive(std::string id, Overall overall, std::string case_id, std::string text, std::string detail) {
    add(std::move(id), Outcome::inconclusive, overall, std::move(case_id), std::move(text), std::move(detail));
}

void Findings::unavailable(std::string id, Overall overall, std::string case_id, std::string text, std::string detail) {
    add(std::move(id), Outcome::unavailable, overall, std::move(case_id), std::move(text), std::move(detail));
}

void Findings::tolerances(const std::string& prefix, const Notes& notes) {
    for (const auto& n : notes)
        note(prefix + n.id, std::string(case_of_note(n.id)), "tolerated: " + n.id, n.where + (n.detail.empty() ? "" : ": " + n.detail));
}

bool contains_word(std::string_view words, std::string_view word) {
    const auto list = split(words, ' ');
    return std::find(list.begin(), list.end(), word) != list.end();
}

Verdict judge(const Evidence& evidence, const pki::TrustStore& trust, Instant now, const Policy& policy) {
    Context context = open(evidence, trust, now, policy);
    check_access(context);
    check_security_object(context);
    check_issuer(context);
    check_hashes(context);
    check_files(context);
    check_card_security(context);
    check_genuine(context);
    check_terminal(context);
    check_details(context);
    check_consistency(context);
    check_trust_age(context);
    check_deviations(context);
    return conclude(context);
}

Verdict passive_authentication(const Evidence& evidence, const pki::TrustStore& trust, Instant now, const Policy& policy) {
    Context context = open(evidence, trust, now, policy);
    check_security_object(context);
    check_issuer(context);
    check_hashes(context);
    return conclude(context);
}

}  // namespace idchip::inspect
