#pragma once

#include "pkcs11/session.hpp"

namespace idchip::pkcs11 {

// A private key object. Keeps its token open.
Result<std::shared_ptr<const crypto::SigningKey>> make_signing_key(std::shared_ptr<Token::Impl> token, CK_OBJECT_HANDLE object,
                                                                   crypto::PublicKey public_key);

}  // namespace idchip::pkcs11
