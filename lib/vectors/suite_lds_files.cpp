// Doc 9303-10: DG3 to DG16 and the files of the master file.
#include <idchip/base/text.hpp>
#include <idchip/lds/details.hpp>
#include <idchip/lds/dg15.hpp>
#include <idchip/lds/dg16.hpp>
#include <idchip/lds/dg3.hpp>
#include <idchip/lds/dg4.hpp>
#include <idchip/lds/displayed_image.hpp>
#include <idchip/lds/ef_atr_info.hpp>
#include <idchip/lds/ef_cvca.hpp>
#include <idchip/lds/ef_dir.hpp>
#include <idchip/lds/issuer_file.hpp>
#include <idchip/lds/security_infos.hpp>

#include "base/try.hpp"
#include "vectors/lds_kinds.hpp"

namespace idchip::vectors {
namespace {

using lds::Ef;

Outputs outputs(Json content, const Notes& notes) { return {{"content", std::move(content)}, {"notes", ids(notes)}}; }

Json group_json(const lds::BiometricGroup& group, std::size_t records) {
    Json templates = Json::array();
    for (const auto& t : group.templates)
        templates.push_back({{"format_type", t.format_type ? Json(hex4(*t.format_type)) : Json()},
                             {"subtype", t.subtype ? Json(*t.subtype) : Json()},
                             {"size", t.data.size()}});
    return {{"announced_count", group.announced_count}, {"templates", templates}, {"padding", to_hex(group.padding)}, {"records", records}};
}

Result<Outputs> parse_dg3(ByteView file) {
    const auto dg3 = TRY(lds::Dg3::parse(file));
    return outputs(group_json(dg3, dg3.records.size() + dg3.blocks.size()), dg3.notes);
}
Result<Bytes> again_dg3(ByteView file) { return TRY(lds::Dg3::parse(file)).encode(); }

Result<Outputs> parse_dg4(ByteView file) {
    const auto dg4 = TRY(lds::Dg4::parse(file));
    return outputs(group_json(dg4, dg4.records.size() + dg4.blocks.size()), dg4.notes);
}
Result<Bytes> again_dg4(ByteView file) { return TRY(lds::Dg4::parse(file)).encode(); }

template <Ef ef>
Result<Outputs> parse_displayed(ByteView file) {
    const auto images = TRY(lds::DisplayedImages::parse(ef, file));
    Json list = Json::array();
    for (const auto image : images.images) list.push_back(to_hex(image));
    return outputs({{"announced_count", images.announced_count}, {"images", list}}, images.notes);
}
template <Ef ef>
Result<Bytes> again_displayed(ByteView file) {
    return TRY(lds::DisplayedImages::parse(ef, file)).encode(ef);
}

template <Ef ef>
Result<Outputs> parse_issuer(ByteView file) {
    const auto content = TRY(lds::IssuerFile::parse(ef, file));
    return outputs({{"instances", content.instances ? Json(*content.instances) : Json()}, {"contents", to_hex(content.contents)}},
                   content.notes);
}
template <Ef ef>
Result<Bytes> again_issuer(ByteView file) {
    return TRY(lds::IssuerFile::parse(ef, file)).encode(ef);
}

template <Ef ef>
Result<Outputs> parse_details(ByteView file) {
    const auto details = TRY(lds::DetailFile::parse(ef, file));
    Json content = Json::object();
    for (const auto& field : lds::DetailFile::fields(ef)) {
        const auto key = std::string(field.name);
        if (details.find(field.tag) == nullptr) continue;
        if (field.kind == lds::DetailKind::names) content[key] = details.names();
        else if (const auto date = details.date(field.tag); date && field.kind != lds::DetailKind::text) content[key] = *date;
        else
            content[key] = field.kind == lds::DetailKind::text && is_valid_utf8(details.find(field.tag)->value)
                               ? *details.text(field.tag)
                               : to_hex(details.find(field.tag)->value);
    }
    return outputs(std::move(content), details.notes);
}
template <Ef ef>
Result<Bytes> again_details(ByteView file) {
    return TRY(lds::DetailFile::parse(ef, file)).encode();
}

Outputs infos_outputs(const lds::SecurityInfos& infos) {
    Json list = Json::array();
    for (const auto& info : infos.infos) {
        Json entry = {{"protocol", lds::protocol_name(info.protocol)}, {"known", !std::holds_alternative<lds::UnknownInfo>(info.content)}};
        if (const auto* pace = std::get_if<lds::PaceInfo>(&info.content)) {
            entry["version"] = pace->version;
            if (pace->parameter_id) entry["parameter_id"] = *pace->parameter_id;
        }
        list.push_back(std::move(entry));
    }
    return outputs({{"infos", list}}, infos.notes);
}
Result<Outputs> parse_dg14(ByteView file) { return infos_outputs(TRY(lds::Dg14::parse(file))); }
Result<Bytes> again_dg14(ByteView file) { return lds::Dg14::encode(TRY(lds::Dg14::parse(file))); }
Result<Outputs> parse_card_access(ByteView file) { return infos_outputs(TRY(lds::EfCardAccess::parse(file))); }
Result<Bytes> again_card_access(ByteView file) { return lds::EfCardAccess::encode(TRY(lds::EfCardAccess::parse(file))); }

Result<Outputs> parse_dg15(ByteView file) {
    const auto dg15 = TRY(lds::Dg15::parse(file));
    return outputs({{"public_key", to_hex(dg15.public_key)}}, dg15.notes);
}
Result<Bytes> again_dg15(ByteView file) { return lds::Dg15::encode(TRY(lds::Dg15::parse(file)).public_key); }

Result<Outputs> parse_dg16(ByteView file) {
    const auto dg16 = TRY(lds::Dg16::parse(file));
    Json persons = Json::array();
    for (const auto& p : dg16.persons)
        persons.push_back({{"date_recorded", p.date_recorded}, {"name", p.name}, {"telephone", p.telephone}, {"address", p.address}});
    return outputs({{"persons", persons}}, dg16.notes);
}
Result<Bytes> again_dg16(ByteView file) { return TRY(lds::Dg16::parse(file)).encode(); }

Result<Outputs> parse_dir(ByteView file) {
    const auto dir = TRY(lds::EfDir::parse(file));
    Json aids = Json::array();
    for (const auto& a : dir.applications) aids.push_back(to_hex(a.aid));
    return outputs({{"aids", aids}}, dir.notes);
}
Result<Bytes> again_dir(ByteView file) { return TRY(lds::EfDir::parse(file)).encode(); }

Result<Outputs> parse_atr_info(ByteView file) {
    const auto a = TRY(lds::EfAtrInfo::parse(file));
    Json content = {{"objects", a.objects.size()}};
    if (const auto bit = a.extended_length()) content["extended_length"] = *bit;
    if (const auto bit = a.command_chaining()) content["command_chaining"] = *bit;
    if (const auto limits = a.limits()) content["limits"] = {limits->command, limits->response};
    return outputs(std::move(content), a.notes);
}
Result<Bytes> again_atr_info(ByteView file) { return TRY(lds::EfAtrInfo::parse(file)).encode(); }

Result<Outputs> parse_cvca(ByteView file) {
    const auto cvca = TRY(lds::EfCvca::parse(file));
    return outputs({{"authority_references", cvca.authority_references}}, cvca.notes);
}
Result<Bytes> again_cvca(ByteView file) { return TRY(lds::EfCvca::parse(file)).encode(); }

}  // namespace

std::optional<LdsKind> further_lds_kind(std::string_view name) {
    static const std::map<std::string_view, LdsKind> table = {{"DG3", {parse_dg3, again_dg3}},
                                                              {"DG4", {parse_dg4, again_dg4}},
                                                              {"DG5", {parse_displayed<Ef::dg5>, again_displayed<Ef::dg5>}},
                                                              {"DG6", {parse_issuer<Ef::dg6>, again_issuer<Ef::dg6>}},
                                                              {"DG7", {parse_displayed<Ef::dg7>, again_displayed<Ef::dg7>}},
                                                              {"DG8", {parse_issuer<Ef::dg8>, again_issuer<Ef::dg8>}},
                                                              {"DG9", {parse_issuer<Ef::dg9>, again_issuer<Ef::dg9>}},
                                                              {"DG10", {parse_issuer<Ef::dg10>, again_issuer<Ef::dg10>}},
                                                              {"DG11", {parse_details<Ef::dg11>, again_details<Ef::dg11>}},
                                                              {"DG12", {parse_details<Ef::dg12>, again_details<Ef::dg12>}},
                                                              {"DG13", {parse_issuer<Ef::dg13>, again_issuer<Ef::dg13>}},
                                                              {"DG14", {parse_dg14, again_dg14}},
                                                              {"DG15", {parse_dg15, again_dg15}},
                                                              {"DG16", {parse_dg16, again_dg16}},
                                                              {"EF.CardAccess", {parse_card_access, again_card_access}},
                                                              {"EF.DIR", {parse_dir, again_dir}},
                                                              {"EF.ATR/INFO", {parse_atr_info, again_atr_info}},
                                                              {"EF.CVCA", {parse_cvca, again_cvca}}};
    const auto it = table.find(name);
    return it == table.end() ? std::nullopt : std::optional(it->second);
}

}  // namespace idchip::vectors
