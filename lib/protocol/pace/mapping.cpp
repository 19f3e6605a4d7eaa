#include <idchip/protocol/pace/mapping.hpp>

#include <array>

#include <idchip/tlv/writer.hpp>

#include "base/try.hpp"

namespace idchip::pace {
namespace {

using crypto::Cipher;

constexpr std::size_t token_size = 8;

// 4.4.3.3.2: the constants of the pseudo-random function.
constexpr std::array<Byte, 16> c0_128 = {0xA6, 0x68, 0x89, 0x2A, 0x7C, 0x41, 0xE3, 0xCA, 0x73, 0x9F, 0x40, 0xB0, 0x57, 0xD8, 0x59, 0x04};
constexpr std::array<Byte, 16> c1_128 = {0xA4, 0xE1, 0x36, 0xAC, 0x72, 0x5F, 0x73, 0x8B, 0x01, 0xC1, 0xF6, 0x02, 0x17, 0xC1, 0x88, 0xAD};
constexpr std::array<Byte, 32> c0_256 = {0xD4, 0x63, 0xD6, 0x52, 0x34, 0x12, 0x4E, 0xF7, 0x89, 0x70, 0x54, 0x98, 0x6D, 0xCA, 0x0A, 0x17,
                                         0x4E, 0x28, 0xDF, 0x75, 0x8C, 0xBA, 0xA0, 0x3F, 0x24, 0x06, 0x16, 0x41, 0x4D, 0x5A, 0x16, 0x76};
constexpr std::array<Byte, 32> c1_256 = {0x54, 0xBD, 0x72, 0x55, 0xF0, 0xAA, 0xF8, 0x31, 0xBE, 0xC3, 0x42, 0x3F, 0xCF, 0x39, 0xD6, 0x9B,
                                         0x6C, 0xBF, 0x06, 0x66, 0x77, 0xD0, 0xFA, 0xAE, 0x5A, 0xAD, 0xD9, 0x9D, 0xF8, 0xE5, 0x35, 0x17};

Bytes zero_iv(Cipher cipher) { return Bytes(crypto::block_size(cipher)); }

// A whole number of blocks under a key that is cut to its size: for AES-192 the octets behind the 24th are not used.
Result<Bytes> encrypt(Cipher cipher, ByteView key, ByteView data) {
    if (key.size() < crypto::key_size(cipher)) return fail(Errc::crypto_bad_input, "integrated mapping");
    return crypto::cbc_encrypt(cipher, key.first(crypto::key_size(cipher)), zero_iv(cipher), data);
}

Result<Bytes> chip_authentication_iv(const sm::SessionKeys& keys) {
    return crypto::cbc_encrypt(keys.cipher, keys.ks_enc.view(), zero_iv(keys.cipher), Bytes(crypto::block_size(keys.cipher), 0xFF));
}

}  // namespace

Result<crypto::Domain> map_generic(const crypto::Domain& domain, ByteView s, ByteView own_private, ByteView peer_public) {
    const auto h = TRY(domain.power(peer_public, own_private));
    return domain.with_generator(TRY(domain.combine(TRY(domain.public_value(s)), h)));
}

Result<Secret> pseudo_random(Cipher cipher, ByteView s, ByteView t, std::size_t field_size) {
    const bool wide = nonce_size(cipher) == 32;
    const ByteView c0 = wide ? ByteView(c0_256) : ByteView(c0_128);
    const ByteView c1 = wide ? ByteView(c1_256) : ByteView(c1_128);
    if (s.size() != c0.size() || t.size() != nonce_t_size(cipher)) return fail(Errc::crypto_bad_input, "integrated mapping", "nonce size");
    Secret key(TRY(encrypt(cipher, t, s)));
    Secret out;
    Bytes x;
    while (x.size() < field_size + 8) {
        append(x, TRY(encrypt(cipher, key.view(), c1)));
        key = Secret(TRY(encrypt(cipher, key.view(), c0)));
    }
    return Secret(std::move(x));
}

Result<crypto::Domain> map_integrated(const crypto::Domain& domain, Cipher cipher, ByteView s, ByteView t) {
    const auto r = TRY(pseudo_random(cipher, s, t, domain.field_size()));
    return domain.with_generator(TRY(domain.element_from(r.view())));
}

// 9.4: 7F49 { 06 protocol, 86 point or 84 number }
Bytes token_input(const Choice& choice, ByteView public_key) {
    return tlv::element(
        0x7F49, {tlv::element(0x06, choice.suite.protocol.contents()), tlv::element(choice.domain.is_ec() ? 0x86 : 0x84, public_key)});
}

Result<Bytes> token(const Choice& choice, const sm::SessionKeys& keys, ByteView public_key) {
    const auto input = token_input(choice, public_key);
    auto mac = TRY(keys.cipher == Cipher::tdes ? crypto::retail_mac(keys.ks_mac.view(), crypto::pad(input, 8))
                                               : crypto::aes_cmac(keys.ks_mac.view(), input));
    mac.resize(token_size);
    return mac;
}

Result<Bytes> encrypt_chip_authentication_data(const sm::SessionKeys& keys, ByteView ca_ic) {
    const Secret padded(crypto::pad(ca_ic, crypto::block_size(keys.cipher)));
    return crypto::cbc_encrypt(keys.cipher, keys.ks_enc.view(), TRY(chip_authentication_iv(keys)), padded.view());
}

Result<Bytes> decrypt_chip_authentication_data(const sm::SessionKeys& keys, ByteView cryptogram) {
    const auto padded = TRY(crypto::cbc_decrypt(keys.cipher, keys.ks_enc.view(), TRY(chip_authentication_iv(keys)), cryptogram));
    return crypto::unpad(padded, crypto::block_size(keys.cipher));
}

}  // namespace idchip::pace
