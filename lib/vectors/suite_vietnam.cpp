// The Vietnamese card: DG13, personal number, zone, validity, QR text, agreement of the parts.
#include <idchip/national/vietnam/agreement.hpp>
#include <idchip/national/vietnam/card.hpp>

#include "base/try.hpp"
#include "vectors/suites.hpp"

namespace idchip::vectors {
namespace {

using namespace vietnam;

// --- values as vectors write them: days as YYYY-MM-DD, "none" for no expiry, nothing for what is not stated

std::string written(const std::optional<Date>& date) { return date ? to_iso(*date) : std::string(); }
std::string written(const std::optional<Expiry>& expiry) { return !expiry ? "" : expiry->date ? to_iso(*expiry->date) : "none"; }

Json codes(const Findings& findings) {
    Json list = Json::array();
    for (const auto& f : findings) {
        Json one = {{"code", f.code}, {"field", f.field}, {"severity", f.severity == Severity::error ? "error" : "warning"}};
        if (f.line) one["line"] = *f.line;
        if (f.column) one["column"] = *f.column;
        list.push_back(std::move(one));
    }
    return list;
}

Json written(const PersonDetails& d) {
    return {{"personal_number", d.personal_number},
            {"full_name", d.full_name},
            {"birth_date", written(d.birth_date)},
            {"sex", std::string(1, d.sex)},
            {"nationality", d.nationality},
            {"ethnicity", d.ethnicity},
            {"religion", d.religion},
            {"place_of_origin", d.place_of_origin},
            {"residence", d.residence},
            {"personal_identification", d.personal_identification},
            {"issue_date", written(d.issue_date)},
            {"expiry", written(d.expiry)},
            {"father", d.father},
            {"mother", d.mother},
            {"spouse", d.spouse},
            {"old_number", d.old_number},
            {"serial", d.serial}};
}

Result<std::string> text_or_empty(const Inputs& in, std::string_view key) { return in.has(key) ? in.text(key) : std::string(); }

// "" for what is not stated. All texts are read before one is looked at, so that none is left over after an error.
Result<std::optional<Date>> date_in(const std::string& text) {
    if (text.empty()) return std::optional<Date>();
    return std::optional(TRY(parse_iso_date(text)));
}

Result<std::optional<Expiry>> expiry_in(const std::string& text) {
    if (text.empty()) return std::optional<Expiry>();
    if (text == "none") return std::optional(Expiry{});
    return std::optional(Expiry{TRY(parse_iso_date(text))});
}

Result<char> sex_of(const Inputs& in) {
    const auto text = TRY(text_or_empty(in, "sex"));
    if (text.size() > 1) return bad("in.sex", "want one character");
    return text.empty() ? '<' : text[0];
}

Result<PersonDetails> details_of(const Inputs& in) {
    PersonDetails d;
    std::string birth, issue, expiry;
    d.sex = TRY(sex_of(in));
    for (const auto& [key, field] : {std::pair("personal_number", &d.personal_number),
                                     {"full_name", &d.full_name},
                                     {"ethnicity", &d.ethnicity},
                                     {"religion", &d.religion},
                                     {"place_of_origin", &d.place_of_origin},
                                     {"residence", &d.residence},
                                     {"personal_identification", &d.personal_identification},
                                     {"father", &d.father},
                                     {"mother", &d.mother},
                                     {"spouse", &d.spouse},
                                     {"old_number", &d.old_number},
                                     {"serial", &d.serial},
                                     {"birth_date", &birth},
                                     {"issue_date", &issue},
                                     {"expiry", &expiry}})
        *field = TRY(text_or_empty(in, key));
    if (in.has("nationality")) d.nationality = TRY(in.text("nationality"));
    d.birth_date = TRY(date_in(birth));
    d.issue_date = TRY(date_in(issue));
    d.expiry = TRY(expiry_in(expiry));
    return d;
}

Result<Card> card_of(const Inputs& in) {
    const auto name = TRY(in.text("card"));
    if (const auto card = card_by_name(name)) return *card;
    return bad("in.card", "no such card");
}

Result<Law> law_of(const Inputs& in) { return in.choice<Law>("law", {{"2014", Law::of_2014}, {"2023", Law::of_2023}}); }

// --- operations

Result<Outputs> personal_number(const Inputs& in) {
    const auto number = TRY(PersonalNumber::parse(TRY(in.text("text"))));
    return Outputs{{"province", std::string(number.province().value_or(""))},
                   {"birth_year", number.birth_year()},
                   {"sex", std::string(1, number.sex())},
                   {"document_number", number.document_number()},
                   {"can", number.can()},
                   {"findings", codes(check(number))}};
}

struct Term {
    Law law;
    Date birth, issue;
};

Result<Term> term_of(const Inputs& in) {
    const auto law = TRY(law_of(in));
    const auto birth = TRY(in.text("birth"));
    const auto issue = TRY(in.text("issue"));
    return Term{law, TRY(parse_iso_date(birth)), TRY(parse_iso_date(issue))};
}

Result<Outputs> expiry(const Inputs& in) {
    const auto term = TRY(term_of(in));
    const auto expected = expected_expiry(term.law, term.birth, term.issue);
    return Outputs{{"expiry", expected ? written(expected) : "no card"}};
}

Result<Outputs> usual_expiry(const Inputs& in) {
    const auto printed = TRY(expiry_in(TRY(in.text("expiry"))));
    if (!printed) return bad("in.expiry", "missing");
    const auto term = TRY(term_of(in));
    return Outputs{{"usual", is_usual_expiry(term.law, term.birth, term.issue, *printed)}};
}

Result<Outputs> make_zone(const Inputs& in) {
    ZoneData data;
    data.personal_number = TRY(in.text("personal_number"));
    data.full_name = TRY(in.text("full_name"));
    data.sex = TRY(sex_of(in));
    const auto birth = TRY(in.text("birth"));
    const auto expiry = TRY(expiry_in(TRY(in.text("expiry"))));
    if (!expiry) return bad("in.expiry", "missing");
    data.birth = TRY(parse_iso_date(birth));
    data.expiry = *expiry;
    return Outputs{{"lines", TRY(mrz::write(TRY(make_mrz(data))))}};
}

Result<Outputs> zone(const Inputs& in) {
    const auto parsed = TRY(mrz::parse(TRY(in.text("text"))));
    const auto reading = read_zone(parsed);
    return Outputs{{"personal_number", reading.number ? reading.number->text() : ""},
                   {"birth", written(reading.birth)},
                   {"expiry", written(reading.expiry)},
                   {"findings", codes(reading.findings)}};
}

std::string name_of(Dg13Shape shape) {
    switch (shape) {
        case Dg13Shape::no_value: return "no_value";
        case Dg13Shape::plain: return "plain";
        case Dg13Shape::siblings: return "siblings";
        case Dg13Shape::nested: return "nested";
        case Dg13Shape::unknown: break;
    }
    return "unknown";
}

Json written(const Dg13Field& field) {
    Json strings = Json::array(), types = Json::array();
    for (const auto& s : field.strings) {
        strings.push_back(s.text);
        types.push_back(s.tag == 0 ? "" : tlv::tag_text(s.tag));
    }
    return {{"number", field.number ? Json(*field.number) : Json()},
            {"shape", name_of(field.shape)},
            {"strings", strings},
            {"types", types},
            {"raw", binary(field.raw)}};
}

Result<Outputs> parse_dg13(const Inputs& in) {
    const auto dg13 = TRY(Dg13::parse(TRY(in.bytes("file"))));
    Json fields = Json::array();
    for (const auto& field : dg13.fields) fields.push_back(written(field));
    Notes of_details;
    const auto details = read_details(dg13, of_details);
    return Outputs{{"version", dg13.version},         {"charset", dg13.charset.dotted()}, {"fields", fields},
                   {"count", dg13.fields.size()},     {"notes", ids(dg13.notes)},         {"details", written(details)},
                   {"details_notes", ids(of_details)}};
}

Result<Outputs> roundtrip_dg13(const Inputs& in) { return Outputs{{"file", binary(TRY(Dg13::parse(TRY(in.bytes("file")))).encode())}}; }

Result<Outputs> make_file(const Inputs& in) {
    const auto card = TRY(card_of(in));
    const auto details = TRY(details_of(TRY(in.object("details"))));
    return Outputs{{"file", binary(TRY(make_dg13(details, card)).encode())}};
}

Result<Outputs> parse_qr(const Inputs& in) {
    const auto qr = TRY(QrText::parse(TRY(in.text("text"))));
    return Outputs{{"fields", qr.form == QrForm::fields_7 ? 7 : 11},
                   {"personal_number", qr.personal_number},
                   {"old_number", qr.old_number},
                   {"full_name", qr.full_name},
                   {"birth_date", written(qr.birth_date)},
                   {"sex", std::string(1, qr.sex)},
                   {"residence", qr.residence},
                   {"issue_date", written(qr.issue_date)},
                   {"extra", qr.extra},
                   {"notes", ids(qr.notes)}};
}

Result<Outputs> make_qr(const Inputs& in) {
    const auto card = TRY(card_of(in));
    const auto details = TRY(details_of(TRY(in.object("details"))));
    return Outputs{{"text", TRY(make_qr_text(details, card).write())}};
}

Result<Outputs> agreement(const Inputs& in) {
    const auto zone_text = TRY(text_or_empty(in, "zone"));
    const auto qr_text = TRY(text_or_empty(in, "qr"));
    std::optional<PersonDetails> details;
    if (in.has("details")) details = TRY(details_of(TRY(in.object("details"))));
    std::optional<mrz::Parsed> lines;
    if (!zone_text.empty()) lines = TRY(mrz::parse(zone_text));
    std::optional<QrText> qr;
    if (!qr_text.empty()) qr = TRY(QrText::parse(qr_text));
    const auto findings = check_agreement({lines ? &*lines : nullptr, details ? &*details : nullptr, qr ? &*qr : nullptr});
    return Outputs{{"findings", codes(findings)}};
}

}  // namespace

Suite vietnam_suite() {
    return {"vietnam",
            {{"personal_number", personal_number},
             {"expiry", expiry},
             {"usual_expiry", usual_expiry},
             {"make_zone", make_zone},
             {"read_zone", zone},
             {"parse_dg13", parse_dg13},
             {"roundtrip_dg13", roundtrip_dg13},
             {"make_dg13", make_file},
             {"parse_qr", parse_qr},
             {"make_qr", make_qr},
             {"agreement", agreement}}};
}

}  // namespace idchip::vectors
