#pragma once

#include "crypto/openssl/handles.hpp"
#include "crypto/operation.hpp"

namespace idchip::crypto {

// Of a digest that was made before. Errors: crypto.failed.
Result<std::unique_ptr<Signing>> make_openssl_signing(EVP_PKEY* key, const SignatureAlgorithm& algorithm);
Result<std::unique_ptr<Verifying>> make_openssl_verifying(EVP_PKEY* key, const SignatureAlgorithm& algorithm);

}  // namespace idchip::crypto
