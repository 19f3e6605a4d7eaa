// What every record must stand: being cut off anywhere, and every bit of it turned.
#pragma once

#include "unit/unit.hpp"

namespace idchip::test {

// No beginning of `record` parses.
template <class Parse>
void check_truncation(ByteView record, Parse parse) {
    for (std::size_t n = 0; n < record.size(); ++n) {
        const Bytes cut(record.begin(), record.begin() + static_cast<std::ptrdiff_t>(n));
        CAPTURE(n);
        REQUIRE_FALSE(parse(cut));
    }
}

// Whatever bit is turned: what is read without a note comes back byte for byte. The number of such readings.
template <class Parse, class Encode>
int check_bits(ByteView record, Parse parse, Encode encode) {
    int read = 0;
    for (std::size_t at = 0; at < record.size(); ++at)
        for (unsigned bit = 0; bit < 8; ++bit) {
            auto turned = to_bytes(record);
            turned[at] = static_cast<Byte>(turned[at] ^ (1U << bit));
            const auto parsed = parse(turned);
            if (!parsed || !parsed->notes.empty()) continue;
            ++read;
            CAPTURE(at, bit);
            REQUIRE(to_hex(encode(*parsed)) == to_hex(turned));
        }
    return read;
}

// Records of ISO/IEC 19794 in a file: from each magic on, as long as the `width` bytes behind it say.
inline std::vector<Bytes> records_in(ByteView file, std::string_view magic, std::size_t width) {
    std::vector<Bytes> records;
    for (std::size_t at = 0; at + 8 + width <= file.size(); ++at) {
        if (!equal(file.subspan(at, 8), as_bytes(magic))) continue;
        const auto length = static_cast<std::size_t>(read_be(file.subspan(at + 8, width)));
        if (length <= file.size() - at) records.push_back(to_bytes(file.subspan(at, length)));
    }
    return records;
}

}  // namespace idchip::test
