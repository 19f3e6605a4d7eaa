#include "crypto/openssl/operations.hpp"

#include <array>

#include <openssl/core_names.h>
#include <openssl/rsa.h>

namespace idchip::crypto {
namespace {

Failure failed() {
    const auto code = ERR_get_error();
    ERR_clear_error();
    const char* text = code == 0 ? nullptr : ERR_reason_error_string(code);
    return fail(Errc::crypto_failed, {}, text != nullptr ? text : "");
}

const char* digest_name(HashAlg alg) {
    static constexpr std::array names = {"SHA1", "SHA224", "SHA256", "SHA384", "SHA512"};
    return names.at(static_cast<std::size_t>(alg));
}

bool configure(EVP_PKEY_CTX* ctx, const SignatureAlgorithm& a) {
    std::array<OSSL_PARAM, 2> digest = {
        OSSL_PARAM_construct_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, const_cast<char*>(digest_name(a.hash)), 0),
        OSSL_PARAM_construct_end()};
    if (EVP_PKEY_CTX_set_params(ctx, digest.data()) != 1) return false;
    if (a.scheme == Scheme::rsa_pkcs1) return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1;
    if (a.scheme == Scheme::ecdsa) return true;
    return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, static_cast<int>(a.salt_length)) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, digest_name(a.mgf_hash), nullptr) == 1;
}

class OpensslSigning final : public Signing {
public:
    explicit OpensslSigning(PkeyCtx ctx) : ctx_(std::move(ctx)) {}
    Result<Bytes> sign(ByteView digest) override {
        std::size_t size = 0;
        if (EVP_PKEY_sign(ctx_.get(), nullptr, &size, digest.data(), digest.size()) != 1) return failed();
        Bytes signature(size);
        if (EVP_PKEY_sign(ctx_.get(), signature.data(), &size, digest.data(), digest.size()) != 1) return failed();
        signature.resize(size);
        return signature;
    }

private:
    PkeyCtx ctx_;
};

class OpensslVerifying final : public Verifying {
public:
    explicit OpensslVerifying(PkeyCtx ctx) : ctx_(std::move(ctx)) {}
    Result<void> verify(ByteView digest, ByteView signature) override {
        const int ok = EVP_PKEY_verify(ctx_.get(), signature.data(), signature.size(), digest.data(), digest.size());
        ERR_clear_error();
        if (ok != 1) return fail(Errc::crypto_bad_signature);
        return {};
    }

private:
    PkeyCtx ctx_;
};

}  // namespace

Result<std::unique_ptr<Signing>> make_openssl_signing(EVP_PKEY* key, const SignatureAlgorithm& algorithm) {
    PkeyCtx ctx(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (!ctx || EVP_PKEY_sign_init(ctx.get()) != 1 || !configure(ctx.get(), algorithm)) return failed();
    return std::make_unique<OpensslSigning>(std::move(ctx));
}

Result<std::unique_ptr<Verifying>> make_openssl_verifying(EVP_PKEY* key, const SignatureAlgorithm& algorithm) {
    PkeyCtx ctx(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (!ctx || EVP_PKEY_verify_init(ctx.get()) != 1 || !configure(ctx.get(), algorithm)) return failed();
    return std::make_unique<OpensslVerifying>(std::move(ctx));
}

}  // namespace idchip::crypto
