// DG3, fingers: Doc 9303-10, 4.7.3. One template a finger; none where no print could be taken.
#pragma once

#include <idchip/image/finger39794.hpp>
#include <idchip/image/finger_record.hpp>
#include <idchip/lds/biometric.hpp>

namespace idchip::lds {

struct Dg3 : BiometricGroup {
    std::vector<image::FingerRecord> records;                   // ISO/IEC 19794-4; views into the file
    std::vector<image::iso39794::FingerImageDataBlock> blocks;  // ISO/IEC 39794-4
    Notes notes;

    Bytes encode() const { return BiometricGroup::encode(Ef::dg3); }
    // The result refers to `file`; a record that cannot be read is a note. Errors: tlv.*, lds.bad_file.
    static Result<Dg3> parse(ByteView file);
};

}  // namespace idchip::lds
