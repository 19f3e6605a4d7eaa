// What both sides put into and take out of the commands of Doc 9303-11, 7.1.5.
#pragma once

#include <idchip/base/bytes.hpp>

namespace idchip::term_auth {

constexpr unsigned p1p2_set_dst = 0x81B6, p1p2_verify_certificate = 0x00BE, p1p2_set_at = 0x81A4;

// DO'83', the reference of a public key.
Bytes write_reference(std::string_view reference);
// Nothing when the data is not that object alone.
std::optional<std::string> read_reference(ByteView data);

}  // namespace idchip::term_auth
