// Signing and verifying, each curve with the library that is faster on it.
#include "base/try.hpp"
#include "crypto/botan/ecdsa.hpp"
#include "crypto/openssl/key_impl.hpp"
#include "crypto/openssl/operations.hpp"

namespace idchip::crypto {
namespace {

// Errors: crypto.bad_key when key type and scheme differ; crypto.unsupported when nobody stated the hash.
Result<void> fits(const PublicKeyInfo& key, const SignatureAlgorithm& a) {
    if ((key.type == KeyType::ec) != (a.scheme == Scheme::ecdsa))
        return fail(Errc::crypto_bad_key, {}, key.text() + " does not go with " + a.text());
    if (a.hash_unstated) return fail(Errc::crypto_unsupported, {}, "signature algorithm that states no hash");
    return {};
}

}  // namespace

Result<void> PublicKey::verify(const SignatureAlgorithm& a, ByteView message, ByteView signature) const {
    TRY(fits(info(), a));
    const bool botan = info().type == KeyType::ec && botan_verifies(info().curve);
    const auto make = [&] {
        return botan ? make_botan_verifying(info().curve, info().point) : make_openssl_verifying(impl_->key.get(), a);
    };
    const auto digest = hash(a.hash, message);
    auto verified = impl_->verifying.with(a, make, [&](Verifying& operation) { return operation.verify(digest, signature); });
    if (!verified && verified.error().code == Errc::crypto_bad_signature) return fail(Errc::crypto_bad_signature, {}, a.text());
    return verified;
}

Result<Bytes> PrivateKey::sign(const SignatureAlgorithm& a, ByteView message) const {
    const auto& info = public_key().info();
    TRY(fits(info, a));
    const bool botan = info.type == KeyType::ec && botan_signs(info.curve);
    const auto make = [&]() -> Result<std::unique_ptr<Signing>> {
        if (!botan) return make_openssl_signing(impl_->key.get(), a);
        const auto value = TRY(private_value(*impl_));
        return make_botan_signing(info.curve, value.view());
    };
    const auto digest = hash(a.hash, message);
    return impl_->signing.with(a, make, [&](Signing& operation) { return operation.sign(digest); });
}

}  // namespace idchip::crypto
