// Doc 9303-10: the files of the chip.
#include <idchip/lds/dg1.hpp>
#include <idchip/lds/dg2.hpp>
#include <idchip/lds/ef_com.hpp>
#include <idchip/lds/ef_sod.hpp>
#include <idchip/tlv/reader.hpp>

#include "base/try.hpp"
#include "vectors/lds_kinds.hpp"

namespace idchip::vectors {
namespace {

using Kind = LdsKind;

Result<Outputs> parse_com(ByteView file) {
    const auto com = TRY(lds::EfCom::parse(file));
    Json tags = Json::array(), files = Json::array();
    for (const auto tag : com.tags) tags.push_back(tlv::tag_text(tag));
    for (const auto ef : com.files()) files.push_back(lds::name(ef));
    return Outputs{{"lds_version", com.lds_version},
                   {"unicode_version", com.unicode_version},
                   {"tags", tags},
                   {"files", files},
                   {"notes", ids(com.notes)}};
}

Result<Outputs> parse_dg1(ByteView file) {
    const auto dg1 = TRY(lds::Dg1::parse(file));
    return Outputs{{"lines", dg1.mrz.lines}, {"fields", fields(dg1.mrz.mrz)}, {"faults", faults(dg1.mrz)}, {"notes", ids(dg1.notes)}};
}

Result<Outputs> parse_dg2(ByteView file) {
    const auto dg2 = TRY(lds::Dg2::parse(file));
    Json templates = Json::array(), faces = Json::array();
    for (const auto& t : dg2.templates)
        templates.push_back({{"format_owner", t.format_owner ? Json(hex4(*t.format_owner)) : Json()},
                             {"format_type", t.format_type ? Json(hex4(*t.format_type)) : Json()},
                             {"data_tag", tlv::tag_text(t.data_tag)},
                             {"data_offset", t.data_offset},
                             {"size", t.data.size()},
                             {"data", binary(t.data)}});
    for (const auto& f : dg2.faces)
        faces.push_back({{"data_type", f.data_type}, {"width", f.width}, {"height", f.height}, {"image", binary(f.image)}});
    return Outputs{{"announced_count", dg2.announced_count}, {"templates", templates}, {"faces", faces}, {"notes", ids(dg2.notes)}};
}

Result<Outputs> parse_object(ByteView content) {
    const auto object = TRY(lds::LdsSecurityObject::parse(content));
    Json hashes = Json::object();
    for (const auto& [number, digest] : object.data_group_hashes) hashes[std::to_string(number)] = binary(digest);
    return Outputs{{"version", object.version},         {"hash_alg", std::string(name(object.hash_alg))},
                   {"data_group_hashes", hashes},       {"count", object.data_group_hashes.size()},
                   {"lds_version", object.lds_version}, {"unicode_version", object.unicode_version},
                   {"notes", ids(object.notes)}};
}

Result<Outputs> parse_sod(ByteView file) {
    const auto sod = TRY(lds::EfSod::parse(file));
    return Outputs{{"cms", binary(sod.cms)}, {"size", sod.cms.size()}, {"notes", ids(sod.notes)}};
}

Result<Bytes> again_com(ByteView file) { return TRY(lds::EfCom::parse(file)).encode(); }
Result<Bytes> again_dg1(ByteView file) { return lds::Dg1::encode(TRY(lds::Dg1::parse(file)).mrz.lines); }
Result<Bytes> again_object(ByteView content) { return TRY(lds::LdsSecurityObject::parse(content)).encode(); }
Result<Bytes> again_sod(ByteView file) { return lds::EfSod::encode(TRY(lds::EfSod::parse(file)).cms); }

Result<Bytes> again_dg2(ByteView file) {
    const auto dg2 = TRY(lds::Dg2::parse(file));
    if (dg2.faces.size() != 1) return bad("in.file", "want a DG2 with one readable face");
    return lds::Dg2::encode(dg2.faces[0]);
}

Result<Kind> kind_of(const Inputs& in) {
    if (const auto further = further_lds_kind(TRY(in.text("kind")))) return *further;
    return in.choice<Kind>("kind", {{"EF.COM", {parse_com, again_com}},
                                    {"DG1", {parse_dg1, again_dg1}},
                                    {"DG2", {parse_dg2, again_dg2}},
                                    {"LDSSecurityObject", {parse_object, again_object}},
                                    {"EF.SOD", {parse_sod, again_sod}}});
}

Result<Outputs> parse(const Inputs& in) {
    const auto kind = TRY(kind_of(in));
    return kind.parse(TRY(in.bytes("file")));
}

Result<Outputs> roundtrip(const Inputs& in) {
    const auto kind = TRY(kind_of(in));
    return Outputs{{"file", binary(TRY(kind.again(TRY(in.bytes("file")))))}};
}

}  // namespace

Suite lds_suite() { return {"lds", {{"parse", parse}, {"roundtrip", roundtrip}}}; }

}  // namespace idchip::vectors
