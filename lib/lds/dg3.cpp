#include <idchip/lds/dg3.hpp>

#include "base/try.hpp"
#include "lds/biometric_records.hpp"

namespace idchip::lds {

Result<Dg3> Dg3::parse(ByteView file) {
    Dg3 dg3;
    static_cast<BiometricGroup&>(dg3) = TRY(BiometricGroup::parse(Ef::dg3, file, dg3.notes));
    read_records(dg3, "DG3", image::parse_finger_record, image::iso39794::parse_finger_image_data_block);
    return dg3;
}

}  // namespace idchip::lds
