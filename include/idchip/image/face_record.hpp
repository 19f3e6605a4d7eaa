// ISO/IEC 19794-5:2005 face records ("FAC 010"), as Doc 9303-10 puts them into DG2.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/image/header.hpp>

namespace idchip::image {

// ISO/IEC 19794-5:2005, 5.6: a point of the face in the image.
struct FeaturePoint {
    Byte type = 1;        // 1: a point of MPEG-4, two-dimensional
    Byte code = 0;        // major in the high half, minor in the low half: 0xC1 is 12.1
    std::uint16_t x = 0;  // pixels from the upper left corner
    std::uint16_t y = 0;
    std::uint16_t reserved = 0;
    bool operator==(const FeaturePoint&) const = default;
};

// Angles of the head, or their uncertainties, as they stand in the record: 0 is unspecified (5.5.8).
struct Pose {
    Byte yaw = 0, pitch = 0, roll = 0;
    bool operator==(const Pose&) const = default;
};

// One face: the fields of the facial information block, the feature points and the image information block.
struct FaceImage {
    Byte gender = 0;  // 0 unspecified, 1 male, 2 female
    Byte eye_colour = 0;
    Byte hair_colour = 0;
    std::uint32_t feature_mask = 0;
    std::uint16_t expression = 0;
    std::uint16_t feature_points = 0;  // their number as read; `points` is what is written
    Byte image_type = 1;               // 0 basic, 1 full frontal, 2 token frontal
    Byte data_type = 0;                // 0 JPEG, 1 JPEG 2000
    std::uint16_t width = 0;
    std::uint16_t height = 0;
    Byte colour_space = 1;  // 1 RGB24
    Byte source_type = 2;   // 2 static photograph from a digital still camera
    std::uint16_t device_type = 0;
    std::uint16_t quality = 0;
    ByteView image;  // a view into the record
    Pose pose;
    Pose pose_uncertainty;
    std::vector<FeaturePoint> points;
};

struct FaceRecord {
    std::vector<FaceImage> faces;
    Notes notes;
};

// A record of one face; `points` holds at most 65,535.
Bytes encode_face_record(const FaceImage& face);
// The same without the image, which ends a record of one face: whoever puts it into a larger file copies it only there.
Bytes face_record_head(const FaceImage& face);
// What `parse_face_record` read without a note comes back byte for byte.
// Errors: input.too_large for more faces or points than their counts can say.
Result<Bytes> encode_face_record(const FaceRecord& record);
// Errors: lds.bad_file with the offset; feature point counts and lengths are checked before use.
Result<FaceRecord> parse_face_record(ByteView record);

}  // namespace idchip::image
