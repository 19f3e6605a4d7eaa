#include <idchip/image/face_record.hpp>

#include <fmt/format.h>

namespace idchip::image {
namespace {

// ISO/IEC 19794-5:2005, 5.4 to 5.7: sizes of the fixed blocks.
constexpr std::size_t record_header = 14, face_information = 20, feature_point = 8, image_information = 12;

Failure bad(std::size_t offset, std::string detail) {
    return fail(Error(Errc::lds_bad_file, "ISO 19794-5", std::move(detail)).at(offset));
}

// Fixed fields one after the other; the caller has checked the length.
class Fields {
public:
    explicit Fields(ByteView bytes) : rest_(bytes) {}
    std::uint32_t take(std::size_t width) {
        const auto value = static_cast<std::uint32_t>(read_be(rest_.first(width)));
        rest_ = rest_.subspan(width);
        return value;
    }
private:
    ByteView rest_;
};

std::string declared_name(Byte data_type) {
    return data_type == 0 ? "JPEG" : data_type == 1 ? "JPEG 2000" : fmt::format("type {}", data_type);
}

Result<FaceImage> read_face(ByteView record, std::size_t& at, Notes& notes) {
    if (record.size() - at < face_information + image_information) return bad(at, "facial information block cut off");
    Fields f(record.subspan(at, face_information));
    const std::size_t length = f.take(4);
    FaceImage face;
    face.feature_points = static_cast<std::uint16_t>(f.take(2));
    face.gender = static_cast<Byte>(f.take(1));
    face.eye_colour = static_cast<Byte>(f.take(1));
    face.hair_colour = static_cast<Byte>(f.take(1));
    face.feature_mask = f.take(3);
    face.expression = static_cast<std::uint16_t>(f.take(2));
    const std::size_t points = feature_point * face.feature_points;
    const std::size_t blocks = face_information + points + image_information;
    if (length < blocks || length > record.size() - at)
        return bad(at, fmt::format("facial record of {} bytes with {} feature points, {} bytes left", length,
                                   face.feature_points, record.size() - at));
    Fields i(record.subspan(at + face_information + points, image_information));
    face.image_type = static_cast<Byte>(i.take(1));
    face.data_type = static_cast<Byte>(i.take(1));
    face.width = static_cast<std::uint16_t>(i.take(2));
    face.height = static_cast<std::uint16_t>(i.take(2));
    face.colour_space = static_cast<Byte>(i.take(1));
    face.source_type = static_cast<Byte>(i.take(1));
    face.device_type = static_cast<std::uint16_t>(i.take(2));
    face.quality = static_cast<std::uint16_t>(i.take(2));
    face.image = record.subspan(at + blocks, length - blocks);
    const auto found = sniff(face.image);
    const bool declared_right = (face.data_type == 0 && found == Format::jpeg) || (face.data_type == 1 && found == Format::jpeg2000);
    if (!declared_right)
        notes.push_back({"face.image_type_differs", "ISO 19794-5",
                         fmt::format("declared {}, found {}", declared_name(face.data_type), name(found))});
    at += length;
    return face;
}

}  // namespace

Bytes encode_face_record(const FaceImage& face) {
    const std::size_t face_length = face_information + image_information + face.image.size();
    Bytes r;
    r.reserve(record_header + face_length);
    append(r, as_bytes(std::string_view("FAC\0" "010\0", 8)));
    append_be(r, record_header + face_length, 4);
    append_be(r, 1, 2);
    append_be(r, face_length, 4);
    append_be(r, 0, 2);  // no feature points
    append_be(r, face.gender, 1);
    append_be(r, face.eye_colour, 1);
    append_be(r, face.hair_colour, 1);
    append_be(r, face.feature_mask, 3);
    append_be(r, face.expression, 2);
    append_be(r, 0, 3);  // pose angles: unspecified
    append_be(r, 0, 3);  // pose angle uncertainty: unspecified
    append_be(r, face.image_type, 1);
    append_be(r, face.data_type, 1);
    append_be(r, face.width, 2);
    append_be(r, face.height, 2);
    append_be(r, face.colour_space, 1);
    append_be(r, face.source_type, 1);
    append_be(r, face.device_type, 2);
    append_be(r, face.quality, 2);
    append(r, face.image);
    return r;
}

Result<FaceRecord> parse_face_record(ByteView record) {
    if (record.size() < record_header) return bad(0, "record header cut off");
    if (!equal(record.first(8), as_bytes(std::string_view("FAC\0" "010\0", 8)))) return bad(0, "not a face record of version 010");
    Fields header(record.subspan(8, 6));
    const std::size_t length = header.take(4);
    const std::size_t count = header.take(2);
    FaceRecord result;
    if (length < record_header) return bad(8, fmt::format("record of {} bytes announced, less than its header", length));
    if (length > record.size()) return bad(8, fmt::format("record of {} bytes announced, {} present", length, record.size()));
    if (length < record.size())
        result.notes.push_back({"face.trailing_bytes", "ISO 19794-5", fmt::format("{} bytes", record.size() - length)});
    const auto body = record.first(length);
    std::size_t at = record_header;
    while (at < body.size() && result.faces.size() < count) {
        auto face = read_face(body, at, result.notes);
        if (!face) return fail(std::move(face.error()));
        result.faces.push_back(*face);
    }
    if (result.faces.size() != count || at != body.size())
        result.notes.push_back({"face.count_differs", "ISO 19794-5",
                                fmt::format("{} faces announced, {} found, {} bytes over", count, result.faces.size(),
                                            body.size() - at)});
    return result;
}

}  // namespace idchip::image
