// The one thing of a camera's Exif block that matters: whether the picture is stored turned. CIPA DC-008, 4.6.4 (orientation).
#pragma once

#include <idchip/base/bytes.hpp>

namespace idchip::image {

// `app1`: contents of a JPEG's APP1 segment. 1 to 8; 1 (upright) where nothing valid is stated.
unsigned exif_orientation(ByteView app1);

}  // namespace idchip::image
