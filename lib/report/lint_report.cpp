#include <idchip/report/lint_report.hpp>

#include <fmt/format.h>

#include "report/tree.hpp"

namespace idchip::report {

using lint::Severity;

std::string to_text(const lint::Report& r) {
    std::string text = r.subject.empty() ? fmt::format("{}\n", name(r.kind)) : fmt::format("{}: {}\n", name(r.kind), r.subject);
    for (const auto& f : r.findings) {
        text += fmt::format("  {:<7} {}{}\n", name(f.severity), f.rule, f.where.empty() ? "" : " at " + f.where);
        text += fmt::format("          {} ({})\n", f.text, f.reference);
    }
    return text + fmt::format("  {}: {}\n", r.conforms() ? "conforms" : "does not conform", r.counts());
}

std::string to_json(const lint::Report& r) {
    Json j;
    j["kind"] = name(r.kind);
    j["subject"] = r.subject;
    j["conforms"] = r.conforms();
    j["errors"] = r.count(Severity::error);
    j["warnings"] = r.count(Severity::warning);
    j["findings"] = Json::array();
    for (const auto& f : r.findings) {
        Json finding;
        finding["rule"] = f.rule;
        finding["severity"] = name(f.severity);
        finding["where"] = f.where;
        finding["text"] = f.text;
        finding["reference"] = f.reference;
        j["findings"].push_back(std::move(finding));
    }
    return j.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace idchip::report
