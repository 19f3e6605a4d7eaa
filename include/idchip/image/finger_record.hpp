// ISO/IEC 19794-4:2005 finger image records ("FIR 010"), as Doc 9303-10 puts them into DG3.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/image/header.hpp>

namespace idchip::image {

// Compression algorithms of ISO/IEC 19794-4:2005, 7.1.13.
enum FingerCompression : Byte {
    finger_raw = 0,
    finger_bit_packed = 1,
    finger_wsq = 2,
    finger_jpeg = 3,
    finger_jpeg2000 = 4,
    finger_png = 5,
};

// One view of a finger or palm: the finger image header and its image.
struct FingerImage {
    Byte position = 0;         // 0 unknown, 1 right thumb to 5 right little finger, 6 left thumb to 10 left little finger
    Byte view_count = 1;       // views of this finger in the record
    Byte view_number = 1;      // which of them, from 1
    Byte quality = 0;          // 0 to 100
    Byte impression_type = 0;  // 0 live-scan plain, 1 live-scan rolled, 8 swipe, 9 live-scan contactless
    std::uint16_t width = 0;   // horizontal line length, pixels
    std::uint16_t height = 0;  // vertical line length, pixels
    Byte reserved = 0;
    ByteView image;  // a view into the record
};

struct FingerRecord {
    std::uint16_t capture_device = 0;            // 0 unreported
    std::uint16_t image_acquisition_level = 31;  // 31: 500 pixels per inch, 8 bits
    Byte scale_units = 1;                        // 1 pixels per inch, 2 pixels per centimetre
    std::uint16_t horizontal_scan_resolution = 500;
    std::uint16_t vertical_scan_resolution = 500;
    std::uint16_t horizontal_image_resolution = 500;
    std::uint16_t vertical_image_resolution = 500;
    Byte pixel_depth = 8;           // bits
    Byte compression = finger_wsq;  // FingerCompression
    std::uint16_t reserved = 0;
    std::vector<FingerImage> fingers;
    Notes notes;
};

// What `parse_finger_record` read without a note comes back byte for byte.
// Errors: input.too_large for more than 255 views, or an image longer than its length can say.
Result<Bytes> encode_finger_record(const FingerRecord& record);
// Errors: lds.bad_file with the offset. Notes: finger.trailing_bytes, finger.count_differs, finger.image_type_differs.
Result<FingerRecord> parse_finger_record(ByteView record);

}  // namespace idchip::image
