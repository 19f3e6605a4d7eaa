// A bar of block characters.
#pragma once

#include <cstdint>
#include <string>

namespace idchip::report {

// In eighths of a cell, rounded down: only what is finished fills it. Empty without a target.
std::string bar(std::uint64_t done, std::uint64_t target, std::size_t cells);

}  // namespace idchip::report
