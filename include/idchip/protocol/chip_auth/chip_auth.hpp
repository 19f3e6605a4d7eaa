// Chip authentication version 1 of Doc 9303-11, 6.2: both roles. No I/O: commands go out, responses come in.
// The chip is proven by the first command that it answers under the new keys, and only together with a signature over its key.
#pragma once

#include <idchip/base/note.hpp>
#include <idchip/crypto/key_agreement.hpp>
#include <idchip/lds/security_infos.hpp>
#include <idchip/protocol/sm/secure_messaging.hpp>

namespace idchip::chip_auth {

// What an object identifier below id-CA stands for (9.2.7).
struct Suite {
    der::Oid protocol;
    bool ecdh = true;
    crypto::Cipher cipher = crypto::Cipher::aes128;

    // Nothing for an identifier that is none of chip authentication.
    static std::optional<Suite> of(const der::Oid& protocol);
    std::string name() const;  // "id-CA-ECDH-AES-CBC-CMAC-128"
    bool operator==(const Suite&) const = default;
};
const std::vector<Suite>& suites();

// One way to run chip authentication with a chip.
struct Choice {
    Suite suite;
    crypto::AgreementKey key;            // the chip's static key
    std::optional<std::int64_t> key_id;  // as the chip names it
    bool ambiguous = false;              // several keys are offered: DO'84' says which one is meant
};
// What SecurityInfos offer and this program can do, best first: the stronger cipher, then the larger group. What cannot be used is a
// note: ca.unknown_version, ca.unusable_key, ca.key_missing; so is what is used although it departs from the standard:
// ca.algorithm_assumed (no ChipAuthenticationInfo: 3DES), ca.key_named_curve, ca.key_x9_42.
std::vector<Choice> choices(const lds::SecurityInfos& infos, Notes& notes);

class Terminal {
public:
    // `ephemeral` on the domain of the chip's key.
    Terminal(Choice choice, crypto::KeyPair ephemeral);
    static Result<Terminal> fresh(Choice choice, Rng& rng);

    // MSE:Set KAT with 3DES, MSE:Set AT with AES.
    iso7816::CommandApdu first() const;
    // The next command, or nothing when the keys are agreed. A chip that refuses MSE:Set KAT gets MSE:Set AT (8.5, note 1).
    // Errors: ca.refused, ca.bad_answer; each names the step. The old session goes on (6.2.2).
    Result<std::optional<iso7816::CommandApdu>> next(const iso7816::ResponseApdu& response);
    // Precondition: `next` has said that it is done.
    sm::Session take() { return std::move(*session_); }
    const Bytes& pk_ifd() const { return ephemeral_.public_value; }
    const Choice& choice() const { return choice_; }
    bool set_kat_refused() const { return set_kat_refused_; }

private:
    enum class Step { set_kat, set_at, general_authenticate, done };
    iso7816::CommandApdu set_at() const;
    Result<void> finish();

    Choice choice_;
    crypto::KeyPair ephemeral_;
    Step step_;
    bool set_kat_refused_ = false;
    std::optional<sm::Session> session_;
};

// --- chip

struct ChipKey {
    crypto::AgreementKey public_key;
    Secret private_key;
    std::optional<std::int64_t> key_id;
    std::vector<Suite> suites;  // that the chip runs with this key
};

struct Agreed {
    sm::Session session;
    Bytes pk_ifd;  // terminal authentication signs it
};

// State of one session between commands. Data and status word of each answer as the standard names them; the answer itself still
// goes out under the old keys.
class Chip {
public:
    explicit Chip(const std::vector<ChipKey>& keys) : keys_(keys) {}

    iso7816::ResponseApdu set_kat(ByteView data);
    iso7816::ResponseApdu set_at(ByteView data);
    iso7816::ResponseApdu general_authenticate(ByteView data, bool chained);
    // Set once the keys are agreed.
    std::optional<Agreed>& agreed() { return agreed_; }

private:
    const ChipKey* find(const std::optional<std::int64_t>& key_id) const;
    std::uint16_t agree(const ChipKey& key, crypto::Cipher cipher, ByteView pk_ifd);

    const std::vector<ChipKey>& keys_;
    struct Selected {
        const ChipKey* key;
        crypto::Cipher cipher;
    };
    std::optional<Selected> selected_;
    std::optional<Agreed> agreed_;
};

}  // namespace idchip::chip_auth
