#pragma once

#include <idchip/crypto/key.hpp>

namespace idchip::crypto {

// SubjectPublicKeyInfo of a point that is known to lie on the curve.
Bytes write_ec_spki(Curve curve, ByteView point, EcEncoding encoding);

// What stands behind id-ecPublicKey in an AlgorithmIdentifier. Errors: crypto.unsupported, crypto.bad_key, tlv.*.
Result<std::pair<Curve, EcEncoding>> read_ec_parameters(tlv::Reader& algorithm);

}  // namespace idchip::crypto
