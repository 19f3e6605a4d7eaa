#include "card_keys/diversify.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <idchip/crypto/cipher.hpp>

#include "base/try.hpp"

namespace idchip::card_keys {
namespace {

using crypto::Cipher;

constexpr std::array<std::string_view, 4> method_names = {"none", "emv_cps", "visa2", "kdf3"};
constexpr std::array<Byte, 16> zero{}, ones = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

Cipher cipher_for(Algorithm algorithm, std::size_t size) {
    if (algorithm == Algorithm::tdes) return Cipher::tdes;
    return size == 16 ? Cipher::aes128 : size == 24 ? Cipher::aes192 : Cipher::aes256;
}

// ECB out of CBC: each block on its own, with an IV of zeros.
Result<Secret> encrypt_blocks(Algorithm algorithm, ByteView key, ByteView blocks) {
    const auto cipher = cipher_for(algorithm, key.size());
    const auto block = crypto::block_size(cipher);
    Secret out(blocks.size());
    for (std::size_t at = 0; at < blocks.size(); at += block) {
        const Secret one(TRY(crypto::cbc_encrypt(cipher, key, ByteView(zero).first(block), blocks.subspan(at, block))));
        std::copy(one.view().begin(), one.view().end(), out.writable().subspan(at).begin());
    }
    return out;
}

}  // namespace

std::string_view name(Algorithm algorithm) { return algorithm == Algorithm::tdes ? "3DES" : "AES"; }

std::string_view name(Diversification method) { return method_names[static_cast<std::size_t>(method)]; }

std::optional<Diversification> diversification_by_name(std::string_view name) {
    const auto* const found = std::find(method_names.begin(), method_names.end(), name);
    if (found == method_names.end()) return std::nullopt;
    return static_cast<Diversification>(found - method_names.begin());
}

Result<void> check_length(Algorithm algorithm, std::size_t size) {
    if (algorithm == Algorithm::tdes && size != 16)
        return fail(Errc::crypto_bad_key, {}, fmt::format("{} bytes; a 3DES key of a card has 16", size));
    if (algorithm == Algorithm::aes && size != 16 && size != 24 && size != 32)
        return fail(Errc::crypto_bad_key, {}, fmt::format("{} bytes; an AES key has 16, 24 or 32", size));
    return {};
}

Result<void> check_method(Diversification method, Algorithm algorithm) {
    // EMV CPS 1.1 and VISA2 are written for DES. What to do with an AES master key each maker says for himself, if at all.
    const bool defined = method == Diversification::none || (method == Diversification::kdf3) == (algorithm == Algorithm::aes);
    if (defined) return {};
    return fail(Errc::crypto_bad_input, {}, fmt::format("diversification {} is not defined for {} keys", name(method), name(algorithm)));
}

Bytes tdes_blocks(Diversification method, ByteView kdd, Byte k) {
    // EMV CPS 1.1, 4.1: the six least significant bytes of KEYDATA, the serial number of the chip at their end.
    // VISA2: the last two bytes of the Card Manager's AID and the serial number, as the template of GlobalPlatformPro takes them.
    const Bytes card = method == Diversification::visa2 ? concat({kdd.first(2), kdd.subspan(4, 4)}) : to_bytes(kdd.subspan(4, 6));
    const std::array<Byte, 2> left = {0xF0, k}, right = {0x0F, k};
    return concat({card, left, card, right});
}

Bytes kdf3_input(ByteView kdd, Byte k) {
    // GlobalPlatformPro, PlaintextKeys, template "kdf3": $_ 00 00 00 $k 00 $0..$9, where $_ is the counter. A label of four bytes, a
    // separator, a context, and no length: it is not the derivation of SCP03's session keys (Amendment D, 4.1.5).
    const std::array<Byte, 5> label = {0, 0, 0, k, 0};
    return concat({label, kdd});
}

Result<Secret> counter_kdf(const Cmac& cmac, ByteView fixed_input, std::size_t size) {
    Secret out(size);
    Byte counter = 0;
    for (std::size_t at = 0; at < size; at += 16) {
        const std::array<Byte, 1> i = {++counter};
        const auto block = TRY(cmac(concat({i, fixed_input})));
        const auto part = block.view().first(std::min<std::size_t>(16, size - at));
        std::copy(part.begin(), part.end(), out.writable().subspan(at).begin());
    }
    return out;
}

Result<Secret> diversify(Diversification method, Algorithm algorithm, ByteView master, ByteView key_diversification_data, Byte k) {
    if (k < 1 || k > 3) return fail(Errc::crypto_bad_input, {}, "a card has keys 1, 2 and 3");
    TRY(check_method(method, algorithm));
    TRY(check_length(algorithm, master.size()));
    if (method == Diversification::none) return Secret(master);
    if (key_diversification_data.size() != kdd_size)
        return fail(Errc::crypto_bad_input, {},
                    fmt::format("{} bytes of key diversification data; {} are wanted", key_diversification_data.size(), kdd_size));
    if (method != Diversification::kdf3) return encrypt_blocks(algorithm, master, tdes_blocks(method, key_diversification_data, k));
    const auto cmac = [master](ByteView message) -> Result<Secret> { return Secret(TRY(crypto::aes_cmac(master, message))); };
    return counter_kdf(cmac, kdf3_input(key_diversification_data, k), master.size());
}

Result<Bytes> check_value(Algorithm algorithm, ByteView key, bool zeros) {
    TRY(check_length(algorithm, key.size()));
    const auto block = algorithm == Algorithm::tdes ? ByteView(zero).first(8) : ByteView(zeros ? zero : ones);
    return to_bytes(TRY(encrypt_blocks(algorithm, key, block)).view().first(3));
}

}  // namespace idchip::card_keys
