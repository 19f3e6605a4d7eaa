// DG1, the machine readable zone: Doc 9303-10, 4.7.1.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/lds/files.hpp>
#include <idchip/mrz/mrz.hpp>

namespace idchip::lds {

struct Dg1 {
    mrz::Parsed mrz;
    Notes notes;

    // `lines` as mrz::write gives them.
    static Bytes encode(const std::vector<std::string>& lines);
    // Errors: tlv.*, mrz.bad_shape, mrz.bad_character, mrz.bad_field.
    static Result<Dg1> parse(ByteView file);
};

}  // namespace idchip::lds
