#pragma once

#include <idchip/crypto/key.hpp>

namespace idchip::crypto {

// Whether `multiply_generator` is the faster way on this curve.
bool has_generator_table(Curve curve);
// scalar * G as 04 || x || y; the scalar is blinded. Errors: crypto.bad_key (the point at infinity), crypto.failed.
Result<Bytes> multiply_generator(Curve curve, ByteView scalar);

}  // namespace idchip::crypto
