// Multiples of a curve's own generator, on the curves where Botan's table for it beats OpenSSL's ladder (docs/adr/0005).
#include <botan/ec_group.h>
#include <botan/system_rng.h>

#include "crypto/botan/generator.hpp"

namespace idchip::crypto {
namespace {

const char* group_name(Curve curve) {
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

}  // namespace

bool has_generator_table(Curve curve) { return group_name(curve) != nullptr; }

Result<Bytes> multiply_generator(Curve curve, ByteView scalar) {
    try {
        const Botan::EC_Group group(group_name(curve));
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
