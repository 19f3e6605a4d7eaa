#include <idchip/crypto/cipher.hpp>
#include <idchip/crypto/hash.hpp>

#include <cstdlib>

#include <openssl/evp.h>

namespace idchip::crypto {
namespace {

struct CipherFree {
    void operator()(EVP_CIPHER_CTX* c) const { EVP_CIPHER_CTX_free(c); }
};
struct DigestFree {
    void operator()(EVP_MD_CTX* c) const { EVP_MD_CTX_free(c); }
};

// A fetched algorithm is kept: looking it up for each call would cost more than a short cipher run.
const EVP_MD* evp(HashAlg alg) {
    static const EVP_MD* const table[] = {EVP_MD_fetch(nullptr, "SHA1", nullptr), EVP_MD_fetch(nullptr, "SHA224", nullptr),
                                          EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_MD_fetch(nullptr, "SHA384", nullptr),
                                          EVP_MD_fetch(nullptr, "SHA512", nullptr)};
    return table[static_cast<std::size_t>(alg)];
}

const EVP_CIPHER* evp(Cipher cipher) {
    static const EVP_CIPHER* const table[] = {
        EVP_CIPHER_fetch(nullptr, "DES-EDE-CBC", nullptr), EVP_CIPHER_fetch(nullptr, "AES-128-CBC", nullptr),
        EVP_CIPHER_fetch(nullptr, "AES-192-CBC", nullptr), EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr)};
    return table[static_cast<std::size_t>(cipher)];
}

Result<Bytes> cbc(Cipher cipher, ByteView key, ByteView iv, ByteView data, bool encrypt) {
    const std::size_t block = block_size(cipher);
    if (key.size() != key_size(cipher) || iv.size() != block || data.size() % block != 0)
        return fail(Errc::crypto_bad_input, std::string(name(cipher)), "key, IV or data of the wrong length");
    // One context a thread: creating one costs more than the short runs of secure messaging.
    thread_local const std::unique_ptr<EVP_CIPHER_CTX, CipherFree> context(EVP_CIPHER_CTX_new());
    Bytes out(data.size() + block);
    int n = 0;
    const bool ok = EVP_CipherInit_ex2(context.get(), evp(cipher), key.data(), iv.data(), encrypt ? 1 : 0, nullptr) == 1 &&
                    EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
                    EVP_CipherUpdate(context.get(), out.data(), &n, data.data(), static_cast<int>(data.size())) == 1;
    EVP_CIPHER_CTX_reset(context.get());  // wipes the key schedule
    if (!ok || static_cast<std::size_t>(n) != data.size()) return fail(Errc::crypto_failed, std::string(name(cipher)));
    out.resize(data.size());
    return out;
}

}  // namespace

Bytes hash(HashAlg alg, std::initializer_list<ByteView> parts) {
    thread_local const std::unique_ptr<EVP_MD_CTX, DigestFree> context(EVP_MD_CTX_new());
    Bytes digest(digest_size(alg));
    bool ok = EVP_DigestInit_ex(context.get(), evp(alg), nullptr) == 1;
    for (const auto part : parts) ok = ok && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
    unsigned size = 0;
    ok = ok && EVP_DigestFinal_ex(context.get(), digest.data(), &size) == 1;
    if (!ok) std::abort();  // a hash without a hash would be worse
    return digest;
}

Result<Bytes> cbc_encrypt(Cipher cipher, ByteView key, ByteView iv, ByteView data) { return cbc(cipher, key, iv, data, true); }
Result<Bytes> cbc_decrypt(Cipher cipher, ByteView key, ByteView iv, ByteView data) { return cbc(cipher, key, iv, data, false); }

}  // namespace idchip::crypto
