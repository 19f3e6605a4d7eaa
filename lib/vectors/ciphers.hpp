// The names of the ciphers in vectors.
#pragma once

#include <idchip/crypto/cipher.hpp>

#include "vectors/suites.hpp"

namespace idchip::vectors {

inline Result<crypto::Cipher> cipher_of(const Inputs& in) {
    using crypto::Cipher;
    return in.choice<Cipher>("cipher", {{name(Cipher::tdes), Cipher::tdes},
                                        {name(Cipher::aes128), Cipher::aes128},
                                        {name(Cipher::aes192), Cipher::aes192},
                                        {name(Cipher::aes256), Cipher::aes256}});
}

}  // namespace idchip::vectors
