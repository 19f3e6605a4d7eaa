// Multiples of a curve's own generator, on the curves where Botan's table for it beats OpenSSL's ladder (docs/adr/0005).
#include <botan/ec_group.h>
#include <botan/system_rng.h>

#include "crypto/botan/generator.hpp"
#include "crypto/botan/groups.hpp"

namespace idchip::crypto {

bool has_generator_table(Curve curve) { return botan_group_name(curve) != nullptr; }

Result<Bytes> multiply_generator(Curve curve, ByteView scalar) {
    try {
        const Botan::EC_Group group(botan_group_name(curve));
        Botan::System_RNG rng;  // blinds the scalar
        std::vector<Botan::BigInt> workspace;
        const auto point = group.blinded_base_point_multiply(Botan::BigInt(scalar.data(), scalar.size()), rng, workspace);
        if (point.is_zero()) return fail(Errc::crypto_bad_key, {}, "the point at infinity");
        const auto x = Botan::BigInt::encode_1363(point.get_affine_x(), field_size(curve));
        const auto y = Botan::BigInt::encode_1363(point.get_affine_y(), field_size(curve));
        return concat({Bytes{4}, Bytes(x.begin(), x.end()), Bytes(y.begin(), y.end())});
    } catch (const std::exception& e) {
        return fail(Errc::crypto_failed, "elliptic curve", e.what());
    }
}

}  // namespace idchip::crypto
