#include <idchip/national/vietnam/mrz_variant.hpp>

#include <fmt/format.h>

#include <idchip/mrz/names.hpp>

#include "base/try.hpp"
#include "national/vietnam/text.hpp"

namespace idchip::vietnam {
namespace {

constexpr auto read_again = "read the zone again; compare O/0, I/1, S/5, B/8";
constexpr auto not_this_card = "judge it as a zone of Doc 9303-5";

// Positions of line 1 from 0.
constexpr std::size_t number_at = 5, number_length = 9, number_check_at = 14, optional_at = 15, full_number_length = 12;
constexpr std::size_t filler_at = 27, extra_check_at = 29;

// The zone is of 20xx: no card before 2021, none that ends after 2099 but for life.
constexpr int century_of_expiry = 2000;

Result<void> check_date(std::string_view field, Date date) {
    if (!is_valid(date)) return fail(Errc::bad_date, std::string(field), "no such day");
    return {};
}

// Family name and the other names; a name of one word is the primary identifier.
Result<mrz::NameParts> name_in_zone(std::string_view full_name) {
    if (!is_clean(full_name)) return fail(Errc::bad_field, "full_name", "not UTF-8, or characters that do not show");
    const auto name = TRY(mrz::transliterate(full_name));
    if (!name.unmapped.empty()) return fail(Errc::mrz_no_transliteration, "full_name");
    if (name.text.empty()) return fail(Errc::bad_field, "full_name", "missing");
    const auto end = name.text.find('<');
    const auto rest = end == std::string::npos ? std::string() : name.text.substr(end + 1);
    return mrz::split_name(mrz::fit_name(name.text.substr(0, end), rest, mrz::Format::td1).text);
}

// Reads the positions of one zone and gathers what is wrong.
class ZoneReader {
public:
    explicit ZoneReader(const mrz::Parsed& parsed) : parsed_(parsed), line_(parsed.lines[0]) {}

    ZoneReading read() {
        check_heading();
        read_number();
        check_digits();
        read_dates();
        return std::move(reading_);
    }

private:
    void add(Severity severity, std::string_view field, std::string code, std::string message, std::string remedy, std::size_t line,
             std::size_t column) {
        reading_.findings.push_back(Finding{"mrz." + std::string(field), std::move(code), severity,
                                            fmt::format("line {}, position {}: {}", line + 1, column + 1, message), std::move(remedy), line,
                                            column});
    }
    void error(std::string_view field, std::string code, std::string message, std::size_t line, std::size_t column,
               std::string remedy = read_again) {
        add(Severity::error, field, std::move(code), std::move(message), std::move(remedy), line, column);
    }
    void warn(std::string_view field, std::string code, std::string message, std::size_t line, std::size_t column,
              std::string remedy = read_again) {
        add(Severity::warning, field, std::move(code), std::move(message), std::move(remedy), line, column);
    }

    void check_heading() {
        const auto& m = parsed_.mrz;
        if (m.issuing_state != "VNM") error("issuing_state", "vn.mrz_issuer", "not VNM", 0, 2, not_this_card);
        if (m.document_code != "ID") warn("document_code", "vn.mrz_document_code", "not ID", 0, 0);
        if (m.nationality != "VNM") warn("nationality", "vn.mrz_nationality", "not VNM", 1, 15);
        if (!m.optional_data_2.empty()) warn("optional_data_2", "vn.mrz_optional_data_2", "not empty", 1, 18);
    }

    void read_number() {
        auto number = PersonalNumber::parse(std::string_view(line_).substr(optional_at, full_number_length));
        if (!number) {
            error("optional_data_1", "vn.mrz_number", "the personal number is not 12 digits", 0, optional_at);
            return;
        }
        if (line_.substr(filler_at, 2) != "<<")
            error("optional_data_1", "vn.mrz_filler", "no fillers behind the personal number", 0, filler_at);
        if (line_.substr(number_at, number_length) != number->document_number())
            warn("document_number", "vn.mrz_document_number", "not the last nine digits of the personal number", 0, number_at,
                 "compare both with the number printed on the card");
        reading_.number = std::move(*number);
    }

