#include <idchip/national/vietnam/person.hpp>

#include <fmt/format.h>

#include <idchip/base/text.hpp>

#include "base/try.hpp"
#include "national/vietnam/text.hpp"

namespace idchip::vietnam {
namespace {

using namespace dg13_field;

// --- reading

std::string place(int number) { return fmt::format("DG13/field {}", number); }

bool has_usual_shape(const Dg13Field& field) {
    if (field.shape == Dg13Shape::no_value) return true;
    if (field.number == parents) return field.strings.size() == 2;
    if (field.number == spouse) return field.shape == Dg13Shape::siblings && field.strings.size() == 1;
    return field.shape == Dg13Shape::plain;
}

// One field after the other, with a note for each that is not as expected.
class FieldReader {
public:
    FieldReader(const Dg13& dg13, Notes& notes) : dg13_(dg13), notes_(notes) {
        for (int n = personal_number; n <= serial; ++n)
            if (const auto* field = dg13.find(n); field != nullptr && !has_usual_shape(*field))
                notes_.push_back({"vn.dg13_shape", place(n), "read as far as it goes"});
    }
    std::string text(int number) const { return dg13_.text(number); }
    std::string second_text(int number) const {
        const auto* field = dg13_.find(number);
        return field == nullptr || field->strings.size() < 2 ? std::string() : field->strings[1].text;
    }
    std::optional<Date> date(int number) {
        const auto found = read_date(text(number), DateForm::slashes);
        if (!found && !text(number).empty()) notes_.push_back({"vn.dg13_bad_date", place(number), "want dd/MM/yyyy"});
        return found;
    }
    std::optional<Expiry> expiry_at(int number) {
        const auto said = text(number);
        if (!means_no_expiry(said)) {
            const auto found = date(number);
            return found ? std::optional(Expiry{found}) : std::nullopt;
        }
        if (said != no_expiry_text) notes_.push_back({"vn.dg13_expiry_text", place(number), "no expiry, in other letters"});
        return Expiry{};
    }
    char sex_at(int number) {
        const auto said = text(number);
        const char found = read_sex(said);
        if (said != sex_text(found)) notes_.push_back({"vn.dg13_sex_text", place(number), "want Nam or Nữ"});
        return found;
    }
    std::string number_at(int number) {
        auto said = text(number);
        if (!is_digits(said, 12)) notes_.push_back({"vn.dg13_bad_number", place(number), "not 12 digits"});
        return said;
    }

private:
    const Dg13& dg13_;
    Notes& notes_;
};

// --- checking

// Gathers every problem; names of fields only, never values.
class Complaints {
public:
    std::vector<Error> found;

