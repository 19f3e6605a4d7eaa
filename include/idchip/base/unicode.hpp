// Unicode text as people write it: code points, composed form, characters that deceive.
#pragma once

#include <string>
#include <string_view>

#include <idchip/base/bytes.hpp>

namespace idchip {

struct CodePoint {
    char32_t value = 0;
    std::size_t length = 0;  // bytes; 0: not UTF-8 here
};
CodePoint decode_multibyte_utf8(ByteView bytes);
// The first code point. Precondition: not empty.
inline CodePoint decode_utf8(ByteView bytes) {
    if (bytes[0] < 0x80) return {bytes[0], 1};
    return decode_multibyte_utf8(bytes);
}

// Control characters, bidirectional overrides, invisible characters: they change how the text around them is shown.
bool is_deceptive_beyond_ascii(char32_t c);
inline bool is_deceptive(char32_t c) { return c < 0x80 ? c < 0x20 || c == 0x7F : is_deceptive_beyond_ascii(c); }

// Normal form C (UAX 15): letters and marks composed, as Doc 9303 data and Vietnamese keyboards have them.
// Precondition: valid UTF-8.
bool is_nfc(std::string_view utf8);
std::string to_nfc(std::string_view utf8);
// What two spellings of one text have in common, to be compared and not shown: NFKC_Casefold (UAX 31), so without case and without
// characters that cannot be seen; runs of spaces are one space, and none is at an end. Precondition: valid UTF-8.
std::string to_folded(std::string_view utf8);

}  // namespace idchip
