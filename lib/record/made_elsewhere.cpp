#include "record/made_elsewhere.hpp"

#include <fmt/format.h>

#include <idchip/lds/details.hpp>
#include <idchip/lds/dg1.hpp>
#include <idchip/national/vietnam/agreement.hpp>

namespace idchip::record {
namespace {

using lds::DetailFile;
using lds::Ef;

void compare_lines(const std::vector<std::string>& theirs, const Zone& zone, Kind kind, Field field, Problems& problems) {
    if (theirs.size() != zone.lines.size()) return problems.push_back(problem(kind, info(field).name, "another format"));
    for (std::size_t line = 0; line < theirs.size(); ++line)
        for (std::size_t column = 0; column < theirs[line].size(); ++column) {
            if (column < zone.lines[line].size() && theirs[line][column] == zone.lines[line][column]) continue;
            auto p = problem(kind, info(field).name, fmt::format("line {}, column {}", line + 1, column + 1));
            p.line = line;
            p.column = column;
            return problems.push_back(std::move(p));
        }
}

std::optional<Bytes> file_of(const RawRecord& raw, Field field, Problems& problems) {
    if (raw[field].empty()) return std::nullopt;
    if (auto bytes = from_hex(raw[field])) return std::move(*bytes);
    problems.push_back(problem(Kind::bad_hex, info(field).name));
    return std::nullopt;
}

// What DG11 or DG12 says of fields that the record states too; a field that either does not have is not compared.
class Details {
public:
    Details(const DetailFile& file, Field field, Problems& problems) : file_(file), field_(field), problems_(problems) {}

    void text(std::uint32_t tag, std::string_view ours) {
        const auto theirs = file_.text(tag);
        if (theirs && !ours.empty() && spaced(*theirs) != ours) differs(tag);
    }
    void date(std::uint32_t tag, std::optional<Date> ours) {
        const auto theirs = file_.date(tag);
        if (theirs && ours && *theirs != fmt::format("{:04}{:02}{:02}", ours->year, ours->month, ours->day)) differs(tag);
    }

private:
    // Names and places stand with fillers between their parts (Doc 9303-10, table 72).
    static std::string spaced(std::string_view text) {
        std::string result;
        for (const char c : text)
            if (c != '<') result += c;
            else if (!result.empty() && result.back() != ' ') result += ' ';
        return result;
    }
    void differs(std::uint32_t tag) {
        std::string_view name = "an object";
        for (const auto& f : DetailFile::fields(file_.ef))
            if (f.tag == tag) name = f.name;
        problems_.push_back(problem(Kind::file_differs, info(field_).name, name));
    }

    const DetailFile& file_;
    Field field_;
    Problems& problems_;
};

void compare_dg1(const Bytes& file, const Zone& zone, Problems& problems) {
    const auto dg1 = lds::Dg1::parse(file);
    if (!dg1) return problems.push_back(problem(Kind::file_unreadable, "dg1", dg1.error().name()));
    compare_lines(dg1->mrz.lines, zone, Kind::file_differs, Field::dg1, problems);
}

void compare_dg11(const Bytes& bytes, const Record& r, Problems& problems) {
    const auto file = DetailFile::parse(Ef::dg11, bytes);
    if (!file) return problems.push_back(problem(Kind::file_unreadable, "dg11", file.error().name()));
    Details d(*file, Field::dg11, problems);
    d.text(lds::dg11::full_name, r.details.full_name);
    d.text(lds::dg11::personal_number, r.details.personal_number);
    d.date(lds::dg11::birth_date, r.birth);
    d.text(lds::dg11::birth_place, r.birth_place);
    d.text(lds::dg11::address, r.details.residence);
    d.text(lds::dg11::telephone, r.telephone);
    d.text(lds::dg11::profession, r.profession);
    d.text(lds::dg11::title, r.title);
}

void compare_dg12(const Bytes& bytes, const Record& r, Problems& problems) {
    const auto file = DetailFile::parse(Ef::dg12, bytes);
    if (!file) return problems.push_back(problem(Kind::file_unreadable, "dg12", file.error().name()));
    Details d(*file, Field::dg12, problems);
    d.text(lds::dg12::authority, r.authority);
    d.date(lds::dg12::issue_date, r.issued);
}

void compare_dg13(const Bytes& bytes, const Record& r, Problems& problems) {
    if (!vietnam::info(r.card).vn_mrz) return;  // another State's: its own matter
    const auto file = vietnam::Dg13::parse(bytes);
    if (!file) return problems.push_back(problem(Kind::file_unreadable, "dg13", file.error().name()));
    Notes notes;
    const auto theirs = vietnam::read_details(*file, notes);
    const auto& ours = r.details;
    const std::tuple<const char*, bool> same[] = {
        {"personal_number", theirs.personal_number == ours.personal_number},
        {"full_name", theirs.full_name == ours.full_name},
        {"birth_date", theirs.birth_date == ours.birth_date},
        {"sex", theirs.sex == ours.sex},
        {"ethnicity", theirs.ethnicity == ours.ethnicity},
        {"religion", theirs.religion == ours.religion},
        {"place_of_origin", theirs.place_of_origin == ours.place_of_origin},
        {"residence", theirs.residence == ours.residence},
        {"issue_date", theirs.issue_date == ours.issue_date},
        {"expiry", theirs.expiry == ours.expiry},
        {"father", theirs.father == ours.father},
        {"mother", theirs.mother == ours.mother},
        {"spouse", theirs.spouse == ours.spouse},
        {"old_number", theirs.old_number == ours.old_number},
        {"personal_identification", theirs.personal_identification == ours.personal_identification}};
    for (const auto& [name, equal] : same)
        if (!equal) problems.push_back(problem(Kind::file_differs, "dg13", name));
}

void compare_qr(const std::string& text, const Record& r, Problems& problems) {
    const auto qr = vietnam::QrText::parse(text);
    if (!qr) return problems.push_back(problem(Kind::file_unreadable, "qr", qr.error().detail));
    const bool form_differs = vietnam::info(r.card).qr != qr->form;
    if (form_differs) problems.push_back(problem(Kind::file_differs, "qr", "the form of another generation of the card"));
    // Made from the same record it must say the same: what is a warning on a card in the hand is an error here.
    for (auto p : vietnam::compare_qr(*qr, r.details)) {
        p.severity = Severity::error;
        problems.push_back(std::move(p));
    }
}

}  // namespace

void compare_made_elsewhere(const Record& r, const Zone& zone, const RawRecord& raw, Problems& problems) {
    if (const auto& text = raw[Field::mrz]; !text.empty()) {
        if (const auto parsed = mrz::parse(text)) compare_lines(parsed->lines, zone, Kind::mrz_differs, Field::mrz, problems);
        else problems.push_back(problem(Kind::file_unreadable, "mrz", parsed.error().name()));
    }
    if (const auto& text = raw[Field::qr]; !text.empty()) compare_qr(text, r, problems);
    if (const auto file = file_of(raw, Field::dg1, problems)) compare_dg1(*file, zone, problems);
    if (const auto file = file_of(raw, Field::dg11, problems)) compare_dg11(*file, r, problems);
    if (const auto file = file_of(raw, Field::dg12, problems)) compare_dg12(*file, r, problems);
    if (!r.dg13.empty()) compare_dg13(r.dg13, r, problems);
}

}  // namespace idchip::record
