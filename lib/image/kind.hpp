// Kinds of images in biometric records, by their first bytes; more of them than portraits have. Not public.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/image/header.hpp>

namespace idchip::image {

enum class Kind { jpeg, jpeg2000, png, wsq, pgm, ppm, unknown };

std::string_view name(Kind kind);
Kind kind_of(ByteView image);
// A note when the image is of another kind than declared, or declared to be of a kind we do not know.
void note_kind(Kind declared, ByteView image, const char* id, const char* where, Notes& notes);

struct Size {
    std::uint32_t width = 0, height = 0;
};
// What the image itself says. Errors: lds.bad_image when it is cut off, or of a kind whose size is not looked for.
Result<Size> size_of(ByteView image);

}  // namespace idchip::image
