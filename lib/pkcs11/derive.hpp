// Secret keys that stay in a token: what they encrypt and MAC comes out.
#pragma once

#include "pkcs11/session.hpp"

namespace idchip::pkcs11 {

// The one secret key of this label. Errors: token.not_found (none, or several), token.refused (neither 3DES nor AES), token.*.
Result<std::shared_ptr<const SecretKey>> find_secret_key(std::shared_ptr<Token::Impl> token, const std::string& label);
// Errors: crypto.bad_key (length), io.exists (label taken), token.*.
Result<void> create_secret_key(Token::Impl& token, SecretKey::Kind kind, const std::string& label, ByteView value);

}  // namespace idchip::pkcs11
