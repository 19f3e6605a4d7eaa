// ISO/IEC 19794-5 face records: views inside the record, and what has no feature points is encoded back.
#include "fuzz.hpp"

#include <idchip/image/face_record.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    const auto record = image::parse_face_record(input);
    if (!record) return 0;
    for (const auto& face : record->faces) {
        FUZZ_CHECK(fuzz::inside(face.image, input));
        auto copy = face;
        copy.feature_points = 0;
        const auto bytes = image::encode_face_record(copy);
        const auto again = image::parse_face_record(bytes);
        FUZZ_CHECK(again && again->faces.size() == 1 && equal(again->faces[0].image, face.image));
        FUZZ_CHECK(again->faces[0].width == face.width && again->faces[0].feature_mask == face.feature_mask);
        FUZZ_CHECK(image::encode_face_record(again->faces[0]) == bytes);
    }
    if (record->notes.empty()) {
        std::size_t images = 0;
        for (const auto& face : record->faces) images += face.image.size();
        FUZZ_CHECK(images <= input.size());
    }
    return 0;
}
