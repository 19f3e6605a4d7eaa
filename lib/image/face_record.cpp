#include <idchip/image/face_record.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "base/try.hpp"
#include "image/fields.hpp"

namespace idchip::image {
namespace {

// ISO/IEC 19794-5:2005, 5.4 to 5.7: sizes of the fixed blocks.
constexpr std::size_t record_header = 14, face_information = 20, feature_point = 8, image_information = 12;
constexpr std::size_t max_points = 0xFFFF, max_faces = 0xFFFF, max_length = 0xFFFFFFFF;

ByteView magic() {
    return as_bytes(
        std::string_view("FAC\0"
                         "010\0",
                         8));
}

Failure bad(std::size_t offset, std::string detail) { return fail(Error(Errc::lds_bad_file, "ISO 19794-5", std::move(detail)).at(offset)); }

std::string declared_name(Byte data_type) {
    return data_type == 0 ? "JPEG" : data_type == 1 ? "JPEG 2000" : fmt::format("type {}", data_type);
}

Pose read_pose(Fields& f) {
    Pose pose;
    f.into(pose.yaw);
    f.into(pose.pitch);
    f.into(pose.roll);
    return pose;
}

FeaturePoint read_point(Fields& f) {
    FeaturePoint point;
    f.into(point.type);
    f.into(point.code);
    f.into(point.x);
    f.into(point.y);
    f.into(point.reserved);
    return point;
}

void read_image_information(Fields& f, FaceImage& face) {
    f.into(face.image_type);
    f.into(face.data_type);
    f.into(face.width);
    f.into(face.height);
    f.into(face.colour_space);
    f.into(face.source_type);
    f.into(face.device_type);
    f.into(face.quality);
}

void note_type(const FaceImage& face, Notes& notes) {
    const auto found = sniff(face.image);
    const bool declared_right = (face.data_type == 0 && found == Format::jpeg) || (face.data_type == 1 && found == Format::jpeg2000);
    if (!declared_right)
        notes.push_back(
            {"face.image_type_differs", "ISO 19794-5", fmt::format("declared {}, found {}", declared_name(face.data_type), name(found))});
}

Result<FaceImage> read_face(ByteView record, std::size_t& at, Notes& notes) {
    if (record.size() - at < face_information + image_information) return bad(at, "facial information block cut off");
    Fields f(record.subspan(at));
    const auto length = static_cast<std::size_t>(f.take(4));
    FaceImage face;
    f.into(face.feature_points);
    f.into(face.gender);
    f.into(face.eye_colour);
    f.into(face.hair_colour);
    face.feature_mask = static_cast<std::uint32_t>(f.take(3));
    f.into(face.expression);
    face.pose = read_pose(f);
    face.pose_uncertainty = read_pose(f);
    const std::size_t blocks = face_information + feature_point * face.feature_points + image_information;
    if (length < blocks || length > record.size() - at)
        return bad(at, fmt::format("facial record of {} bytes with {} feature points, {} bytes left", length, face.feature_points,
                                   record.size() - at));
    face.points.reserve(face.feature_points);
    for (std::size_t i = 0; i < face.feature_points; ++i) face.points.push_back(read_point(f));
    read_image_information(f, face);
    face.image = f.bytes(length - blocks);
    note_type(face, notes);
    at += length;
    return face;
}

std::size_t points_of(const FaceImage& face) { return std::min(face.points.size(), max_points); }

std::size_t length_of(const FaceImage& face) {
    return face_information + feature_point * points_of(face) + image_information + face.image.size();
}

void put_pose(Bytes& r, const Pose& pose) {
    put(r, pose.yaw);
    put(r, pose.pitch);
    put(r, pose.roll);
}

// Everything but the image.
void put_face_head(Bytes& r, const FaceImage& face) {
    append_be(r, length_of(face), 4);
    append_be(r, points_of(face), 2);
    put(r, face.gender);
    put(r, face.eye_colour);
    put(r, face.hair_colour);
    append_be(r, face.feature_mask, 3);
    put(r, face.expression);
    put_pose(r, face.pose);
    put_pose(r, face.pose_uncertainty);
    for (std::size_t i = 0; i < points_of(face); ++i) {
        const auto& point = face.points[i];
        put(r, point.type);
        put(r, point.code);
        put(r, point.x);
        put(r, point.y);
        put(r, point.reserved);
    }
    put(r, face.image_type);
    put(r, face.data_type);
    put(r, face.width);
    put(r, face.height);
    put(r, face.colour_space);
    put(r, face.source_type);
    put(r, face.device_type);
    put(r, face.quality);
}

Bytes begin_record(std::size_t length, std::size_t faces, std::size_t room) {
    Bytes r;
    r.reserve(room);
    append(r, magic());
    append_be(r, length, 4);
    append_be(r, faces, 2);
    return r;
}

}  // namespace

Bytes face_record_head(const FaceImage& face) {
    auto r = begin_record(record_header + length_of(face), 1, record_header + length_of(face) - face.image.size());
    put_face_head(r, face);
    return r;
}

Bytes encode_face_record(const FaceImage& face) {
    auto r = begin_record(record_header + length_of(face), 1, record_header + length_of(face));
    put_face_head(r, face);
    append(r, face.image);
    return r;
}

Result<Bytes> encode_face_record(const FaceRecord& record) {
    const auto too_large = [](const char* what) { return fail(Errc::too_large, "ISO 19794-5", what); };
    if (record.faces.size() > max_faces) return too_large("more than 65,535 faces");
    std::size_t length = record_header;
    for (const auto& face : record.faces) {
        if (face.points.size() > max_points) return too_large("more than 65,535 feature points");
        if (face.image.size() > max_length) return too_large("an image of more than 4 gigabytes");
        length += length_of(face);
    }
    if (length > max_length) return too_large("more than 4 gigabytes");
    auto r = begin_record(length, record.faces.size(), length);
    for (const auto& face : record.faces) {
        put_face_head(r, face);
        append(r, face.image);
    }
    return r;
}

Result<FaceRecord> parse_face_record(ByteView record) {
    if (record.size() < record_header) return bad(0, "record header cut off");
    if (!equal(record.first(8), magic())) return bad(0, "not a face record of version 010");
    Fields header(record.subspan(8, 6));
    const auto length = static_cast<std::size_t>(header.take(4));
    const auto count = static_cast<std::size_t>(header.take(2));
    FaceRecord result;
    if (length < record_header) return bad(8, fmt::format("record of {} bytes announced, less than its header", length));
    if (length > record.size()) return bad(8, fmt::format("record of {} bytes announced, {} present", length, record.size()));
    if (length < record.size())
        result.notes.push_back({"face.trailing_bytes", "ISO 19794-5", fmt::format("{} bytes", record.size() - length)});
    const auto body = record.first(length);
    std::size_t at = record_header;
    while (at < body.size() && result.faces.size() < count) result.faces.push_back(TRY(read_face(body, at, result.notes)));
    if (result.faces.size() != count || at != body.size())
        result.notes.push_back({"face.count_differs", "ISO 19794-5",
                                fmt::format("{} faces announced, {} found, {} bytes over", count, result.faces.size(), body.size() - at)});
    return result;
}

}  // namespace idchip::image
