#include <idchip/lds/dg4.hpp>

#include "base/try.hpp"
#include "lds/biometric_records.hpp"

namespace idchip::lds {

Result<Dg4> Dg4::parse(ByteView file) {
    Dg4 dg4;
    static_cast<BiometricGroup&>(dg4) = TRY(BiometricGroup::parse(Ef::dg4, file, dg4.notes));
    read_records(dg4, "DG4", image::parse_iris_record, image::iso39794::parse_iris_image_data_block);
    return dg4;
}

}  // namespace idchip::lds
