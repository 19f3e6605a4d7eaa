// What the linter found, for people and programs.
#pragma once

#include <idchip/lint/lint.hpp>

namespace idchip::report {

// A heading, then two lines a finding: severity, rule, place; what is wrong and by which standard.
std::string to_text(const lint::Report& report);
// {"kind", "subject", "conforms", "errors", "warnings", "findings": [{"rule", "severity", "where", "text", "reference"}]}
std::string to_json(const lint::Report& report);

}  // namespace idchip::report
