// One front door to biometric records: a description in, a record of either generation out; and back, for those who only want to look.
#pragma once

#include <idchip/image/face39794.hpp>
#include <idchip/image/face_record.hpp>
#include <idchip/image/finger39794.hpp>
#include <idchip/image/finger_record.hpp>
#include <idchip/image/iris39794.hpp>
#include <idchip/image/iris_record.hpp>

namespace idchip::image {

// Doc 9303-10, 4.5.6: the issuer chooses until 2029; from 2030 on it is ISO/IEC 39794.
enum class RecordFormat { iso19794, iso39794 };

// The data object that holds such a record: 5F2E or 7F2E.
constexpr std::uint32_t data_object_tag(RecordFormat format) { return format == RecordFormat::iso19794 ? 0x5F2E : 0x7F2E; }

// Of ISO/IEC 39794-5; values are its codes.
enum class Gender { unknown = 0, other = 1, male = 2, female = 3 };
enum class EyeColour { unknown = 0, other, black, blue, brown, grey, green, hazel, multi_coloured, pink };
enum class HairColour { unknown = 0, other, bald, black, blonde, brown, grey, white, red, known_coloured };

struct FaceDescription {
    ByteView image;  // JPEG or JPEG 2000
    Gender gender = Gender::unknown;
    EyeColour eye_colour = EyeColour::unknown;
    HairColour hair_colour = HairColour::unknown;
    std::uint16_t width = 0;  // pixels; 0: what the image says
    std::uint16_t height = 0;
    std::optional<iso39794::DateTimeBlock> captured;  // ISO/IEC 19794-5 has no place for it
};

struct FingerDescription {
    ByteView image;           // WSQ, JPEG 2000 or PNG
    Byte position = 0;        // 1 right thumb ... 10 left little finger
    std::uint16_t width = 0;  // pixels; both generations number the fingers alike
    std::uint16_t height = 0;
    std::uint16_t resolution = 500;  // pixels per inch
    std::optional<iso39794::DateTimeBlock> captured;
};

struct IrisDescription {
    ByteView image;  // JPEG 2000; ISO/IEC 39794-6 also PNG, ISO/IEC 19794-6 also JPEG
    Byte eye = 0;    // 1 right, 2 left
    std::uint16_t width = 0;
    std::uint16_t height = 0;
    std::optional<iso39794::DateTimeBlock> captured;  // ISO/IEC 39794-6 wants it
};

// The contents of the data object `data_object_tag(format)`. Fields left unknown are left out where the format allows it.
// Errors: lds.bad_image when the image is of no kind that the format knows, or states no size and none is given;
// input.bad_field when a mandatory element is missing or a number is out of range.
Result<Bytes> make_face_record(const FaceDescription& face, RecordFormat format);
Result<Bytes> make_finger_record(const FingerDescription& finger, RecordFormat format);
Result<Bytes> make_iris_record(const IrisDescription& iris, RecordFormat format);

// Faces of a record of the new generation in the terms of the old one, for whoever shows or compares portraits.
// Representations without a two-dimensional image are left out.
std::vector<FaceImage> faces_of(const iso39794::FaceImageDataBlock& block);

}  // namespace idchip::image
