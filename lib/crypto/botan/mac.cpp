// MACs come from Botan: OpenSSL 3 keeps single DES, which the retail MAC needs, in its legacy provider.
#include <idchip/crypto/cipher.hpp>

#include <memory>

#include <botan/mac.h>

namespace idchip::crypto {
namespace {

Result<Bytes> run(const char* algorithm, ByteView key, ByteView message, std::size_t size) {
    try {
        const auto mac = Botan::MessageAuthenticationCode::create_or_throw(algorithm);
        mac->set_key(key.data(), key.size());
        mac->update(message.data(), message.size());
        Bytes out(mac->output_length());
        mac->final(out.data());
        out.resize(size);
        return out;
    } catch (const std::exception& e) {
        return fail(Errc::crypto_failed, algorithm, e.what());
    }
}

}  // namespace

Result<Bytes> retail_mac(ByteView key, ByteView padded) {
    if (key.size() != 16 || padded.empty() || padded.size() % 8 != 0)
        return fail(Errc::crypto_bad_input, "retail MAC", "key or data of the wrong length");
    return run("X9.19-MAC", key, padded, 8);
}

Result<Bytes> aes_cmac(ByteView key, ByteView message) {
    switch (key.size()) {
        case 16: return run("CMAC(AES-128)", key, message, 16);
        case 24: return run("CMAC(AES-192)", key, message, 16);
        case 32: return run("CMAC(AES-256)", key, message, 16);
        default: return fail(Errc::crypto_bad_input, "AES-CMAC", "key of the wrong length");
    }
}

}  // namespace idchip::crypto
