// DG2, the encoded face: Doc 9303-10, 4.7.2, and ISO/IEC 7816-11 nesting.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/image/face_record.hpp>
#include <idchip/lds/files.hpp>

namespace idchip::lds {

struct BiometricTemplate {
    std::optional<std::uint16_t> format_owner;  // 87: 0x0101 ISO/IEC JTC1/SC37
    std::optional<std::uint16_t> format_type;   // 88: 0x0008 face image data
    std::uint32_t data_tag = 0x5F2E;            // or 7F2E
    ByteView data;                              // biometric data block, a view into the file
    std::size_t data_offset = 0;
};

struct Dg2 {
    int announced_count = 0;                    // tag 02
    std::vector<BiometricTemplate> templates;
    std::vector<image::FaceImage> faces;        // decoded from ISO/IEC 19794-5 records; views into the file
    Notes notes;

    // One face record as ISO/IEC 19794-5 wants it, around the image; the image is copied once.
    static Bytes encode(const image::FaceImage& face);
    // The result refers to `file`. Errors: tlv.*, lds.bad_file.
    static Result<Dg2> parse(ByteView file);
};

}  // namespace idchip::lds
