// Data objects of CV certificates: Doc 9303-12, table 14.
#pragma once

#include <cstdint>

namespace idchip::pki::cv_tag {

constexpr std::uint32_t certification_authority_reference = 0x42, discretionary_data = 0x53, extensions = 0x65, authentication = 0x67,
                        discretionary_data_template = 0x73, holder_reference = 0x5F20, expiration_date = 0x5F24, effective_date = 0x5F25,
                        profile_identifier = 0x5F29, signature = 0x5F37, certificate = 0x7F21, public_key = 0x7F49,
                        holder_authorization_template = 0x7F4C, body = 0x7F4E;

}  // namespace idchip::pki::cv_tag
