#include <fmt/format.h>

#include <openssl/rsa.h>

#include "base/try.hpp"
#include "crypto/openssl/key_impl.hpp"

namespace idchip::crypto {
namespace {

constexpr auto where = "RSAES-OAEP";

Result<void> want_rsa(const PublicKeyInfo& info) {
    if (info.type != KeyType::rsa) return fail(Errc::crypto_bad_key, where, info.text() + " is no RSA key");
    return {};
}

bool set_padding(EVP_PKEY_CTX* ctx, HashAlg hash) {
    const std::string digest(name(hash));  // MGF1 takes the same one, unless it is told another
    return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_oaep_md_name(ctx, digest.c_str(), nullptr) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, digest.c_str(), nullptr) == 1;
}

}  // namespace

Result<Bytes> PublicKey::encrypt_oaep(HashAlg hash, ByteView secret) const {
    TRY(want_rsa(info()));
    const auto modulus = (info().bits + 7) / 8, overhead = 2 * digest_size(hash) + 2;
    if (modulus < overhead || secret.size() > modulus - overhead)
        return fail(Errc::crypto_bad_input, where, fmt::format("{} bytes for {}", secret.size(), info().text()));
    const PkeyCtx ctx(EVP_PKEY_CTX_new_from_pkey(nullptr, impl_->key.get(), nullptr));
    Bytes out(modulus);
    auto size = out.size();
    const bool ok = EVP_PKEY_encrypt_init(ctx.get()) == 1 && set_padding(ctx.get(), hash) &&
                    EVP_PKEY_encrypt(ctx.get(), out.data(), &size, secret.data(), secret.size()) == 1;
    ERR_clear_error();
    if (!ok) return fail(Errc::crypto_failed, where);
    return out;
}

Result<Secret> PrivateKey::decrypt_oaep(HashAlg hash, ByteView encrypted) const {
    TRY(want_rsa(public_key().info()));
    const PkeyCtx ctx(EVP_PKEY_CTX_new_from_pkey(nullptr, impl_->key.get(), nullptr));
    Secret out((public_key().info().bits + 7) / 8);
    auto size = out.size();
    const bool ok = EVP_PKEY_decrypt_init(ctx.get()) == 1 && set_padding(ctx.get(), hash) &&
                    EVP_PKEY_decrypt(ctx.get(), out.writable().data(), &size, encrypted.data(), encrypted.size()) == 1;
    ERR_clear_error();
    if (!ok) return fail(Errc::crypto_failed, where, "made for another key, or altered");
    return Secret(out.view().first(size));
}

}  // namespace idchip::crypto
