// Judges a card profile before a card meets it: what would brick cards, lose keys, or leave a state that nobody can tell.
#pragma once

#include <idchip/profile/profile.hpp>

namespace idchip::profile {

enum class LintSeverity { error, warning, info };
std::string_view name(LintSeverity severity);

struct LintFinding {
    std::string rule;  // "lock.proof": stable
    LintSeverity severity = LintSeverity::error;
    std::string where;  // the step
    std::string text;
};
// Errors first. What cannot be parsed at all is parse_profile's to refuse. docs/profiles.md lists the rules.
std::vector<LintFinding> lint(const Profile& profile);
// The rules by name, for the documentation.
std::vector<std::pair<std::string_view, std::string_view>> lint_rules();

}  // namespace idchip::profile
