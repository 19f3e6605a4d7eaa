// What lies in a token: objects and their attributes.
#pragma once

#include "pkcs11/session.hpp"

namespace idchip::pkcs11 {

// Everything with these attributes. A label or id that is empty matches any.
Result<std::vector<CK_OBJECT_HANDLE>> find_objects(Token::Impl& token, CK_OBJECT_CLASS kind, const std::string& label, ByteView id);
// Nothing where the object has no such attribute, or does not show it.
Result<std::optional<Bytes>> attribute(Token::Impl& token, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
// Out of a public key object, or an RSA private key object, which holds both numbers. Nothing where it cannot be.
Result<std::optional<crypto::PublicKey>> public_key_of(Token::Impl& token, CK_OBJECT_HANDLE object);

}  // namespace idchip::pkcs11
