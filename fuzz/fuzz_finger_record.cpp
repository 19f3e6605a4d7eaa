// ISO/IEC 19794-4 finger records: views inside the record, and what is read without a note is written back.
#include "fuzz.hpp"

#include <idchip/image/finger_record.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    const auto record = image::parse_finger_record(input);
    if (!record) return 0;
    std::size_t images = 0;
    for (const auto& finger : record->fingers) {
        FUZZ_CHECK(fuzz::inside(finger.image, input));
        images += finger.image.size();
    }
    FUZZ_CHECK(images <= input.size());
    const auto bytes = image::encode_finger_record(*record);
    FUZZ_CHECK(bytes);
    if (record->notes.empty()) FUZZ_CHECK(equal(*bytes, input));
    const auto again = image::parse_finger_record(*bytes);
    FUZZ_CHECK(again && again->fingers.size() == record->fingers.size());
    FUZZ_CHECK(!fuzz::has_note(again->notes, "finger.count_differs") && !fuzz::has_note(again->notes, "finger.trailing_bytes"));
    return 0;
}
