#include <idchip/national/vietnam/agreement.hpp>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/mrz/names.hpp>

#include "national/vietnam/text.hpp"

namespace idchip::vietnam {
namespace {

constexpr auto look_at_the_card = "compare both with what is printed on the card";
constexpr auto read_qr_again = "scan the code again; it is not signed, so the chip is to be believed";

// All warnings here: cards are valid by law although their parts differ, as long as a correction or an exchange is pending.
Finding warning(std::string_view field, std::string code, std::string message, std::string remedy) {
    return {std::string(field), std::move(code), Severity::warning, std::move(message), std::move(remedy), {}, {}};
}

void add(Findings& to, Findings more) { to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end())); }

// --- what a part states, so that any two can be compared

struct Side {
    std::string_view name;  // "mrz", "dg13", "qr"
    std::string number;     // empty: not stated
    std::string birth;      // YYMMDD, unknown parts "<<"; empty: not stated
    std::optional<Date> full_birth;
    char sex = '<';
};

Side side_of(const PersonDetails& d) {
    return {"dg13", d.personal_number, d.birth_date ? to_yymmdd(*d.birth_date) : "", d.birth_date, d.sex};
}
Side side_of(const QrText& qr) { return {"qr", qr.personal_number, qr.birth_date ? to_yymmdd(*qr.birth_date) : "", qr.birth_date, qr.sex}; }
Side side_of(const mrz::Parsed& zone, const ZoneReading& reading) {
    return {"mrz", reading.number ? reading.number->text() : "", zone.mrz.birth, {}, zone.mrz.sex};
}

// Unknown parts of a zone's date agree with everything.
bool same_birth(const Side& a, const Side& b) {
    if (a.full_birth && b.full_birth) return a.full_birth == b.full_birth;
    if (a.birth.size() != b.birth.size()) return true;  // one does not state it
    for (std::size_t i = 0; i < a.birth.size(); ++i)
        if (a.birth[i] != b.birth[i] && a.birth[i] != '<' && b.birth[i] != '<') return false;
    return true;
}

Findings compare(const Side& a, const Side& b, const std::string& remedy) {
    Findings findings;
    const auto differ = [&](std::string_view what, std::string code) {
        findings.push_back(warning(fmt::format("{}.{}", a.name, what), std::move(code), fmt::format("differs from {}", b.name), remedy));
    };
    if (!a.number.empty() && !b.number.empty() && a.number != b.number) differ("personal_number", "vn.number_differs");
    if (!same_birth(a, b)) differ("birth_date", "vn.birth_differs");
    if (a.sex != '<' && b.sex != '<' && a.sex != b.sex) differ("sex", "vn.sex_differs");
    return findings;
}

// --- names

std::vector<std::string> words(std::string_view zone_name) {
    auto parts = split(zone_name, '<');
    std::erase_if(parts, [](const std::string& part) { return part.empty(); });
    return parts;
}

// How much of a long name the zone keeps is not known of these cards: each word there begins a word of the name, in its order.
bool is_shortened(const std::vector<std::string>& shortened, const std::vector<std::string>& whole) {
    std::size_t at = 0;
    for (const auto& word : shortened) {
        while (at < whole.size() && !whole[at].starts_with(word)) ++at;
        if (at == whole.size()) return false;
        ++at;
    }
    return !shortened.empty();
}

constexpr std::size_t name_room = 30;  // Doc 9303-5, line 3

std::string joined_name(const mrz::Mrz& m) { return m.secondary.empty() ? m.primary : m.primary + "<<" + m.secondary; }

// --- parts by themselves

Findings check_number(const PersonDetails& d) {
    const auto number = PersonalNumber::parse(d.personal_number);
    if (number) return check(*number, d.birth_date ? std::optional(d.birth_date->year) : std::nullopt, d.sex);
    return {Finding{"dg13.personal_number",
                    "vn.number_form",
                    Severity::error,
                    "not 12 digits",
                    "refer the card: Law 26/2023, Art. 12 has no other form",
                    {},
                    {}}};
}

Findings check_number(const QrText& qr) {
    const auto number = PersonalNumber::parse(qr.personal_number);
    if (!number) return {};
    return check(*number, qr.birth_date ? std::optional(qr.birth_date->year) : std::nullopt, qr.sex);
}

// The century of the zone's birth is the number's own; the two digits of the year must still be the same.
Findings check_number(const mrz::Parsed& zone, const ZoneReading& reading) {
    if (!reading.number) return {};
    std::optional<int> year;
    if (reading.birth) year = reading.birth->year;
    return check(*reading.number, year, zone.mrz.sex);
}

