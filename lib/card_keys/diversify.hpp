// What the diversifications have in common, whether the master key is in memory or in a token.
#pragma once

#include <array>

#include <idchip/card_keys/card_keys.hpp>

namespace idchip::card_keys {

constexpr std::size_t kdd_size = 10;
constexpr std::array<std::string_view, 3> key_names = {"enc", "mac", "dek"};  // k is the index + 1

std::string_view name(Algorithm algorithm);
// Errors: crypto.bad_key.
Result<void> check_length(Algorithm algorithm, std::size_t size);
// Errors: crypto.bad_input: the method is not defined for the algorithm.
Result<void> check_method(Diversification method, Algorithm algorithm);

// Two blocks to be encrypted with 3DES. For emv_cps and visa2; `kdd` of ten bytes.
Bytes tdes_blocks(Diversification method, ByteView kdd, Byte k);
// 00 00 00 k 00 KDD, the fixed input of kdf3.
Bytes kdf3_input(ByteView kdd, Byte k);

// SP 800-108, 5.1 (2009): a counter of one byte in front of the fixed input, as many blocks as the key wants.
using Cmac = std::function<Result<Secret>(ByteView message)>;
Result<Secret> counter_kdf(const Cmac& cmac, ByteView fixed_input, std::size_t size);

}  // namespace idchip::card_keys
