#include <idchip/lds/dg2.hpp>

#include <fmt/format.h>

#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"
#include "lds/outer.hpp"

namespace idchip::lds {
namespace {

constexpr std::uint32_t tag_group = 0x7F61, tag_template = 0x7F60, tag_count = 0x02, tag_header = 0xA1;
constexpr std::uint32_t tag_data = 0x5F2E, tag_data_constructed = 0x7F2E;
constexpr std::uint16_t owner_sc37 = 0x0101, type_face = 0x0008;

std::optional<std::uint16_t> two_bytes(const tlv::Element& e) {
    if (e.value.size() != 2) return std::nullopt;
    return static_cast<std::uint16_t>(read_be(e.value));
}

Result<BiometricTemplate> read_template(const tlv::Reader& parent, const tlv::Element& element) {
    BiometricTemplate t;
    auto r = parent.enter(element);
    auto header = r.enter(TRY(r.expect(tag_header)));
    while (!header.at_end()) {
        const auto e = TRY(header.next());
        if (e.tag == 0x87) t.format_owner = two_bytes(e);
        if (e.tag == 0x88) t.format_type = two_bytes(e);
    }
    const auto data = TRY(r.next());
    if (data.tag != tag_data && data.tag != tag_data_constructed)
        return r.error(Errc::tlv_unexpected, "want 5F2E or 7F2E, found " + tlv::tag_text(data.tag));
    t.data_tag = data.tag;
    t.data = data.value;
    t.data_offset = data.value_offset();
    return t;
}

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
    Bytes owner;
    append_be(owner, owner_sc37, 2);
    Bytes type;
    append_be(type, type_face, 2);
    // Doc 9303-10, table 44: version of the patron header 0101, biometric type face 02.
    const auto header = tlv::element(tag_header, {tlv::element(0x80, Bytes{1, 1}), tlv::element(0x81, Bytes{2}),
                                                  tlv::element(0x87, owner), tlv::element(0x88, type)});
    const std::size_t record_size = tlv::encode_length(record.size()).size() + 2 + record.size();
    const std::size_t template_size = header.size() + record_size;
    const std::size_t group_size = 3 + 2 + tlv::encode_length(template_size).size() + template_size;
    const std::size_t file_size = 2 + tlv::encode_length(group_size).size() + group_size;
    Bytes file;
    file.reserve(file_size + 6);
    append(file, tlv::encode_tag(info(Ef::dg2).tag));
    append(file, tlv::encode_length(file_size));
    append(file, tlv::encode_tag(tag_group));
    append(file, tlv::encode_length(group_size));
    append(file, tlv::element(tag_count, Bytes{1}));
    append(file, tlv::encode_tag(tag_template));
    append(file, tlv::encode_length(template_size));
    append(file, header);
    append(file, tlv::encode_tag(tag_data));
    append(file, tlv::encode_length(record.size()));
    append(file, record);
    return file;
}

Result<Dg2> Dg2::parse(ByteView file) {
    Dg2 dg2;
    auto [outer, reader] = TRY(open_file(file, Ef::dg2, dg2.notes));
    auto group = reader.enter(TRY(reader.expect(tag_group)));
    const auto count = TRY(group.expect(tag_count));
    if (count.value.size() != 1) return group.error(Errc::lds_bad_file, "the number of instances is not one byte");
    dg2.announced_count = count.value[0];
    while (!group.at_end()) {
        const auto e = TRY(group.next());
        if (e.tag != tag_template) {
            dg2.notes.push_back({"lds.dg2_extra_objects", "DG2/7F61", tlv::tag_text(e.tag)});
            continue;
        }
        dg2.templates.push_back(TRY(read_template(group, e)));
    }
    note_lengths(reader, Ef::dg2, dg2.notes);
    if (static_cast<std::size_t>(dg2.announced_count) != dg2.templates.size())
        dg2.notes.push_back({"lds.dg2_count_differs", "DG2/7F61/02",
                             fmt::format("{} announced, {} present", dg2.announced_count, dg2.templates.size())});
    for (const auto& t : dg2.templates) decode_faces(dg2, t);
    if (dg2.faces.empty()) dg2.notes.push_back({"lds.dg2_no_face", "DG2", {}});
    if (dg2.faces.size() > 1)
        dg2.notes.push_back({"lds.dg2_several_faces", "DG2", fmt::format("{} faces", dg2.faces.size())});
    return dg2;
}

}  // namespace idchip::lds
