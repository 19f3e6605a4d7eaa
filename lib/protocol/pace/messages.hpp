// The data objects that travel (4.4.5, table 4).
#pragma once

#include <idchip/protocol/pace/pace.hpp>

namespace idchip::pace {

enum Object : std::uint32_t {
    encrypted_nonce = 0x80,
    map_ifd = 0x81,
    map_ic = 0x82,
    public_key_ifd = 0x83,
    public_key_ic = 0x84,
    token_ifd = 0x85,
    token_ic = 0x86,
    car_recent = 0x87,
    car_previous = 0x88,
    chip_authentication_data = 0x8A,
};
constexpr std::uint32_t dynamic_authentication_data = 0x7C;

// The objects inside 7C, each at most once. Errors: tlv.*.
Result<std::vector<tlv::Element>> read_dynamic_data(ByteView data);
// The value of the one object that may stand there; nothing when 7C is empty. Errors: tlv.*.
Result<std::optional<ByteView>> read_only_object(ByteView data, std::uint32_t tag);

}  // namespace idchip::pace
