// DG1: accepted without a note, it is encoded back byte by byte unless its lines had line ends or spaces in them.
#include "fuzz.hpp"

#include <idchip/lds/dg1.hpp>

using namespace idchip;
using lds::Dg1;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    const auto dg1 = Dg1::parse(input);
    if (!dg1) return 0;
    const auto bytes = Dg1::encode(dg1->mrz.lines);
    const bool plain = as_text(input).find_first_of(" \t\r\n", 5) == std::string::npos;
    if (dg1->notes.empty() && plain) FUZZ_CHECK(equal(bytes, input));
    const auto again = Dg1::parse(bytes);
    FUZZ_CHECK(again && again->mrz.lines == dg1->mrz.lines && again->mrz.mrz == dg1->mrz.mrz && again->notes.empty());
    return 0;
}
