#pragma once

#include <cstdint>

namespace idchip::chip_auth {

constexpr std::uint32_t do_protocol = 0x80, do_public_key_kat = 0x91, do_key_id = 0x84, do_dynamic_authentication_data = 0x7C,
                        do_public_key = 0x80;

}  // namespace idchip::chip_auth