Findings check_validity(const PersonDetails& d) {
    if (!d.birth_date || !d.issue_date || !d.expiry) return {};
    if (is_usual_expiry(law_on(*d.issue_date), *d.birth_date, *d.issue_date, *d.expiry)) return {};
    return {warning("dg13.expiry", "vn.expiry_unusual", "not the birthday on which a card issued that day would end",
                    "compare with the date printed on the card")};
}

std::string expiry_in_zone(const Expiry& e) { return e.date ? to_yymmdd(*e.date) : std::string(no_expiry); }

Findings compare_zone(const mrz::Parsed& zone, const ZoneReading& reading, const PersonDetails& d) {
    auto findings = compare(side_of(zone, reading), side_of(d), look_at_the_card);
    if (d.expiry && zone.mrz.expiry != expiry_in_zone(*d.expiry))
        findings.push_back(warning("mrz.expiry", "vn.expiry_differs", "differs from dg13", look_at_the_card));
    add(findings, compare_name(zone.mrz, d.full_name));
    return findings;
}

Findings compare_qr(const QrText& qr, const mrz::Parsed& zone, const ZoneReading& reading) {
    auto findings = compare(side_of(qr), side_of(zone, reading), read_qr_again);
    add(findings, compare_name(zone.mrz, qr.full_name));
    return findings;
}

}  // namespace

Findings compare_name(const mrz::Mrz& m, std::string_view full_name) {
    if (full_name.empty()) return {};
    const auto name = mrz::transliterate(full_name);
    if (!name || !name->unmapped.empty() || name->text.empty())
        return {warning("mrz.name", "vn.name_not_comparable", "the name as written has letters that no zone has", look_at_the_card)};
    const auto whole = words(name->text);
    const auto in_zone = joined_name(m);
    // Family name, "<<", the rest: one character more than with single fillers.
    const bool fits = name->text.size() + (whole.size() > 1 ? 1 : 0) <= name_room;
    const bool same = fits ? words(in_zone) == whole : is_shortened(words(in_zone), whole);
    if (same) return {};
    return {warning("mrz.name", "vn.name_differs", "differs from the name as written", look_at_the_card)};
}

Findings check_details(const PersonDetails& details) {
    auto findings = check_number(details);
    add(findings, check_validity(details));
    return findings;
}

Findings compare_zone(const mrz::Parsed& zone, const PersonDetails& details) { return compare_zone(zone, read_zone(zone), details); }

Findings compare_qr(const QrText& qr, const PersonDetails& d) {
    auto findings = compare(side_of(qr), side_of(d), read_qr_again);
    const auto text = [&](std::string_view field, std::string code, std::string_view a, std::string_view b) {
        if (a.empty() || b.empty() || composed(a) == composed(b)) return;
        findings.push_back(warning(field, std::move(code), "differs from dg13", read_qr_again));
    };
    text("qr.full_name", "vn.name_differs", qr.full_name, d.full_name);
    text("qr.old_number", "vn.old_number_differs", qr.old_number, d.old_number);
    text("qr.residence", "vn.residence_differs", qr.residence, d.residence);
    if (qr.issue_date && d.issue_date && qr.issue_date != d.issue_date)
        findings.push_back(warning("qr.issue_date", "vn.issue_differs", "differs from dg13", read_qr_again));
    return findings;
}

Findings compare_qr(const QrText& qr, const mrz::Parsed& zone) { return compare_qr(qr, zone, read_zone(zone)); }

Findings check_agreement(const CardParts& parts) {
    Findings findings;
    const auto reading = parts.zone != nullptr ? read_zone(*parts.zone) : ZoneReading{};
    add(findings, reading.findings);
    // The fullest part stands for the card where its own data are checked.
    if (parts.details != nullptr) {
        add(findings, check_details(*parts.details));
        if (parts.zone != nullptr) add(findings, compare_zone(*parts.zone, reading, *parts.details));
        if (parts.qr != nullptr) add(findings, compare_qr(*parts.qr, *parts.details));
        return findings;
    }
    if (parts.zone != nullptr && reading.number) add(findings, check_number(*parts.zone, reading));
    else if (parts.qr != nullptr) add(findings, check_number(*parts.qr));
    if (parts.zone != nullptr && parts.qr != nullptr) add(findings, compare_qr(*parts.qr, *parts.zone, reading));
    return findings;
}

}  // namespace idchip::vietnam
