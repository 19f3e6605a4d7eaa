#include <idchip/protocol/bac/bac.hpp>

#include <fmt/format.h>

#include <idchip/crypto/hash.hpp>
#include <idchip/iso7816/status_word.hpp>

#include "base/try.hpp"

namespace idchip::bac {
namespace {

using crypto::Cipher;
using iso7816::CommandApdu;
using iso7816::ResponseApdu;

constexpr std::size_t cryptogram_size = 2 * nonce_size + key_material_size, mac_size = 8;
const Bytes zero_iv(8);

// Doc 9303-11, 4.3.3: E = 3DES-CBC, M = retail MAC over the padded cryptogram.
Result<Bytes> seal(const AccessKeys& keys, ByteView plain) {
    auto message = TRY(crypto::cbc_encrypt(Cipher::tdes, keys.k_enc.view(), zero_iv, plain));
    append(message, TRY(crypto::retail_mac(keys.k_mac.view(), crypto::pad(message, 8))));
    return message;
}

// The plain text of e || m, or nothing if the MAC is wrong.
Result<std::optional<Secret>> open(const AccessKeys& keys, ByteView message) {
    const auto cryptogram = message.first(cryptogram_size);
    const auto mac = TRY(crypto::retail_mac(keys.k_mac.view(), crypto::pad(cryptogram, 8)));
    if (!equal_constant_time(mac, message.subspan(cryptogram_size))) return std::optional<Secret>();
    return std::optional<Secret>(Secret(TRY(crypto::cbc_decrypt(Cipher::tdes, keys.k_enc.view(), zero_iv, cryptogram))));
}

// Doc 9303-11, 4.3.3.2 and 9.8.2: K_seed = k_ifd xor k_ic, SSC = the low halves of the nonces.
sm::Session agree(ByteView k_ifd, ByteView k_ic, ByteView rnd_ic, ByteView rnd_ifd) {
    Secret seed(k_ifd);
    for (std::size_t i = 0; i < seed.size(); ++i) seed.writable()[i] = static_cast<Byte>(seed.view()[i] ^ k_ic[i]);
    return {{Cipher::tdes, crypto::derive_key(Cipher::tdes, seed.view(), crypto::counter_enc),
             crypto::derive_key(Cipher::tdes, seed.view(), crypto::counter_mac)},
            sm::SendSequenceCounter(concat({rnd_ic.subspan(4, 4), rnd_ifd.subspan(4, 4)}))};
}

}  // namespace

Secret k_seed(std::string_view mrz_information) {
    Bytes digest = crypto::hash(crypto::HashAlg::sha1, as_bytes(mrz_information));
    Secret seed(ByteView(digest).first(16));
    wipe(digest);
    return seed;
}

AccessKeys derive_access_keys(ByteView seed) {
    return {crypto::derive_key(Cipher::tdes, seed, crypto::counter_enc), crypto::derive_key(Cipher::tdes, seed, crypto::counter_mac)};
}

Terminal::Terminal(AccessKeys keys, Bytes rnd_ifd, Secret k_ifd)
    : keys_(std::move(keys)), rnd_ifd_(std::move(rnd_ifd)), k_ifd_(std::move(k_ifd)) {}

Terminal Terminal::fresh(AccessKeys keys, Rng& rng) { return {std::move(keys), rng.bytes(nonce_size), rng.secret(key_material_size)}; }

CommandApdu Terminal::get_challenge() const { return {0x00, iso7816::ins::get_challenge, 0, 0, {}, nonce_size}; }

Result<CommandApdu> Terminal::external_authenticate(const ResponseApdu& challenge) {
    if (!challenge.ok()) return fail(Error(Errc::bac_not_offered, "GET CHALLENGE").with_sw(challenge.sw));
    if (challenge.data.size() != nonce_size)
        return fail(Errc::chip_nonsense, "GET CHALLENGE", fmt::format("{} bytes instead of 8", challenge.data.size()));
    rnd_ic_ = challenge.data;
    const Secret s(concat({rnd_ifd_, rnd_ic_, k_ifd_.view()}));
    return CommandApdu{0x00, iso7816::ins::external_authenticate, 0,
                       0,    TRY(seal(keys_, s.view())),          static_cast<std::uint32_t>(cryptogram_size + mac_size)};
}

Result<sm::Session> Terminal::finish(const ResponseApdu& answer) {
    if (!answer.ok()) {
        // The status words that a chip may give for a failed mutual authentication; others are a matter of the chip.
        const bool refused = (answer.sw & 0xFF00U) == 0x6300 || answer.sw == iso7816::sw::security_status_not_satisfied ||
                             answer.sw == iso7816::sw::wrong_data || answer.sw == iso7816::sw::sm_objects_incorrect ||
                             answer.sw == iso7816::sw::conditions_not_satisfied;
        return fail(Error(refused ? Errc::bac_wrong_key : Errc::chip_refused, "EXTERNAL AUTHENTICATE").with_sw(answer.sw));
    }
    if (answer.data.size() != cryptogram_size + mac_size)
        return fail(Errc::bac_bad_answer, "EXTERNAL AUTHENTICATE", fmt::format("{} bytes instead of 40", answer.data.size()));
    const auto r = TRY(open(keys_, answer.data));
    if (!r) return fail(Errc::bac_bad_answer, "EXTERNAL AUTHENTICATE", "MAC is wrong");
    const auto plain = r->view();
    if (!equal_constant_time(plain.first(8), rnd_ic_) || !equal_constant_time(plain.subspan(8, 8), rnd_ifd_))
        return fail(Errc::bac_bad_answer, "EXTERNAL AUTHENTICATE", "nonces are not echoed");
    return agree(k_ifd_.view(), plain.subspan(16), rnd_ic_, rnd_ifd_);
}

Result<ChipAnswer> answer_external_authenticate(const AccessKeys& keys, ByteView rnd_ic, ByteView k_ic, ByteView data) {
    if (data.size() != cryptogram_size + mac_size) return fail(Errc::crypto_bad_input);
    const auto s = TRY(open(keys, data));
    if (!s || !equal_constant_time(s->view().subspan(8, 8), rnd_ic)) return fail(Errc::bac_wrong_key);
    const auto rnd_ifd = s->view().first(8);
    const Secret r(concat({rnd_ic, rnd_ifd, k_ic}));
    return ChipAnswer{TRY(seal(keys, r.view())), agree(s->view().subspan(16), k_ic, rnd_ic, rnd_ifd)};
}

}  // namespace idchip::bac
