// ISO/IEC 19794-5:2005 face records ("FAC 010"), as Doc 9303-10 puts them into DG2.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/image/header.hpp>

namespace idchip::image {

// One face: the fields of the facial information block and the image information block.
struct FaceImage {
    Byte gender = 0;            // 0 unspecified, 1 male, 2 female
    Byte eye_colour = 0;
    Byte hair_colour = 0;
    std::uint32_t feature_mask = 0;
    std::uint16_t expression = 0;
    std::uint16_t feature_points = 0;
    Byte image_type = 1;        // 0 basic, 1 full frontal, 2 token frontal
    Byte data_type = 0;         // 0 JPEG, 1 JPEG 2000
    std::uint16_t width = 0;
    std::uint16_t height = 0;
    Byte colour_space = 1;      // 1 RGB24
    Byte source_type = 2;       // 2 static photograph from a digital still camera
    std::uint16_t device_type = 0;
    std::uint16_t quality = 0;
    ByteView image;             // a view into the record
};

struct FaceRecord {
    std::vector<FaceImage> faces;
    Notes notes;
};

Bytes encode_face_record(const FaceImage& face);
// Errors: lds.bad_file with the offset; feature point counts and lengths are checked before use.
Result<FaceRecord> parse_face_record(ByteView record);

}  // namespace idchip::image
