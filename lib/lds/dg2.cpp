#include <idchip/lds/dg2.hpp>

#include <fmt/format.h>

#include "base/try.hpp"

namespace idchip::lds {
namespace {

constexpr std::uint32_t tag_data_constructed = 0x7F2E;
constexpr Byte type_face = 0x02;
constexpr std::uint16_t format_type_face = 0x0008;  // ISO/IEC 19794-5

void decode_faces(Dg2& dg2, const BiometricTemplate& t) {
    if (t.data_tag == tag_data_constructed) {
        dg2.notes.push_back({"lds.dg2_iso39794", "DG2/7F2E", "ISO/IEC 39794-5 is kept raw"});
        return;
    }
    auto record = image::parse_face_record(t.data);
    if (!record) {
        dg2.notes.push_back({"lds.dg2_face_unreadable", "DG2/5F2E", std::move(record.error()).message()});
        return;
    }
    dg2.faces.insert(dg2.faces.end(), record->faces.begin(), record->faces.end());
    dg2.notes.insert(dg2.notes.end(), record->notes.begin(), record->notes.end());
}

}  // namespace

Bytes Dg2::encode(const image::FaceImage& face) {
    const auto record = image::encode_face_record(face);
    const auto header = biometric_header(type_face, std::nullopt, format_type_face);
    Dg2 dg2;
    dg2.announced_count = 1;
    dg2.templates.emplace_back().header = header;
    dg2.templates.back().data = record;
    return dg2.encode();
}

Result<Dg2> Dg2::parse(ByteView file) {
    Dg2 dg2;
    static_cast<BiometricGroup&>(dg2) = TRY(BiometricGroup::parse(Ef::dg2, file, dg2.notes));
    for (const auto& t : dg2.templates) decode_faces(dg2, t);
    if (dg2.faces.empty()) dg2.notes.push_back({"lds.dg2_no_face", "DG2", {}});
    if (dg2.faces.size() > 1)
        dg2.notes.push_back({"lds.dg2_several_faces", "DG2", fmt::format("{} faces", dg2.faces.size())});
    return dg2;
}

}  // namespace idchip::lds
