// docs/tolerances.md and docs/inspection-cases.md against the code: neither says more nor less.
#include <regex>
#include <set>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>

#include "inspect/checks.hpp"
#include "unit.hpp"

using namespace idchip;

namespace {

namespace fs = std::filesystem;
using Set = std::set<std::string>;

const fs::path source = IDCHIP_SOURCE_DIR;

std::string text_of(const fs::path& path) { return test::good(read_text(path)); }

Set matches(const std::string& text, const std::regex& pattern) {
    Set found;
    for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) found.insert((*it)[1]);
    return found;
}

std::vector<fs::path> sources_below(const fs::path& folder) {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".cpp") paths.push_back(entry.path());
    return paths;
}

// Ids in `push_back({"id", ...})` and `note("id", ...)`, also behind a condition, up to the end of the statement.
Set ids_noted_in(const std::string& text) {
    static const std::regex statement(R"((?:push_back\(\s*\{|\bnote\(|tolerances\()[^;]*;)");
    static const std::regex id(R"re("([a-z0-9]+\.[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*)")re");
    Set ids;
    for (std::sregex_iterator it(text.begin(), text.end(), statement), end; it != end; ++it) ids.merge(matches(it->str(), id));
    return ids;
}

// First cells of the rows of a table, between backticks.
Set ids_in_table(const std::string& text) {
    Set ids;
    for (const auto& line : split(text, '\n'))
        if (line.starts_with("| `")) ids.merge(matches(line.substr(0, line.find(" |", 2)), std::regex("`([^`]+)`")));
    return ids;
}

Set without(Set a, const Set& b) {
    for (const auto& x : b) a.erase(x);
    return a;
}

Set test_names() {
    Set names;
    for (const auto& path : sources_below(source / "tests/unit/inspect"))
        names.merge(matches(text_of(path), std::regex(R"re(TEST_CASE\("([A-I]\d\d [^"]+)")re")));
    return names;
}

// "B07 one byte of DG1 or DG2 changed" from "| B07 | one byte of DG1 or DG2 changed | ..."
Set tests_in(const std::string& document) {
    Set names;
    static const std::regex row(R"(\| ([A-I]\d\d) \| ([^|]+) \|.*)");
    bool tests = false;
    for (const auto& line : split(document, '\n')) {
        if (line.starts_with("| case | ")) tests = line.starts_with("| case | test |");
        std::smatch match;
        if (tests && std::regex_match(line, match, row)) names.insert(match[1].str() + " " + match[2].str());
    }
    return names;
}

Set cases_in(const std::string& text) { return matches(text, std::regex(R"(\b([A-I]\d\d)\b)")); }

// Cases that have a row of their own, with a test or with a reason for having none.
Set cases_with_row(const std::string& document) {
    Set cases;
    for (const auto& line : split(document, '\n'))
        if (line.starts_with("| ")) cases.merge(cases_in(line.substr(0, line.find(" |", 2))));
    return cases;
}

}  // namespace

TEST_CASE("docs/tolerances.md names every tolerance") {
    const auto document = text_of(source / "docs/tolerances.md");
    Set in_code, of_parsers;
    for (const auto& path : sources_below(source / "lib")) {
        const auto ids = ids_noted_in(text_of(path));
        in_code.insert(ids.begin(), ids.end());
        if (path.string().find("/inspect/") == std::string::npos) of_parsers.insert(ids.begin(), ids.end());
    }
    in_code.erase("pki.signer.");
    CHECK(of_parsers.size() > 30);
    const auto documented = ids_in_table(document);
    CHECK(without(in_code, documented) == Set());
    // These come from constants, from a header or are put together; the others must stand in the code.
    const Set composed = {"file.EF.COM",
                          "file.DG3",
                          "file.DG4",
                          "finger.image_type_differs",
                          "iris.image_type_differs",
                          "iso39794.image_type_differs",
                          "iso39794.long_length",
                          "iso39794.order",
                          "lds.biometric_unreadable",
                          "pki.csca",
                          "pki.csca_link",
                          "pki.signer_validity"};
    CHECK(without(documented, in_code) == composed);
    for (const auto& id : of_parsers) {
        INFO(id);
        CHECK_FALSE(inspect::case_of_note(id).empty());
    }
}

TEST_CASE("docs/inspection-cases.md and the tests name the same cases") {
    const auto document = text_of(source / "docs/inspection-cases.md");
    CHECK(without(test_names(), tests_in(document)) == Set());
    CHECK(without(tests_in(document), test_names()) == Set());
    CHECK(tests_in(document).size() > 100);
}

TEST_CASE("docs/inspection-cases.md names every case that a finding can carry") {
    const auto documented = cases_with_row(text_of(source / "docs/inspection-cases.md"));
    Set carried;
    for (const auto& path : sources_below(source / "lib/inspect"))
        carried.merge(matches(text_of(path), std::regex(R"re("([A-I]\d\d)")re")));
    CHECK(carried.size() > 60);
    CHECK(without(carried, documented) == Set());
}
