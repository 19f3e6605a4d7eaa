#include <idchip/crypto/key_wrap.hpp>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/try.hpp"
#include "crypto/openssl/handles.hpp"

namespace idchip::crypto {
namespace {

using CipherCtx = std::unique_ptr<EVP_CIPHER_CTX, Deleter<EVP_CIPHER_CTX_free>>;

constexpr auto where = "AES key wrap";

const EVP_CIPHER* cipher_for(std::size_t kek_size) {
    static const EVP_CIPHER* const aes128 = EVP_CIPHER_fetch(nullptr, "AES-128-WRAP", nullptr);
    static const EVP_CIPHER* const aes192 = EVP_CIPHER_fetch(nullptr, "AES-192-WRAP", nullptr);
    static const EVP_CIPHER* const aes256 = EVP_CIPHER_fetch(nullptr, "AES-256-WRAP", nullptr);
    return kek_size == 16 ? aes128 : kek_size == 24 ? aes192 : kek_size == 32 ? aes256 : nullptr;
}

// Without an IV OpenSSL takes the one of RFC 3394, 2.2.3.1: A6A6A6A6A6A6A6A6.
Result<Secret> run(ByteView kek, ByteView in, std::size_t out_size, bool encrypt) {
    const auto* cipher = cipher_for(kek.size());
    if (cipher == nullptr) return fail(Errc::crypto_bad_key, where, "a key encryption key has 16, 24 or 32 bytes");
    thread_local const CipherCtx context(EVP_CIPHER_CTX_new());
    EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    Secret out(in.size() + 16);
    int n = 0;
    const bool ok = EVP_CipherInit_ex2(context.get(), cipher, kek.data(), nullptr, encrypt ? 1 : 0, nullptr) == 1 &&
                    EVP_CipherUpdate(context.get(), out.writable().data(), &n, in.data(), static_cast<int>(in.size())) == 1;
    EVP_CIPHER_CTX_reset(context.get());  // wipes the key schedule
    if (!ok || static_cast<std::size_t>(n) != out_size) {
        ERR_clear_error();
        return fail(Errc::crypto_failed, where, "another key encryption key, or not what was wrapped");
    }
    return Secret(out.view().first(out_size));
}

bool whole_blocks(std::size_t size, std::size_t least) { return size >= least && size % 8 == 0 && size <= 4096; }

}  // namespace

Result<Bytes> wrap_key(ByteView kek, ByteView key) {
    if (!whole_blocks(key.size(), 16)) return fail(Errc::crypto_bad_input, where, "key of the wrong length");
    return idchip::to_bytes(TRY(run(kek, key, key.size() + 8, true)).view());
}

Result<Secret> unwrap_key(ByteView kek, ByteView wrapped) {
    if (!whole_blocks(wrapped.size(), 24)) return fail(Errc::crypto_bad_input, where, "wrapped key of the wrong length");
    return run(kek, wrapped, wrapped.size() - 8, false);
}

}  // namespace idchip::crypto
