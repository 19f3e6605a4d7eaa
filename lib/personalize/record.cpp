#include <idchip/personalize/record.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <idchip/base/file.hpp>
#include <idchip/base/text.hpp>

#include "base/try.hpp"

namespace idchip::personalize {
namespace {

using Json = nlohmann::json;

constexpr std::string_view mrz_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";
constexpr std::size_t longest_name = 200;

// Collects the fields of one record and every problem on the way.
class Fields {
public:
    Fields(const Json& object, CheckedRecord& result) : object_(object), result_(result) {}

    void problem(const char* field, std::string detail, Errc code = Errc::bad_field) {
        result_.problems.emplace_back(code, result_.id + "/" + field, std::move(detail));
    }

    std::string text(const char* field, bool required = true) {
        if (!object_.contains(field) || object_[field].is_null()) {
            if (required) problem(field, "missing");
            return {};
        }
        if (!object_[field].is_string()) {
            problem(field, "want text");
            return {};
        }
        return object_[field].get<std::string>();
    }

    // Text for the zone: A-Z 0-9 <, at most `width` characters.
    std::string zone_text(const char* field, std::size_t width, bool required) {
        auto value = text(field, required);
        if (value.size() > width) problem(field, fmt::format("{} characters, at most {} fit", value.size(), width));
        if (value.find_first_not_of(mrz_letters) != std::string::npos) problem(field, "only A-Z, 0-9 and < are allowed");
        if (required && value.empty() && object_.contains(field)) problem(field, "empty");
        return value;
    }

    std::string name(const char* field, bool required) {
        auto value = text(field, required);
        if (value.size() > longest_name) problem(field, "too long");
        if (required && object_.contains(field) && trim(value).empty()) problem(field, "empty");
        return value;
    }

    std::optional<Date> date(const char* field, bool required) {
        const auto value = text(field, required);
        if (value.empty()) return std::nullopt;
        const auto parsed = parse_iso_date(value);
        if (!parsed) {
            problem(field, parsed.error().detail, Errc::bad_date);
            return std::nullopt;
        }
        return *parsed;
    }

private:
    const Json& object_;
    CheckedRecord& result_;
};

mrz::Format format_of(Fields& fields, const std::string& card, const std::string& document_code) {
    if (card == "icao-td3" || (card.empty() && document_code.starts_with("P"))) return mrz::Format::td3;
    if (card == "icao-td2") return mrz::Format::td2;
    if (!card.empty() && card != "icao-td1" && card != "vn-cccd-2021" && card != "vn-cancuoc-2024")
        fields.problem("card", "want vn-cccd-2021, vn-cancuoc-2024, icao-td1, icao-td2 or icao-td3");
    return mrz::Format::td1;
}

void read_dates(Fields& f, Record& r, const Json& object) {
    if (const auto birth = f.date("birth_date", true)) r.birth = *birth;
    r.expiry = f.date("expiry_date", false);
    if (!object.contains("expiry_date")) f.problem("expiry_date", "missing; null means no expiry");
    // Only Vietnam's zone has a way to say "no expiry".
    else if (object["expiry_date"].is_null() && r.issuing_state != "VNM") f.problem("expiry_date", "this state's documents expire");
    if (r.expiry && *r.expiry <= r.birth) f.problem("expiry_date", "not after the date of birth");
}

void read_sex(Fields& f, Record& r) {
    const auto sex = f.text("sex");
    if (sex == "M" || sex == "F") r.sex = sex[0];
    else if (sex == "X" || sex == "<") r.sex = '<';
    else if (!sex.empty()) f.problem("sex", "want M, F or X");
}

void read_fields(const Json& object, CheckedRecord& result) {
    Fields f(object, result);
    Record r;
    r.id = result.id;
    r.document_code = f.zone_text("document_code", 2, true);
    r.format = format_of(f, f.text("card", false), r.document_code);
    r.issuing_state = f.zone_text("issuing_state", 3, true);
    r.nationality = f.zone_text("nationality", 3, true);
    r.document_number = f.zone_text("document_number", r.format == mrz::Format::td1 ? 22 : 9, true);
    r.optional_data_1 = f.zone_text("optional_data_1", 15, false);
    r.optional_data_2 = f.zone_text("optional_data_2", 11, false);
    r.surname = f.name("surname", true);
    r.given_names = f.name("given_names", false);
    r.portrait = f.text("portrait");
    read_sex(f, r);
    read_dates(f, r, object);
    if (object.contains("dg13")) {
        auto bytes = from_hex(f.text("dg13"));
        if (bytes) r.dg13 = std::move(*bytes);
        else f.problem("dg13", "not hexadecimal");
    }
    if (result.problems.empty()) result.record = std::move(r);
}

}  // namespace

CheckedRecord check_record(std::string_view text, std::size_t line) {
    CheckedRecord result;
    result.id = fmt::format("line {}", line);
    const auto refuse = [&result](Errc code, std::string detail) {
        result.problems.emplace_back(code, result.id, std::move(detail));
        return result;
    };
    if (!is_valid_utf8(as_bytes(text))) return refuse(Errc::bad_utf8, {});
    const auto object = Json::parse(text, nullptr, false);
    // The parser's own message would quote the record.
    if (object.is_discarded()) return refuse(Errc::bad_json, "want one JSON object a line");
    if (!object.is_object()) return refuse(Errc::bad_json, "want an object");
    const auto id = object.find("record");
    if (id == object.end() || !id->is_string() || id->get<std::string>().empty()) return refuse(Errc::bad_field, "field record is missing");
    result.id = id->get<std::string>();
    if (result.id.size() > 64 || result.id.find_first_of("/\\\n\r\t ") != std::string::npos)
        return refuse(Errc::bad_field, "field record: at most 64 characters, no spaces or slashes");
    read_fields(object, result);
    return result;
}

Result<std::vector<CheckedRecord>> read_records(const std::string& path) {
    std::vector<CheckedRecord> records;
    std::size_t number = 0;
    for (const auto& line : split(TRY(read_text(path, std::size_t{1} << 30U)), '\n')) {
        ++number;
        if (!trim(line).empty()) records.push_back(check_record(line, number));
    }
    return records;
}

}  // namespace idchip::personalize
