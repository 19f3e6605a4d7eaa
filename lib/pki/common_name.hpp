// What a person or an office is called in a certificate.
#pragma once

#include <idchip/pki/certificate.hpp>

#include "pki/oids.hpp"

namespace idchip::pki {

// The common name (CN); nothing where there is none or more than one.
inline std::optional<std::string> common_name(const Name& name) {
    std::optional<std::string> found;
    for (const auto& attribute : name.attributes) {
        if (!(attribute.type == oids::common_name())) continue;
        if (found) return std::nullopt;
        found = attribute.value;
    }
    return found;
}

}  // namespace idchip::pki
