// DG2, the encoded face: Doc 9303-10, 4.7.2.
#pragma once

#include <idchip/image/face_record.hpp>
#include <idchip/lds/biometric.hpp>

namespace idchip::lds {

struct Dg2 : BiometricGroup {
    std::vector<image::FaceImage> faces;  // of the ISO/IEC 19794-5 records; views into the file
    Notes notes;

    Bytes encode() const { return BiometricGroup::encode(Ef::dg2); }
    // One face record as ISO/IEC 19794-5 wants it, around the image.
    static Bytes encode(const image::FaceImage& face);
    // The result refers to `file`. Errors: tlv.*, lds.bad_file.
    static Result<Dg2> parse(ByteView file);
};

}  // namespace idchip::lds
