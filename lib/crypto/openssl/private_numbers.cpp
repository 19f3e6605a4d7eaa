// Private keys as the numbers that a chip holds.
#include <openssl/core_names.h>

#include <idchip/crypto/key_agreement.hpp>

#include "base/try.hpp"
#include "crypto/openssl/key_impl.hpp"

namespace idchip::crypto {
namespace {

Result<Pkey> from_parameters(const char* type, OSSL_PARAM_BLD* build) {
    const Params params(OSSL_PARAM_BLD_to_param(build));
    const PkeyCtx ctx(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (!params || EVP_PKEY_fromdata_init(ctx.get()) != 1 || EVP_PKEY_fromdata(ctx.get(), &key, EVP_PKEY_KEYPAIR, params.get()) != 1)
        return bad_key(std::string("no ") + type + " key");
    return Pkey(key);
}

}  // namespace

Result<PrivateKey> PrivateKey::from_scalar(Curve curve, ByteView scalar) {
    const auto point = TRY(Domain::ecdh(curve).public_value(scalar));
    auto public_key = TRY(PublicKey::from_ec_point(curve, point));
    const auto d = number(scalar);
    const std::string group(name(curve));  // the builder copies nothing before it builds
    const ParamBld build(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, group.c_str(), 0);
    OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_PRIV_KEY, d.get());
    auto key = TRY(from_parameters("EC", build.get()));
    return PrivateKey(std::make_shared<const Impl>(std::move(key), std::move(public_key)));
}

Result<PrivateKey> PrivateKey::from_rsa(ByteView n, ByteView e, ByteView d) {
    auto public_key = TRY(PublicKey::from_rsa(n, e));
    const auto modulus = number(n), exponent = number(e), secret = number(d);
    const ParamBld build(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get());
    OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get());
    OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_D, secret.get());
    auto key = TRY(from_parameters("RSA", build.get()));
    return PrivateKey(std::make_shared<const Impl>(std::move(key), std::move(public_key)));
}

Result<Secret> PrivateKey::secret_number() const {
    const auto& info = public_key().info();
    const bool rsa = info.type == KeyType::rsa;
    BIGNUM* raw = nullptr;
    EVP_PKEY_get_bn_param(impl_->key.get(), rsa ? OSSL_PKEY_PARAM_RSA_D : OSSL_PKEY_PARAM_PRIV_KEY, &raw);
    const Bignum secret(raw);
    if (!secret) return bad_key("no private number");
    Secret value(rsa ? info.n.size() : parameters(info.curve).order.size());
    if (BN_bn2binpad(secret.get(), value.writable().data(), static_cast<int>(value.size())) < 0)
        return bad_key("a private number too large");
    return value;
}

}  // namespace idchip::crypto
