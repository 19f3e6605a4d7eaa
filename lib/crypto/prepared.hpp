// Ciphers that keep their key schedule, for channels: setting a key costs more than a short message. Not for two threads at once.
#pragma once

#include <array>
#include <memory>

#include <idchip/crypto/cipher.hpp>

struct evp_cipher_ctx_st;

namespace idchip::crypto {

// CBC without padding.
class PreparedCbc {
public:
    // Errors: crypto.bad_key.
    static Result<PreparedCbc> make(Cipher cipher, ByteView key);
    // Whole blocks, at least one, and an IV of one block; `out` is as long as `in`, and may be the same bytes.
    void encrypt(ByteView iv, ByteView in, std::span<Byte> out) { run(encryption_, iv, in, out, true); }
    void decrypt(ByteView iv, ByteView in, std::span<Byte> out) { run(decryption_, iv, in, out, false); }

private:
    struct Free {
        void operator()(evp_cipher_ctx_st* context) const;
    };
    // The context goes on from the last block of ciphertext that it has seen: a new IV is laid over that one, which spares its set-up.
    struct Direction {
        std::unique_ptr<evp_cipher_ctx_st, Free> context;
        Secret last;
    };

    static Result<Direction> direction(Cipher cipher, ByteView key, bool encrypt);
    void run(Direction& direction, ByteView iv, ByteView in, std::span<Byte> out, bool encrypt) const;

    std::size_t block_ = 0;
    Direction encryption_, decryption_;
};

// CMAC of NIST SP 800-38B with AES.
class PreparedCmac {
public:
    using Mac = std::array<Byte, 16>;

    // Errors: crypto.bad_key.
    static Result<PreparedCmac> make(ByteView key);
    // Over the parts one after the other.
    Mac mac(std::initializer_list<ByteView> parts);

private:
    explicit PreparedCmac(PreparedCbc cipher) : cipher_(std::move(cipher)) {}

    PreparedCbc cipher_;
    Secret k1_, k2_;
    Secret work_;
};

}  // namespace idchip::crypto
