// ISO/IEC 39794-4, -5 and -6: views inside the record; what is read without a note is written back; and what is written reads
// back to the same, in DER.
#include "fuzz.hpp"

#include <idchip/image/biometric.hpp>

using namespace idchip;
using namespace idchip::image;

namespace {

template <class Block>
void check(ByteView input, Result<Block> (*parse)(ByteView)) {
    const auto block = parse(input);
    if (!block) return;
    for (const auto unknown : block->unknown) FUZZ_CHECK(fuzz::inside(unknown, input));
    for (const auto& representation : block->representations)
        for (const auto unknown : representation.unknown) FUZZ_CHECK(fuzz::inside(unknown, input));
    const auto bytes = encode(*block);
    if (block->notes.empty()) FUZZ_CHECK(equal(bytes, input));
    const auto again = parse(bytes);
    FUZZ_CHECK(again && again->representations.size() == block->representations.size());
    FUZZ_CHECK(!fuzz::has_note(again->notes, "iso39794.order") && !fuzz::has_note(again->notes, "iso39794.trailing_bytes"));
    FUZZ_CHECK(encode(*again) == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    check(input, iso39794::parse_face_image_data_block);
    check(input, iso39794::parse_finger_image_data_block);
    check(input, iso39794::parse_iris_image_data_block);
    if (const auto block = iso39794::parse_face_image_data_block(input))
        for (const auto& face : faces_of(*block)) FUZZ_CHECK(fuzz::inside(face.image, input));
    return 0;
}
