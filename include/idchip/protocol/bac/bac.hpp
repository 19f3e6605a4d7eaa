// Basic access control of Doc 9303-11, 4.3: both roles. No I/O: commands go out, responses come in.
#pragma once

#include <idchip/base/random.hpp>
#include <idchip/protocol/sm/secure_messaging.hpp>

namespace idchip::bac {

constexpr std::size_t nonce_size = 8, key_material_size = 16;

// Document basic access keys.
struct AccessKeys {
    Secret k_enc, k_mac;
};
// The first 16 bytes of SHA-1 over the MRZ information.
Secret k_seed(std::string_view mrz_information);
AccessKeys derive_access_keys(ByteView k_seed);

class Terminal {
public:
    // rnd_ifd: 8 bytes, k_ifd: 16 bytes, both fresh from the generator.
    Terminal(AccessKeys keys, Bytes rnd_ifd, Secret k_ifd);
    static Terminal fresh(AccessKeys keys, Rng& rng);

    iso7816::CommandApdu get_challenge() const;
    // Errors: bac.not_offered, chip.nonsense.
    Result<iso7816::CommandApdu> external_authenticate(const iso7816::ResponseApdu& challenge);
    // Errors: bac.wrong_key (the chip refused), bac.bad_answer (its proof is wrong).
    Result<sm::Session> finish(const iso7816::ResponseApdu& answer);

private:
    AccessKeys keys_;
    Bytes rnd_ifd_, rnd_ic_;
    Secret k_ifd_;
};

// The chip's answer to a good EXTERNAL AUTHENTICATE.
struct ChipAnswer {
    Bytes data;  // e_ic || m_ic
    sm::Session session;
};
// `data` is the command's data field: e_ifd || m_ifd. One error for a wrong MAC and a wrong nonce, so that a replay tells
// nothing about which document this is (Chothia and Smirnov, 2010). Errors: bac.wrong_key, crypto.bad_input (length).
Result<ChipAnswer> answer_external_authenticate(const AccessKeys& keys, ByteView rnd_ic, ByteView k_ic, ByteView data);

}  // namespace idchip::bac
