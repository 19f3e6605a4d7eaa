// The table of rules: every rule is met by a test, and docs/lint-rules.md prints the table.
#include <fstream>

#include <fmt/format.h>

#include "lint/cases.hpp"
#include "unit.hpp"

using namespace idchip;
using namespace idchip::lint;

namespace {

cases::Cases all_cases() {
    cases::Cases all;
    for (const auto list : {cases::body_cases, cases::name_cases, cases::algorithm_cases, cases::key_cases, cases::extension_cases,
                            cases::value_cases, cases::alternative_name_cases, cases::point_cases, cases::type_cases, cases::validity_cases,
                            cases::crl_cases, cases::signed_data_cases, cases::sod_cases, cases::list_cases})
        for (auto& c : list()) all.push_back(std::move(c));
    return all;
}

std::string expected_document() {
    std::string out =
        "# Rules of the linter\n\nMade from `include/idchip/lint/rules.def`; the test *docs/lint-rules.md is the table of rules* prints this "
        "file when it differs.\n\n`idchip pki lint` judges by these. An error is a broken MUST or SHALL, a warning a broken SHOULD or "
        "RECOMMENDED; info breaks\nnothing. References: 9303-N is Doc 9303 part N, 8th edition.\n\n"
        "| rule | severity | what is wrong | by |\n|---|---|---|---|\n";
    for (const auto& r : rules()) out += fmt::format("| `{}` | {} | {} | {} |\n", r.name, name(r.severity), r.text, r.reference);
    return out;
}

}  // namespace

TEST_CASE("every rule of the table is broken by a test object, and no test names another", "[lint]") {
    cases::Set tested, table;
    for (const auto& c : all_cases()) tested.insert(c.rule);
    for (const auto& r : rules()) table.insert(std::string(r.name));
    CHECK(table.size() == rules().size());
    for (const auto& name : table)
        if (!tested.contains(name)) FAIL_CHECK("no test breaks " << name);
    for (const auto& name : tested)
        if (!table.contains(name)) FAIL_CHECK("no rule is called " << name);
}

TEST_CASE("a rule has a name of two words, a text and a reference", "[lint]") {
    for (const auto& r : rules()) {
        CAPTURE(r.name);
        const auto dot = r.name.find('.');
        CHECK((dot != std::string_view::npos && r.name.find('.', dot + 1) == std::string_view::npos));
        CHECK(r.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == std::string_view::npos);
        CHECK_FALSE(r.text.empty());
        CHECK_FALSE(r.reference.empty());
        CHECK(r.text.find('|') == std::string_view::npos);
    }
}

TEST_CASE("docs/lint-rules.md is the table of rules", "[lint]") {
    const auto written = read_text(std::string(IDCHIP_SOURCE_DIR) + "/docs/lint-rules.md");
    const auto expected = expected_document();
    if (!written || *written != expected) {
        const auto proposal = "/tmp/idchip-lint-rules.md";
        std::ofstream(proposal) << expected;
        WARN("what docs/lint-rules.md should be was written to " << proposal);
    }
    CHECK((written && *written == expected));
}
