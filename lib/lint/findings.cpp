#include "lint/findings.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace idchip::lint {

const std::vector<RuleInfo>& rules() {
    static const std::vector<RuleInfo> table = {
#define LINT_RULE(id, name, severity, text, reference) {name, Severity::severity, text, reference},
#include <idchip/lint/rules.def>
#undef LINT_RULE
    };
    return table;
}

const RuleInfo& info(Rule rule) { return rules()[static_cast<std::size_t>(rule)]; }

std::string_view name(Severity severity) {
    return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "info";
}

std::size_t Report::count(Severity severity) const {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(), [severity](const Finding& f) { return f.severity == severity; }));
}

std::string Report::counts() const {
    const auto errors = count(Severity::error), warnings = count(Severity::warning);
    return fmt::format("{} error{}, {} warning{}", errors, errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
}

void Findings::add(Rule rule, std::string where, std::string_view detail) {
    const auto& r = info(rule);
    list_.push_back({std::string(r.name), r.severity, detail.empty() ? std::string(r.text) : fmt::format("{}: {}", r.text, detail),
                     std::move(where), std::string(r.reference)});
}

std::vector<Finding> Findings::sorted() && {
    std::stable_sort(list_.begin(), list_.end(), [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
    return std::move(list_);
}

std::string brief(const Error& error) {
    const auto& cause = idchip::info(error.code).cause;
    return error.detail.empty() ? std::string(cause) : fmt::format("{}: {}", cause, error.detail);
}

}  // namespace idchip::lint
