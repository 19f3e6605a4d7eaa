// ISO/IEC 15948 by libpng's simplified interface, which brings every kind of PNG to 8-bit sRGB or grey.
#include <png.h>

#include "codec/child/channel.hpp"
#include "codec/child/raster.hpp"

namespace idchip::codec::child {

Raster decode_png(ByteView image, std::uint64_t max_pixels) {
    png_image png{};
    png.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_memory(&png, image.data(), image.size()) == 0) refuse(wire::Status::bad, png.message);
    check_size(png.width, png.height, max_pixels);
    Raster r{png.width, png.height, (png.format & PNG_FORMAT_FLAG_COLOR) != 0 ? 3U : 1U, {}, 0};
    if ((png.format & PNG_FORMAT_FLAG_ALPHA) != 0) r.remarks |= wire::alpha_flattened;
    if ((png.format & PNG_FORMAT_FLAG_LINEAR) != 0) r.remarks |= wire::depth_reduced;
    png.format = r.components == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    r.pixels.resize(std::size_t{r.width} * r.height * r.components);
    const png_color white{255, 255, 255};
    if (png_image_finish_read(&png, &white, r.pixels.data(), 0, nullptr) == 0) refuse(wire::Status::bad, png.message);
    return r;
}

}  // namespace idchip::codec::child
