// Status words of ISO/IEC 7816-4, 5.6, by name.
#pragma once

#include <cstdint>
#include <string>

namespace idchip::iso7816::sw {

constexpr std::uint16_t ok = 0x9000, end_of_file = 0x6282, authentication_failed = 0x6300, memory_failure = 0x6581, wrong_length = 0x6700,
                        sm_not_supported = 0x6882, security_status_not_satisfied = 0x6982, conditions_not_satisfied = 0x6985,
                        sm_objects_missing = 0x6987, sm_objects_incorrect = 0x6988, wrong_data = 0x6A80, file_not_found = 0x6A82,
                        not_enough_memory = 0x6A84, wrong_p1_p2 = 0x6A86, reference_data_not_found = 0x6A88, wrong_offset = 0x6B00,
                        ins_not_supported = 0x6D00, cla_not_supported = 0x6E00, no_precise_diagnosis = 0x6F00;

// "6A82 file not found"
std::string describe(std::uint16_t sw);

}  // namespace idchip::iso7816::sw
