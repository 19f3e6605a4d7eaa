// MACs, block modes and padding of Doc 9303-11, 9.8.
#include <idchip/crypto/cipher.hpp>

#include "base/try.hpp"
#include "vectors/ciphers.hpp"

namespace idchip::vectors {
namespace {

// "pad": padding method 2 of ISO/IEC 9797-1 comes first, as secure messaging does it.
Result<Outputs> retail_mac(const Inputs& in) {
    const auto key = TRY(in.bytes("key"));
    auto message = TRY(in.bytes("message"));
    if (TRY(in.flag("pad"))) message = crypto::pad(message, 8);
    return Outputs{{"mac", binary(TRY(crypto::retail_mac(key, message)))}};
}

Result<Outputs> aes_cmac(const Inputs& in) {
    const auto key = TRY(in.bytes("key"));
    const auto message = TRY(in.bytes("message"));
    return Outputs{{"mac", binary(TRY(crypto::aes_cmac(key, message)))}};
}

Result<Outputs> pad(const Inputs& in) {
    const auto data = TRY(in.bytes("data"));
    const auto block = TRY(in.choice<std::size_t>("block", {{"8", 8}, {"16", 16}}));
    return Outputs{{"padded", binary(crypto::pad(data, block))}};
}

Result<Outputs> unpad(const Inputs& in) {
    const auto padded = TRY(in.bytes("padded"));
    const auto block = TRY(in.choice<std::size_t>("block", {{"8", 8}, {"16", 16}}));
    return Outputs{{"data", binary(TRY(crypto::unpad(padded, block)))}};
}

using Cbc = Result<Bytes> (*)(crypto::Cipher, ByteView, ByteView, ByteView);

Result<Outputs> cbc(const Inputs& in, Cbc run, const char* from, const char* to) {
    const auto cipher = TRY(cipher_of(in));
    const auto key = TRY(in.bytes("key"));
    const auto iv = TRY(in.bytes("iv"));
    const auto data = TRY(in.bytes(from));
    return Outputs{{to, binary(TRY(run(cipher, key, iv, data)))}};
}

Result<Outputs> cbc_encrypt(const Inputs& in) { return cbc(in, crypto::cbc_encrypt, "plain", "cryptogram"); }
Result<Outputs> cbc_decrypt(const Inputs& in) { return cbc(in, crypto::cbc_decrypt, "cryptogram", "plain"); }

}  // namespace

Suite mac_suite() {
    return {"mac",
            {{"retail_mac", retail_mac},
             {"aes_cmac", aes_cmac},
             {"pad", pad},
             {"unpad", unpad},
             {"cbc_encrypt", cbc_encrypt},
             {"cbc_decrypt", cbc_decrypt}}};
}

}  // namespace idchip::vectors
