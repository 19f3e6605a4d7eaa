// Rules by their identifiers, and the collection of what was found.
#pragma once

#include <idchip/lint/lint.hpp>

namespace idchip::lint {

enum class Rule : std::uint16_t {
#define LINT_RULE(id, name, severity, text, reference) id,
#include <idchip/lint/rules.def>
#undef LINT_RULE
};
const RuleInfo& info(Rule rule);

class Findings {
public:
    void add(Rule rule, std::string where, std::string_view detail = {});
    // Adds the finding where the rule is not kept.
    void want(bool kept, Rule rule, std::string where, std::string_view detail = {}) {
        if (!kept) add(rule, std::move(where), detail);
    }
    std::size_t size() const { return list_.size(); }
    // Errors first, otherwise as they were found.
    std::vector<Finding> sorted() &&;

private:
    std::vector<Finding> list_;
};

// What a parser says of a broken part, without its place and remedy: "an object that does not belong here: want tag 30, found 04".
std::string brief(const Error& error);

}  // namespace idchip::lint
