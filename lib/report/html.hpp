// Text on its way into HTML and SVG.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace idchip::report {

// Safe in an element and in an attribute with double quotes. What does not print is shown as `printable` shows it.
std::string html(std::string_view text);
// "1 234 567" with narrow spaces that do not break: no language reads them as a decimal separator.
std::string grouped(std::uint64_t number);

}  // namespace idchip::report
