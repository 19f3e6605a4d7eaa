// One record: its fields one by one, then against each other.
#include <algorithm>

#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/national/vietnam/agreement.hpp>
#include <idchip/national/vietnam/mrz_variant.hpp>
#include <idchip/record/record.hpp>

#include "record/made_elsewhere.hpp"
#include "record/texts.hpp"

namespace idchip::record {
namespace {

constexpr std::string_view zone_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";
constexpr int oldest = 120;

bool is_vietnamese(Card card) { return vietnam::info(card).vn_mrz; }

// Takes the values out of the raw record and reports what is wrong with each by itself.
class Fields {
public:
    Fields(const RawRecord& raw, Problems& problems) : raw_(raw), problems_(problems) {}

    void report(Kind kind, Field field, std::string_view detail = {}) { problems_.push_back(problem(kind, info(field).name, detail)); }
    bool required(Field field) {
        if (!trim(raw_[field]).empty()) return true;
        report(Kind::missing, field);
        return false;
    }

    std::string text(Field field) {
        if (!fits(field)) return {};
        return clean_text(raw_[field], info(field).name, problems_);
    }

    // Text for the zone: A-Z 0-9 <, at most `width` characters.
    std::string zone(Field field, std::size_t width) {
        const auto& value = raw_[field];
        if (value.size() > width) report(Kind::too_long, field, fmt::format("{} characters, at most {} fit", value.size(), width));
        else if (value.find_first_not_of(zone_letters) != std::string::npos) report(Kind::zone_characters, field);
        else return value;
        return {};
    }
    std::string zone(Field field) { return zone(field, info(field).longest); }

    std::optional<Date> date(Field field) {
        const auto& value = raw_[field];
        if (value.empty()) return std::nullopt;
        if (const auto parsed = parse_iso_date(value)) return *parsed;
        report(Kind::bad_date, field);
        return std::nullopt;
    }

    Bytes hex(Field field) {
        if (raw_[field].empty() || !fits(field)) return {};
        auto bytes = from_hex(raw_[field]);
        if (!bytes) report(Kind::bad_hex, field);
        return bytes ? std::move(*bytes) : Bytes();
    }

private:
    bool fits(Field field) {
        if (raw_[field].size() <= info(field).longest) return true;
        report(Kind::too_long, field, fmt::format("{} bytes, at most {}", raw_[field].size(), info(field).longest));
        return false;
    }

