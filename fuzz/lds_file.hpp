// What holds for every file of the chip: accepted without a note it is encoded back byte by byte, and what was encoded is accepted.
#pragma once

#include "fuzz.hpp"

namespace idchip::fuzz {

// `parse`: file -> Result of something with `notes`; `encode`: that -> Bytes.
template <class Parse, class Encode>
void check_file(ByteView input, Parse parse, Encode encode) {
    const auto file = parse(input);
    if (!file) return;
    const Bytes bytes = encode(*file);
    if (file->notes.empty()) FUZZ_CHECK(equal(bytes, input));
    const auto again = parse(bytes);
    FUZZ_CHECK(again);
    FUZZ_CHECK(encode(*again) == bytes);
}

}  // namespace idchip::fuzz
