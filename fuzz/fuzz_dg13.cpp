// DG13 of the Vietnamese card: whatever is accepted is encoded back byte by byte, and its details can be read.
#include "fuzz.hpp"

#include <idchip/national/vietnam/person.hpp>

using namespace idchip;
using namespace idchip::vietnam;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    const auto dg13 = Dg13::parse(input);
    if (!dg13) return 0;
    FUZZ_CHECK(equal(dg13->encode(), input));
    FUZZ_CHECK(dg13->fields.size() <= Dg13::max_fields);
    for (const auto& field : dg13->fields) {
        FUZZ_CHECK(field.strings.size() <= Dg13::max_strings * Dg13::max_strings);
        const bool known = field.shape != Dg13Shape::unknown;
        FUZZ_CHECK(known || field.strings.empty());
        FUZZ_CHECK(!known || field.number.has_value());
        FUZZ_CHECK((field.shape == Dg13Shape::no_value) == (known && field.strings.empty()));
    }
    Notes notes;
    const auto details = read_details(*dg13, notes);
    for (const auto card : {Card::vn_cccd_2021, Card::vn_cancuoc_2024}) {
        const auto made = make_dg13(details, card);
        FUZZ_CHECK(made.has_value() == check(details, card).empty());
        if (!made) continue;
        // What is written reads back: the same details, and nothing to note.
        const auto again = Dg13::parse(made->encode());
        FUZZ_CHECK(again && again->notes.empty());
        Notes of_details;
        FUZZ_CHECK(read_details(*again, of_details) == details && of_details.empty());
    }
    return 0;
}