    const RawRecord& raw_;
    Problems& problems_;
};

Card read_card(const RawRecord& raw, Fields& f, const Settings& settings) {
    if (settings.card) return *settings.card;
    if (const auto& name = raw[Field::card]; !name.empty()) {
        if (const auto card = vietnam::card_by_name(name)) return *card;
        f.report(Kind::bad_value, Field::card);
    }
    return raw[Field::document_code].starts_with("P") ? Card::icao_td3 : Card::icao_td1;
}

char read_sex(const RawRecord& raw, Fields& f) {
    const auto& sex = raw[Field::sex];
    if (!f.required(Field::sex)) return '<';
    if (sex == "M" || sex == "F") return sex[0];
    if (sex != "X" && sex != "<") f.report(Kind::bad_value, Field::sex, "want M, F or X");
    return '<';
}

void read_dates(const RawRecord& raw, Record& r, Fields& f) {
    if (f.required(Field::birth_date)) r.details.birth_date = f.date(Field::birth_date);
    r.birth = r.details.birth_date.value_or(Date{});
    r.issued = f.date(Field::issue_date);
    const bool none = raw[Field::expiry_date] == "none" || (raw.has(Field::expiry_date) && raw[Field::expiry_date].empty());
    if (!raw.has(Field::expiry_date)) f.report(Kind::missing, Field::expiry_date, "null or none means no expiry");
    else if (!none) r.expiry = f.date(Field::expiry_date);
    // Only Vietnam's zone has a way to say "no expiry".
    else if (r.issuing_state != "VNM") f.report(Kind::no_expiry, Field::expiry_date);
}

// What the personal number of a Vietnamese card gives; a field that is stated must say the same.
void derive_from_number(const RawRecord& raw, Record& r, Fields& f) {
    if (!f.required(Field::personal_number)) return;
    const auto number = vietnam::PersonalNumber::parse(raw[Field::personal_number]);
    if (!number) return f.report(Kind::number_form, Field::personal_number);
    const auto derive = [&](Field field, std::string& target, std::string value) {
        if (!raw[field].empty() && raw[field] != value) f.report(Kind::derived_differs, field);
        target = std::move(value);
    };
    derive(Field::document_number, r.document_number, number->document_number());
    derive(Field::optional_data_1, r.optional_data_1, vietnam::zone_optional_data(*number));
}

void read_zone_fields(const RawRecord& raw, Record& r, Fields& f) {
    const auto read = [&](Field field, std::string& target, const char* usual) {
        if (is_vietnamese(r.card) && raw[field].empty()) target = usual;
        else if (f.required(field)) target = f.zone(field);
    };
    read(Field::document_code, r.document_code, "ID");
    read(Field::issuing_state, r.issuing_state, "VNM");
    read(Field::nationality, r.nationality, "VNM");
    if (is_vietnamese(r.card) && !r.issuing_state.empty() && r.issuing_state != "VNM")
        f.report(Kind::bad_value, Field::issuing_state, "want VNM");
    r.optional_data_2 = f.zone(Field::optional_data_2);
    if (is_vietnamese(r.card)) return derive_from_number(raw, r, f);
    if (f.required(Field::document_number)) r.document_number = f.zone(Field::document_number, r.format == mrz::Format::td1 ? 22 : 9);
    r.optional_data_1 = f.zone(Field::optional_data_1);
}

void read_texts(const RawRecord& raw, Record& r, Fields& f) {
    if (f.required(Field::surname)) r.surname = f.text(Field::surname);
    r.given_names = f.text(Field::given_names);
    for (const auto& name : split(f.text(Field::other_names), ';'))
        if (const auto one = trim(name); !one.empty()) r.other_names.emplace_back(one);
    auto& d = r.details;
    const std::pair<Field, std::string*> texts[] = {{Field::ethnicity, &d.ethnicity},
                                                    {Field::religion, &d.religion},
                                                    {Field::place_of_origin, &d.place_of_origin},
                                                    {Field::residence, &d.residence},
                                                    {Field::personal_identification, &d.personal_identification},
                                                    {Field::father, &d.father},
                                                    {Field::mother, &d.mother},
                                                    {Field::spouse, &d.spouse},
                                                    {Field::birth_place, &r.birth_place},
                                                    {Field::telephone, &r.telephone},
                                                    {Field::profession, &r.profession},
                                                    {Field::title, &r.title},
                                                    {Field::authority, &r.authority}};
    for (const auto& [field, target] : texts) *target = f.text(field);
    d.personal_number = f.zone(Field::personal_number);
    d.old_number = f.zone(Field::old_number);
    d.serial = f.zone(Field::serial);
    if (f.required(Field::portrait)) r.portrait = raw[Field::portrait];
}

void read_extra_groups(const RawRecord& raw, Record& r, Fields& f) {
    for (const auto& name : split(raw[Field::data_groups], ' ')) {
        if (name.empty()) continue;
        if (name == "DG11") r.extra_groups.push_back(lds::Ef::dg11);
        else if (name == "DG12") r.extra_groups.push_back(lds::Ef::dg12);
        else f.report(Kind::bad_value, Field::data_groups, "want DG11, DG12 or both");
    }
}

void complete_details(Record& r) {
    auto& d = r.details;
    d.full_name = r.given_names.empty() ? r.surname : r.surname + " " + r.given_names;
    d.sex = r.sex;
    d.issue_date = r.issued;
    d.expiry = vietnam::Expiry{r.expiry};
}

// Each date that could be read, whatever the others are.
void check_dates(const Record& r, const Settings& settings, Fields& f) {
    const auto& birth = r.details.birth_date;
    if (birth && *birth > settings.today) f.report(Kind::birth_in_future, Field::birth_date);
    if (birth && birth->year < settings.today.year - oldest) f.report(Kind::very_old, Field::birth_date);
    if (r.issued && *r.issued > settings.today) f.report(Kind::issue_in_future, Field::issue_date);
    if (birth && r.issued && *r.issued < *birth) f.report(Kind::issue_before_birth, Field::issue_date);
    if (!r.expiry) return;
    if (birth && *r.expiry <= *birth) f.report(Kind::expiry_before_birth, Field::expiry_date);
    else if (r.issued && *r.expiry <= *r.issued) f.report(Kind::expiry_before_issue, Field::expiry_date);
    else if (*r.expiry < settings.today) f.report(Kind::expired, Field::expiry_date);
}

// The national room names fields of DG13; an operator knows those of the record.
std::string field_of_record(std::string_view theirs) {
    if (const auto dot = theirs.find_last_of("./"); dot != std::string_view::npos) theirs.remove_prefix(dot + 1);
    if (theirs == "expiry") return "expiry_date";
    if (theirs == "full_name") return "surname";
    if (theirs == "number") return "personal_number";
    return std::string(theirs);
}

void check_vietnamese(const Record& r, Problems& problems) {
    for (const auto& error : vietnam::check(r.details, r.card)) {
        const auto field = field_of_record(error.where);
        const auto stands = [&](const Problem& p) { return p.field == field; };
        if (std::none_of(problems.begin(), problems.end(), stands))
            problems.push_back(
                problem(error.detail.find("missing") != std::string::npos ? Kind::missing : Kind::bad_value, field, error.detail));
    }
    for (auto& p : vietnam::check_details(r.details)) {
        p.field = field_of_record(p.field);
        if (p.severity == Severity::warning) problems.push_back(std::move(p));
    }
    // Since the merger of 2025-07-01 there are two levels, province and commune.
    if (r.card == Card::vn_cancuoc_2024 && !unit_of_address(r.details.residence).district.empty())
        problems.push_back(problem(Kind::old_unit, "residence"));
}

bool has_error(const Problems& problems) {
    return std::any_of(problems.begin(), problems.end(), [](const Problem& p) { return p.severity == Severity::error; });
}

// Fields that the zone is made of: while one of them is wrong there is no zone to compare with.
bool has_error_in_zone(const Problems& problems) {
    constexpr Field fields[] = {Field::card,
                                Field::document_code,
                                Field::issuing_state,
                                Field::nationality,
                                Field::personal_number,
                                Field::document_number,
                                Field::optional_data_1,
                                Field::optional_data_2,
                                Field::surname,
                                Field::given_names,
                                Field::sex,
                                Field::birth_date,
                                Field::expiry_date};
    return std::any_of(problems.begin(), problems.end(), [&](const Problem& p) {
        const auto field = field_by_name(p.field);
        return p.severity == Severity::error && field && std::find(std::begin(fields), std::end(fields), *field) != std::end(fields);
    });
}

Checked::Keys keys_of(const Record& r) {
    Checked::Keys keys;
    keys.record = r.id;
    const bool personal = !r.details.personal_number.empty();
    const auto& number = personal ? r.details.personal_number : r.document_number;
    if (!number.empty()) keys.number = r.issuing_state + '\n' + number;
    keys.number_field = personal ? "personal_number" : "document_number";
    if (!r.surname.empty() && r.details.birth_date)
        keys.person = fmt::format("{}\n{}\n{}\n{}", r.details.full_name, to_iso(r.birth), r.details.father, r.details.mother);
    return keys;
}

void check_zone(const Record& r, const RawRecord& raw, Problems& problems) {
    const auto zone = make_zone(r);
    if (!zone) {
        const bool letters = zone.error().code == Errc::mrz_no_transliteration;
        const auto field = zone.error().where.empty() ? std::string("mrz") : zone.error().where;
        problems.push_back(problem(letters ? Kind::no_transliteration : Kind::zone, field, zone.error().detail));
        return;
    }
    if (zone->truncated) problems.push_back(problem(Kind::name_truncated, "surname"));
    compare_made_elsewhere(r, *zone, raw, problems);
}

Unit unit_of(const RawRecord& raw, const Record& r) {
    auto unit = unit_of_address(r.details.residence);
    const std::pair<Field, std::string*> stated[] = {
        {Field::province, &unit.province}, {Field::district, &unit.district}, {Field::commune, &unit.commune}};
    for (const auto& [field, target] : stated)
        if (!raw[field].empty()) *target = raw[field];
    return unit;
}

}  // namespace

Checked check(const RawRecord& raw, const Settings& settings) {
    Checked result;
    result.line = raw.line;
    result.position = raw.position;
    result.id = fmt::format("line {}", raw.line);
    result.problems = raw.problems;
    if (!raw.readable) return result;
    Record r;
    Fields f(raw, result.problems);
    if (f.required(Field::record)) {
        const auto& id = raw[Field::record];
        if (id.size() > info(Field::record).longest || id.find_first_of("/\\\n\r\t ") != std::string::npos || printable(id) != id)
            f.report(Kind::bad_identifier, Field::record);
        else result.id = r.id = id;
    }
    r.card = read_card(raw, f, settings);
    r.format = vietnam::info(r.card).format;
    read_zone_fields(raw, r, f);
    read_texts(raw, r, f);
    r.sex = read_sex(raw, f);
    read_dates(raw, r, f);
    read_extra_groups(raw, r, f);
    r.dg13 = f.hex(Field::dg13);
    complete_details(r);
    result.unit = unit_of(raw, r);
    check_dates(r, settings, f);
    if (is_vietnamese(r.card)) check_vietnamese(r, result.problems);
    if (!has_error_in_zone(result.problems)) check_zone(r, raw, result.problems);
    result.keys = keys_of(r);
    result.portrait = r.portrait;
    if (!has_error(result.problems)) result.record = std::move(r);
    return result;
}

}  // namespace idchip::record
