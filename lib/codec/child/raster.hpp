// Pixels inside the child, and what each format does with them. Every function ends the process by `refuse` when it fails.
#pragma once

#include "codec/wire.hpp"

namespace idchip::codec::child {

struct Raster {
    std::uint32_t width = 0, height = 0, components = 0;  // components: 1 or 3
    Bytes pixels;
    std::uint32_t remarks = 0;  // wire::alpha_flattened ...
};

// Refuses what is too large before memory is asked for.
void check_size(std::uint64_t width, std::uint64_t height, std::uint64_t max_pixels);

Raster decode_jpeg(ByteView image, std::uint64_t max_pixels);
Raster decode_jpeg2000(ByteView image, std::uint64_t max_pixels);
Raster decode_png(ByteView image, std::uint64_t max_pixels);

Bytes encode_jpeg(const Raster& raster, int quality);
Bytes encode_jpeg2000(const Raster& raster, double ratio);

struct Fitted {
    Bytes bytes;
    double quality = 0;
};
Fitted fit_jpeg(const Raster& raster, std::uint64_t target);
Fitted fit_jpeg2000(const Raster& raster, std::uint64_t target);

}  // namespace idchip::codec::child
