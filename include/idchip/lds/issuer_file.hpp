// The data groups whose contents Doc 9303-10 leaves open: DG6 (reserved), DG8 to DG10 (features, "to be defined") and DG13 (at the
// discretion of the issuing State). What stands in them is kept as bytes; a national room may know more (national/vietnam: DG13).
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/lds/files.hpp>

namespace idchip::lds {

struct IssuerFile {
    std::optional<int> instances;  // DG8 to DG10: tag 02, where it stands in front (9303-10, 4.7.8 to 4.7.10)
    ByteView contents;             // all that follows
    Notes notes;

    // `ef`: dg6, dg8, dg9, dg10 or dg13.
    Bytes encode(Ef ef) const;
    // The result refers to `file`. Errors: tlv.*.
    static Result<IssuerFile> parse(Ef ef, ByteView file);
};

}  // namespace idchip::lds
