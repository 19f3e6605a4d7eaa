// Country codes: what stands in a zone (Doc 9303-3, section 5) against what stands in a certificate.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace idchip::pki {

// Two-letter code of an issuing state or organization in the zone: "VNM" -> "VN", "D" -> "DE", "GBD" -> "GB", "EUE" -> "EU".
std::optional<std::string> certificate_country(std::string_view mrz_code);
// Whether a certificate's country attribute (two or three letters, either case) means the issuer named in the zone.
bool same_issuer(std::string_view mrz_code, std::string_view certificate_country);

}  // namespace idchip::pki
