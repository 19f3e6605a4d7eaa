#include <idchip/crypto/cipher.hpp>

#include <bit>

#include <idchip/crypto/hash.hpp>

namespace idchip::crypto {

std::size_t block_size(Cipher cipher) { return cipher == Cipher::tdes ? 8 : 16; }

std::size_t key_size(Cipher cipher) { return cipher == Cipher::aes192 ? 24 : cipher == Cipher::aes256 ? 32 : 16; }

std::string_view name(Cipher cipher) {
    switch (cipher) {
        case Cipher::tdes: return "3DES";
        case Cipher::aes128: return "AES-128";
        case Cipher::aes192: return "AES-192";
        case Cipher::aes256: return "AES-256";
    }
    return {};
}

Bytes pad(ByteView data, std::size_t block) {
    Bytes padded;
    padded.reserve(data.size() + block);
    append(padded, data);
    padded.push_back(0x80);
    padded.resize((padded.size() + block - 1) / block * block);
    return padded;
}

Result<Bytes> unpad(ByteView data, std::size_t block) {
    std::size_t end = data.size();
    while (end > 0 && data[end - 1] == 0) --end;
    if (end == 0 || data[end - 1] != 0x80 || data.size() - end >= block || data.size() % block != 0)
        return fail(Errc::crypto_bad_input, {}, "wrong padding");
    return to_bytes(data.first(end - 1));
}

void adjust_des_parity(std::span<Byte> key) {
    for (Byte& b : key)
        if (std::popcount(b) % 2 == 0) b = static_cast<Byte>(b ^ 1U);
}

Secret derive_key(Cipher cipher, ByteView k, std::uint32_t counter) {
    const HashAlg alg = cipher == Cipher::tdes || cipher == Cipher::aes128 ? HashAlg::sha1 : HashAlg::sha256;
    Bytes c;
    append_be(c, counter, 4);
    Bytes digest = hash(alg, {k, c});
    Secret key(ByteView(digest).first(key_size(cipher)));
    wipe(digest);
    if (cipher == Cipher::tdes) adjust_des_parity(key.writable());
    return key;
}

}  // namespace idchip::crypto
