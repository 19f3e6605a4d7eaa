// The files of the LDS for `show`.
#include <fmt/format.h>

#include <idchip/base/text.hpp>
#include <idchip/lds/details.hpp>
#include <idchip/lds/dg1.hpp>
#include <idchip/lds/dg15.hpp>
#include <idchip/lds/dg16.hpp>
#include <idchip/lds/dg2.hpp>
#include <idchip/lds/dg3.hpp>
#include <idchip/lds/dg4.hpp>
#include <idchip/lds/displayed_image.hpp>
#include <idchip/lds/ef_atr_info.hpp>
#include <idchip/lds/ef_com.hpp>
#include <idchip/lds/ef_cvca.hpp>
#include <idchip/lds/ef_dir.hpp>
#include <idchip/lds/ef_sod.hpp>
#include <idchip/lds/issuer_file.hpp>
#include <idchip/lds/security_infos.hpp>
#include <idchip/national/vietnam/dg13.hpp>
#include <idchip/national/vietnam/person.hpp>

#include "base/try.hpp"
#include "report/show_parts.hpp"
#include "report/show_security.hpp"

namespace idchip::report {
namespace {

using lds::Ef;

Result<Json> com_json(ByteView file) {
    const auto com = TRY(lds::EfCom::parse(file));
    Json j;
    j["LDS version"] = com.lds_version;
    j["Unicode version"] = com.unicode_version;
    j["files"] = Json::array();
    for (const auto ef : com.files()) j["files"].push_back(lds::name(ef));
    add_notes(j, com.notes);
    return j;
}

Result<Json> dg1_json(ByteView file) {
    const auto dg1 = TRY(lds::Dg1::parse(file));
    const auto& m = dg1.mrz.mrz;
    Json j;
    j["lines"] = dg1.mrz.lines;
    j["document code"] = m.document_code;
    j["issuing state"] = m.issuing_state;
    j["document number"] = m.document_number;
    j["primary identifier"] = m.primary;
    j["secondary identifier"] = m.secondary;
    j["nationality"] = m.nationality;
    j["birth"] = m.birth;
    j["sex"] = std::string(1, m.sex);
    j["expiry"] = m.expiry;
    if (!m.optional_data_1.empty()) j["optional data"] = m.optional_data_1;
    if (!m.optional_data_2.empty()) j["optional data 2"] = m.optional_data_2;
    j["wrong check digits"] = Json::array();
    for (const auto& f : dg1.mrz.faults)
        j["wrong check digits"].push_back(
            fmt::format("{}: {} instead of {} (line {}, column {})", f.field, f.printed, f.computed, f.line + 1, f.column + 1));
    add_notes(j, dg1.notes);
    return j;
}

Result<Json> dg2_json(ByteView file) {
    const auto dg2 = TRY(lds::Dg2::parse(file));
    Json j;
    j["templates"] = dg2.templates.size();
    j["faces"] = Json::array();
    for (const auto& face : dg2.faces) {
        Json f;
        const auto header = image::read_header(face.image);
        f["format"] = image::name(image::sniff(face.image));
        f["bytes"] = face.image.size();
        f["size stated"] = fmt::format("{}x{}", face.width, face.height);
        f["size of the image"] = header ? fmt::format("{}x{}", header->width, header->height) : header.error().message();
        j["faces"].push_back(std::move(f));
    }
    add_notes(j, dg2.notes);
    return j;
}

Json image_json(ByteView image) {
    Json j;
    const auto header = image::read_header(image);
    j["format"] = image::name(image::sniff(image));
    j["bytes"] = image.size();
    if (header) j["pixels"] = fmt::format("{}x{}", header->width, header->height);
    return j;
}

Json size_json(int width, int height) { return fmt::format("{}x{}", width, height); }

Result<Json> dg3_json(ByteView file) {
    const auto dg3 = TRY(lds::Dg3::parse(file));
    Json j;
    j["templates"] = dg3.templates.size();
    j["fingers"] = Json::array();
    for (const auto& record : dg3.records)
        for (const auto& finger : record.fingers) {
            Json f;
            f["record"] = "ISO/IEC 19794-4";
            f["position"] = finger.position;
            f["size stated"] = size_json(finger.width, finger.height);
            f["resolution"] = record.horizontal_image_resolution;
            f["compression"] = record.compression;
            f["image"] = image_json(finger.image);
            j["fingers"].push_back(std::move(f));
        }
    for (const auto& block : dg3.blocks)
        for (const auto& finger : block.representations) {
            Json f;
            f["record"] = "ISO/IEC 39794-4";
            f["position"] = finger.position.value().value_or(0);
            f["image"] = image_json(finger.image);
            j["fingers"].push_back(std::move(f));
        }
    add_notes(j, dg3.notes);
    return j;
}

Result<Json> dg4_json(ByteView file) {
    const auto dg4 = TRY(lds::Dg4::parse(file));
    Json j;
    j["templates"] = dg4.templates.size();
    j["irises"] = Json::array();
    for (const auto& record : dg4.records)
        for (const auto& eye : record.eyes)
            for (const auto& image : eye.images) {
                Json f;
                f["record"] = "ISO/IEC 19794-6";
                f["eye"] = eye.eye;
                f["size stated"] = size_json(record.image_width, record.image_height);
                f["image"] = image_json(image.image);
                j["irises"].push_back(std::move(f));
            }
    for (const auto& block : dg4.blocks)
        for (const auto& eye : block.representations) {
            Json f;
            f["record"] = "ISO/IEC 39794-6";
            f["eye"] = eye.eye_label;
            f["image"] = image_json(eye.image);
            j["irises"].push_back(std::move(f));
        }
    add_notes(j, dg4.notes);
    return j;
}

Result<Json> displayed_json(Ef ef, ByteView file) {
    const auto images = TRY(lds::DisplayedImages::parse(ef, file));
    Json j;
    j["announced"] = images.announced_count;
    j["images"] = Json::array();
    for (const auto image : images.images) j["images"].push_back(image_json(image));
    add_notes(j, images.notes);
    return j;
}

Json detail_json(const lds::DetailFile& file, const lds::DetailField& field) {
    const auto* object = file.find(field.tag);
    switch (field.kind) {
        case lds::DetailKind::names: return file.names();
        case lds::DetailKind::image: return image_json(object->value);
        case lds::DetailKind::date:
        case lds::DetailKind::date_time: return file.date(field.tag).value_or(to_hex(object->value));
        case lds::DetailKind::text: break;
    }
    return file.text(field.tag).value_or("");
}

Result<Json> details_json(Ef ef, ByteView bytes) {
    const auto file = TRY(lds::DetailFile::parse(ef, bytes));
    Json j = Json::object();
    for (const auto& field : lds::DetailFile::fields(ef))
        if (file.find(field.tag) != nullptr) j[std::string(field.name)] = detail_json(file, field);
    add_notes(j, file.notes);
    return j;
}

std::string_view dg13_field_name(std::int64_t number) {
    constexpr std::string_view names[] = {"personal number", "full name", "birth",           "sex",       "nationality",
                                          "ethnicity",       "religion",  "place of origin", "residence", "personal identification",
                                          "issued",          "expiry",    "parents",         "spouse",    "old number",
                                          "serial"};
    return number >= 1 && number <= 16 ? names[number - 1] : std::string_view();
}

Json dg13_field_json(const vietnam::Dg13Field& field) {
    if (field.shape == vietnam::Dg13Shape::unknown) return to_hex(field.raw);
    if (field.strings.empty()) return nullptr;
    if (field.strings.size() == 1) return field.strings[0].text;
    Json list = Json::array();
    for (const auto& s : field.strings) list.push_back(s.text);
    return list;
}

Json vietnam_json(const vietnam::Dg13& dg13) {
    Json j;
    j["form"] = "Vietnam";
    for (const auto& field : dg13.fields) {
        auto key = std::string(dg13_field_name(field.number.value_or(0)));
        if (key.empty() || j.contains(key)) key = fmt::format("field {} ({})", field.number.value_or(0), j.size());
        j[key] = dg13_field_json(field);
    }
    auto notes = dg13.notes;
    vietnam::read_details(dg13, notes);
    add_notes(j, notes);
    return j;
}

Result<Json> issuer_json(Ef ef, ByteView file) {
    if (ef == Ef::dg13)
        if (const auto dg13 = vietnam::Dg13::parse(file); dg13 && !dg13->fields.empty()) return vietnam_json(*dg13);
    const auto content = TRY(lds::IssuerFile::parse(ef, file));
    Json j;
    if (content.instances) j["instances"] = *content.instances;
    j["bytes"] = content.contents.size();
    j["content"] = to_hex(content.contents);
    add_notes(j, content.notes);
    return j;
}

Result<Json> dg15_json(ByteView file) {
    const auto dg15 = TRY(lds::Dg15::parse(file));
    Json j;
    j["active authentication key"] = key_text(dg15.public_key);
    add_notes(j, dg15.notes);
    return j;
}

Result<Json> dg16_json(ByteView file) {
    const auto dg16 = TRY(lds::Dg16::parse(file));
    Json j;
    j["persons"] = Json::array();
    for (const auto& p : dg16.persons)
        j["persons"].push_back({{"recorded", p.date_recorded}, {"name", p.name}, {"telephone", p.telephone}, {"address", p.address}});
    add_notes(j, dg16.notes);
    return j;
}

Result<Json> sod_json(ByteView file) {
    const auto sod = TRY(lds::EfSod::parse(file));
    auto j = TRY(signed_data_json(sod.cms));
    add_notes(j, sod.notes);
    return j;
}

Result<Json> card_security_json(ByteView file) {
    const auto security = TRY(lds::EfCardSecurity::parse(file));
    auto j = TRY(signed_data_json(security.cms));
    add_notes(j, security.notes);
    return j;
}

Result<Json> dir_json(ByteView file) {
    const auto dir = TRY(lds::EfDir::parse(file));
    Json j;
    j["applications"] = Json::array();
    for (const auto& a : dir.applications) {
        Json entry;
        entry["AID"] = to_hex(a.aid);
        if (const auto known = lds::application_name(a.aid); !known.empty()) entry["name"] = known;
        if (!a.other.empty()) entry["other objects"] = to_hex(a.other);
        j["applications"].push_back(std::move(entry));
    }
    add_notes(j, dir.notes);
    return j;
}

Result<Json> atr_info_json(ByteView file) {
    const auto atr_info = TRY(lds::EfAtrInfo::parse(file));
    Json j;
    if (const auto bit = atr_info.command_chaining()) j["command chaining"] = *bit;
    if (const auto bit = atr_info.extended_length()) j["extended length"] = *bit;
    if (const auto limits = atr_info.limits()) j["largest APDU"] = {{"command", limits->command}, {"response", limits->response}};
    for (const auto& o : atr_info.objects) j["objects"][fmt::format("{:02X}", o.tag)] = to_hex(o.value);
    add_notes(j, atr_info.notes);
    return j;
}

Result<Json> cvca_json(ByteView file) {
    const auto cvca = TRY(lds::EfCvca::parse(file));
    Json j;
    j["certification authority references"] = cvca.authority_references;
    add_notes(j, cvca.notes);
    return j;
}

}  // namespace

void add_notes(Json& j, const Notes& notes) {
    for (const auto& n : notes) j["tolerances"].push_back(n.id + (n.detail.empty() ? "" : " (" + n.where + ": " + n.detail + ")"));
}

Result<Json> file_json(Ef ef, ByteView file) {
    switch (ef) {
        case Ef::com: return com_json(file);
        case Ef::dg1: return dg1_json(file);
        case Ef::dg2: return dg2_json(file);
        case Ef::dg3: return dg3_json(file);
        case Ef::dg4: return dg4_json(file);
        case Ef::dg5:
        case Ef::dg7: return displayed_json(ef, file);
        case Ef::dg6:
        case Ef::dg8:
        case Ef::dg9:
        case Ef::dg10:
        case Ef::dg13: return issuer_json(ef, file);
        case Ef::dg11:
        case Ef::dg12: return details_json(ef, file);
        case Ef::dg14: return security_infos_json(TRY(lds::Dg14::parse(file)));
        case Ef::dg15: return dg15_json(file);
        case Ef::dg16: return dg16_json(file);
        case Ef::sod: return sod_json(file);
        case Ef::cvca: return cvca_json(file);
        case Ef::card_access: return security_infos_json(TRY(lds::EfCardAccess::parse(file)));
        case Ef::card_security: return card_security_json(file);
        case Ef::dir: return dir_json(file);
        case Ef::atr_info: return atr_info_json(file);
    }
    return fail(Errc::unknown_content);
}

}  // namespace idchip::report
