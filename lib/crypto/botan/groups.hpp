#pragma once

#include <idchip/crypto/key.hpp>

namespace idchip::crypto {

// Botan's name of a curve; nothing for those that OpenSSL has its own fast code for: P-224, P-256, P-521 (docs/adr/0005, 0006).
inline const char* botan_group_name(Curve curve) {
    switch (curve) {
        case Curve::p192: return "secp192r1";
        case Curve::p384: return "secp384r1";
        case Curve::bp192r1: return "brainpool192r1";
        case Curve::bp224r1: return "brainpool224r1";
        case Curve::bp256r1: return "brainpool256r1";
        case Curve::bp320r1: return "brainpool320r1";
        case Curve::bp384r1: return "brainpool384r1";
        case Curve::bp512r1: return "brainpool512r1";
        case Curve::p224:
        case Curve::p256:
        case Curve::p521: break;
    }
    return nullptr;
}

}  // namespace idchip::crypto
