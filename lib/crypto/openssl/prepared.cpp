#include "crypto/prepared.hpp"

#include <algorithm>
#include <cstdlib>

#include <openssl/evp.h>

#include "base/try.hpp"

namespace idchip::crypto {
namespace {

const char* evp_name(Cipher cipher) {
    switch (cipher) {
        case Cipher::tdes: return "DES-EDE-CBC";
        case Cipher::aes128: return "AES-128-CBC";
        case Cipher::aes192: return "AES-192-CBC";
        case Cipher::aes256: return "AES-256-CBC";
    }
    return nullptr;
}

const EVP_CIPHER* evp(Cipher cipher) {
    static const EVP_CIPHER* const table[] = {
        EVP_CIPHER_fetch(nullptr, evp_name(Cipher::tdes), nullptr), EVP_CIPHER_fetch(nullptr, evp_name(Cipher::aes128), nullptr),
        EVP_CIPHER_fetch(nullptr, evp_name(Cipher::aes192), nullptr), EVP_CIPHER_fetch(nullptr, evp_name(Cipher::aes256), nullptr)};
    return table[static_cast<std::size_t>(cipher)];
}

Result<Cipher> aes_for(ByteView key) {
    for (const auto cipher : {Cipher::aes128, Cipher::aes192, Cipher::aes256})
        if (key.size() == key_size(cipher)) return cipher;
    return fail(Errc::crypto_bad_key, "AES-CMAC", "key of the wrong length");
}

// SP 800-38B, 6.1: times x in GF(2^128).
Secret doubled(ByteView block) {
    Secret result(block);
    const auto out = result.writable();
    for (std::size_t i = 0; i < 16; ++i) {
        const unsigned carry = i < 15 ? block[i + 1] >> 7U : 0U;
        out[i] = static_cast<Byte>(static_cast<unsigned>(block[i]) << 1U | carry);
    }
    if ((block[0] & 0x80U) != 0) out[15] ^= 0x87;
    return result;
}

void lay_over(std::span<Byte> block, ByteView more) {
    for (std::size_t i = 0; i < more.size(); ++i) block[i] = static_cast<Byte>(block[i] ^ more[i]);
}

}  // namespace

void PreparedCbc::Free::operator()(evp_cipher_ctx_st* context) const { EVP_CIPHER_CTX_free(context); }

Result<PreparedCbc::Direction> PreparedCbc::direction(Cipher cipher, ByteView key, bool encrypt) {
    Direction d{decltype(d.context)(EVP_CIPHER_CTX_new()), Secret(block_size(cipher))};
    if (EVP_CipherInit_ex2(d.context.get(), evp(cipher), key.data(), d.last.view().data(), encrypt ? 1 : 0, nullptr) != 1 ||
        EVP_CIPHER_CTX_set_padding(d.context.get(), 0) != 1)
        return fail(Errc::crypto_failed, std::string(name(cipher)));
    return d;
}

Result<PreparedCbc> PreparedCbc::make(Cipher cipher, ByteView key) {
    if (key.size() != key_size(cipher)) return fail(Errc::crypto_bad_key, std::string(name(cipher)), "key of the wrong length");
    PreparedCbc prepared;
    prepared.block_ = block_size(cipher);
    prepared.encryption_ = TRY(direction(cipher, key, true));
    prepared.decryption_ = TRY(direction(cipher, key, false));
    return prepared;
}

void PreparedCbc::run(Direction& d, ByteView iv, ByteView in, std::span<Byte> out, bool encrypt) const {
    if (iv.size() != block_ || in.size() < block_ || in.size() % block_ != 0 || out.size() != in.size()) std::abort();
    std::array<Byte, 16> difference{}, last{};  // of the IV from the last block; the last block of this message
    std::copy(iv.begin(), iv.end(), difference.begin());
    lay_over(difference, d.last.view());
    std::copy(in.end() - static_cast<std::ptrdiff_t>(block_), in.end(), last.begin());
    if (encrypt) {
        if (in.data() != out.data()) std::copy(in.begin(), in.end(), out.begin());
        lay_over(out, ByteView(difference).first(block_));
        in = out;
    }
    int n = 0;
    const bool ok = EVP_CipherUpdate(d.context.get(), out.data(), &n, in.data(), static_cast<int>(in.size())) == 1;
    if (!ok || static_cast<std::size_t>(n) != out.size()) std::abort();  // plain text for ciphertext would be worse
    if (!encrypt) lay_over(out, ByteView(difference).first(block_));
    const auto next = encrypt ? ByteView(out).last(block_) : ByteView(last).first(block_);
    std::copy(next.begin(), next.end(), d.last.writable().begin());
}

Result<PreparedCmac> PreparedCmac::make(ByteView key) {
    const auto cipher = TRY(aes_for(key));
    PreparedCmac prepared(TRY(PreparedCbc::make(cipher, key)));
    const Mac zero{};
    Secret l(16);
    prepared.cipher_.encrypt(zero, zero, l.writable());
    prepared.k1_ = doubled(l.view());
    prepared.k2_ = doubled(prepared.k1_.view());
    return prepared;
}

PreparedCmac::Mac PreparedCmac::mac(std::initializer_list<ByteView> parts) {
    std::size_t size = 0;
    for (const auto part : parts) size += part.size();
    const std::size_t padded = std::max<std::size_t>(1, (size + 15) / 16) * 16;
    if (work_.size() < padded) work_ = Secret(padded);
    const auto work = work_.writable().first(padded);
    auto at = work.begin();
    for (const auto part : parts) at = std::copy(part.begin(), part.end(), at);
    if (size < padded) {
        *at++ = 0x80;
        std::fill(at, work.end(), Byte{0});
    }
    lay_over(work.last(16), size < padded ? k2_.view() : k1_.view());
    const Mac zero{};
    cipher_.encrypt(zero, work, work);
    Mac result{};
    std::copy(work.end() - 16, work.end(), result.begin());
    return result;
}

}  // namespace idchip::crypto
