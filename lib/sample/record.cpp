#include <idchip/sample/sample.hpp>

#include <nlohmann/json.hpp>

#include <idchip/mrz/mrz.hpp>

namespace idchip::sample {
namespace {

// The document number of the card is the personal number without its province.
std::string last_nine(const std::string& digits) { return digits.size() > 9 ? digits.substr(digits.size() - 9) : digits; }

// Line 1, 16 to 30, of the national zone: all twelve digits, two fillers, and a check digit that Doc 9303-5 does not have.
std::string optional_data(const std::string& personal_number) {
    const std::string checked = personal_number + "<<";
    return checked + mrz::check_digit(checked);
}

}  // namespace

std::string record_json(const Person& person, std::string_view portrait) {
    nlohmann::ordered_json json;
    json["record"] = person.record;
    json["card"] = "vn-cccd-2021";
    json["document_code"] = "ID";
    json["issuing_state"] = "VNM";
    json["personal_number"] = person.personal_number;
    json["document_number"] = last_nine(person.personal_number);
    json["optional_data_1"] = optional_data(person.personal_number);
    json["surname"] = person.surname;
    json["given_names"] = person.given_names;
    json["sex"] = std::string(1, person.sex);
    json["birth_date"] = to_iso(person.birth);
    json["expiry_date"] = nullptr;  // no expiry
    if (person.expiry) json["expiry_date"] = to_iso(*person.expiry);
    json["issue_date"] = to_iso(person.issued);
    json["nationality"] = "VNM";
    json["ethnicity"] = person.ethnicity;
    json["religion"] = person.religion;
    json["place_of_origin"] = person.place_of_origin;
    json["residence"] = person.residence;
    json["father"] = person.father;
    json["mother"] = person.mother;
    json["portrait"] = portrait;
    // Replacing instead of throwing: the path of a portrait may hold any bytes.
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace idchip::sample
