// ISO/IEC 19794-6:2005 iris image records ("IIR 010"), as Doc 9303-10 puts them into DG4.
#pragma once

#include <array>

#include <idchip/base/note.hpp>
#include <idchip/image/header.hpp>

namespace idchip::image {

// Image formats of ISO/IEC 19794-6:2005, table 2.
enum IrisFormat : std::uint16_t {
    iris_mono_raw = 2,
    iris_rgb_raw = 4,
    iris_mono_jpeg = 6,
    iris_rgb_jpeg = 8,
    iris_mono_jpeg_ls = 10,
    iris_rgb_jpeg_ls = 12,
    iris_mono_jpeg2000 = 14,
    iris_rgb_jpeg2000 = 16,
};

struct IrisImage {
    std::uint16_t number = 1;                     // from 1 for each eye
    Byte quality = 0xFE;                          // 26 to 100; 0xFE undefined
    std::uint16_t rotation_angle = 0xFFFF;        // round(65536 * degrees / 360); 0xFFFF undefined
    std::uint16_t rotation_uncertainty = 0xFFFF;  // round(65536 * degrees / 180); 0xFFFF undefined
    ByteView image;                               // a view into the record
};

// The images of one eye: an iris biometric subtype.
struct IrisEye {
    Byte eye = 0;  // 0 undefined, 1 right, 2 left
    std::vector<IrisImage> images;
};

struct IrisRecord {
    std::uint16_t capture_device = 0;  // 0 undefined
    // Image properties, two bytes.
    Byte horizontal_orientation = 0;                  // 0 undefined, 1 base, 2 flipped
    Byte vertical_orientation = 0;                    // likewise
    Byte scan_type = 0;                               // 0 undefined, 1 progressive, 2 interlace frame, 3 interlace field, 4 corrected
    bool iris_occlusions = false;                     // true: processed (polar images)
    bool occlusion_filling = false;                   // false zero, true unit
    bool boundary_extraction = false;                 // true: processed (polar images)
    Byte reserved = 0;                                // the six bits above them
    std::uint16_t iris_diameter = 0;                  // pixels; 0 undefined
    std::uint16_t image_format = iris_mono_jpeg2000;  // IrisFormat, of all images
    std::uint16_t image_width = 0;                    // pixels
    std::uint16_t image_height = 0;
    Byte intensity_depth = 8;                 // bits of each colour; 0 undefined
    Byte image_transformation = 0;            // 0 undefined, 1 standard (polar images)
    std::array<Byte, 16> device_unique_id{};  // begins with D, M or P; zeros: none
    std::vector<IrisEye> eyes;
    Notes notes;
};

// What `parse_iris_record` read without a note comes back byte for byte.
// Errors: input.too_large for more eyes, images or bytes than their counts can say.
Result<Bytes> encode_iris_record(const IrisRecord& record);
// Errors: lds.bad_file with the offset. Notes: iris.trailing_bytes, iris.count_differs, iris.image_type_differs.
Result<IrisRecord> parse_iris_record(ByteView record);

}  // namespace idchip::image
