// What the document says of itself, against itself, the clock, its issuer and the printed page: family G.
#include "inspect/checks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/pki/country.hpp>

namespace idchip::inspect {
namespace {

using mrz::Mrz;

// No document is valid for more than a quarter of a century from today.
constexpr int longest_validity_years = 25;

bool is_digits(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos; }

// YYMMDD of an expiry: the latest century that lies at most `longest_validity_years` ahead.
std::optional<Date> expiry_date(std::string_view yymmdd, Date today) {
    if (yymmdd.size() != 6 || !is_digits(yymmdd)) return std::nullopt;
    const auto number = [&](std::size_t at) { return (yymmdd[at] - '0') * 10 + (yymmdd[at + 1] - '0'); };
    Date date{today.year - today.year % 100 + 100 + number(0), number(2), number(4)};
    while (date.year > today.year + longest_validity_years) date.year -= 100;
    if (!is_valid(date)) return std::nullopt;
    return date;
}

// Vietnam prints 991231 on cards that never expire.
bool has_no_expiry(const Mrz& m) { return m.issuing_state == "VNM" && m.expiry == "991231"; }

void check_digits(Context& c) {
    const auto& faults = c.dg1->mrz.faults;
    if (faults.empty()) {
        c.findings.pass("mrz.check_digits", "the check digits of DG1 are right");
        return;
    }
    std::string list;
    for (const auto& f : faults) list += fmt::format("{}{}: {} instead of {}", list.empty() ? "" : ", ", f.field, f.printed, f.computed);
    c.findings.refer("mrz.check_digits", "G02", "check digits of DG1 are wrong", list);
}

void check_expiry(Context& c) {
    const auto& m = c.dg1->mrz.mrz;
    if (has_no_expiry(m)) {
        c.findings.pass("document.expiry", "the document has no expiry");
        return;
    }
    if (!clock_is_set(c.now)) {
        c.findings.inconclusive("document.expiry", Overall::cannot, "D47", "the clock of this machine is not set", to_iso(c.now));
        return;
    }
    const auto expiry = expiry_date(m.expiry, date_of(c.now));
    if (!expiry) c.findings.refer("document.expiry", "G05", "DG1 states no valid date of expiry");
    else if (*expiry < date_of(c.now)) c.findings.refer("document.expiry", "G05", "the document expired on " + to_iso(*expiry));
    else c.findings.pass("document.expiry", "the document is valid until " + to_iso(*expiry));
}

// Codes that stood in zones and have been withdrawn, with those of the states that issue or sign instead.
struct Withdrawn {
    std::string_view code, successors;
};
constexpr Withdrawn withdrawn[] = {
    {"ANT", "AN NL"},    {"BUR", "MM"},    {"CSK", "CZ SK"}, {"DDR", "DE"},       {"ROM", "RO"},
    {"SCG", "CS RS ME"}, {"SUN", "SU RU"}, {"TMP", "TL"},    {"YUG", "YU RS ME"}, {"ZAR", "ZR CD"},
};

const Withdrawn* find_withdrawn(std::string_view code) {
    for (const auto& row : withdrawn)
        if (row.code == code) return &row;
    return nullptr;
}

// Doc 9303-3, section 5, part E: persons without a defined nationality.
bool is_without_nationality(std::string_view code) { return code == "XXA" || code == "XXB" || code == "XXC" || code == "XXX"; }

// Kosovo and the United Nations mission there, which the table of certificates does not hold.
bool is_known(std::string_view code) { return pki::certificate_country(code).has_value() || code == "XXK"; }

void check_country_codes(Context& c) {
    const auto& m = c.dg1->mrz.mrz;
    for (const auto& [field, code] : {std::pair("issuing state", m.issuing_state), std::pair("nationality", m.nationality)})
        if (!is_known(code) && !is_without_nationality(code))
            c.findings.note("mrz.country_code", "G10",
                            fmt::format("the {} is a {} code", field, find_withdrawn(code) != nullptr ? "withdrawn" : "unknown"), code);
}

bool is_issued_in(std::string_view state, const std::string& country) {
    const auto* old = find_withdrawn(state);
    return pki::same_issuer(state, country) || (old != nullptr && contains_word(old->successors, upper_ascii(country)));
}

void check_issuing_state(Context& c) {
    if (c.document_signer == nullptr) return;
    const auto& state = c.dg1->mrz.mrz.issuing_state;
    const auto country = c.document_signer->subject.country();
    if (is_issued_in(state, country)) c.findings.pass("document.issuer", "issued by " + state + ", signed by " + country);
    else c.findings.refer("document.issuer", "D04", "the document names another country than its signer", state + " and " + country);
}

// Doc 9303-4, -5 and -6, 4.2.2: P for a passport; A, C or I for other official travel documents.
void check_document_code(Context& c) {
    const auto& code = c.dg1->mrz.mrz.document_code;
    if (std::string_view("PACI").find(code[0]) == std::string_view::npos)
        c.findings.note("mrz.document_code", "G11", "the document code begins with none of P, A, C and I", code);
}

void check_document_type(Context& c) {
    if (c.document_signer == nullptr || !c.document_signer->document_types) return;
    const auto& types = *c.document_signer->document_types;
    const auto& code = c.dg1->mrz.mrz.document_code;
    // Doc 9303-12, 7.1.1.6: the code as in the zone; one letter stands for every second character.
    const bool covered = std::any_of(types.begin(), types.end(), [&](const std::string& t) {
        return t == code || (t.size() == 1 && !code.empty() && t[0] == code[0]) ||
               (t.size() == 2 && t[1] == '<' && t[0] == code[0] && code.size() == 1);
    });
    std::string list;
    for (const auto& t : types) list += (list.empty() ? "" : ", ") + t;
    if (covered) c.findings.pass("document.type", "the document signer may sign documents of type " + code);
    else c.findings.refer("document.type", "D31", "the document signer may not sign documents of type " + code, list);
}

// The printed zone, or what was typed in, against DG1.
void check_expected(Context& c) {
    if (!c.evidence.expected) return;
    const auto& expected = *c.evidence.expected;
    const auto& m = c.dg1->mrz.mrz;
    const auto differs = [&](std::string field) {
        c.findings.refer("document.printed", "G01", "the printed data differs from DG1", "field " + std::move(field));
    };
    if (!expected.mrz.empty()) {
        const auto printed = mrz::parse(expected.mrz);
        if (!printed) return differs("machine readable zone");
        const auto& p = printed->mrz;
        if (p.document_number != m.document_number) return differs("document number");
        if (p.birth != m.birth || p.expiry != m.expiry || p.sex != m.sex) return differs("birth, sex or expiry");
        if (p.primary != m.primary || p.secondary != m.secondary) return differs("name");
        if (printed->lines != c.dg1->mrz.lines) return differs("document code, states or optional data");
        c.findings.pass("document.printed", "the printed zone is the one in DG1");
        return;
    }
    if (expected.document_number != m.document_number) return differs("document number");
    if (expected.birth != m.birth || expected.expiry != m.expiry) return differs("birth or expiry");
    c.findings.pass("document.printed", "number, birth and expiry are those in DG1");
}

}  // namespace

void check_consistency(Context& c) {
    if (!c.dg1) return;
    check_digits(c);
    check_expiry(c);
    check_country_codes(c);
    check_issuing_state(c);
    check_document_code(c);
    check_document_type(c);
    check_expected(c);
}

}  // namespace idchip::inspect
