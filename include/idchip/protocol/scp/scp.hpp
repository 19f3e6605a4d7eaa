// Secure channels of the GlobalPlatform Card Specification 2.3.1: SCP02 (annex E) and SCP03 (Amendment D). Both roles. No I/O: commands go
// out, responses come in.
#pragma once

#include <memory>

#include <idchip/base/random.hpp>
#include <idchip/base/secret.hpp>
#include <idchip/iso7816/apdu.hpp>

namespace idchip::scp {

enum class Protocol { scp02, scp03 };

// Security level, P1 of EXTERNAL AUTHENTICATE: bits of what protects messages.
constexpr Byte c_mac = 0x01, c_decryption = 0x02, r_mac = 0x10, r_encryption = 0x20;

// Bits of the parameter i that matter here. GPC 2.3.1 table E-1, Amendment D table 5-1.
namespace i02 {
constexpr Byte three_keys = 0x01, mac_on_unmodified = 0x02, explicit_initiation = 0x04, icv_encryption = 0x10, r_mac_support = 0x20,
               pseudo_random = 0x40;
}
namespace i03 {
constexpr Byte s16 = 0x01, pseudo_random = 0x10, r_mac_support = 0x20, r_encryption_support = 0x40;
}

// Key set of a card: two-key 3DES of 16 bytes (SCP02), AES of 16, 24 or 32 bytes (SCP03), all three of one length.
struct StaticKeys {
    Byte version = 0;  // KVN; 0: whichever the card takes first
    Secret enc, mac, dek;
};

// What the profile of a card says of its channel.
struct Parameters {
    Protocol protocol = Protocol::scp03;
    Byte i = 0x70;            // SCP02: 05, 15, 45, 55, and 20 more with R-MAC
    Byte level = 0x33;        // 01, 03, 11, 13 and, with SCP03, 33
    bool count_empty = true;  // SCP03: the encryption counter counts commands without data, too (some cards do not)
    // Of the host's challenge. The card's is as long, but for the 6 bytes of SCP02.
    std::size_t challenge_size() const { return protocol == Protocol::scp03 && (i & i03::s16) != 0 ? 16 : 8; }
};
// Errors: profile.bad: levels and options that do not exist, or not together (responses are only protected where i says so).
Result<void> check(const Parameters& parameters);

// The card's answer to INITIALIZE UPDATE. GPC 2.3.1 table E-8, Amendment D table 7-3.
struct Challenge {
    Bytes key_diversification_data;  // 10 bytes
    Byte key_version = 0, i = 0;     // SCP02 states no i: what the parameters say
    Protocol protocol = Protocol::scp03;
    Bytes card_challenge, card_cryptogram;
    Bytes sequence_counter;  // 2 bytes (SCP02), 3 (SCP03, pseudo-random challenges), else empty
};

// Messages after the authentication.
class Session {
public:
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    ~Session();

    // Le is not covered by any MAC and stays as it is. Commands may be wrapped ahead of their responses; only the last one's response can
    // be unwrapped then. Errors: scp.broken once the session has failed; apdu.too_long: no room for the MAC; apdu.malformed: the class
    // says already that the command is protected. The last two leave the session as it was.
    Result<iso7816::CommandApdu> wrap(const iso7816::CommandApdu& plain);
    // Success and warnings (62xx, 63xx) must carry what the level promises; errors carry nothing, so anyone on the line can say them.
    // Whatever fails ends the session. Errors: scp.broken (with the status word).
    Result<iso7816::ResponseApdu> unwrap(const iso7816::ResponseApdu& response);
    // Sensitive data in a data field: a multiple of the block. SCP02: session DEK, ECB; SCP03: static DEK, CBC with a zero ICV.
    // Errors: scp.broken; crypto.bad_input: not whole blocks.
    Result<Bytes> encrypt_data(ByteView data) const;
    // The largest data field of a plain command that still fits a protected one with this many bytes of data.
    std::size_t largest_data(std::size_t data_field) const;
    bool alive() const;

