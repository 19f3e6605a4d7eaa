// CSV as cells that know their place. The reader of the record room gives persons' records, not cells, and knows no places in a line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <idchip/base/result.hpp>

namespace idchip::campaign {

struct Cell {
    std::string text;                     // without quotes, trimmed
    std::size_t line = 1, character = 1;  // where it begins, from 1; characters are code points
};
using Cells = std::vector<Cell>;

// "plan.csv:3:14"
std::string place(std::string_view name, std::size_t line, std::size_t character);

// RFC 4180, strictly; rows without anything are left out, all others have as many cells as the first, the heading.
// Errors: input.bad_utf8, input.bad_field.
Result<std::vector<Cells>> read_csv(std::string_view text, std::string_view name);

}  // namespace idchip::campaign