    void add(std::string_view field, std::string why, Errc code = Errc::bad_field) {
        found.emplace_back(code, std::string(field), std::move(why));
    }
    void text(std::string_view field, std::string_view value) {
        if (value.size() > Dg13::max_text) return add(field, fmt::format("longer than {} bytes", Dg13::max_text));
        if (!is_valid_utf8(as_bytes(value))) return add(field, "not UTF-8", Errc::bad_utf8);
        if (!is_clean(value)) return add(field, "a control character or one that changes how text is shown");
        if (!is_composed(value)) add(field, "letters and marks apart: want normal form C");
        if (trim(value) != value) add(field, "white space at an end");
    }
    void needed_text(std::string_view field, std::string_view value) {
        if (value.empty()) return add(field, "missing");
        text(field, value);
    }
    void needed_date(std::string_view field, const std::optional<Date>& date) {
        if (!date) return add(field, "missing");
        if (!is_valid(*date) || date->year < 1 || date->year > 9999) add(field, "no such day", Errc::bad_date);
    }
    void order(std::string_view field, const std::optional<Date>& earlier, const std::optional<Date>& later) {
        if (earlier && later && *later < *earlier) add(field, "before the day that must precede it", Errc::bad_date);
    }
};

// --- writing

Dg13Field utf8(int number, std::string_view text) { return Dg13Field::plain(number, {der::utf8_string, std::string(text)}); }
Dg13Field printable_string(int number, std::string_view text) {
    return Dg13Field::plain(number, {der::printable_string, std::string(text)});
}

Dg13Field parents_field(const PersonDetails& d) {
    if (d.father.empty() && d.mother.empty()) return Dg13Field::no_value(parents);
    return Dg13Field::siblings(parents, {{der::utf8_string, d.father}, {der::utf8_string, d.mother}});
}

Dg13Field spouse_field(const PersonDetails& d) {
    if (d.spouse.empty()) return Dg13Field::no_value(spouse);
    return Dg13Field::siblings(spouse, {{der::utf8_string, d.spouse}});
}

std::string expiry_text(const Expiry& e) { return e.date ? write_date(*e.date, DateForm::slashes) : std::string(no_expiry_text); }

}  // namespace

PersonDetails read_details(const Dg13& dg13, Notes& notes) {
    FieldReader r(dg13, notes);
    PersonDetails d;
    d.personal_number = r.number_at(personal_number);
    d.full_name = r.text(full_name);
    d.birth_date = r.date(birth_date);
    d.sex = r.sex_at(sex);
    d.nationality = r.text(nationality);
    d.ethnicity = r.text(ethnicity);
    d.religion = r.text(religion);
    d.place_of_origin = r.text(place_of_origin);
    d.residence = r.text(residence);
    d.personal_identification = r.text(personal_identification);
    d.issue_date = r.date(issue_date);
    d.expiry = r.expiry_at(expiry);
    d.father = r.text(parents);
    d.mother = r.second_text(parents);
    d.spouse = r.text(spouse);
    d.old_number = r.text(old_number);
    d.serial = r.text(serial);
    return d;
}

std::vector<Error> check(const PersonDetails& d, Card card) {
    Complaints p;
    if (!info(card).vn_mrz) p.add("card", "has no DG13 of this kind");
    if (!is_digits(d.personal_number, 12)) p.add("personal_number", "want 12 digits");
    p.needed_text("full_name", d.full_name);
    p.needed_date("birth_date", d.birth_date);
    if (sex_text(d.sex).empty()) p.add("sex", "want M or F");
    p.needed_text("nationality", d.nationality);
    p.text("ethnicity", d.ethnicity);
    p.text("religion", d.religion);
    if (card == Card::vn_cccd_2021) {
        p.needed_text("place_of_origin", d.place_of_origin);
        p.needed_text("residence", d.residence);
    } else {
        p.text("place_of_origin", d.place_of_origin);
        p.text("residence", d.residence);
    }
    p.text("personal_identification", d.personal_identification);
    p.needed_date("issue_date", d.issue_date);
    p.order("issue_date", d.birth_date, d.issue_date);
    if (!d.expiry) p.add("expiry", "missing: a date or none");
    if (d.expiry && d.expiry->date) p.needed_date("expiry", d.expiry->date);
    if (d.expiry) p.order("expiry", d.issue_date, d.expiry->date);
    p.text("father", d.father);
    p.text("mother", d.mother);
    p.text("spouse", d.spouse);
    if (!d.old_number.empty() && !is_old_number(d.old_number)) p.add("old_number", "want 9 or 12 digits");
    if (!d.serial.empty() && !is_serial(d.serial)) p.add("serial", "want 16 letters or digits");
    return std::move(p.found);
}

Result<Dg13> make_dg13(const PersonDetails& d, Card card) {
    if (auto problems = check(d, card); !problems.empty()) return fail(std::move(problems.front()));
    Dg13 dg13;
    dg13.fields.reserve(16);
    const auto add = [&dg13](Dg13Field field) { dg13.fields.push_back(std::move(field)); };
    add(printable_string(personal_number, d.personal_number));
    add(utf8(full_name, d.full_name));
    add(printable_string(birth_date, write_date(*d.birth_date, DateForm::slashes)));
    add(utf8(sex, sex_text(d.sex)));
    add(utf8(nationality, d.nationality));
    add(utf8(ethnicity, d.ethnicity));
    add(utf8(religion, d.religion));
    add(utf8(place_of_origin, d.place_of_origin));
    add(utf8(residence, d.residence));
    add(utf8(personal_identification, d.personal_identification));
    add(printable_string(issue_date, write_date(*d.issue_date, DateForm::slashes)));
    add(utf8(expiry, expiry_text(*d.expiry)));
    add(parents_field(d));
    add(spouse_field(d));
    add(printable_string(old_number, d.old_number));
    add(printable_string(serial, d.serial));
    return dg13;
}

}  // namespace idchip::vietnam
