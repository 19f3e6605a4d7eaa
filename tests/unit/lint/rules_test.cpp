// The table of rules: every rule is met by a test, and docs/lint-rules.md prints the table.
#include <cstdlib>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

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

// "cert.serial_zero", "two octets": lint.cert.serial_zero.two_octets
std::string vector_id(const cases::Case& c, std::map<std::string, int>& seen) {
    auto id = "lint." + c.rule + "." + c.what;
    for (std::size_t i = c.rule.size() + 6; i < id.size(); ++i)
        id[i] =
            std::isalnum(static_cast<unsigned char>(id[i])) != 0 ? static_cast<char>(std::tolower(static_cast<unsigned char>(id[i]))) : '_';
    const auto times = ++seen[id];
    return times == 1 ? id : id + fmt::format("_{}", times);
}

nlohmann::ordered_json vector_of(std::string id, const cases::Case& c, const Bytes& file, const cases::Set& rules) {
    nlohmann::ordered_json in = {{"file", to_hex(file)}};
    if (c.as) in["as"] = name(*c.as);
    return {{"id", std::move(id)}, {"comment", c.rule + ": " + c.what}, {"op", "lint"}, {"in", in}, {"expect", {{"rules", rules}}}};
}

}  // namespace

// The vectors are the cases of these tests, for people without a compiler. Signatures are made anew, so each run gives other bytes:
//     IDCHIP_WRITE_VECTORS=test-vectors/lint/rules.json idchip_tests "[.vectors]"
TEST_CASE("the cases as test vectors", "[.vectors]") {
    const char* path = std::getenv("IDCHIP_WRITE_VECTORS");
    if (path == nullptr) return;
    std::ofstream out(path);
    out << "{\n  \"$schema\": \"../schema/lint.schema.json\",\n  \"suite\": \"lint\",\n"
        << "  \"source\": \"made by tests/unit/lint (maker.hpp, cms_maker.hpp): an object that keeps the profile, and the same with one thing "
           "wrong; which rule that breaks was said by the hand that broke it, from the standard\",\n"
        << "  \"spec\": \"Doc 9303-12 7.1, 9, 10; Doc 9303-10 4.6.2; RFC 5280; RFC 5652\",\n  \"cases\": [\n";
    std::map<std::string, int> seen;
    std::string separator;
    for (const auto& c : all_cases()) {
        auto wanted = c.also;
        wanted.insert(c.rule);
        const auto id = vector_id(c, seen);
        for (const auto& v : {vector_of(id, c, c.broken(), wanted), vector_of(id + ".neighbour", c, c.kept(), c.beside)}) {
            out << separator << "    " << v.dump();
            separator = ",\n";
        }
    }
    out << "\n  ]\n}\n";
}

TEST_CASE("every rule of the table is broken by a test object, and no test names another", "[lint]") {
    cases::Set tested, table;
    for (const auto& c : all_cases()) tested.insert(c.rule);
    tested.insert("cert.serial_reused");  // shows among several files only: lint_test
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
