#include <idchip/national/vietnam/qr.hpp>

#include <fmt/format.h>

#include <idchip/base/text.hpp>

#include "base/try.hpp"
#include "national/vietnam/text.hpp"

namespace idchip::vietnam {
namespace {

constexpr char bar = '|';
// number, old number, name, birth, sex, residence, issue
constexpr std::size_t common_fields = 7, extra_fields = 4;

void note(Notes& notes, std::string_view id, std::string_view field, std::string detail) {
    notes.push_back({std::string(id), "QR/" + std::string(field), std::move(detail)});
}

std::optional<Date> date_at(Notes& notes, std::string_view field, std::string_view text) {
    const auto date = read_date(text, DateForm::compact);
    if (!date) note(notes, "vn.qr_bad_field", field, "want ddMMyyyy");
    return date;
}

char sex_at(Notes& notes, std::string_view text) {
    const char sex = read_sex(text);
    if (sex == '<' || text != sex_text(sex)) note(notes, "vn.qr_bad_field", "sex", "want Nam or Nữ");
    return sex;
}

// Some programs end the text with a line end or blanks.
std::string_view without_white_space(std::string_view text, Notes& notes) {
    const auto trimmed = trim(text);
    if (trimmed.size() != text.size()) note(notes, "vn.qr_white_space", "text", fmt::format("{} bytes", text.size() - trimmed.size()));
    return trimmed;
}

Failure bad(std::string_view field, std::string why) { return fail(Errc::bad_field, "QR/" + std::string(field), std::move(why)); }

Result<void> check_text(std::string_view field, std::string_view text) {
    if (!is_clean(text)) return bad(field, "not UTF-8, or characters that do not show");
    if (!is_composed(text)) return bad(field, "letters and marks apart: want normal form C");
    if (text.find(bar) != std::string_view::npos) return bad(field, "holds the separator");
    return {};
}

Result<std::string> date_text(std::string_view field, const std::optional<Date>& date) {
    if (!date) return bad(field, "missing");
    if (!is_valid(*date) || date->year < 1 || date->year > 9999) return fail(Errc::bad_date, "QR/" + std::string(field), "no such day");
    return write_date(*date, DateForm::compact);
}

Result<void> check_extra(const QrText& qr) {
    const std::size_t wanted = qr.form == QrForm::fields_11 ? extra_fields : 0;
    if (qr.form == QrForm::none) return bad("form", "this card has no QR code");
    if (qr.extra.size() != wanted) return bad("extra", fmt::format("{} fields, want {}", qr.extra.size(), wanted));
    for (const auto& text : qr.extra) TRY(check_text("extra", text));
    return {};
}

}  // namespace

Result<QrText> QrText::parse(std::string_view whole) {
    if (whole.size() > max_size) return fail(Errc::too_large, "QR", fmt::format("{} bytes, limit {}", whole.size(), max_size));
    if (!is_valid_utf8(as_bytes(whole))) return fail(Errc::bad_utf8, "QR");
    QrText qr;
    const auto text = without_white_space(whole, qr.notes);
    if (!is_clean(text)) note(qr.notes, "vn.qr_unsafe_text", "text", "characters that do not show");
    if (!is_composed(text)) note(qr.notes, "vn.qr_not_composed", "text", "letters and marks apart");
    auto fields = split(text, bar);
    if (fields.size() < common_fields) return bad("text", fmt::format("{} fields, want 7 or 11", fields.size()));
    if (fields.size() > max_fields) return bad("text", fmt::format("{} fields, limit {}", fields.size(), max_fields));
    if (!is_digits(fields[0], 12)) return bad("personal_number", "want 12 digits");
    qr.form = fields.size() == common_fields ? QrForm::fields_7 : QrForm::fields_11;
    if (qr.form == QrForm::fields_11 && fields.size() != common_fields + extra_fields)
        note(qr.notes, "vn.qr_field_count", "text", fmt::format("{} fields, want 7 or 11", fields.size()));
    if (!fields[1].empty() && !is_old_number(fields[1])) note(qr.notes, "vn.qr_bad_field", "old_number", "want 9 or 12 digits");
    if (fields[2].empty()) note(qr.notes, "vn.qr_bad_field", "full_name", "missing");
    qr.birth_date = date_at(qr.notes, "birth_date", fields[3]);
    qr.sex = sex_at(qr.notes, fields[4]);
    qr.issue_date = date_at(qr.notes, "issue_date", fields[6]);
    qr.personal_number = std::move(fields[0]);
    qr.old_number = std::move(fields[1]);
    qr.full_name = std::move(fields[2]);
    qr.residence = std::move(fields[5]);
    qr.extra.assign(std::make_move_iterator(fields.begin() + common_fields), std::make_move_iterator(fields.end()));
    return qr;
}

Result<std::string> QrText::write() const {
    if (!is_digits(personal_number, 12)) return bad("personal_number", "want 12 digits");
    if (!old_number.empty() && !is_old_number(old_number)) return bad("old_number", "want 9 or 12 digits");
    if (full_name.empty()) return bad("full_name", "missing");
    TRY(check_text("full_name", full_name));
    if (sex_text(sex).empty()) return bad("sex", "want M or F");
    TRY(check_text("residence", residence));
    TRY(check_extra(*this));
    const auto birth = TRY(date_text("birth_date", birth_date));
    const auto issue = TRY(date_text("issue_date", issue_date));
    auto text = fmt::format("{}|{}|{}|{}|{}|{}|{}", personal_number, old_number, full_name, birth, sex_text(sex), residence, issue);
    for (const auto& field : extra) text += bar + field;
    if (text.size() > max_size) return fail(Errc::too_large, "QR", fmt::format("{} bytes, limit {}", text.size(), max_size));
    if (trim(text).size() != text.size()) return bad("extra", "white space at the end");
    return text;
}

QrText make_qr_text(const PersonDetails& d, Card card) {
    QrText qr;
    qr.form = info(card).qr;
    qr.personal_number = d.personal_number;
    qr.old_number = d.old_number;
    qr.full_name = d.full_name;
    qr.birth_date = d.birth_date;
    qr.sex = d.sex;
    qr.residence = d.residence;
    qr.issue_date = d.issue_date;
    if (qr.form == QrForm::fields_11) qr.extra.resize(extra_fields);
    return qr;
}

}  // namespace idchip::vietnam
