// DG2, the encoded face: Doc 9303-10, 4.7.2.
#pragma once

#include <idchip/image/biometric.hpp>
#include <idchip/lds/biometric.hpp>

namespace idchip::lds {

struct Dg2 : BiometricGroup {
    std::vector<image::FaceImage> faces;  // of ISO/IEC 19794-5 and 39794-5 records; views into the file
    Notes notes;

    Bytes encode() const { return BiometricGroup::encode(Ef::dg2); }
    // One face record as ISO/IEC 19794-5 wants it, around the image.
    static Bytes encode(const image::FaceImage& face);
    // One face in a record of either generation. Errors: lds.bad_image, input.bad_field.
    static Result<Bytes> encode(const image::FaceDescription& face, image::RecordFormat format);
    // The result refers to `file`. Errors: tlv.*, lds.bad_file.
    static Result<Dg2> parse(ByteView file);
};

}  // namespace idchip::lds
