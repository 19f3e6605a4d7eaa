// DG5, the displayed portrait, and DG7, the displayed signature or usual mark: Doc 9303-10, 4.7.5 and 4.7.7.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/lds/files.hpp>

namespace idchip::lds {

struct DisplayedImages {
    int announced_count = 0;       // tag 02
    std::vector<ByteView> images;  // 5F40 or 5F43: JPEG or JPEG 2000 without a record around it
    Notes notes;

    // `ef`: dg5 or dg7.
    Bytes encode(Ef ef) const;
    // The result refers to `file`. Errors: tlv.*, lds.bad_file.
    static Result<DisplayedImages> parse(Ef ef, ByteView file);
};

}  // namespace idchip::lds
