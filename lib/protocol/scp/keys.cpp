#include "protocol/scp/keys.hpp"

#include <fmt/format.h>

#include <idchip/crypto/cipher.hpp>

#include "base/try.hpp"

namespace idchip::scp {
namespace {

using crypto::Cipher;

// Amendment D, table 4-1; GPC 2.3.1, E.4.1.
namespace constant03 {
constexpr Byte card_cryptogram = 0x00, host_cryptogram = 0x01, card_challenge = 0x02, s_enc = 0x04, s_mac = 0x06, s_rmac = 0x07;
}
namespace constant02 {
constexpr std::uint16_t c_mac = 0x0101, r_mac = 0x0102, dek = 0x0181, s_enc = 0x0182;
}

Result<void> check_lengths(Protocol protocol, const StaticKeys& keys) {
    const auto size = keys.enc.size();
    const bool known = size == 16 || (protocol == Protocol::scp03 && (size == 24 || size == 32));
    if (known && keys.mac.size() == size && keys.dek.size() == size) return {};
    return fail(Errc::crypto_bad_key, protocol == Protocol::scp02 ? "SCP02" : "SCP03",
                fmt::format("keys of {}, {} and {} bytes", size, keys.mac.size(), keys.dek.size()));
}

// GPC 2.3.1, E.4.1: 3DES in CBC mode over the constant, the counter and zeros.
Result<Secret> derive02(ByteView key, std::uint16_t constant, ByteView sequence_counter) {
    Bytes data;
    append_be(data, constant, 2);
    append(data, sequence_counter);
    data.resize(16);
    return Secret(TRY(crypto::cbc_encrypt(Cipher::tdes, key, Bytes(8), data)));
}

Result<SessionKeys> session_keys02(const StaticKeys& keys, ByteView counter) {
    SessionKeys s;
    s.enc = TRY(derive02(keys.enc.view(), constant02::s_enc, counter));
    s.mac = TRY(derive02(keys.mac.view(), constant02::c_mac, counter));
    s.rmac = TRY(derive02(keys.mac.view(), constant02::r_mac, counter));
    s.dek = TRY(derive02(keys.dek.view(), constant02::dek, counter));
    return s;
}

// Amendment D, 6.2.1. There is no session key for sensitive data (6.2.8).
Result<SessionKeys> session_keys03(const StaticKeys& keys, ByteView context) {
    const std::size_t bits = keys.enc.size() * 8;
    SessionKeys s;
    s.enc = TRY(derive(keys.enc.view(), constant03::s_enc, context, bits));
    s.mac = TRY(derive(keys.mac.view(), constant03::s_mac, context, bits));
    s.rmac = TRY(derive(keys.mac.view(), constant03::s_rmac, context, bits));
    s.dek = keys.dek.clone();
    return s;
}

// GPC 2.3.1, B.1.2.1: the last block of 3DES in CBC mode over the padded data.
Result<Bytes> full_triple_des_mac(ByteView key, ByteView data) {
    const auto blocks = TRY(crypto::cbc_encrypt(Cipher::tdes, key, Bytes(8), crypto::pad(data, 8)));
    return to_bytes(ByteView(blocks).last(8));
}

Result<Bytes> derived_bytes(ByteView key, Byte constant, ByteView context, std::size_t size) {
    return to_bytes(TRY(derive(key, constant, context, size * 8)).view());
}

}  // namespace

Result<Secret> derive(ByteView key, Byte constant, ByteView context, std::size_t bits) {
    Bytes material;
    material.reserve(bits / 8 + 16);
    for (Byte i = 1; material.size() < bits / 8; ++i) {
        Bytes data(11);
        data.push_back(constant);
        data.push_back(0x00);
        append_be(data, bits, 2);
        data.push_back(i);
        append(data, context);
        auto block = TRY(crypto::aes_cmac(key, data));
        append(material, block);
        wipe(block);
    }
    Secret result(ByteView(material).first(bits / 8));
    wipe(material);
    return result;
}

Result<SessionKeys> session_keys(Protocol protocol, const StaticKeys& keys, const Challenges& challenges) {
    TRY(check_lengths(protocol, keys));
    if (protocol == Protocol::scp02) return session_keys02(keys, challenges.sequence_counter);
    return session_keys03(keys, concat({challenges.host, challenges.card}));
}

// GPC 2.3.1, E.4.2.1 and E.4.2.2; Amendment D, 6.2.2.2 and 6.2.2.3.
Result<Cryptograms> cryptograms(const Parameters& parameters, const SessionKeys& keys, const Challenges& c) {
    Cryptograms result;
    if (parameters.protocol == Protocol::scp02) {
        result.card = TRY(full_triple_des_mac(keys.enc.view(), concat({c.host, c.sequence_counter, c.card})));
        result.host = TRY(full_triple_des_mac(keys.enc.view(), concat({c.sequence_counter, c.card, c.host})));
        return result;
    }
    const auto context = concat({c.host, c.card});
    result.card = TRY(derived_bytes(keys.mac.view(), constant03::card_cryptogram, context, parameters.challenge_size()));
    result.host = TRY(derived_bytes(keys.mac.view(), constant03::host_cryptogram, context, parameters.challenge_size()));
    return result;
}

bool pseudo_random(const Parameters& p) { return (p.i & (p.protocol == Protocol::scp02 ? i02::pseudo_random : i03::pseudo_random)) != 0; }

std::size_t counter_size(Protocol protocol) { return protocol == Protocol::scp02 ? 2 : 3; }

std::size_t card_challenge_size(const Parameters& p) { return p.protocol == Protocol::scp02 ? 6 : p.challenge_size(); }

Result<Bytes> pseudo_random_challenge(ByteView static_enc, ByteView sequence_counter, ByteView aid, std::size_t size) {
    if (static_enc.size() != 16 && static_enc.size() != 24 && static_enc.size() != 32)
        return fail(Errc::crypto_bad_key, "SCP03", fmt::format("key of {} bytes", static_enc.size()));
    return derived_bytes(static_enc, constant03::card_challenge, concat({sequence_counter, aid}), size);
}

Result<Bytes> known_card_challenge(const Parameters& p, const StaticKeys& keys, ByteView sequence_counter, ByteView aid) {
    TRY(check_lengths(p.protocol, keys));
    if (p.protocol == Protocol::scp03) return pseudo_random_challenge(keys.enc.view(), sequence_counter, aid, p.challenge_size());
    // GPC 2.3.1, E.4.2.3: the first six bytes of the MAC over the AID, with the C-MAC key of the session.
    const auto key = TRY(derive02(keys.mac.view(), constant02::c_mac, sequence_counter));
    auto mac = TRY(crypto::retail_mac(key.view(), crypto::pad(aid, 8)));
    mac.resize(6);
    return mac;
}

}  // namespace idchip::scp
