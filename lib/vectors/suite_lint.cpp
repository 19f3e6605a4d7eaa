// Doc 9303-12, 7.1, 9 and 10, and 9303-10, 4.6.2: what breaks the profile of a certificate, list or EF.SOD.
#include <set>

#include <idchip/lint/lint.hpp>

#include "base/try.hpp"
#include "vectors/suites.hpp"

namespace idchip::vectors {
namespace {

Result<Outputs> run_lint(const Inputs& in) {
    const auto file = TRY(in.bytes("file"));
    std::optional<lint::Kind> as;
    if (in.has("as")) {
        as = lint::kind_by_name(TRY(in.text("as")));
        if (!as) return bad("in.as", "no kind");
    }
    const auto report = TRY(lint::lint(file, as));
    std::set<std::string> rules;
    for (const auto& finding : report.findings) rules.insert(finding.rule);
    return Outputs{{"kind", std::string(name(report.kind))}, {"rules", rules}, {"conforms", report.conforms()}};
}

}  // namespace

Suite lint_suite() { return {"lint", {{"lint", run_lint}}}; }

}  // namespace idchip::vectors
