// What an image says of itself, without decoding a pixel.
#pragma once

#include <idchip/base/bytes.hpp>

namespace idchip::image {

enum class Format { jpeg, jpeg2000, unknown };

struct Header {
    Format format = Format::unknown;
    std::uint32_t width = 0;  // 0: not stated where it was looked for
    std::uint32_t height = 0;
    unsigned components = 0;
    unsigned orientation = 1;  // of Exif, in a JPEG: 1 upright, 2 to 8 stored turned or mirrored
};

std::string_view name(Format format);
Format sniff(ByteView image);
// Errors: lds.bad_image when the image is of no known kind, cut off or states no size.
Result<Header> read_header(ByteView image);
// As `read_header`, and the image must run to its end marker: a file cut off on its way is found without decoding it.
Result<Header> check_complete(ByteView image);

}  // namespace idchip::image