    void check_digits() {
        // By position, not as `parse` has it: a filler there makes it look for the digit of a long number elsewhere.
        if (line_[number_check_at] != mrz::check_digit(std::string_view(line_).substr(number_at, number_length)))
            error("document_number", "vn.mrz_check_digit", "wrong check digit", 0, number_check_at);
        if (line_[extra_check_at] != extra_check_digit(std::string_view(line_).substr(optional_at, extra_check_at - optional_at)))
            error("optional_data_1", "vn.mrz_extra_check_digit", "not the check digit of positions 16 to 29", 0, extra_check_at);
        for (const auto& fault : parsed_.faults)
            if (fault.field != "document_number") error(fault.field, "vn.mrz_check_digit", "wrong check digit", fault.line, fault.column);
    }

    void read_dates() {
        const auto& m = parsed_.mrz;
        if (reading_.number && m.birth.find('<') == std::string::npos) {
            reading_.birth = date_in(m.birth, reading_.number->birth_year() / 100 * 100);
            if (!reading_.birth) error("birth", "vn.mrz_date", "no such day in the century of the personal number", 1, 0);
        }
        if (m.expiry == no_expiry) {
            reading_.expiry = Expiry{};
        } else if (const auto date = date_in(m.expiry, century_of_expiry)) {
            reading_.expiry = Expiry{date};
        } else {
            error("expiry", "vn.mrz_date", "no such day", 1, 8);
        }
    }

    // YYMMDD; nothing when a part is unknown.
    static std::optional<Date> date_in(std::string_view yymmdd, int century) {
        if (!is_digits(yymmdd, 6)) return std::nullopt;
        const auto pair = [yymmdd](std::size_t at) { return (yymmdd[at] - '0') * 10 + (yymmdd[at + 1] - '0'); };
        const Date date{century + pair(0), pair(2), pair(4)};
        return is_valid(date) ? std::optional(date) : std::nullopt;
    }

    const mrz::Parsed& parsed_;
    const std::string& line_;
    ZoneReading reading_;
};

}  // namespace

char extra_check_digit(std::string_view optional_data) { return mrz::check_digit(optional_data); }

std::string zone_optional_data(const PersonalNumber& number) {
    auto text = number.text() + "<<";
    text += extra_check_digit(text);
    return text;
}

Result<std::string> zone_expiry(const Expiry& expiry) {
    if (!expiry.date) return std::string(no_expiry);
    TRY(check_date("expiry", *expiry.date));
    if (expiry.date->year / 100 * 100 != century_of_expiry) return fail(Errc::bad_date, "expiry", "the zone has room for 20xx only");
    auto text = to_yymmdd(*expiry.date);
    if (text == no_expiry) return fail(Errc::bad_date, "expiry", "31 December 2099 would be read as no expiry");
    return text;
}

Result<mrz::Mrz> make_mrz(const ZoneData& data) {
    const auto number = TRY(PersonalNumber::parse(data.personal_number));
    TRY(check_date("birth", data.birth));
    if (data.sex != 'M' && data.sex != 'F') return fail(Errc::bad_field, "sex", "want M or F");
    auto name = TRY(name_in_zone(data.full_name));
    mrz::Mrz m;
    m.format = mrz::Format::td1;
    m.document_code = "ID";
    m.issuing_state = m.nationality = "VNM";
    m.document_number = number.document_number();
    m.optional_data_1 = zone_optional_data(number);
    m.birth = to_yymmdd(data.birth);
    m.sex = data.sex;
    m.expiry = TRY(zone_expiry(data.expiry));
    m.primary = std::move(name.primary);
    m.secondary = std::move(name.secondary);
    return m;
}

ZoneReading read_zone(const mrz::Parsed& parsed) {
    if (parsed.mrz.format == mrz::Format::td1 && parsed.lines.size() == 3) return ZoneReader(parsed).read();
    ZoneReading reading;
    reading.findings.push_back(Finding{"mrz", "vn.mrz_format", Severity::error, "not a zone of three lines (TD1)", not_this_card, {}, {}});
    return reading;
}

}  // namespace idchip::vietnam
