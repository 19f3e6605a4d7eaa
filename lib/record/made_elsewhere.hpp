// Parts of the card that were made elsewhere (a print file, another system) against the record.
#pragma once

#include <idchip/record/record.hpp>

namespace idchip::record {

// Fields mrz, qr, dg1, dg11, dg12 and dg13, as far as they are stated.
void compare_made_elsewhere(const Record& record, const Zone& zone, const RawRecord& raw, Problems& problems);

}  // namespace idchip::record
