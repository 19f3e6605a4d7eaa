// The portrait's JPEG, encoded to a size.
#pragma once

#include <idchip/base/bytes.hpp>

namespace idchip::sample {

constexpr std::size_t smallest_jpeg = 12'000, largest_jpeg = 20'000;

// `rgb`: three bytes a pixel of the canvas. Empty when no quality gives a size in those bounds. Errors: io.failed.
Result<Bytes> encode_to_size(const Bytes& rgb);

}  // namespace idchip::sample
