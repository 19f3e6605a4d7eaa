// Doc 9303-11, 9.7: keys from shared secrets and passwords.
#include <idchip/crypto/cipher.hpp>

#include "base/try.hpp"
#include "vectors/ciphers.hpp"

namespace idchip::vectors {
namespace {

Result<Outputs> derive(const Inputs& in) {
    const auto cipher = TRY(cipher_of(in));
    const auto k = TRY(in.bytes("k"));
    const auto counter =
        TRY(in.choice<std::uint32_t>("use", {{"enc", crypto::counter_enc}, {"mac", crypto::counter_mac}, {"pace", crypto::counter_pace}}));
    return Outputs{{"key", binary(crypto::derive_key(cipher, k, counter).view())}};
}

Result<Outputs> adjust_parity(const Inputs& in) {
    auto key = TRY(in.bytes("key"));
    crypto::adjust_des_parity(key);
    return Outputs{{"key", binary(key)}};
}

}  // namespace

Suite kdf_suite() { return {"kdf", {{"derive", derive}, {"adjust_parity", adjust_parity}}}; }

}  // namespace idchip::vectors
