// DG4, irises: Doc 9303-10, 4.7.4. One template an eye.
#pragma once

#include <idchip/image/iris39794.hpp>
#include <idchip/image/iris_record.hpp>
#include <idchip/lds/biometric.hpp>

namespace idchip::lds {

struct Dg4 : BiometricGroup {
    std::vector<image::IrisRecord> records;                   // ISO/IEC 19794-6; views into the file
    std::vector<image::iso39794::IrisImageDataBlock> blocks;  // ISO/IEC 39794-6
    Notes notes;

    Bytes encode() const { return BiometricGroup::encode(Ef::dg4); }
    // The result refers to `file`; a record that cannot be read is a note. Errors: tlv.*, lds.bad_file.
    static Result<Dg4> parse(ByteView file);
};

}  // namespace idchip::lds
