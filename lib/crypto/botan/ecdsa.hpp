#pragma once

#include "crypto/operation.hpp"

namespace idchip::crypto {

// Whether Botan is the faster one on this curve (docs/adr/0006).
bool botan_signs(Curve curve);
bool botan_verifies(Curve curve);
// `private_value` and `point` are of a key that was checked. Errors: crypto.failed.
Result<std::unique_ptr<Signing>> make_botan_signing(Curve curve, ByteView private_value);
Result<std::unique_ptr<Verifying>> make_botan_verifying(Curve curve, ByteView point);

}  // namespace idchip::crypto
