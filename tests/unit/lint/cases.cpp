#include "lint/cases.hpp"

#include <algorithm>

#include "unit.hpp"

namespace idchip::lint::cases {
namespace {

std::string text(const Set& set) {
    std::string all;
    for (const auto& name : set) all += (all.empty() ? "" : " ") + name;
    return all;
}

}  // namespace

Set found(ByteView file, std::optional<Kind> as) {
    Set names;
    for (const auto& finding : test::good(lint(file, as)).findings) names.insert(finding.rule);
    return names;
}

void run(const Cases& cases) {
    REQUIRE_FALSE(cases.empty());
    for (const auto& c : cases) {
        CAPTURE(c.rule, c.what);
        auto wanted = c.also;
        wanted.insert(c.rule);
        CHECK(text(found(c.broken(), c.as)) == text(wanted));
        CHECK(text(found(c.kept(), c.as)) == text(c.beside));
    }
}

}  // namespace idchip::lint::cases
