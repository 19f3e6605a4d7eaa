// OpenSSL's objects with an owner.
#pragma once

#include <memory>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <idchip/base/bytes.hpp>

namespace idchip::crypto {

template <auto Free>
struct Deleter {
    template <class T>
    void operator()(T* p) const {
        Free(p);
    }
};
using Pkey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using PkeyCtx = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using MdCtx = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using Bignum = std::unique_ptr<BIGNUM, Deleter<BN_clear_free>>;
using BnCtx = std::unique_ptr<BN_CTX, Deleter<BN_CTX_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Group = std::unique_ptr<EC_GROUP, Deleter<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Deleter<EC_POINT_clear_free>>;
using ParamBld = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>>;

inline Bytes to_bytes(const BIGNUM* n, std::size_t width) {
    Bytes b(width);
    BN_bn2binpad(n, b.data(), static_cast<int>(width));
    return b;
}
inline Bytes to_bytes(const BIGNUM* n) { return to_bytes(n, static_cast<std::size_t>(BN_num_bytes(n))); }

// Somebody else's key is wrong; nothing is left in OpenSSL's queue of errors.
inline Failure bad_key(std::string detail) {
    ERR_clear_error();
    return fail(Errc::crypto_bad_key, {}, std::move(detail));
}

inline Bignum number(ByteView bytes) { return Bignum(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)); }

}  // namespace idchip::crypto
