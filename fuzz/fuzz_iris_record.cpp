// ISO/IEC 19794-6 iris records: views inside the record, and what is read without a note is written back.
#include "fuzz.hpp"

#include <idchip/image/iris_record.hpp>

using namespace idchip;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    const auto record = image::parse_iris_record(input);
    if (!record) return 0;
    std::size_t images = 0;
    for (const auto& eye : record->eyes)
        for (const auto& iris : eye.images) {
            FUZZ_CHECK(fuzz::inside(iris.image, input));
            images += iris.image.size();
        }
    FUZZ_CHECK(images <= input.size());
    const auto bytes = image::encode_iris_record(*record);
    FUZZ_CHECK(bytes);
    if (record->notes.empty()) FUZZ_CHECK(equal(*bytes, input));
    const auto again = image::parse_iris_record(*bytes);
    FUZZ_CHECK(again && again->eyes.size() == record->eyes.size());
    FUZZ_CHECK(!fuzz::has_note(again->notes, "iris.count_differs") && !fuzz::has_note(again->notes, "iris.trailing_bytes"));
    return 0;
}
