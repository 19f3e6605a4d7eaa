// Small helpers on text that several rooms need.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <idchip/base/bytes.hpp>

namespace idchip {

bool is_valid_utf8(ByteView bytes);
std::vector<std::string> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);
std::string upper_ascii(std::string_view text);
// Makes text from a chip safe to print: control characters, bidirectional overrides and broken UTF-8 become \xNN or \u{...}.
std::string printable(std::string_view text);
// Whether `printable` would change nothing.
bool is_printable(std::string_view text);

}  // namespace idchip