    struct Impl;
    explicit Session(std::unique_ptr<Impl> impl);

private:
    std::unique_ptr<Impl> impl_;
};

// What a refusal of INITIALIZE UPDATE means: scp.mismatch where the card only does not know what it was asked (key version, length),
// scp.refused for the rest.
Error initialize_update_refused(std::uint16_t sw);

class Terminal {
public:
    // host_challenge: 8 bytes, 16 with S16; fresh from the generator.
    Terminal(Parameters parameters, Bytes host_challenge);
    Terminal(Terminal&&) noexcept;
    Terminal& operator=(Terminal&&) noexcept;
    ~Terminal();

    iso7816::CommandApdu initialize_update(Byte key_version) const;
    // Errors: chip.nonsense (lengths), scp.mismatch: another protocol or i than the parameters say; as initialize_update_refused and check.
    Result<Challenge> read(const iso7816::ResponseApdu& answer) const;
    // The card proves itself first: with a wrong key nothing is sent that the card counts. The key version that a card states is not
    // compared: cards are known that state another one than was asked for.
    // Errors: scp.wrong_key, crypto.bad_key; crypto.bad_input for challenges of the wrong length.
    Result<iso7816::CommandApdu> external_authenticate(const StaticKeys& keys, const Challenge& challenge);
    // Errors: scp.refused (with the status word); chip.nonsense: data in the answer.
    Result<Session> finish(const iso7816::ResponseApdu& answer);

private:
    Parameters parameters_;
    Bytes host_challenge_;
    std::unique_ptr<Session::Impl> session_;
};

// SCP03 with pseudo-random challenges: the card's challenge is known without the card (Amendment D, 6.2.2.1). `aid`: of the application that
// the channel is opened to; `size`: 8 or 16. Errors: crypto.bad_key.
Result<Bytes> pseudo_random_challenge(ByteView static_enc, ByteView sequence_counter, ByteView aid, std::size_t size);
// A whole channel ahead of time, for scripts.
struct Ahead {
    iso7816::CommandApdu initialize_update, external_authenticate;
    Bytes card_challenge, card_cryptogram;
    Session session;
};
// `next_counter`: the value that the card's INITIALIZE UPDATE will state. Errors: as check; profile.bad when challenges are random;
// crypto.bad_key; crypto.bad_input for a counter or a challenge of the wrong length.
Result<Ahead> open_ahead(const Parameters& parameters, const StaticKeys& keys, Bytes host_challenge, ByteView next_counter, ByteView aid);

// Chip role. The caller keeps keys, counter and attempts; one Chip is one channel: after a failure, or for a new INITIALIZE UPDATE, the caller
// makes a new one.
class Chip {
public:
    // `parameters.level`: the highest one; those made of its bits are offered. `diversification_data`: 10 bytes; `sequence_counter`: of this
    // channel, 2 or 3 bytes; `rng`: for random challenges, must outlive the channel.
    Chip(Parameters parameters, StaticKeys keys, Bytes diversification_data, Bytes sequence_counter, Bytes aid, Rng& rng);
    ~Chip();
    Chip(Chip&&) noexcept;
    Chip& operator=(Chip&&) noexcept;

    // 6700 for a challenge of another length, 6A88 for a key version that is not there, 6A86 for another P2, 6E00 and 6D00 for another
    // command, 6985 for a second one, 6F00 when parameters or keys are wrong.
    iso7816::ResponseApdu initialize_update(const iso7816::CommandApdu& command);
    // 9000, 6300 (host cryptogram wrong), 6982 (MAC wrong), 6985 (no INITIALIZE UPDATE before), 6A86 (level not offered), 6700.
    iso7816::ResponseApdu external_authenticate(const iso7816::CommandApdu& command);
    bool authenticated() const;
    // Plain command out of a protected one. Errors: scp.broken with the status word to answer (6982, 6988); the channel is closed then.
    Result<iso7816::CommandApdu> open(const iso7816::CommandApdu& command);
    // The answer to the command opened last, once. An error status word loses its data. Errors: scp.broken.
    Result<iso7816::ResponseApdu> seal(const iso7816::ResponseApdu& plain);
    // Errors: scp.broken; crypto.bad_input: not whole blocks.
    Result<Bytes> decrypt_data(ByteView data) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace idchip::scp
