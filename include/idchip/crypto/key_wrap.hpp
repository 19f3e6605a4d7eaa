// AES key wrap, RFC 3394: keys under a key encryption key, with its integrity check.
#pragma once

#include <idchip/base/secret.hpp>

namespace idchip::crypto {

// `kek`: 16, 24 or 32 bytes; `key`: 16 bytes or more, a multiple of 8. Eight bytes longer comes out.
// Errors: crypto.bad_key (length of the KEK), crypto.bad_input (length of the key).
Result<Bytes> wrap_key(ByteView kek, ByteView key);
// Errors: as wrap_key; crypto.failed: another KEK, or not what was wrapped.
Result<Secret> unwrap_key(ByteView kek, ByteView wrapped);

}  // namespace idchip::crypto
