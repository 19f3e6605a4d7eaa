#include <idchip/lds/dg2.hpp>

#include <fmt/format.h>

#include "base/try.hpp"

namespace idchip::lds {
namespace {

constexpr Byte type_face = 0x02;
// ISO/IEC 19794-5. Doc 9303-10 gives no other number for 39794-5; the tag of the data tells the two apart.
constexpr std::uint16_t format_type_face = 0x0008;

void take(Dg2& dg2, const std::vector<image::FaceImage>& faces, const Notes& notes) {
    dg2.faces.insert(dg2.faces.end(), faces.begin(), faces.end());
    dg2.notes.insert(dg2.notes.end(), notes.begin(), notes.end());
}

void decode_faces(Dg2& dg2, const BiometricTemplate& t) {
    const bool modern = t.data_tag == image::data_object_tag(image::RecordFormat::iso39794);
    const auto unreadable = [&](const Error& error) {
        dg2.notes.push_back({"lds.dg2_face_unreadable", modern ? "DG2/7F2E" : "DG2/5F2E", error.message()});
    };
    if (modern) {
        const auto block = image::iso39794::parse_face_image_data_block(t.data);
        if (!block) return unreadable(block.error());
        return take(dg2, image::faces_of(*block), block->notes);
    }
    const auto record = image::parse_face_record(t.data);
    if (!record) return unreadable(record.error());
    take(dg2, record->faces, record->notes);
}

Bytes around(ByteView record_head, ByteView rest, image::RecordFormat format) {
    const auto header = biometric_header(type_face, std::nullopt, format_type_face);
    Dg2 dg2;
    dg2.announced_count = 1;
    auto& t = dg2.templates.emplace_back();
    t.header = header;
    t.data_head = record_head;
    t.data = rest;
    t.data_tag = image::data_object_tag(format);
    return dg2.encode();
}

}  // namespace

Bytes Dg2::encode(const image::FaceImage& face) { return around(image::face_record_head(face), face.image, image::RecordFormat::iso19794); }

Result<Bytes> Dg2::encode(const image::FaceDescription& face, image::RecordFormat format) {
    return around({}, TRY(image::make_face_record(face, format)), format);
}

Result<Dg2> Dg2::parse(ByteView file) {
    Dg2 dg2;
    static_cast<BiometricGroup&>(dg2) = TRY(BiometricGroup::parse(Ef::dg2, file, dg2.notes));
    for (const auto& t : dg2.templates) decode_faces(dg2, t);
    if (dg2.faces.empty()) dg2.notes.push_back({"lds.dg2_no_face", "DG2", {}});
    if (dg2.faces.size() > 1) dg2.notes.push_back({"lds.dg2_several_faces", "DG2", fmt::format("{} faces", dg2.faces.size())});
    return dg2;
}

}  // namespace idchip::lds
