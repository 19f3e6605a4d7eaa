#include <fmt/format.h>

#include <idchip/crypto/key_agreement.hpp>
#include <idchip/crypto/message_recovery.hpp>
#include <idchip/protocol/active_auth/active_auth.hpp>

#include "base/try.hpp"

namespace idchip::active_auth {
namespace {

Result<Bytes> sign_rsa(const crypto::PrivateKey& key, ByteView rnd_ifd, crypto::HashAlg hash, Rng& rng) {
    const auto& info = key.public_key().info();
    if (info.bits % 8 != 0) return fail(Errc::crypto_unsupported, {}, fmt::format("RSA modulus of {} bits", info.bits));
    const auto size = info.bits / 8;
    const auto trailer = crypto::usual_trailer(hash);
    const auto m1 = rng.bytes(crypto::recoverable_size(size, hash, trailer));
    return key.raw_rsa(TRY(crypto::format_representative(size, hash, trailer, m1, rnd_ifd)));
}

Result<Bytes> sign_ecdsa(const crypto::PrivateKey& key, ByteView rnd_ifd, crypto::HashAlg hash, EcdsaFormat format) {
    crypto::SignatureAlgorithm algorithm;
    algorithm.hash = hash;
    auto der = TRY(key.sign(algorithm, rnd_ifd));
    if (format == EcdsaFormat::der) return der;
    return crypto::ecdsa_der_to_plain(key.public_key().info().curve, der);
}

}  // namespace

Result<Bytes> sign(const crypto::PrivateKey& key, ByteView rnd_ifd, crypto::HashAlg hash, Rng& rng, EcdsaFormat format) {
    if (rnd_ifd.size() != Challenge::size)
        return fail(Errc::crypto_bad_input, "RND.IFD", fmt::format("{} bytes instead of 8", rnd_ifd.size()));
    return key.public_key().info().type == crypto::KeyType::rsa ? sign_rsa(key, rnd_ifd, hash, rng)
                                                                : sign_ecdsa(key, rnd_ifd, hash, format);
}

}  // namespace idchip::active_auth
