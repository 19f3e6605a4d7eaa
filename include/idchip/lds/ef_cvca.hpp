// EF.CVCA, the trust points that the chip knows for terminal authentication: Doc 9303-11, appendix K.2.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/lds/files.hpp>

namespace idchip::lds {

struct EfCvca {
    std::vector<std::string> authority_references;  // one or two, the most recent first: "DECVCA00001"
    Notes notes;

    // 36 bytes. Errors: input.bad_field for none, more than two, or one longer than 16 characters.
    Result<Bytes> encode() const;
    // Errors: tlv.*, lds.bad_file.
    static Result<EfCvca> parse(ByteView file);
};

}  // namespace idchip::lds
