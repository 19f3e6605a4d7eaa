// Block ciphers of Doc 9303-11: CBC without padding, ISO/IEC 9797-1 padding method 2, MACs, key derivation.
#pragma once

#include <idchip/base/secret.hpp>

namespace idchip::crypto {

enum class Cipher { tdes, aes128, aes192, aes256 };

std::size_t block_size(Cipher cipher);  // 8 or 16
std::size_t key_size(Cipher cipher);    // 16 (two-key 3DES), 16, 24, 32
std::string_view name(Cipher cipher);

// Errors: crypto.bad_input when key, IV or data have the wrong length.
Result<Bytes> cbc_encrypt(Cipher cipher, ByteView key, ByteView iv, ByteView data);
Result<Bytes> cbc_decrypt(Cipher cipher, ByteView key, ByteView iv, ByteView data);

// 80 00 .. 00 up to a block boundary, always at least one byte.
Bytes pad(ByteView data, std::size_t block);
// Errors: crypto.bad_input when there is no 80 or more than zeros behind it.
Result<Bytes> unpad(ByteView data, std::size_t block);

// ISO/IEC 9797-1 MAC algorithm 3 with DES over data that is already padded: 8 bytes. Key of 16 bytes.
Result<Bytes> retail_mac(ByteView key, ByteView padded);
// NIST SP 800-38B: 16 bytes.
Result<Bytes> aes_cmac(ByteView key, ByteView message);

// Doc 9303-11, 9.7.1: the hash of the cipher's strength over K || counter, cut and (3DES) parity adjusted.
constexpr std::uint32_t counter_enc = 1, counter_mac = 2, counter_pace = 3;
Secret derive_key(Cipher cipher, ByteView k, std::uint32_t counter);
void adjust_des_parity(std::span<Byte> key);

}  // namespace idchip::crypto
