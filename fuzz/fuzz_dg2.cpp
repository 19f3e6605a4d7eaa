// DG2: every view lies inside the file.
#include "fuzz.hpp"

#include <idchip/lds/dg2.hpp>

using namespace idchip;
using lds::Dg2;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    const auto dg2 = Dg2::parse(input);
    if (!dg2) return 0;
    for (const auto& t : dg2->templates) {
        FUZZ_CHECK(fuzz::inside(t.data, input));
        FUZZ_CHECK(t.data_offset + t.data.size() <= input.size());
        FUZZ_CHECK(t.data.empty() || t.data.data() == input.data() + t.data_offset);
    }
    for (const auto& face : dg2->faces) {
        FUZZ_CHECK(fuzz::inside(face.image, input));
        static_cast<void>(image::read_header(face.image));
    }
    if (dg2->faces.size() != 1 || dg2->faces[0].feature_points != 0) return 0;
    const auto bytes = Dg2::encode(dg2->faces[0]);
    const auto again = Dg2::parse(bytes);
    FUZZ_CHECK(again && again->faces.size() == 1 && equal(again->faces[0].image, dg2->faces[0].image));
    FUZZ_CHECK(!fuzz::has_note(again->notes, "lds.length_not_minimal"));
    return 0;
}
